public import OpenEdXEvents

extension KafkaConfiguration {
    /// The properties of a producer, by librdkafka's names, checked.
    ///
    /// - Throws: ``InvalidConfiguration`` with everything that is wrong.
    package func producerProperties() throws(InvalidConfiguration) -> [(name: String, value: String)] {
        let (list, problems) = producerList()
        return try Self.checked(list, addressProblems() + problems)
    }

    /// The properties of a consumer, by librdkafka's names, checked.
    ///
    /// Nothing is committed unasked, and a group that has committed nothing begins where the options say; for a start at
    /// a time or at positions, which no property can say, at the beginning.
    ///
    /// - Throws: ``InvalidConfiguration`` with everything that is wrong.
    package func consumerProperties(
        _ options: SubscriptionOptions
    ) throws(InvalidConfiguration) -> [(name: String, value: String)] {
        let (list, problems) = consumerList(options)
        return try Self.checked(list, addressProblems() + problems)
    }

    /// The properties of a client that neither sends nor reads, by librdkafka's names, checked.
    ///
    /// - Throws: ``InvalidConfiguration`` with everything that is wrong.
    package func adminProperties() throws(InvalidConfiguration) -> [(name: String, value: String)] {
        var list = PropertyList(.admin)
        setCommon(in: &list)
        let problems = list.pass(through: properties)
        return try Self.checked(list, addressProblems() + problems + list.problems())
            // Measured at an interval, it would pile up while nothing is asked.
            .filter { $0.name != "statistics.interval.ms" }
    }

    /// Checks all that can be checked without a broker: addresses, security, and the properties of both kinds of clients.
    ///
    /// A transport does this when it is made.
    ///
    /// - Throws: ``InvalidConfiguration`` with everything that is wrong, each problem once.
    public func validate() throws(InvalidConfiguration) {
        let problems = addressProblems() + valueProblems()
        guard problems.isEmpty else { throw InvalidConfiguration(problems) }
    }

    /// What is wrong with anything but the addresses, each problem once.
    func valueProblems() -> [ConfigurationProblem] {
        var seen: Set<ConfigurationProblem> = []
        // Any group does: its name is the subscription's, and is checked there.
        let all = producerList().problems + consumerList(SubscriptionOptions(group: "group", topics: [])).problems
        return all.filter { seen.insert($0).inserted }
    }

    private static func checked(
        _ list: PropertyList, _ problems: [ConfigurationProblem]
    ) throws(InvalidConfiguration) -> [(name: String, value: String)] {
        guard problems.isEmpty else { throw InvalidConfiguration(problems) }
        return list.entries.map { ($0.name, $0.value) }
    }

    private func producerList() -> (list: PropertyList, problems: [ConfigurationProblem]) {
        var list = PropertyList(.producer)
        setCommon(in: &list)
        setProducer(in: &list)
        let problems = list.pass(through: properties)
        return (list, problems + list.problems())
    }

    private func consumerList(
        _ options: SubscriptionOptions
    ) -> (list: PropertyList, problems: [ConfigurationProblem]) {
        var list = PropertyList(.consumer)
        setCommon(in: &list)
        setConsumer(options, in: &list)
        let problems = list.pass(through: properties)
        return (list, problems + list.problems())
    }

    /// What is wrong with the brokers' addresses.
    func addressProblems(allowsNone: Bool = false) -> [ConfigurationProblem] {
        if bootstrapServers.isEmpty, !allowsNone {
            return [
                ConfigurationProblem(
                    nil, "bootstrap_servers", "is missing: name at least one broker, as host:port")
            ]
        }
        return bootstrapServers.filter { !Self.isAddress($0) }.map {
            ConfigurationProblem(
                nil, "bootstrap_servers", "“\($0)” is not possible: allowed is host:port, with a port from 1 to 65535")
        }
    }

    /// Whether a text is `host:port`, the host a name, an IPv4 address, or an IPv6 address in brackets.
    static func isAddress(_ text: String) -> Bool {
        guard let colon = text.lastIndex(of: ":") else { return false }
        let host = text[..<colon]
        let port = text[text.index(after: colon)...]
        guard port.utf8.allSatisfy({ (0x30...0x39).contains($0) }), let number = Int(port),
            (1...65_535).contains(number)
        else { return false }
        if host.hasPrefix("["), host.hasSuffix("]") {
            return host.count > 2 && host.dropFirst().dropLast().allSatisfy { $0.isHexDigit || $0 == ":" || $0 == "." }
        }
        return !host.isEmpty
            && host.utf8.allSatisfy {
                switch $0 {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
    }

    private func setCommon(in list: inout PropertyList) {
        list.set("bootstrap.servers", bootstrapServers.joined(separator: ","), from: "bootstrap_servers")
        list.set("client.id", clientID, from: "client_id")
        list.set("log.connection.close", "false", from: "log.connection.close")
        list.set("socket.keepalive.enable", "true", from: "socket.keepalive.enable")
        list.set("socket.nagle.disable", "true", from: "socket.nagle.disable")
        list.set("security.protocol", security.protocolName, from: "security.protocol")
        list.set(
            "statistics.interval.ms", statisticsInterval.map { String($0.wholeMilliseconds) },
            from: "statistics_interval_ms")
        if let tls = security.tls { set(tls, in: &list) }
        if let sasl = security.sasl { set(sasl, in: &list) }
    }

    private func set(_ tls: KafkaSecurity.TLS, in list: inout PropertyList) {
        list.set("ssl.ca.location", tls.authorities, from: "security.tls.authorities")
        list.set("ssl.certificate.location", tls.certificate, from: "security.tls.certificate")
        list.set("ssl.key.location", tls.key, from: "security.tls.key")
        list.set("ssl.key.password", tls.keyPassword?.value, from: "security.tls.key_password")
        list.set(
            "ssl.endpoint.identification.algorithm", tls.verifiesHostName ? "https" : "none",
            from: "security.tls.verify_host_name")
    }

    private func set(_ sasl: KafkaSecurity.SASL, in list: inout PropertyList) {
        list.set("sasl.mechanism", sasl.mechanism, from: "security.sasl.mechanism")
        switch sasl {
        case .plain(let username, let password), .scramSHA256(let username, let password),
            .scramSHA512(let username, let password):
            list.set("sasl.username", username, from: "security.sasl.username")
            list.set("sasl.password", password.value, from: "security.sasl.password")
        case .oauthBearer(.unsecured(let principal)):
            list.set("enable.sasl.oauthbearer.unsecure.jwt", "true", from: "security.sasl.principal")
            list.set("sasl.oauthbearer.config", "principal=" + principal, from: "security.sasl.principal")
        case .oauthBearer(.oidc(let endpoint, let clientID, let clientSecret, let scope)):
            list.set("sasl.oauthbearer.method", "oidc", from: "security.sasl.token_endpoint")
            list.set("sasl.oauthbearer.token.endpoint.url", endpoint, from: "security.sasl.token_endpoint")
            list.set("sasl.oauthbearer.client.id", clientID, from: "security.sasl.client_id")
            list.set("sasl.oauthbearer.client.secret", clientSecret.value, from: "security.sasl.client_secret")
            list.set("sasl.oauthbearer.scope", scope, from: "security.sasl.scope")
        }
    }

    private func setProducer(in list: inout PropertyList) {
        let acks =
            switch producer.acknowledgement {
            case .all: "all"
            case .leader: "1"
            case .none: "0"
            }
        list.set("acks", acks, from: "producer.acks")
        list.set("enable.idempotence", String(producer.isIdempotent), from: "producer.idempotence")
        list.set("linger.ms", String(producer.linger.milliseconds), from: "producer.linger_ms")
        list.set("batch.size", String(producer.batchBytes), from: "producer.batch_bytes")
        list.set("batch.num.messages", String(producer.batchMessages), from: "producer.batch_messages")
        list.set("compression.codec", producer.compression.rawValue, from: "producer.compression")
        list.set(
            "message.timeout.ms", String(producer.deliveryTimeout.wholeMilliseconds),
            from: "producer.delivery_timeout_ms")
        list.set("message.max.bytes", String(producer.maximumMessageBytes), from: "producer.maximum_message_bytes")
        list.set("queue.buffering.max.messages", String(producer.queueMessages), from: "producer.queue_messages")
        list.set("queue.buffering.max.kbytes", String(producer.queueKilobytes), from: "producer.queue_kilobytes")
        list.set(
            "partitioner", producer.partitioner == .murmur2 ? "murmur2_random" : "consistent_random",
            from: "producer.partitioner")
    }

    private func setConsumer(_ options: SubscriptionOptions, in list: inout PropertyList) {
        list.set("group.id", options.group, from: "group")
        list.set("group.instance.id", options.memberName, from: "memberName")
        list.set("auto.offset.reset", options.start == .end ? "latest" : "earliest", from: "auto.offset.reset")
        list.set("enable.auto.commit", "false", from: "enable.auto.commit")
        list.set("enable.auto.offset.store", "false", from: "enable.auto.offset.store")
        list.set("enable.partition.eof", "false", from: "enable.partition.eof")
        list.set("allow.auto.create.topics", "false", from: "allow.auto.create.topics")
        let strategy =
            switch consumer.assignment {
            case .cooperativeSticky: "cooperative-sticky"
            case .range: "range"
            case .roundRobin: "roundrobin"
            }
        list.set("partition.assignment.strategy", strategy, from: "consumer.assignment")
        list.set(
            "session.timeout.ms", String(consumer.sessionTimeout.wholeMilliseconds), from: "consumer.session_timeout_ms"
        )
        list.set(
            "heartbeat.interval.ms", String(consumer.heartbeatInterval.wholeMilliseconds),
            from: "consumer.heartbeat_interval_ms")
        list.set(
            "max.poll.interval.ms", String(consumer.maximumPollInterval.wholeMilliseconds),
            from: "consumer.maximum_poll_interval_ms")
        list.set("fetch.wait.max.ms", String(consumer.fetchWait.wholeMilliseconds), from: "consumer.fetch_wait_ms")
        list.set("fetch.min.bytes", String(consumer.fetchMinimumBytes), from: "consumer.fetch_minimum_bytes")
        list.set(
            "max.partition.fetch.bytes", String(consumer.partitionFetchBytes), from: "consumer.partition_fetch_bytes")
        list.set("queued.min.messages", String(consumer.prefetchMessages), from: "consumer.prefetch_messages")
        list.set("queued.max.messages.kbytes", String(consumer.prefetchKilobytes), from: "consumer.prefetch_kilobytes")
        list.set(
            "isolation.level", consumer.readsCommittedOnly ? "read_committed" : "read_uncommitted",
            from: "consumer.committed_only")
    }
}

extension Duration {
    /// Milliseconds with a fraction.
    package var milliseconds: Double {
        Double(components.seconds) * 1e3 + Double(components.attoseconds) / 1e15
    }

    /// Milliseconds, what is less than one cut off.
    package var wholeMilliseconds: Int64 {
        components.seconds * 1_000 + components.attoseconds / 1_000_000_000_000_000
    }
}
