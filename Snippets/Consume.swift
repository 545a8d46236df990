// Handles events until the process is told to stop.
import EventSchemas
import InMemoryTransport
import OpenEdXEvents

let transport = InMemoryTransport()

var handlers = EventHandlers()
handlers.on(CourseEnrollmentCreated.self, name: "index-enrollment") { event in
    print(event.payload.enrollment.course.courseKey, event.position)
}
handlers.onBatch(of: PersistentGradeSummaryChanged.self, upTo: 100) { events in
    print(events.count, "grades")
}

let consumer = try EventConsumer(
    transport: transport, handlers: handlers,
    configuration: .init(group: "search", topics: ["course-enrollments", "course-grades"]))
consumer.shutDown()  // In a service: at SIGTERM.
try await consumer.run()

let report = try await DeadLetterQueue(transport: transport, group: "search").redrive()
print(report.redriven, "dead letters sent back")
