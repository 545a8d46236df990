import OpenEdXEvents

extension KafkaSetting {
    /// All settings, in the order of the operator's guide.
    static let all: [KafkaSetting] =
        [
            KafkaSetting(
                "bootstrap_servers", .texts, "bootstrap.servers", "The brokers to begin with, each `host:port`."
            ) {
                if case .texts(let texts) = $1 { $0.configuration.bootstrapServers = texts }
            },
            .text("client_id", "client.id", "What brokers call the client in their logs and quotas.") {
                $0.configuration.clientID = $1
            },
            .milliseconds(
                "statistics_interval_ms", 1_000...86_400_000, "statistics.interval.ms",
                "How often librdkafka's statistics are taken; absent for never."
            ) { $0.configuration.statisticsInterval = $1 },
        ] + security + producer + consumer

    private static let security: [KafkaSetting] = [
        .choice(
            "security.protocol", ["plaintext", "ssl", "sasl_plaintext", "sasl_ssl"], "security.protocol",
            "How clients speak to brokers; without it, what the other security settings make of it."
        ) { $0.security.protocolName = $1 },
        .path("security.tls.authorities", "ssl.ca.location", "The authorities that sign brokers, in PEM.") {
            $0.security.tls.authorities = $1
        },
        .path("security.tls.certificate", "ssl.certificate.location", "The client's own certificate, in PEM.") {
            $0.security.tls.certificate = $1
        },
        .path("security.tls.key", "ssl.key.location", "The private key of that certificate, in PEM.") {
            $0.security.tls.key = $1
        },
        .secret("security.tls.key_password", "ssl.key.password", "The password of the private key.") {
            $0.security.tls.keyPassword = $1
        },
        .flag(
            "security.tls.verify_host_name", "ssl.endpoint.identification.algorithm",
            "Whether a broker's certificate must name its host."
        ) { $0.security.tls.verifiesHostName = $1 },
        .choice(
            "security.sasl.mechanism", KafkaSecurity.SASL.mechanisms, "sasl.mechanism", "How the client says who it is."
        ) { $0.security.mechanism = $1 },
        .text("security.sasl.username", "sasl.username", "The user of PLAIN and SCRAM.") { $0.security.username = $1 },
        .secret("security.sasl.password", "sasl.password", "The user's password.") { $0.security.password = $1 },
        .text(
            "security.sasl.token_endpoint", "sasl.oauthbearer.token.endpoint.url",
            "Where an OAUTHBEARER token is asked for."
        ) { $0.security.tokenEndpoint = $1 },
        .text("security.sasl.client_id", "sasl.oauthbearer.client.id", "With which client id it is asked for.") {
            $0.security.clientID = $1
        },
        .secret(
            "security.sasl.client_secret", "sasl.oauthbearer.client.secret", "With which client secret it is asked for."
        ) { $0.security.clientSecret = $1 },
        .text("security.sasl.scope", "sasl.oauthbearer.scope", "The scope that is asked for.") {
            $0.security.scope = $1
        },
        .text(
            "security.sasl.principal", "sasl.oauthbearer.config", "For tests: who an unsigned OAUTHBEARER token names."
        ) { $0.security.principal = $1 },
    ]

    private static let producer: [KafkaSetting] = [
        .choice("producer.acks", ["all", "leader", "none"], "acks", "How many replicas must have a message.") {
            $0.configuration.producer.acknowledgement = .init(rawValue: $1) ?? .all
        },
        .flag("producer.idempotence", "enable.idempotence", "Whether what is sent again is stored once, in order.") {
            $0.configuration.producer.isIdempotent = $1
        },
        .milliseconds(
            "producer.linger_ms", 0...900_000, "linger.ms", "How long a message waits for others to share its request."
        ) { $0.configuration.producer.linger = $1 },
        .number("producer.batch_bytes", 1...2_147_483_647, "batch.size", "How many bytes a batch may hold.") {
            $0.configuration.producer.batchBytes = $1
        },
        .number("producer.batch_messages", 1...1_000_000, "batch.num.messages", "How many messages a batch may hold.") {
            $0.configuration.producer.batchMessages = $1
        },
        .choice(
            "producer.compression", KafkaProducerOptions.Compression.allCases.map(\.rawValue), "compression.codec",
            "How batches are compressed."
        ) { $0.configuration.producer.compression = .init(rawValue: $1) ?? .none },
        .milliseconds(
            "producer.delivery_timeout_ms", 1...2_147_483_647, "message.timeout.ms",
            "How long a message may take until it is acknowledged, retries included."
        ) { $0.configuration.producer.deliveryTimeout = $1 },
        .number(
            "producer.maximum_message_bytes", 1_000...1_000_000_000, "message.max.bytes",
            "How many bytes a request may hold."
        ) { $0.configuration.producer.maximumMessageBytes = $1 },
        .number(
            "producer.queue_messages", 1...2_147_483_647, "queue.buffering.max.messages",
            "How many messages may wait in the client; publishing waits beyond."
        ) { $0.configuration.producer.queueMessages = $1 },
        .number(
            "producer.queue_kilobytes", 1...2_147_483_647, "queue.buffering.max.kbytes",
            "How many units of 1,024 bytes may wait in the client; publishing waits beyond."
        ) { $0.configuration.producer.queueKilobytes = $1 },
        .choice(
            "producer.partitioner", ["consistent_random", "murmur2_random"], "partitioner",
            "Which partition a key belongs to: as the Python services, or as the Java client."
        ) { $0.configuration.producer.partitioner = $1 == "murmur2_random" ? .murmur2 : .consistentRandom },
    ]

    private static let consumer: [KafkaSetting] = [
        .choice(
            "consumer.assignment", ["cooperative-sticky", "range", "roundrobin"], "partition.assignment.strategy",
            "How a group shares partitions; all its members must agree."
        ) {
            $0.configuration.consumer.assignment =
                $1 == "range" ? .range : $1 == "roundrobin" ? .roundRobin : .cooperativeSticky
        },
        .milliseconds(
            "consumer.session_timeout_ms", 1...3_600_000, "session.timeout.ms",
            "How long a member may be silent before its partitions go to others."
        ) { $0.configuration.consumer.sessionTimeout = $1 },
        .milliseconds(
            "consumer.heartbeat_interval_ms", 1...3_600_000, "heartbeat.interval.ms",
            "How often a member says that it lives: less than the session time-out, and best a third of it."
        ) { $0.configuration.consumer.heartbeatInterval = $1 },
        .milliseconds(
            "consumer.maximum_poll_interval_ms", 1...86_400_000, "max.poll.interval.ms",
            "How long a process may hang before its partitions go to others."
        ) { $0.configuration.consumer.maximumPollInterval = $1 },
        .milliseconds(
            "consumer.fetch_wait_ms", 0...300_000, "fetch.wait.max.ms",
            "How long a broker may wait until it has something to answer a fetch with."
        ) { $0.configuration.consumer.fetchWait = $1 },
        .number(
            "consumer.fetch_minimum_bytes", 1...100_000_000, "fetch.min.bytes",
            "How many bytes make a broker answer at once."
        ) { $0.configuration.consumer.fetchMinimumBytes = $1 },
        .number(
            "consumer.partition_fetch_bytes", 1...1_000_000_000, "max.partition.fetch.bytes",
            "How many bytes a fetch asks of one partition."
        ) { $0.configuration.consumer.partitionFetchBytes = $1 },
        .number(
            "consumer.prefetch_messages", 1...10_000_000, "queued.min.messages", "How many messages are fetched ahead."
        ) { $0.configuration.consumer.prefetchMessages = $1 },
        .number(
            "consumer.prefetch_kilobytes", 1...2_097_151, "queued.max.messages.kbytes",
            "How many units of 1,024 bytes are fetched ahead at the most."
        ) { $0.configuration.consumer.prefetchKilobytes = $1 },
        .flag(
            "consumer.committed_only", "isolation.level",
            "Whether messages of transactions that are open or were aborted are passed over."
        ) { $0.configuration.consumer.readsCommittedOnly = $1 },
    ]
}

extension KafkaSetting {
    private init(
        _ path: String, _ kind: Kind, _ property: String, _ help: String,
        apply: @escaping @Sendable (inout ConfigurationDraft, Value) -> Void
    ) {
        self.init(path: path, kind: kind, property: property, help: help, apply: apply)
    }

    private static func text(
        _ path: String, _ property: String, _ help: String,
        _ set: @escaping @Sendable (inout ConfigurationDraft, String) -> Void
    ) -> KafkaSetting {
        KafkaSetting(path, .text, property, help) { if case .text(let text) = $1 { set(&$0, text) } }
    }

    private static func path(
        _ path: String, _ property: String, _ help: String,
        _ set: @escaping @Sendable (inout ConfigurationDraft, String) -> Void
    ) -> KafkaSetting {
        KafkaSetting(path, .path, property, help) { if case .text(let text) = $1 { set(&$0, text) } }
    }

    private static func choice(
        _ path: String, _ names: [String], _ property: String, _ help: String,
        _ set: @escaping @Sendable (inout ConfigurationDraft, String) -> Void
    ) -> KafkaSetting {
        KafkaSetting(path, .choice(names), property, help) { if case .text(let text) = $1 { set(&$0, text) } }
    }

    private static func secret(
        _ path: String, _ property: String, _ help: String,
        _ set: @escaping @Sendable (inout ConfigurationDraft, Secret) -> Void
    ) -> KafkaSetting {
        KafkaSetting(path, .secret, property, help) { if case .secret(let secret) = $1 { set(&$0, secret) } }
    }

    private static func flag(
        _ path: String, _ property: String, _ help: String,
        _ set: @escaping @Sendable (inout ConfigurationDraft, Bool) -> Void
    ) -> KafkaSetting {
        KafkaSetting(path, .flag, property, help) { if case .flag(let flag) = $1 { set(&$0, flag) } }
    }

    private static func number(
        _ path: String, _ range: ClosedRange<Int>, _ property: String, _ help: String,
        _ set: @escaping @Sendable (inout ConfigurationDraft, Int) -> Void
    ) -> KafkaSetting {
        KafkaSetting(path, .number(range), property, help) { if case .number(let number) = $1 { set(&$0, number) } }
    }

    private static func milliseconds(
        _ path: String, _ range: ClosedRange<Int>, _ property: String, _ help: String,
        _ set: @escaping @Sendable (inout ConfigurationDraft, Duration) -> Void
    ) -> KafkaSetting {
        number(path, range, property, help) { set(&$0, .milliseconds($1)) }
    }
}
