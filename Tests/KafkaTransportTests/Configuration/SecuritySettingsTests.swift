import OpenEdXEvents
import Testing

@testable import KafkaTransport

@Suite("Security settings")
struct SecuritySettingsTests {
    func load(_ settings: [String: String]) throws -> KafkaSecurity {
        let environment = Dictionary(
            uniqueKeysWithValues: settings.map { (KafkaSetting.prefix + "SECURITY_" + $0.key, $0.value) })
        return try KafkaConfiguration.load(environment: environment).security
    }

    func problems(_ settings: [String: String]) throws -> String {
        do {
            _ = try load(settings)
            return ""
        } catch let error as InvalidConfiguration {
            return error.description
        }
    }

    @Test("the protocol follows from what is set")
    func protocols() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("", to: "ca.pem")
        let sasl = ["SASL_MECHANISM": "SCRAM-SHA-256", "SASL_USERNAME": "u", "SASL_PASSWORD": "p"]
        #expect(try load([:]) == .plaintext)
        #expect(try load(["TLS_AUTHORITIES": file]) == .tls(.init(authorities: file)))
        #expect(try load(["PROTOCOL": "ssl"]) == .tls(.init()))
        // Never in the clear by itself: the system may know the authority, and nothing of TLS is to be set then.
        #expect(try load(sasl) == .saslTLS(.scramSHA256(username: "u", password: "p"), .init()))
        let clear = sasl.merging(["PROTOCOL": "sasl_plaintext"]) { $1 }
        #expect(try load(clear) == .sasl(.scramSHA256(username: "u", password: "p")))
        let both = sasl.merging(["TLS_AUTHORITIES": file]) { $1 }
        #expect(try load(both) == .saslTLS(.scramSHA256(username: "u", password: "p"), .init(authorities: file)))
    }

    @Test("a token may come from nowhere, for tests")
    func tokens() throws {
        #expect(
            try load(["SASL_MECHANISM": "OAUTHBEARER", "SASL_PRINCIPAL": "me"])
                == .saslTLS(.oauthBearer(.unsecured(principal: "me")), .init()))
    }

    @Test("a token comes from a provider, where librdkafka was built with it; where not, the problem says so")
    func provider() throws {
        let settings = [
            "SASL_MECHANISM": "OAUTHBEARER", "SASL_TOKEN_ENDPOINT": "https://id.example/token", "SASL_CLIENT_ID": "c",
            "SASL_CLIENT_SECRET": "s", "SASL_SCOPE": "kafka",
        ]
        if PropertyProbe().set("sasl.oauthbearer.method", "oidc") == .accepted {
            #expect(
                try load(settings)
                    == .saslTLS(
                        .oauthBearer(
                            .oidc(
                                endpoint: "https://id.example/token", clientID: "c", clientSecret: "s", scope: "kafka")
                        ), .init()))
        } else {
            let found = try problems(settings)
            #expect(found.hasPrefix("security.sasl.token_endpoint: librdkafka"), "\(found)")
            #expect(found.contains("as it is installed here cannot do it"), "\(found)")
        }
    }

    @Test(
        "what does not go together is refused",
        arguments: [
            (["PROTOCOL": "plaintext", "SASL_USERNAME": "u"], "security.sasl: is set, but the security protocol is"),
            (
                ["PROTOCOL": "sasl_plaintext", "TLS_AUTHORITIES": "f"],
                "security.tls: is set, but the security protocol"
            ),
            (["PROTOCOL": "sasl_ssl"], "security.sasl.mechanism: is missing: one of PLAIN, SCRAM-SHA-256"),
            (["SASL_MECHANISM": "PLAIN"], "security.sasl.username: is missing: PLAIN needs user and password"),
            (["SASL_MECHANISM": "PLAIN", "SASL_USERNAME": "u"], "security.sasl.password: is missing"),
            (["SASL_USERNAME": "u", "SASL_PASSWORD": "p"], "security.sasl.mechanism: is missing"),
            (["SASL_MECHANISM": "OAUTHBEARER"], "security.sasl: OAUTHBEARER needs token_endpoint"),
            (
                ["SASL_MECHANISM": "OAUTHBEARER", "SASL_PRINCIPAL": "a", "SASL_TOKEN_ENDPOINT": "https://b"],
                "security.sasl.principal: makes an unsigned token"
            ),
            (["TLS_AUTHORITIES": "/nowhere/ca.pem"], "security.tls.authorities: “/nowhere/ca.pem” cannot be read"),
            (["TLS_KEY": "/nowhere/key"], "security.tls.key: has no certificate: set security.tls.certificate"),
            (["TLS_CERTIFICATE": "/nowhere/c"], "security.tls.certificate: has no private key: set security.tls.key"),
        ])
    func contradictions(_ settings: [String: String], _ expected: String) throws {
        let found = try problems(settings)
        #expect(found.contains(expected), "\(found)")
    }

    @Test("the checks apply to pass-through properties as they do to typed options")
    func passThrough() {
        var configuration = KafkaConfiguration(bootstrapServers: ["localhost:9092"])
        configuration.properties = ["security.protocol": "sasl_plaintext", "sasl.mechanisms": "PLAIN"]
        let error = #expect(throws: InvalidConfiguration.self) { try configuration.validate() }
        #expect(error?.description.contains("sasl.password: is missing or empty") == true)
        #expect(error?.problems.count == 2)
    }
}
