import OpenEdXEvents
import Testing

@testable import KafkaTransport

@Suite("Checks of properties")
struct PropertyChecksTests {
    /// The problems of a configuration with these pass-through properties, one a line.
    func problems(
        _ properties: [String: String] = [:], _ change: (inout KafkaConfiguration) -> Void = { _ in }
    ) -> [String] {
        var configuration = KafkaConfiguration(bootstrapServers: ["localhost:9092"])
        configuration.properties = properties
        change(&configuration)
        do throws(InvalidConfiguration) {
            try configuration.validate()
            return []
        } catch {
            return error.problems.map(\.description)
        }
    }

    @Test("the defaults are right")
    func defaults() { #expect(problems() == []) }

    @Test("librdkafka's table of properties is understood")
    func catalogue() throws {
        let catalogue = PropertyCatalogue.current
        #expect(catalogue.names.count > 150)
        #expect(catalogue.canonical("acks") == "request.required.acks")
        #expect(catalogue.canonical("delivery.timeout.ms") == "message.timeout.ms")
        #expect(catalogue["linger.ms"]?.scope == .producer)
        #expect(catalogue["fetch.min.bytes"]?.scope == .consumer)
        #expect(catalogue["client.id"]?.scope == .both)
        #expect(catalogue["enable.auto.commit"]?.canonical == "enable.auto.commit")
        #expect(catalogue["linger.ms"]?.allowed == "0 to 900000")
        #expect(catalogue["isolation.level"]?.allowed == "one of read_uncommitted, read_committed")
        #expect(catalogue["client.id"]?.allowed == nil)
    }

    @Test("a table that is cut off or strange is read as far as it goes")
    func strangeTable() {
        let text = "a | * | 1 .. 2 | 1 | low | A\nb | ? | x | y | z\n | | \nc | P"
        #expect(PropertyCatalogue(table: text).names == ["a"])
        #expect(PropertyCatalogue(table: "").names == [])
    }

    @Test(
        "a wrong value says which property, what was given and what is allowed",
        arguments: [
            ("linger.ms", "9999999", "“9999999” is not possible: allowed is 0 to 900000"),
            ("linger.ms", "soon", "“soon” is not possible: allowed is 0 to 900000"),
            ("isolation.level", "x", "“x” is not possible: allowed is one of read_uncommitted, read_committed"),
            ("socket.keepalive.enable", "maybe", "allowed is one of true, false"),
            ("partitioner", "round", "allowed is one of random, consistent, consistent_random, murmur2,"),
            ("acks", "7", "“7” is not possible: allowed is all, 1 or 0"),
            ("partition.assignment.strategy", "sticky", "allowed is one or more of cooperative-sticky, range"),
            ("partition.assignment.strategy", "range,cooperative-sticky", "allowed is cooperative-sticky alone"),
            ("batch.size", "", "an empty value is not possible: allowed is 1 to 2147483647"),
            ("debug", "all,nothing", "allowed is one of generic, broker"),
            ("enable.auto.commit", "true", "cannot be passed through: the transport commits what is finished"),
            ("group.id", "g", "cannot be passed through: the subscription names its group"),
            ("metadata.broker.list", "a:1", "cannot be passed through: set bootstrap_servers"),
            ("dr_msg_cb", "x", "is a function, which the transport sets"),
            ("no.such.thing.at.all.here", "x", "is no property of librdkafka"),
            ("lingr.ms", "5", "did you mean “linger.ms”?"),
        ])
    func wrongValues(_ name: String, _ value: String, _ expected: String) {
        let found = problems([name: value])
        #expect(found.count == 1)
        #expect(found.first?.hasPrefix("properties.\(name): ") == true, "\(found)")
        #expect(found.first?.contains(expected) == true, "\(found)")
    }

    @Test("a wrong value of a typed option names the setting", arguments: [-1, 900_001])
    func typedValue(_ milliseconds: Int) {
        let found = problems { $0.producer.linger = .milliseconds(milliseconds) }
        #expect(found.contains { $0.hasPrefix("producer.linger_ms: ") && $0.hasSuffix("allowed is 0 to 900000") })
    }

    @Test("a secret is not shown, right or wrong, nor is a value under a name that is not known")
    func secrets() {
        let found = problems([
            "sasl.oauthbearer.client.secret": "", "sasl.pasword": "hush-hush", "ssl.key.pem": "hush-hush",
        ])
        #expect(!found.isEmpty)
        #expect(!found.description.contains("hush-hush"))
    }

    @Test(
        "what does not go together is refused",
        arguments: [
            (["acks": "1"], "properties.acks: is 1, but an idempotent producer needs all"),
            (["max.in.flight": "6"], "is 6, but an idempotent producer may have 5 at the most"),
            (["retries": "0"], "is 0, but an idempotent producer must send again"),
            (["queuing.strategy": "lifo"], "an idempotent producer keeps order"),
            (["linger.ms": "200", "delivery.timeout.ms": "100"], "must be less than the delivery time-out"),
            (["queue.buffering.max.kbytes": "512"], "must hold the largest message, which has 1000000 bytes"),
            (["session.timeout.ms": "3000"], "consumer.heartbeat_interval_ms: is 3000 ms, but must be less than"),
            (["max.poll.interval.ms": "30000"], "must not be less than the session time-out, which is 45000 ms"),
            (["sasl.username": "u"], "but the security protocol is plaintext, which does not use it"),
            (["ssl.ca.location": "/nowhere"], "but the security protocol is plaintext, which has no TLS"),
            (["delivery.timeout.ms": "1000", "message.timeout.ms": "2000"], "is another name of"),
        ])
    func contradictions(_ properties: [String: String], _ expected: String) {
        let found = problems(properties)
        #expect(found.contains { $0.contains(expected) }, "\(found)")
    }

    @Test("fewer acknowledgements are possible without idempotence")
    func acknowledgements() {
        #expect(!problems { $0.producer.acknowledgement = .leader }.isEmpty)
        #expect(
            problems {
                $0.producer.acknowledgement = .leader
                $0.producer.isIdempotent = false
            } == [])
    }

    @Test("a property that only the other kind of client knows is not given to a client")
    func scopes() throws {
        var configuration = KafkaConfiguration(bootstrapServers: ["localhost:9092"])
        configuration.properties = ["check.crcs": "true", "retry.backoff.ms": "70", "socket.timeout.ms": "5000"]
        let producer = try configuration.producerProperties().map(\.name)
        let consumer = try configuration.consumerProperties(.init(group: "g", topics: ["t"])).map(\.name)
        let admin = try configuration.adminProperties().map(\.name)
        #expect(producer.contains("retry.backoff.ms") && !producer.contains("check.crcs"))
        #expect(!consumer.contains("retry.backoff.ms") && consumer.contains("check.crcs"))
        #expect(!admin.contains("retry.backoff.ms") && !admin.contains("check.crcs"))
        #expect([producer, consumer, admin].allSatisfy { $0.contains("socket.timeout.ms") })
    }

    @Test("another name of a property stands over the typed option all the same")
    func aliases() throws {
        var configuration = KafkaConfiguration(bootstrapServers: ["localhost:9092"])
        configuration.properties = ["delivery.timeout.ms": "7000"]
        let properties = try configuration.producerProperties()
        #expect(properties.contains { $0 == ("delivery.timeout.ms", "7000") })
        #expect(!properties.contains { $0.name == "message.timeout.ms" })
    }

    @Test(
        "an address is a host and a port",
        arguments: [
            ("localhost:9092", true), ("kafka-1.example.org:9093", true), ("127.0.0.1:1", true), ("[::1]:9092", true),
            ("localhost", false), ("localhost:", false), (":9092", false), ("localhost:0", false),
            ("localhost:65536", false), ("local host:9092", false), ("localhost:-1", false), ("[]:9092", false),
            ("PLAINTEXT://localhost:9092", false), ("", false), ("a,b:9092", false),
        ])
    func addresses(_ text: String, _ isPossible: Bool) {
        #expect(KafkaConfiguration.isAddress(text) == isPossible)
        #expect(problems { $0.bootstrapServers = [text] }.isEmpty == isPossible)
    }

    @Test("without a broker, or without a group, nothing can be done")
    func missing() {
        #expect(problems { $0.bootstrapServers = [] }.first?.hasPrefix("bootstrap_servers: is missing") == true)
        let configuration = KafkaConfiguration(bootstrapServers: ["localhost:9092"])
        #expect(throws: InvalidConfiguration.self) {
            try configuration.consumerProperties(.init(group: "", topics: ["t"]))
        }
    }
}
