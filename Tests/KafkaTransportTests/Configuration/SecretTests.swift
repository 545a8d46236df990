import Testing

@testable import KafkaTransport

@Suite("A secret")
struct SecretTests {
    let word = "open-sesame-4711"

    /// All the ways in which Swift turns a value into text.
    func texts(_ value: Any) -> [String] {
        var dumped = ""
        dump(value, to: &dumped)
        return [
            String(describing: value), String(reflecting: value), "\(value)", dumped,
            Mirror(reflecting: value).children.map { "\($0.value)" }.joined(),
        ]
    }

    @Test("never prints, in whatever way it is asked")
    func alone() {
        for text in texts(Secret(word)) { #expect(!text.contains(word)) }
        #expect(String(describing: Secret(word)) == "***")
    }

    @Test("does not print from within security settings or a configuration, nor from pass-through properties")
    func within() {
        var configuration = KafkaConfiguration(bootstrapServers: ["localhost:9092"])
        configuration.security = .saslTLS(
            .plain(username: "lms", password: Secret(word)), .init(keyPassword: Secret(word)))
        configuration.properties = [
            "sasl.password": word, "ssl.key.password": word, "sasl.oauthbearer.client.secret": word,
            "ssl.key.pem": word, "sasl.pasword": word, "socket.timeout.ms": "20000",
        ]
        for text in texts(configuration) + texts(configuration.security) + texts([configuration]) {
            #expect(!text.contains(word))
        }
        #expect(configuration.description.contains("socket.timeout.ms=20000"))
        #expect(configuration.description.contains("sasl_ssl with PLAIN"))
    }

    @Test("is given to librdkafka as it is")
    func used() throws {
        var configuration = KafkaConfiguration(bootstrapServers: ["localhost:9092"])
        configuration.security = .sasl(.scramSHA512(username: "lms", password: Secret(word)))
        let properties = try configuration.producerProperties()
        #expect(properties.contains { $0 == ("sasl.password", word) })
        #expect(properties.contains { $0 == ("sasl.mechanism", "SCRAM-SHA-512") })
        #expect(properties.contains { $0 == ("security.protocol", "sasl_plaintext") })
    }
}
