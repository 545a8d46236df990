import EventSchemas
import InMemoryTransport
import OpenEdXEvents

/// A whole bus in memory, running: a producer, a consumer, and a handler that counts.
struct MemoryBus {
    static let topic = "enrolments"
    static let batchSize = 500
    /// How many messages may lie in a partition: what bounds the producer's lead.
    static let partitionLimit = 4_000

    let transport: InMemoryTransport
    let producer: EventProducer
    let tally: Tally
    private let consumer: EventConsumer
    private let running: Task<Void, any Error>

    /// Starts a bus.
    ///
    /// - Parameter handlers: The handlers; they are to call the tally they are given once for each event.
    init(observer: (any BusObserver)? = nil, handlers: (Tally) -> EventHandlers) throws {
        var memory = InMemoryConfiguration()
        memory.retention = Retention(messages: Self.partitionLimit)
        transport = InMemoryTransport(memory)
        tally = Tally()
        producer = try EventProducer(
            transport: transport,
            configuration: .init(
                source: try EventSource(service: "lms", process: .web),
                routes: [
                    Route(CourseEnrollmentCreated.type, to: Self.topic, key: "enrollment.course.course_key")
                ], observer: observer))
        var configuration = EventConsumer.Configuration(group: "search", topics: [Self.topic])
        configuration.observer = observer
        consumer = try EventConsumer(
            transport: transport, handlers: handlers(tally), configuration: configuration)
        running = Task { [consumer] in try await consumer.run() }
    }

    /// Starts a bus that handles enrolments.
    static func ofEnrolments(observer: (any BusObserver)? = nil) throws -> MemoryBus {
        try MemoryBus(observer: observer) { tally in
            var handlers = EventHandlers()
            handlers.on(CourseEnrollmentCreated.self) { event in
                keep(event.payload.enrollment.course.displayName.utf8.count)
                tally.add()
            }
            return handlers
        }
    }

    /// Emits so many typed events, batch by batch, and waits until all are handled.
    func emit(_ operations: Int, from batch: [CourseEnrollmentCreated]) async throws {
        tally.expect(operations)
        var left = operations
        while left > 0 {
            for outcome in await producer.emit(contentsOf: batch.prefix(left)) { _ = try outcome.get() }
            left -= min(left, batch.count)
        }
        await tally.wait()
    }

    /// Publishes so many prepared messages, batch by batch, and waits until all are handled.
    func publish(_ operations: Int, from batches: [[OutgoingMessage]]) async throws {
        tally.expect(operations)
        var left = operations
        var next = 0
        while left > 0 {
            let batch = batches[next % batches.count]
            for case .failed(let error) in try await transport.publish(Array(batch.prefix(left))) { throw error }
            left -= min(left, batch.count)
            next += 1
        }
        await tally.wait()
    }

    func stop() async throws {
        consumer.shutDown()
        try await running.value
        await transport.shutDown(within: .seconds(10))
    }
}
