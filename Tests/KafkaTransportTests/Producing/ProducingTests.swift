import OpenEdXEvents
import Testing

@testable import KafkaTransport

@Suite("Publishing on the mock cluster", .timeLimit(.minutes(2)))
struct ProducingTests {
    @Test("waits while the client's queue is full, and loses nothing")
    func fullQueue() async throws {
        let broker = try DevelopmentBroker(topics: ["t": 1])
        let transport = try SubscriptionTests.transport(broker) { $0.producer.queueMessages = 10 }
        let outcomes = try await withThrowingTaskGroup(of: [PublishOutcome].self) { group in
            for publisher in 0..<8 {
                group.addTask {
                    try await transport.publish(
                        (0..<100).map { SubscriptionTests.message("t", "\(publisher):\($0)") })
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        var offsets: Set<Int64> = []
        for case .stored(let position) in outcomes { offsets.insert(position.offset) }
        #expect(offsets == Set(0..<800))
        await transport.shutDown(within: .seconds(5))
    }

    @Test("to brokers that are away fails by name when the transport shuts down, and says what is known")
    func shutDown() async throws {
        let broker = try DevelopmentBroker(topics: ["t": 1])
        let transport = try SubscriptionTests.transport(broker)
        _ = try await transport.publish([SubscriptionTests.message("t", "first")])
        try broker.takeDown()
        let producer = try #require(transport.clients.producer)
        // So many that what else librdkafka has to report is not taken for them.
        let count = 100
        async let published = transport.publish((0..<count).map { SubscriptionTests.message("t", "\($0)") })
        try await waitUntil { producer.unreported >= count }
        await transport.shutDown(within: .milliseconds(100))
        let outcomes = try await published
        #expect(outcomes.count == count)
        for outcome in outcomes {
            guard case .failed(let error) = outcome else {
                Issue.record("stored on a broker that is away")
                return
            }
            #expect(error.code == .closed)
            #expect(error.message.contains("“t”"))
        }
    }

    @Test("to brokers that are away for longer than the delivery time-out fails with timed out, retriable")
    func deliveryTimeout() async throws {
        let broker = try DevelopmentBroker(topics: ["t": 1])
        let transport = try SubscriptionTests.transport(broker) { $0.producer.deliveryTimeout = .milliseconds(1_500) }
        _ = try await transport.publish([SubscriptionTests.message("t", "first")])
        try broker.takeDown()
        guard case .failed(let error) = try await transport.publish([SubscriptionTests.message("t", "second")]).first
        else {
            Issue.record("stored on a broker that is away")
            return
        }
        #expect(error.code == .timedOut)
        #expect(error.isRetriable)
        await transport.shutDown(within: .zero)
    }

    @Test(
        "what a broker refuses is classified",
        arguments: [
            (DevelopmentBroker.Fault.messageTooLarge, TransportError.Code.messageTooLarge),
            (.topicAuthorization, .authorization),
        ])
    func refused(_ fault: DevelopmentBroker.Fault, _ code: TransportError.Code) async throws {
        let broker = try DevelopmentBroker(topics: ["t": 1])
        let transport = try SubscriptionTests.transport(broker) { $0.producer.isIdempotent = false }
        _ = try await transport.publish([SubscriptionTests.message("t", "first")])
        // What may be too large only together with others is tried twice more, by itself.
        try broker.fail(.produce, with: [fault, fault, fault])
        guard case .failed(let error) = try await transport.publish([SubscriptionTests.message("t", "second")]).first
        else {
            Issue.record("stored though the broker refused it")
            return
        }
        #expect(error.code == code)
        #expect(!error.isRetriable)
        await transport.shutDown(within: .seconds(5))
    }
}
