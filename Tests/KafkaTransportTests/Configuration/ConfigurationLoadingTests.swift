import OpenEdXEvents
import Testing

@testable import KafkaTransport

@Suite("Loading a configuration")
struct ConfigurationLoadingTests {
    func load(_ json: String? = nil, _ environment: [String: String] = [:]) throws -> KafkaConfiguration {
        let folder = try TemporaryFolder()
        let file = try json.map { try folder.write($0, to: "kafka.json") }
        return try KafkaConfiguration.load(file: file, environment: environment)
    }

    /// The problems of a configuration that cannot be loaded.
    func problems(_ json: String? = nil, _ environment: [String: String] = [:]) throws -> [ConfigurationProblem] {
        do {
            _ = try load(json, environment)
            return []
        } catch let error as InvalidConfiguration {
            return error.problems
        }
    }

    @Test("without a file and variables it is the defaults, and that no broker is named is found out later")
    func nothing() throws {
        let configuration = try load()
        #expect(configuration == KafkaConfiguration(bootstrapServers: []))
        #expect(throws: InvalidConfiguration.self) { try configuration.validate() }
    }

    @Test("every setting can be given in a file")
    func file() throws {
        let configuration = try load(
            """
            {
              "bootstrap_servers": ["kafka-1:9093", "kafka-2:9093"],
              "client_id": "lms",
              "statistics_interval_ms": 5000,
              "security": {"sasl": {"mechanism": "PLAIN", "username": "lms", "password": "word"}},
              "producer": {
                "acks": "all", "idempotence": true, "linger_ms": 10, "batch_bytes": 500000, "batch_messages": 500,
                "compression": "zstd", "delivery_timeout_ms": 60000, "maximum_message_bytes": 2000000,
                "queue_messages": 1000, "queue_kilobytes": 2048, "partitioner": "murmur2_random"
              },
              "consumer": {
                "assignment": "range", "session_timeout_ms": 10000, "heartbeat_interval_ms": 2000,
                "maximum_poll_interval_ms": 20000, "fetch_wait_ms": 100, "fetch_minimum_bytes": 10,
                "partition_fetch_bytes": 2000000, "prefetch_messages": 200, "prefetch_kilobytes": 1024,
                "committed_only": false
              },
              "properties": {"socket.timeout.ms": 20000, "socket.keepalive.enable": false, "debug": "broker"}
            }
            """)
        var expected = KafkaConfiguration(bootstrapServers: ["kafka-1:9093", "kafka-2:9093"])
        expected.clientID = "lms"
        expected.statisticsInterval = .seconds(5)
        expected.security = .saslTLS(.plain(username: "lms", password: "word"), .init())
        expected.producer = KafkaProducerOptions(
            linger: .milliseconds(10), batchBytes: 500_000, batchMessages: 500, compression: .zstd,
            deliveryTimeout: .seconds(60), maximumMessageBytes: 2_000_000, queueMessages: 1_000, queueKilobytes: 2_048,
            partitioner: .murmur2)
        expected.consumer = KafkaConsumerOptions(
            assignment: .range, sessionTimeout: .seconds(10), heartbeatInterval: .seconds(2),
            maximumPollInterval: .seconds(20), fetchWait: .milliseconds(100), fetchMinimumBytes: 10,
            partitionFetchBytes: 2_000_000, prefetchMessages: 200, prefetchKilobytes: 1_024, readsCommittedOnly: false)
        expected.properties = ["socket.timeout.ms": "20000", "socket.keepalive.enable": "false", "debug": "broker"]
        #expect(configuration == expected)
    }

    @Test("the environment stands over the file, setting by setting, and code over both")
    func layers() throws {
        let json = """
            {"bootstrap_servers": ["file:1"], "client_id": "file",
             "security": {"sasl": {"mechanism": "PLAIN", "username": "file", "password": "file"}},
             "properties": {"socket.timeout.ms": 20000, "reconnect.backoff.ms": 5}}
            """
        var configuration = try load(
            json,
            [
                "OPENEDX_EVENTS_KAFKA_BOOTSTRAP_SERVERS": "one:1, two:2",
                "OPENEDX_EVENTS_KAFKA_SECURITY_SASL_PASSWORD": "variable",
                "OPENEDX_EVENTS_KAFKA_PROPERTIES_SOCKET_TIMEOUT_MS": "30000",
            ])
        #expect(configuration.bootstrapServers == ["one:1", "two:2"])
        #expect(configuration.clientID == "file")
        #expect(configuration.security == .saslTLS(.plain(username: "file", password: "variable"), .init()))
        #expect(configuration.properties == ["socket.timeout.ms": "30000", "reconnect.backoff.ms": "5"])
        configuration.properties["socket.timeout.ms"] = "40000"
        #expect(try configuration.producerProperties().contains { $0 == ("socket.timeout.ms", "40000") })
    }

    @Test("a variable can name the file")
    func fileVariable() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(#"{"client_id": "named"}"#, to: "a.json")
        let configuration = try KafkaConfiguration.load(environment: ["OPENEDX_EVENTS_KAFKA_CONFIG": path])
        #expect(configuration.clientID == "named")
    }

    @Test("every setting has a variable, which takes what the file takes", arguments: KafkaSetting.all.map(\.path))
    func variables(_ path: String) throws {
        let setting = try #require(KafkaSetting.all.first { $0.path == path })
        #expect(setting.variable.hasPrefix("OPENEDX_EVENTS_KAFKA_"))
        #expect(!setting.variable.contains { $0.isLowercase || $0 == "." })
        var loader = ConfigurationLoader()
        loader.read([setting.variable: ""])
        let message = try #require(loader.problems.first).description
        #expect(message.hasPrefix(setting.variable))
        #expect(message.hasSuffix("allowed is \(setting.kind.allowed)"))
    }

    @Test("all that is wrong is reported at once, with what was given and what is allowed")
    func everything() throws {
        let found = try problems(
            #"{"producer": {"linger_ms": -1, "acks": "some", "idempotence": "yes"}, "client_id": 7, "consumer": []}"#,
            ["OPENEDX_EVENTS_KAFKA_PRODUCER_BATCH_BYTES": "many"])
        let text = found.map(\.description).joined(separator: "\n")
        #expect(found.count == 6)
        #expect(text.contains("producer.linger_ms: “-1” is not possible: allowed is a whole number from 0 to 900000"))
        #expect(text.contains("producer.acks: “some” is not possible: allowed is one of all, leader, none"))
        #expect(text.contains("producer.idempotence: “yes” is not possible: allowed is true or false"))
        #expect(text.contains("client_id: “7” is not possible: allowed is a text that is not empty"))
        #expect(text.contains("consumer: a list is not possible: it is an object of settings"))
        #expect(text.contains("OPENEDX_EVENTS_KAFKA_PRODUCER_BATCH_BYTES: “many” is not possible"))
    }

    @Test(
        "an unknown name is a problem, with the one that was meant",
        arguments: [
            (#"{"producers": {}}"#, "producers: is no setting; did you mean “producer”?"),
            (#"{"producer": {"linger": 3}}"#, "producer.linger: is no setting; did you mean “linger_ms”?"),
            (#"{"security": {"sasl": {"pasword": "x"}}}"#, "did you mean “password”?"),
            (#"{"security": {"sasl": {"passwort_file": "x"}}}"#, "did you mean “password_file”?"),
            (#"{"zzzzzzzzzzzzzzzz": 1}"#, "there are bootstrap_servers, client_id, consumer"),
            (#"{"properties": {"socket.timeot.ms": 1}}"#, "did you mean “socket.timeout.ms”?"),
        ])
    func unknownNames(_ json: String, _ expected: String) throws {
        let found = try problems(json)
        #expect(found.count == 1)
        #expect(found.first?.description.contains(expected) == true, "\(found)")
    }

    @Test(
        "an unknown variable is a problem, with the one that was meant",
        arguments: [
            ("OPENEDX_EVENTS_KAFKA_CLIENTID", "did you mean “OPENEDX_EVENTS_KAFKA_CLIENT_ID”?"),
            ("OPENEDX_EVENTS_BOOTSTRAP_SERVERS", "did you mean “OPENEDX_EVENTS_KAFKA_BOOTSTRAP_SERVERS”?"),
            (
                "OPENEDX_EVENTS_KAFKA_PROPERTIES_SOCKET_TIMEOT_MS",
                "did you mean “OPENEDX_EVENTS_KAFKA_PROPERTIES_SOCKET_TIMEOUT_MS”?"
            ),
        ])
    func unknownVariables(_ name: String, _ expected: String) throws {
        let found = try problems(nil, [name: "x"])
        #expect(found.count == 1)
        #expect(found.first?.description.contains(expected) == true, "\(found)")
    }

    @Test("variables of others are left alone")
    func foreignVariables() throws {
        #expect(try problems(nil, ["OPENEDX_EVENTS_SOURCE": "lms", "KAFKA_HEAP": "1g", "PATH": "/bin"]).isEmpty)
    }

    @Test("a file that is not there, is no JSON, or is no object says so, with the line")
    func badFiles() throws {
        #expect(throws: InvalidConfiguration.self) {
            try KafkaConfiguration.load(file: "/nowhere/kafka.json", environment: [:])
        }
        #expect(try problems("{\n  \"client_id\": \"a\",\n  oops\n}").first?.message.contains("in line 3") == true)
        #expect(try problems("[]").first?.message == "must hold one JSON object with the settings")
        #expect(try problems(#"{"client_id": "a", "client_id": "b"}"#).count == 1)
    }

    @Test("a secret may lie in a file, and the newline at its end is not part of it")
    func secretFiles() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("open sesame\n", to: "password")
        let json = #"{"security": {"sasl": {"mechanism": "PLAIN", "username": "u", "password_file": "\#(path)"}}}"#
        let expected = KafkaSecurity.saslTLS(.plain(username: "u", password: "open sesame"), .init())
        #expect(try load(json).security == expected)
        let environment = [
            "OPENEDX_EVENTS_KAFKA_SECURITY_SASL_MECHANISM": "PLAIN",
            "OPENEDX_EVENTS_KAFKA_SECURITY_SASL_USERNAME": "u",
            "OPENEDX_EVENTS_KAFKA_SECURITY_SASL_PASSWORD_FILE": path,
        ]
        #expect(try load(nil, environment).security == expected)
        let empty = try folder.write("\n", to: "empty")
        let found = try problems(
            nil, environment.merging(["OPENEDX_EVENTS_KAFKA_SECURITY_SASL_PASSWORD_FILE": empty]) { $1 })
        #expect(found.first?.message == "“\(empty)” cannot be used: it is empty")
    }

    @Test("a secret given twice is a problem, and never shown")
    func secretTwice() throws {
        let found = try problems(
            #"{"security": {"sasl": {"mechanism": "PLAIN", "username": "u", "password": "hush", "password_file": "f"}}}"#
        )
        #expect(found.count == 1)
        #expect(found.first?.description.contains("keep one of the two") == true)
        #expect(try !problems(#"{"security": {"sasl": {"password": ["hush"]}}}"#).description.contains("hush"))
    }
}
