import Foundation
import KafkaTransport
import OpenEdXEvents
import Testing
import TransportTesting

@Suite("KafkaTransport conforms on a real broker")
struct RealConformanceTests {
    static let harness = RealHarness()

    @Test("A promise that every transport keeps", .enabled(if: harness != nil), arguments: TransportConformance.cases)
    func conforms(_ promise: ConformanceCase) async throws {
        let harness = try #require(Self.harness)
        #expect(try await promise.run(on: harness) == .passed)
    }
}

/// Runs conformance cases on the broker that `KAFKA_BOOTSTRAP_SERVERS` names.
struct RealHarness: ConformanceHarness {
    let servers: [String]
    private let topics = TopicNames()

    init?() {
        guard let servers = ProcessInfo.processInfo.environment["KAFKA_BOOTSTRAP_SERVERS"], !servers.isEmpty else {
            return nil
        }
        self.servers = servers.split(separator: ",").map(String.init)
    }

    var name: String { "KafkaTransport on \(servers.joined(separator: ","))" }
    var abilities: HarnessAbilities { [.crash, .unknownTopic, .passingTime] }
    var largestValue: Int { 900_000 }
    var tooLargeValue: Int { 1_100_000 }

    func makeTransport() async throws -> any EventTransport { try KafkaTransport(.forTests(servers)) }

    func makeTopic(partitions: Int32) async throws -> String {
        let name = topics.next()
        TemporaryTopicMaker.make(name, partitions, servers.joined(separator: ","))
        return name
    }

    /// Not created by asking for it, as a topic cannot have such a name.
    func unknownTopic() async throws -> String { topics.next() }

    func crash(_ subscription: any EventSubscription, of transport: any EventTransport) async throws {
        await (subscription as? KafkaSubscription)?.crash()
    }
}
