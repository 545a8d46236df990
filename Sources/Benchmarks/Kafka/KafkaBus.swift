import EventSchemas
import Foundation
import KafkaTransport
import OpenEdXEvents
import Synchronization

/// The subject of the Kafka benchmarks: a producer and consumers of the library, on a stage.
struct KafkaBus: Sendable {
    static let batchSize = 500
    static let courses = 64
    /// Batches under way at a time: enough that none waits for the linger of another.
    private static let lanes = 16

    private let topic: String
    let transport: KafkaTransport
    private let producer: EventProducer
    private let events: [CourseEnrollmentCreated]

    init(_ stage: KafkaStage, _ configuration: KafkaConfiguration) throws {
        topic = stage.topic
        transport = try KafkaTransport(configuration)
        // The host name of the prepared bytes, so that both sides' messages are as long.
        producer = try EventProducer(
            transport: transport,
            configuration: .init(
                source: try EnrolmentSample.source(), sourceHost: try EnrolmentSample.host(),
                routes: [Route(CourseEnrollmentCreated.type, to: stage.topic, key: EnrolmentSample.keyPath)]))
        events = EnrolmentSample.events(Self.batchSize, courses: Self.courses)
    }

    /// Emits so many typed events in batches, several under way.
    func emit(_ operations: Int) async throws {
        let next = Turns()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<Self.lanes {
                group.addTask { [producer, events] in
                    while true {
                        let begin = next.take(Self.batchSize)
                        guard begin < operations else { return }
                        let batch = events.prefix(operations - begin)
                        for outcome in await producer.emit(contentsOf: batch) { _ = try outcome.get() }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Emits so many typed events one by one, by so many tasks.
    func emitSingly(_ operations: Int, tasks: Int) async throws {
        let next = Turns()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<tasks {
                group.addTask { [producer, events] in
                    while true {
                        let index = next.take(1)
                        guard index < operations else { return }
                        try await producer.emit(events[index % events.count])
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    /// Emits so many typed events, each after the one before is stored; the wall time is the median of one.
    func emitAwaited(_ operations: Int) async throws -> RoundTime {
        var times: [Double] = []
        let processor = RoundTime.now(CLOCK_PROCESS_CPUTIME_ID)
        for index in 0..<operations {
            let start = RoundTime.now(CLOCK_MONOTONIC)
            try await producer.emit(events[index % events.count])
            times.append(Double(RoundTime.now(CLOCK_MONOTONIC) - start))
        }
        return RoundTime(
            wall: PairedTiming.median(times),
            processor: Double(RoundTime.now(CLOCK_PROCESS_CPUTIME_ID) - processor) / Double(operations))
    }

    /// Handles so many events of the topic as a new group; the time runs from the first to the last.
    func consume(_ operations: Int) async throws -> RoundTime {
        let watch = Stopwatch(operations)
        var handlers = EventHandlers()
        handlers.on(CourseEnrollmentCreated.self) { event in
            keep(event.payload.enrollment.course.displayName.utf8.count)
            watch.count()
        }
        let consumer = try EventConsumer(
            transport: transport, handlers: handlers,
            configuration: .init(group: "benchmark-\(EventID())", topics: [topic]))
        let running = Task {
            defer { watch.stop() }
            try await consumer.run()
        }
        let time = await watch.wait()
        consumer.shutDown()
        try await running.value
        guard let time else { throw ReferenceProgram.Failure(description: "the consumer ended before the last event") }
        return time
    }

    func stop() async {
        await transport.shutDown(within: .seconds(10))
    }
}

/// Deals work out to several tasks.
private final class Turns: Sendable {
    private let next = Atomic(0)

    /// Takes so many operations and returns the number of the first.
    func take(_ operations: Int) -> Int { next.add(operations, ordering: .relaxed).oldValue }
}

/// Times events from the first to the last.
private final class Stopwatch: Sendable {
    private let operations: Int
    private let seen = Atomic(0)
    private let start = Locked<(wall: Int, processor: Int)?>(nil)
    private let times: AsyncStream<RoundTime>
    private let time: AsyncStream<RoundTime>.Continuation

    init(_ operations: Int) {
        self.operations = operations
        (times, time) = AsyncStream.makeStream(of: RoundTime.self)
    }

    /// Counts an event.
    func count() {
        let seen = seen.add(1, ordering: .relaxed).newValue
        guard seen == 1 || seen == operations else { return }
        let now = (wall: RoundTime.now(CLOCK_MONOTONIC), processor: RoundTime.now(CLOCK_PROCESS_CPUTIME_ID))
        if seen == 1 { start.withLock { $0 = now } }
        guard seen == operations, let start = start.withLock({ $0 }) else { return }
        time.yield(
            RoundTime(
                wall: Double(now.wall - start.wall) / Double(operations),
                processor: Double(now.processor - start.processor) / Double(operations)))
    }

    /// Ends the wait.
    func stop() { time.finish() }

    /// Waits for the last event; `nil` if it will not come.
    func wait() async -> RoundTime? {
        for await time in times { return time }
        return nil
    }
}
