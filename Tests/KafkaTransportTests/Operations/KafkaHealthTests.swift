import OpenEdXEvents
import Testing

@testable import KafkaTransport

@Suite("Health")
struct KafkaHealthTests {
    func topic(_ name: String, leader: Int32?, inSync: [Int32]) -> TopicDescription {
        TopicDescription(
            name: name, partitions: [.init(number: 0, leader: leader, replicas: [1, 2], inSync: inSync)], settings: [:])
    }

    @Test("a cluster that answers and has the topics is ready")
    func ready() {
        let health = KafkaHealth(
            brokers: [KafkaBroker(id: 1, address: "a:1")], topics: ["t": topic("t", leader: 1, inSync: [1, 2])],
            wanted: ["t"])
        #expect(health.isReady && health.isHealthy)
        #expect(health.reasons.isEmpty)
        #expect(
            String(decoding: health.json, as: UTF8.self).hasPrefix(#"{"status":"ready","checks":[{"name":"brokers""#))
    }

    @Test("copies that are missing are worth a look; leaders and topics that are missing are a reason not to be ready")
    func notReady() {
        let brokers = [KafkaBroker(id: 1, address: "a:1")]
        let degraded = KafkaHealth(
            brokers: brokers, topics: ["t": topic("t", leader: 1, inSync: [1])], wanted: ["t"])
        #expect(degraded.isReady && !degraded.isHealthy)
        #expect(degraded.reasons == ["topic t: partitions with too few copies: 0"])
        let headless = KafkaHealth(brokers: brokers, topics: ["t": topic("t", leader: nil, inSync: [])], wanted: ["t"])
        #expect(!headless.isReady)
        let absent = KafkaHealth(brokers: brokers, topics: [:], wanted: ["t"])
        #expect(absent.reasons == ["topic t: does not exist, or this client may not see it"])
        #expect(String(decoding: absent.json, as: UTF8.self).contains(#""status":"unavailable""#))
    }

    @Test("refused credentials are told apart from brokers that are away")
    func unavailable() {
        #expect(KafkaHealth(TransportError(.authentication, "no")).checks.map(\.name) == ["credentials"])
        #expect(KafkaHealth(TransportError(.unavailable, "no")).checks.map(\.name) == ["brokers"])
    }

    @Test("the embedded broker's health is asked for, and its absence is found within the limit")
    func embedded() async throws {
        let broker = try DevelopmentBroker(topics: ["t": 2])
        try await withAdmin(KafkaConfiguration(bootstrapServers: broker.bootstrapServers)) { admin async throws in
            #expect(await admin.health(topics: ["t"]).isReady)
            #expect(await admin.health(topics: ["u"]).isReady == false)
            try broker.takeDown()
            let health = await admin.health(topics: ["t"], within: .milliseconds(500))
            #expect(health.checks.map(\.name) == ["brokers"])
            #expect(health.reasons.first?.contains("no answer in time") == true, "\(health)")
            try broker.bringUp()
            #expect(await admin.health(topics: ["t"], within: .seconds(20)).isReady)
        }
    }
}
