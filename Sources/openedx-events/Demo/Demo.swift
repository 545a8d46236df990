import EventSchemas
import InMemoryTransport
import OpenEdXEvents
import Synchronization

/// The main job on one screen: an LMS emits, two services handle, one event fails and is redriven.
///
/// The LMS emits enrollments, grades and certificates. `credentials` handles grades and certificates, and fails twice
/// on one certificate. `search` handles enrollments and certificates, and cannot handle one enrollment until it is
/// mended: that one goes through the dead-letter topic.
struct Demo {
    /// How many events the LMS emits.
    let events: Int
    let transport: any EventTransport
    /// How long nothing may happen until events that are still awaited count as lost.
    var patience: Duration = .seconds(30)
    var clock: any Clock<Duration> = ContinuousClock()

    private static let batch = 500
    private static let enrollments = "course-enrollments"
    private static let grades = "course-grades"
    private static let certificates = "certificates"
    private static let poisonedUser = 13
    /// How many events it takes to come to the one that cannot be handled at first.
    static let fewest = poisonedUser * 3 + 1

    /// Runs the demonstration and returns what happened.
    ///
    /// - Parameter progress: Called now and then with how many events were emitted.
    /// - Throws: Whatever the bus throws; nothing is expected to.
    func run(progress: (Int) -> Void = { _ in }) async throws -> DemoReport {
        let tallies = (credentials: DemoTally(), search: DemoTally())
        let isMended = Atomic(false)
        let credentials = try consumer("credentials", [Self.grades, Self.certificates], tallies.credentials) {
            handlers in
            let failures = Atomic(2)
            handlers.on(PersistentGradeSummaryChanged.self) { _ in }
            handlers.on(CertificateCreated.self) { event in
                if event.attempt <= 2, failures.subtract(1, ordering: .relaxed).newValue >= 0 {
                    throw DemoFailure.databaseIsBusy
                }
            }
        }
        let search = try consumer("search", [Self.enrollments, Self.certificates], tallies.search) { handlers in
            handlers.on(CertificateCreated.self) { _ in }
            handlers.on(CourseEnrollmentCreated.self, name: "index-enrollment") { event in
                if event.payload.enrollment.user.id == Self.poisonedUser, !isMended.load(ordering: .relaxed) {
                    throw DemoFailure.courseIsUnknown
                }
            }
        }
        async let credentialsRun: Void = credentials.run()
        async let searchRun: Void = search.run()

        let clock = ContinuousClock()
        let start = clock.now
        let emitted = try await emit(progress)
        let emitting = start.duration(to: clock.now)
        await wait(tallies.credentials, emitted.grades + emitted.certificates)
        await wait(tallies.search, emitted.enrollments + emitted.certificates)
        let handling = start.duration(to: clock.now)

        isMended.store(true, ordering: .relaxed)
        let redriven = try await DeadLetterQueue(transport: transport, group: "search").redrive().redriven
        await wait(tallies.search, emitted.enrollments + emitted.certificates + redriven)

        credentials.shutDown()
        search.shutDown()
        _ = try await (credentialsRun, searchRun)
        await transport.shutDown(within: .seconds(5))
        return DemoReport(
            emitted: emitted, emitting: emitting, handling: handling,
            services: [("credentials", tallies.credentials.counts), ("search", tallies.search.counts)],
            redriven: redriven)
    }

    private func wait(_ tally: DemoTally, _ count: Int) async {
        await tally.waitForSettled(count, patience: patience, clock: clock)
    }

    private func consumer(
        _ group: String, _ topics: [String], _ tally: DemoTally, _ register: (inout EventHandlers) -> Void
    ) throws -> EventConsumer {
        var handlers = EventHandlers()
        register(&handlers)
        var configuration = EventConsumer.Configuration(group: group, topics: topics)
        configuration.retry = RetryPolicy(attempts: 3, initialDelay: .milliseconds(20))
        configuration.observer = tally
        return try EventConsumer(transport: transport, handlers: handlers, configuration: configuration)
    }

    /// Emits in batches, a third of each kind.
    private func emit(_ progress: (Int) -> Void) async throws -> DemoReport.Emitted {
        let samples = try DemoSamples()
        let producer = try EventProducer(
            transport: transport,
            configuration: .init(
                source: EventSource(service: "lms", process: .web),
                routes: [
                    Route(
                        CourseEnrollmentCreated.type, to: Self.enrollments, key: "enrollment.course.course_key"),
                    Route(
                        PersistentGradeSummaryChanged.type, to: Self.grades, key: "grade.course.course_key"),
                    Route(CertificateCreated.type, to: Self.certificates, key: "certificate.course.course_key"),
                ]))
        var emitted = DemoReport.Emitted()
        while emitted.total < events {
            let count = min(Self.batch, events - emitted.total)
            let emissions = (0..<count).map { index -> Emission in
                let number = emitted.total + index
                return switch number % 3 {
                case 0: Emission(samples.enrollment(number / 3))
                case 1: Emission(samples.grade(number / 3))
                default: Emission(samples.certificate(number / 3))
                }
            }
            for (index, outcome) in await producer.emit(contentsOf: emissions).enumerated() {
                _ = try outcome.get()
                emitted.count(emissions[index].event)
            }
            progress(emitted.total)
        }
        return emitted
    }
}

/// What goes wrong in the demonstration.
private enum DemoFailure: String, ExplainedError {
    case databaseIsBusy = "the database is busy"
    case courseIsUnknown = "the course is not in the index yet"

    var reason: String { rawValue }
}
