import OpenEdXEvents
import Testing

@testable import KafkaTransport

@Suite("What a client says of its troubles")
struct ClientReportsTests {
    static func reports(_ mechanism: String?, _ version: Int32) -> ClientReports {
        ClientReports(
            "the producer", label: "producer", observer: nil,
            properties: mechanism.map { [(name: "sasl.mechanism", value: $0)] } ?? [], libraryVersion: version)
    }

    static let refused = TransportError(.authentication, "invalid credentials")

    @Test(
        "names Kafka 4.x beside refused SCRAM credentials before librdkafka 2.6.1",
        arguments: [0x0200_02ff, 0x0206_00ff])
    func scram(_ version: Int32) {
        let error = Self.reports("SCRAM-SHA-256", version).noting(Self.refused)
        #expect(error.message.contains("Kafka 4.x refuses the SCRAM of librdkafka before 2.6.1"))
        #expect(error.code == .authentication)
    }

    @Test(
        "does not where that is not the cause",
        arguments: [
            ("PLAIN", 0x0200_02ff), ("SCRAM-SHA-512", 0x0206_01ff), (nil, 0x0200_02ff),
        ])
    func others(_ mechanism: String?, _ version: Int32) {
        let error = Self.reports(mechanism, version).noting(Self.refused)
        #expect(error.message == Self.refused.message)
    }

    @Test("keeps the trouble that explains most, until something gets through")
    func trouble() {
        let reports = Self.reports("PLAIN", 0x0200_02ff)
        #expect(!reports.hasSucceeded)
        _ = reports.noting(TransportError(.unavailable, "away"))
        #expect(reports.lastTrouble?.code == .unavailable)
        _ = reports.noting(Self.refused)
        _ = reports.noting(TransportError(.unavailable, "away"))
        #expect(reports.lastTrouble?.code == .authentication)
        reports.succeeded()
        #expect(reports.lastTrouble == nil)
        #expect(reports.hasSucceeded)
    }
}
