import KafkaTransport
import OpenEdXEvents
import Synchronization
import TransportTesting

/// Runs conformance cases on an embedded broker of its own.
struct MockHarness: ConformanceHarness {
    let broker: DevelopmentBroker
    private let topics = TopicNames()

    init(for promise: ConformanceCase) throws {
        broker = try DevelopmentBroker()
        // The mock cluster ends a rebalance with the leader's plan: a member that asks for its partitions after that is
        // sent back to join again, and keeps the others from committing. The leader's way there gets one round trip longer.
        if promise.needs.contains(.groups) { try broker.delay(by: .milliseconds(40)) }
    }

    var name: String { "KafkaTransport on the mock cluster" }
    var lacking: TransportFeatures { .seekByTime }
    var abilities: HarnessAbilities { [.crash, .unknownTopic, .passingTime] }
    var largestValue: Int { 900_000 }
    var tooLargeValue: Int { 1_100_000 }

    func makeTransport() async throws -> any EventTransport {
        // A group of the mock cluster waits almost so long for its members.
        try KafkaTransport(.forTests(broker.bootstrapServers, sessionTimeout: .seconds(6)))
    }

    func makeTopic(partitions: Int32) async throws -> String {
        let name = topics.next()
        try broker.createTopic(name, partitions: Int(partitions))
        return name
    }

    func unknownTopic() async throws -> String {
        let name = topics.next()
        // The mock cluster would else create it.
        try broker.setFault(.unknownTopic, ofTopic: name)
        return name
    }

    func crash(_ subscription: any EventSubscription, of transport: any EventTransport) async throws {
        await (subscription as? KafkaSubscription)?.crash()
    }
}

/// Topic names that no run before had.
final class TopicNames: Sendable {
    private let number = Atomic<Int>(0)
    private let prefix: String

    init() { prefix = "t\(UInt64.random(in: 0...(.max)))" }

    func next() -> String { "\(prefix)-\(number.wrappingAdd(1, ordering: .relaxed).newValue)" }
}

extension KafkaConfiguration {
    /// What makes clients quick where nobody has to be spared.
    static func forTests(_ servers: [String], sessionTimeout: Duration = .seconds(6)) -> KafkaConfiguration {
        var configuration = KafkaConfiguration(bootstrapServers: servers)
        configuration.producer.linger = .zero
        configuration.producer.deliveryTimeout = .seconds(30)
        configuration.consumer.sessionTimeout = sessionTimeout
        configuration.consumer.heartbeatInterval = .milliseconds(100)
        configuration.consumer.fetchWait = .milliseconds(5)
        configuration.properties["topic.metadata.propagation.max.ms"] = "3000"
        configuration.properties["topic.metadata.refresh.fast.interval.ms"] = "50"
        configuration.properties["reconnect.backoff.ms"] = "10"
        return configuration
    }
}
