import FaultWorker
import KafkaTransport
import OpenEdXEvents
import Testing

/// What a broker does to its clients, each with a clear, typed outcome.
@Suite("Faults of the broker", .serialized, .enabled(if: FaultTests.areOn), .timeLimit(.minutes(5)))
struct BrokerFaultTests {
    @Test("A broker that is away at the start is waited for: what was emitted arrives when it comes")
    func awayAtStart() async throws {
        try await RealBroker.with { broker in
            try await broker.makeTopic(FaultClient.topic)
            try await broker.stop()
            let client = try FaultClient(broker.bootstrapServers)
            let emitting = Task { await client.emit(0) }
            try await client.consuming(try client.consumer()) {
                // Both have found nobody there.
                await client.log.troubled.wait(for: 2)
                try await broker.restart()
                #expect(await emitting.value == nil)
                #expect(await client.log.handled.wait(for: 1))
            }
            #expect(client.log.troubles.contains(.unavailable))
            await client.close()
        }
    }

    @Test("A broker that is away for longer than the delivery time-out: timed out, retriable, and well again later")
    func awayForLong() async throws {
        try await RealBroker.with { broker in
            try await broker.makeTopic(FaultClient.topic)
            let client = try FaultClient(broker.bootstrapServers) { $0.producer.deliveryTimeout = .seconds(4) }
            // The broker may die before it has heard what was handled.
            try await client.consuming(try client.consumer(inbox: MemoryInbox())) {
                #expect(await client.emit(0) == nil)
                #expect(await client.log.handled.wait(for: 1))
                try await broker.kill()
                let error = try #require(await client.emit(1, key: "b"))
                #expect(error.transportCode == .timedOut)
                #expect(error.isRetriable)
                try await broker.restart()
                #expect(await client.emit(1) == nil)
                #expect(await client.log.handled.wait(for: 2))
            }
            #expect(client.log.ledger.problems.isEmpty)
            await client.close()
        }
    }

    @Test("A topic that does not exist: unknown topic, for the producer and for the consumer")
    func unknownTopic() async throws {
        try await RealBroker.with(.init(properties: ["auto.create.topics.enable=false"])) { broker in
            let client = try FaultClient(broker.bootstrapServers)
            let error = try #require(await client.emit(0))
            #expect(error.transportCode == .unknownTopic)
            #expect(!error.isRetriable)
            #expect("\(error)".contains(FaultClient.topic))
            #expect(await end(of: try client.consumer()) == .unknownTopic)
            await client.close()
        }
    }

    @Test("A user without rights: not authorized, for the producer and for the consumer; a wrong password: refused")
    func noPermission() async throws {
        try await RealBroker.with(.init(isSecure: true)) { broker in
            try await broker.makeTopic(FaultClient.topic)
            let servers = try #require(broker.variables["KAFKA_SASL_BOOTSTRAP_SERVERS"])
            let guest = try FaultClient(servers) {
                $0.security = .sasl(.plain(username: "guest", password: Secret("guest-secret")))
            }
            let error = try #require(await guest.emit(0))
            #expect(error.transportCode == .authorization)
            #expect(!error.isRetriable)
            #expect(await end(of: try guest.consumer()) == .authorization)
            await guest.close()

            let stranger = try FaultClient(servers) {
                $0.security = .sasl(.plain(username: "guest", password: Secret("not-the-secret")))
                $0.producer.deliveryTimeout = .seconds(10)
            }
            let refused = try #require(await stranger.emit(0))
            #expect(refused.transportCode == .authentication)
            #expect(!"\(refused)".contains("not-the-secret"))
            #expect(await end(of: try stranger.consumer()) == .authentication)
            await stranger.close()
        }
    }

    @Test("A message that the broker finds too large fails by name, and those beside it are stored")
    func tooLarge() async throws {
        try await RealBroker.with(.init(properties: ["message.max.bytes=70000"])) { broker in
            try await broker.makeTopic(FaultClient.topic)
            func message(_ bytes: Int) -> OutgoingMessage {
                OutgoingMessage(
                    topic: FaultClient.topic, partition: 0, key: [1], value: Array(repeating: 0x20, count: bytes))
            }
            let unaware = try FaultClient(broker.bootstrapServers)
            let outcomes = try await unaware.transport.publish([message(10), message(90_000), message(20)])
            #expect(outcomes.map(\.code) == [nil, .messageTooLarge, nil])
            // Two events that are small enough each, and too large for one request.
            let together = try await unaware.transport.publish([message(60_000), message(60_000), message(30)])
            #expect(together.map(\.code) == [nil, nil, nil])
            await unaware.close()

            let told = try FaultClient(broker.bootstrapServers) { $0.producer.maximumMessageBytes = 70_000 }
            let split = try await told.transport.publish([
                message(60_000), message(60_000), message(90_000), message(30),
            ])
            #expect(split.map(\.code) == [nil, nil, .messageTooLarge, nil])
            await told.close()
        }
    }

    @Test("A handler that is slower than max.poll.interval keeps its partitions: polling goes on")
    func slowHandler() async throws {
        try await RealBroker.with { broker in
            try await broker.makeTopic(FaultClient.topic)
            let client = try FaultClient(broker.bootstrapServers) {
                $0.consumer.maximumPollInterval = .seconds(10)
            }
            let slow = try client.consumer { event in
                // The one wait for time: it must be longer than the interval.
                if event.number == 0 { try await Task.sleep(for: .seconds(16)) }
            }
            try await client.consuming(slow) {
                #expect(await client.emit(0) == nil)
                #expect(await client.emit(1) == nil)
                #expect(await client.log.handled.wait(for: 2))
                #expect(client.log.taken.isEmpty)
            }
            #expect(client.log.ledger.problems.isEmpty)
            #expect(client.log.ledger.effects == 2)
            await client.close()
        }
    }

    /// How a consumer ends that cannot go on.
    private func end(of consumer: EventConsumer) async -> TransportError.Code? {
        do throws(ConsumerError) {
            try await consumer.run()
            return nil
        } catch {
            guard case .transport(let error) = error else { return nil }
            return error.code
        }
    }
}

extension EmitError {
    fileprivate var transportCode: TransportError.Code? {
        guard case .transport(let error) = self else { return nil }
        return error.code
    }
}

extension PublishOutcome {
    /// Why the message was not stored; `nil` if it was.
    fileprivate var code: TransportError.Code? {
        guard case .failed(let error) = self else { return nil }
        return error.code
    }
}
