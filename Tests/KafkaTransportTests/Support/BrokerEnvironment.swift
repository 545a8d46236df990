import Foundation
import KafkaTransport

/// The real brokers that this run of the tests may use, by the variables that say where they are.
///
/// Tests that need one carry ``Testing/Trait/enabled(if:_:sourceLocation:)`` with the sentence from here, so that a run
/// without it says aloud what was not tested.
enum BrokerEnvironment {
    static let missing = "set KAFKA_BOOTSTRAP_SERVERS to test on a real broker"
    static let missingSecure = """
        set KAFKA_BOOTSTRAP_SERVERS, KAFKA_SASL_BOOTSTRAP_SERVERS, KAFKA_TLS_BOOTSTRAP_SERVERS, \
        KAFKA_SASL_TLS_BOOTSTRAP_SERVERS, KAFKA_TLS_DIRECTORY and KAFKA_VERSION to test security on a real broker
        """

    static let servers = list("KAFKA_BOOTSTRAP_SERVERS")
    static let sasl = list("KAFKA_SASL_BOOTSTRAP_SERVERS")
    static let tls = list("KAFKA_TLS_BOOTSTRAP_SERVERS")
    static let saslTLS = list("KAFKA_SASL_TLS_BOOTSTRAP_SERVERS")
    static let tlsDirectory = ProcessInfo.processInfo.environment["KAFKA_TLS_DIRECTORY"] ?? ""
    /// Kafka's version, such as `4.3`.
    static let version = ProcessInfo.processInfo.environment["KAFKA_VERSION"] ?? ""

    static var hasBroker: Bool { !servers.isEmpty }
    static var isSecure: Bool {
        hasBroker && !sasl.isEmpty && !tls.isEmpty && !saslTLS.isEmpty && !tlsDirectory.isEmpty
    }

    private static func list(_ name: String) -> [String] {
        (ProcessInfo.processInfo.environment[name] ?? "").split(separator: ",").map(String.init)
    }
}
