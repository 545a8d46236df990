import FaultWorker
import KafkaTransport
import OpenEdXEvents
import Synchronization

/// Numbered events sent to and taken from one topic, in this process, with what went on between.
struct FaultClient {
    static let topic = "numbers"

    let transport: KafkaTransport
    let producer: EventProducer
    let log = FaultLog()

    init(_ bootstrapServers: String, _ change: (inout KafkaConfiguration) -> Void = { _ in }) throws {
        var configuration = KafkaConfiguration(
            bootstrapServers: bootstrapServers.split(separator: ",").map(String.init))
        configuration.consumer.sessionTimeout = .seconds(10)
        change(&configuration)
        transport = try KafkaTransport(configuration, observer: log)
        producer = try EventProducer(
            transport: transport,
            configuration: .init(
                source: try EventSource(service: "faults", process: .worker),
                routes: [Route(NumberPassed.type, to: Self.topic, key: "key")]))
    }

    /// Emits one event; returns why it was not stored.
    func emit(_ number: Int, key: String = "a") async -> EmitError? {
        do throws(EmitError) {
            try await producer.emit(NumberPassed(key: key, number: number))
            return nil
        } catch {
            return error
        }
    }

    /// A member of the group that records what it handles.
    ///
    /// - Parameter delay: Called in the handler before the effect.
    func consumer(
        inbox: (any Inbox)? = nil, delay: (@Sendable (NumberPassed) async throws -> Void)? = nil
    ) throws -> EventConsumer {
        var handlers = EventHandlers()
        handlers.on(NumberPassed.self) { [log] event in
            try await delay?(event.payload)
            log.effect(event.payload)
        }
        var configuration = EventConsumer.Configuration(group: "faults", topics: [Self.topic])
        configuration.inbox = inbox
        configuration.onFailure = .stop
        configuration.observer = log
        return try EventConsumer(transport: transport, handlers: handlers, configuration: configuration)
    }

    /// Runs a consumer while the body runs, then shuts it down; returns why it ended, if it did so by itself.
    func consuming(_ consumer: EventConsumer, _ body: () async throws -> Void) async throws {
        let running = Task { try await consumer.run() }
        let watch = Task { [log] in if case .failure = await running.result { log.handled.end() } }
        do {
            try await body()
        } catch {
            consumer.shutDown()
            _ = await running.result
            await watch.value
            throw error
        }
        consumer.shutDown()
        try await running.value
        await watch.value
    }

    func close() async { await transport.shutDown(within: .seconds(10)) }
}

/// What happened, in order, and those who wait for it.
final class FaultLog: BusObserver {
    private struct State {
        var ledger = DeliveryLedger()
        var absorbed = 0
        var taken: [TopicPartition] = []
        var troubles: [TransportError.Code] = []
    }

    private let state = Locked(State())
    /// How many events had their effect.
    let handled = Milestones()
    /// How many troubles the transport told of.
    let troubled = Milestones()
    /// How often partitions were assigned.
    let assigned = Milestones()

    var ledger: DeliveryLedger { state.withLock { $0.ledger } }
    var absorbed: Int { state.withLock { $0.absorbed } }
    /// The partitions that were revoked or lost, in order.
    var taken: [TopicPartition] { state.withLock { $0.taken } }
    var troubles: [TransportError.Code] { state.withLock { $0.troubles } }

    func effect(_ event: NumberPassed) {
        state.withLock { $0.ledger.record(key: event.key, number: event.number) }
        handled.add()
    }

    func record(_ fact: BusFact) {
        switch fact {
        case .settled(_, .duplicate): state.withLock { $0.absorbed += 1 }
        case .assigned: assigned.add()
        case .revoked(_, let partitions, _): state.withLock { $0.taken += partitions }
        case .transport(let error):
            state.withLock { $0.troubles.append(error.code) }
            troubled.add()
        default: break
        }
    }
}
