import InMemoryTransport
import OpenEdXEvents
import Synchronization
import Testing

/// A transport in memory with a producer, for tests of the consumer.
struct TestBus {
    static let topic = "notes"
    static let group = "search"

    let transport: InMemoryTransport
    let clock: VirtualClock
    let producer: EventProducer
    let facts = FactRecorder()

    init(partitions: Int32 = 4, format: any EnvelopeFormat = StructuredFormat()) throws {
        clock = VirtualClock()
        var configuration = InMemoryConfiguration(clock: clock)
        configuration.partitions = partitions
        transport = InMemoryTransport(configuration)
        producer = try EventProducer(
            transport: transport,
            configuration: .init(
                source: EventSource(service: "notes", process: .web),
                routes: [
                    Route(NoteCreated.type, to: Self.topic, key: "course"),
                    Route(NoteCreatedV2.type, to: Self.topic, key: "courseKey"),
                    Route(NoteDeleted.type, to: Self.topic),
                ],
                format: format))
    }

    /// A configuration with the test's clock, no jitter, and the recorder.
    var configuration: EventConsumer.Configuration {
        var configuration = EventConsumer.Configuration(group: Self.group, topics: [Self.topic])
        configuration.clock = clock
        configuration.chance = { 0 }
        configuration.observer = facts
        configuration.retry = RetryPolicy(attempts: 3, initialDelay: .seconds(1), jitter: 0)
        configuration.drainLimit = .seconds(60)
        return configuration
    }

    /// Runs a consumer while the body runs, then shuts it down in good order.
    func consuming(
        _ handlers: EventHandlers, _ configuration: EventConsumer.Configuration? = nil,
        _ body: (EventConsumer) async throws -> Void
    ) async throws {
        let consumer = try EventConsumer(
            transport: transport, handlers: handlers, configuration: configuration ?? self.configuration)
        async let run: Void = consumer.run()
        do {
            try await body(consumer)
        } catch {
            consumer.shutDown()
            try? await run
            throw error
        }
        consumer.shutDown()
        try await run
    }

    func emit(_ numbers: some Sequence<Int>, course: String = "course-v1:A+B+C") async throws {
        for outcome in await producer.emit(contentsOf: numbers.map { NoteCreated(course: course, number: $0) }) {
            _ = try outcome.get()
        }
    }

    /// Publishes a raw message beside the producer.
    func publish(_ value: [UInt8]?, key: String? = nil, headers: [MessageHeader] = []) async throws {
        let outcomes = try await transport.publish([
            OutgoingMessage(topic: Self.topic, key: key.map { Array($0.utf8) }, headers: headers, value: value)
        ])
        guard case .stored = outcomes[0] else {
            Issue.record("the raw message was not stored")
            return
        }
    }
}

/// A list that handlers append to.
final class Log<Element: Sendable>: Sendable {
    private let elements = Locked<[Element]>([])

    var all: [Element] { elements.withLock { $0 } }

    func append(_ element: Element) { elements.withLock { $0.append(element) } }
}

/// An error that vouches for nothing.
struct TestFailure: Error, Equatable {}
