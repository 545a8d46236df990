import OpenEdXEvents
import Testing

@testable import KafkaTransport

/// What the secured broker of these tests knows: the users `admin`, who may do all, and `guest`, who may do nothing.
@Suite(
    "Security on a real broker",
    .enabled(if: BrokerEnvironment.isSecure, Comment(rawValue: BrokerEnvironment.missingSecure)))
struct RealSecurityTests {
    static let authorities = BrokerEnvironment.tlsDirectory + "/ca.pem"
    static let stranger = BrokerEnvironment.tlsDirectory + "/stranger.pem"
    static let tls = KafkaSecurity.TLS(authorities: authorities)
    static let mutualTLS = KafkaSecurity.TLS(
        authorities: authorities, certificate: BrokerEnvironment.tlsDirectory + "/client.pem",
        key: BrokerEnvironment.tlsDirectory + "/client.key")
    /// Whether broker and librdkafka agree on SCRAM: Kafka 4 refuses the nonce that is repeated before 2.6.1.
    static var hasSCRAM: Bool {
        !BrokerEnvironment.version.hasPrefix("4") || PropertyCatalogue.versionNumber >= 0x0206_01ff
    }

    static func configuration(_ security: KafkaSecurity) -> KafkaConfiguration {
        let servers =
            switch security {
            case .plaintext: BrokerEnvironment.servers
            case .tls: BrokerEnvironment.tls
            case .sasl: BrokerEnvironment.sasl
            case .saslTLS: BrokerEnvironment.saslTLS
            }
        var configuration = KafkaConfiguration.forTests(servers)
        configuration.security = security
        return configuration
    }

    static func plain(_ user: String = "admin", _ password: Secret = "admin-secret") -> KafkaSecurity.SASL {
        .plain(username: user, password: password)
    }

    static let ways: [(String, KafkaSecurity)] = [
        ("TLS, as nobody", .tls(tls)), ("PLAIN", .sasl(plain())), ("PLAIN under TLS", .saslTLS(plain(), tls)),
        ("PLAIN under TLS with a certificate", .saslTLS(plain(), mutualTLS)),
        ("an unsigned token", .sasl(.oauthBearer(.unsecured(principal: "admin")))),
        ("an unsigned token under TLS", .saslTLS(.oauthBearer(.unsecured(principal: "admin")), tls)),
    ]

    func health(
        _ configuration: KafkaConfiguration, topics: [String] = [], within limit: Duration
    ) async throws -> KafkaHealth {
        try await withAdmin(configuration) { await $0.health(topics: topics, within: limit) }
    }

    /// Publishes one message to a topic and reads it.
    func passes(_ security: KafkaSecurity, sourceLocation: SourceLocation = #_sourceLocation) async throws {
        let topic = TopicNames().next()
        try await withAdmin(.forTests(BrokerEnvironment.servers)) { open async throws in
            _ = try await open.provision([TopicPlan(topic, partitions: 1)])
            let transport = try KafkaTransport(Self.configuration(security))
            let outcomes = try await transport.publish([OutgoingMessage(topic: topic, value: [1, 2, 3])])
            guard case .stored? = outcomes.first else {
                Issue.record("\(outcomes)", sourceLocation: sourceLocation)
                return
            }
            let subscription = try await transport.subscribe(.init(group: topic, topics: [topic]), onChange: { _ in })
            let batch = try await subscription.nextBatch(atMost: 1)
            #expect(batch?.first?.value == [1, 2, 3], sourceLocation: sourceLocation)
            await transport.shutDown(within: .seconds(5))
            let health = try await health(Self.configuration(security), topics: [topic], within: .seconds(10))
            #expect(health.isReady, "\(health)", sourceLocation: sourceLocation)
        }
    }

    @Test("a message passes", arguments: ways)
    func accepted(_ name: String, _ security: KafkaSecurity) async throws { try await passes(security) }

    @Test(
        "a message passes with SCRAM, or the error says that librdkafka is too old for this broker",
        arguments: [256, 512])
    func scram(_ bits: Int) async throws {
        let sasl: KafkaSecurity.SASL =
            bits == 256
            ? .scramSHA256(username: "admin", password: "admin-secret")
            : .scramSHA512(username: "admin", password: "admin-secret")
        if Self.hasSCRAM {
            try await passes(.sasl(sasl))
            try await passes(.saslTLS(sasl, Self.tls))
        } else {
            let error = await refusal(.sasl(sasl))
            #expect(error?.code == .authentication)
            #expect(error?.message.contains("librdkafka before 2.6.1") == true, "\(String(describing: error))")
        }
    }

    @Test("a client certificate is who the client is")
    func certificate() async throws {
        try await withAdmin(Self.configuration(.tls(Self.mutualTLS))) { admin async throws in
            // The name in the certificate has no permissions: it is let in, and sees nothing.
            #expect(try await !admin.brokers().isEmpty)
            #expect(try await admin.topics().isEmpty)
            try await withAdmin(Self.configuration(.tls(Self.tls))) { nobody async throws in
                // Without one the client is nobody, who may do all here.
                #expect(try await nobody.brokers().count == admin.brokers().count)
            }
        }
    }

    static let strangers: [(String, KafkaSecurity)] = [
        ("a wrong password", .sasl(plain("admin", "wrong-password-4711"))),
        ("a user that is not known", .sasl(plain("nobody", "wrong-password-4711"))),
        ("a wrong password under TLS", .saslTLS(plain("admin", "wrong-password-4711"), tls)),
        ("a wrong SCRAM password", .sasl(.scramSHA512(username: "admin", password: "wrong-password-4711"))),
        ("a stranger's authority", .tls(.init(authorities: stranger))),
        ("an authority that the system does not know", .tls(.init())),
        ("a stranger's authority under SASL", .saslTLS(plain(), .init(authorities: stranger))),
    ]

    /// The error of an administrative request.
    func refusal(_ security: KafkaSecurity) async -> TransportError? {
        do {
            _ = try await withAdmin(Self.configuration(security)) { try await $0.topics() }
            return nil
        } catch {
            return error as? TransportError
        }
    }

    @Test("is refused at once, by a typed error that shows no password", arguments: strangers)
    func refused(_ name: String, _ security: KafkaSecurity) async throws {
        let error = try #require(await refusal(security))
        #expect(error.code == .authentication, "\(error)")
        #expect(!error.isRetriable)
        #expect(!error.description.contains("4711"))
        // Not that the time was up: the reason.
        #expect(!error.message.contains("no answer in time"))
        let health = try await health(Self.configuration(security), within: .seconds(10))
        #expect(health.checks.map(\.name) == ["credentials"])
    }

    @Test(
        "a publisher whose credentials are refused learns so, by name",
        arguments: strangers.prefix(1) + strangers.suffix(1)
    )
    func refusedPublisher(_ name: String, _ security: KafkaSecurity) async throws {
        var configuration = Self.configuration(security)
        configuration.producer.deliveryTimeout = .seconds(5)
        let transport = try KafkaTransport(configuration)
        let outcomes = try await transport.publish([OutgoingMessage(topic: "t", value: [1])])
        guard case .failed(let error)? = outcomes.first else {
            Issue.record("it was stored")
            return
        }
        #expect(error.code == .authentication, "\(error)")
        await transport.shutDown(within: .zero)
    }

    @Test("a user without permission is told so, by name of the topic")
    func unauthorized() async throws {
        let topic = TopicNames().next()
        try await withAdmin(.forTests(BrokerEnvironment.servers)) { open async throws in
            _ = try await open.provision([TopicPlan(topic, partitions: 1)])
            let guest = Self.configuration(.sasl(Self.plain("guest", "guest-secret")))
            let transport = try KafkaTransport(guest)
            let outcomes = try await transport.publish([OutgoingMessage(topic: topic, value: [1])])
            guard case .failed(let error)? = outcomes.first else {
                Issue.record("it was stored")
                return
            }
            #expect(error.code == .authorization, "\(error)")
            #expect(error.message.contains(topic))
            let subscription = try await transport.subscribe(.init(group: topic, topics: [topic]), onChange: { _ in })
            let readError = await #expect(throws: TransportError.self) { try await subscription.nextBatch(atMost: 1) }
            #expect(readError?.code == .authorization, "\(String(describing: readError))")
            await transport.shutDown(within: .zero)

            try await withAdmin(guest) { admin async throws in
                let report = try await admin.provision([TopicPlan(TopicNames().next(), partitions: 1)])
                #expect(report.failures.values.first?.code == .authorization, "\(report)")
                await #expect(throws: TransportError(.authorization, "")) { try await admin.offsets(group: topic) }
            }
        }
    }

    @Test("plain text to a port that speaks TLS, and TLS to one that does not, end with an error")
    func mixedUp() async throws {
        var wrongly = KafkaConfiguration.forTests(BrokerEnvironment.tls)
        let first = try await health(wrongly, within: .seconds(3))
        #expect(!first.isReady)
        wrongly = KafkaConfiguration.forTests(BrokerEnvironment.servers)
        wrongly.security = .tls(Self.tls)
        let second = try await health(wrongly, within: .seconds(3))
        #expect(!second.isReady)
    }
}
