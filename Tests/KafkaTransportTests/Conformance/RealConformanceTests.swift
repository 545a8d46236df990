import KafkaTransport
import OpenEdXEvents
import Synchronization
import Testing
import TransportTesting

@Suite(
    "KafkaTransport conforms on a real broker",
    .enabled(if: BrokerEnvironment.hasBroker, "\(BrokerEnvironment.missing)"))
struct RealConformanceTests {
    @Test("A promise that every transport keeps", arguments: TransportConformance.cases)
    func conforms(_ promise: ConformanceCase) async throws {
        let harness = try await RealHarness.shared.value
        let outcome = try await promise.run(on: harness)
        // A broker that creates topics on demand knows no unknown ones; what did not run is printed.
        let isPossible = promise.asks.isSubset(of: harness.abilities)
        #expect(outcome == .passed || !isPossible)
    }
}

/// Runs conformance cases on the broker that `KAFKA_BOOTSTRAP_SERVERS` names.
struct RealHarness: ConformanceHarness {
    static let shared = Task { try await RealHarness(BrokerEnvironment.servers) }

    let name: String
    let abilities: HarnessAbilities
    private let servers: [String]
    private let admin: KafkaAdmin
    private let topics = TopicNames()

    init(_ servers: [String]) async throws {
        self.servers = servers
        name = "KafkaTransport on \(servers.joined(separator: ","))"
        admin = try KafkaAdmin(.forTests(servers))
        // Whether the broker creates topics on demand shows when one is asked for.
        let probe = try KafkaTransport(.forTests(servers))
        let message = OutgoingMessage(topic: topics.next(), value: [])
        let isCreated = try await probe.publish([message]).contains { if case .stored = $0 { true } else { false } }
        await probe.shutDown(within: .zero)
        abilities = isCreated ? [.crash, .passingTime] : [.crash, .unknownTopic, .passingTime]
    }

    var largestValue: Int { 900_000 }
    var tooLargeValue: Int { 1_100_000 }

    func makeTransport() async throws -> any EventTransport { try KafkaTransport(.forTests(servers)) }

    func makeTopic(partitions: Int32) async throws -> String {
        let name = topics.next()
        _ = try await admin.provision([TopicPlan(name, partitions: Int(partitions))])
        return name
    }

    func unknownTopic() async throws -> String { topics.next() }

    func crash(_ subscription: any EventSubscription, of transport: any EventTransport) async throws {
        await (subscription as? KafkaSubscription)?.crash()
    }
}
