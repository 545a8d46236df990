package import OpenEdXEvents

extension KafkaConfiguration {
    /// The properties of a producer, by librdkafka's names.
    ///
    /// - Throws: ``InvalidConfiguration`` with everything that is wrong.
    package func producerProperties() throws(InvalidConfiguration) -> [(name: String, value: String)] {
        var list = PropertyList()
        setCommon(in: &list)
        setProducer(in: &list)
        return try list.finished(over: properties)
    }

    /// The properties of a consumer, by librdkafka's names.
    ///
    /// Nothing is committed unasked, and a group that has committed nothing begins where the options say; for a start at
    /// a time or at positions, which no property can say, at the beginning.
    ///
    /// - Throws: ``InvalidConfiguration`` with everything that is wrong.
    package func consumerProperties(
        _ options: SubscriptionOptions
    ) throws(InvalidConfiguration) -> [(name: String, value: String)] {
        var list = PropertyList()
        setCommon(in: &list)
        setConsumer(options, in: &list)
        return try list.finished(over: properties)
    }

    private func setCommon(in list: inout PropertyList) {
        list["bootstrap.servers"] = bootstrapServers.joined(separator: ",")
        list["client.id"] = clientID
        list["log.connection.close"] = "false"
        list["socket.keepalive.enable"] = "true"
        list["socket.nagle.disable"] = "true"
        list["security.protocol"] = security.protocolName
        list["statistics.interval.ms"] = statisticsInterval.map { String($0.wholeMilliseconds) }
        if let tls = security.tls { set(tls, in: &list) }
        if let sasl = security.sasl { set(sasl, in: &list) }
    }

    private func set(_ tls: KafkaSecurity.TLS, in list: inout PropertyList) {
        list["ssl.ca.location"] = tls.authorities
        list["ssl.certificate.location"] = tls.certificate
        list["ssl.key.location"] = tls.key
        list["ssl.key.password"] = tls.keyPassword?.value
        list["ssl.endpoint.identification.algorithm"] = tls.verifiesHostName ? "https" : "none"
    }

    private func set(_ sasl: KafkaSecurity.SASL, in list: inout PropertyList) {
        list["sasl.mechanism"] = sasl.mechanism
        switch sasl {
        case .plain(let username, let password), .scramSHA256(let username, let password),
            .scramSHA512(let username, let password):
            list["sasl.username"] = username
            list["sasl.password"] = password.value
        case .oauthBearer(.unsecured(let principal)):
            list["enable.sasl.oauthbearer.unsecure.jwt"] = "true"
            list["sasl.oauthbearer.config"] = "principal=" + principal
        case .oauthBearer(.oidc(let endpoint, let clientID, let clientSecret, let scope)):
            list["sasl.oauthbearer.method"] = "oidc"
            list["sasl.oauthbearer.token.endpoint.url"] = endpoint
            list["sasl.oauthbearer.client.id"] = clientID
            list["sasl.oauthbearer.client.secret"] = clientSecret.value
            list["sasl.oauthbearer.scope"] = scope
        }
    }

    private func setProducer(in list: inout PropertyList) {
        list["acks"] =
            switch producer.acknowledgement {
            case .all: "all"
            case .leader: "1"
            case .none: "0"
            }
        list["enable.idempotence"] = String(producer.isIdempotent)
        list["linger.ms"] = String(producer.linger.milliseconds)
        list["batch.size"] = String(producer.batchBytes)
        list["batch.num.messages"] = String(producer.batchMessages)
        list["compression.codec"] = producer.compression.rawValue
        list["message.timeout.ms"] = String(producer.deliveryTimeout.wholeMilliseconds)
        list["message.max.bytes"] = String(producer.maximumMessageBytes)
        list["queue.buffering.max.messages"] = String(producer.queueMessages)
        list["queue.buffering.max.kbytes"] = String(producer.queueKilobytes)
        list["partitioner"] = producer.partitioner == .murmur2 ? "murmur2_random" : "consistent_random"
    }

    private func setConsumer(_ options: SubscriptionOptions, in list: inout PropertyList) {
        list["group.id"] = options.group
        list["group.instance.id"] = options.memberName
        list["auto.offset.reset"] = options.start == .end ? "latest" : "earliest"
        list["enable.auto.commit"] = "false"
        list["enable.auto.offset.store"] = "false"
        list["enable.partition.eof"] = "false"
        list["allow.auto.create.topics"] = "false"
        list["partition.assignment.strategy"] =
            switch consumer.assignment {
            case .cooperativeSticky: "cooperative-sticky"
            case .range: "range"
            case .roundRobin: "roundrobin"
            }
        list["session.timeout.ms"] = String(consumer.sessionTimeout.wholeMilliseconds)
        list["heartbeat.interval.ms"] = String(consumer.heartbeatInterval.wholeMilliseconds)
        list["max.poll.interval.ms"] = String(consumer.maximumPollInterval.wholeMilliseconds)
        list["fetch.wait.max.ms"] = String(consumer.fetchWait.wholeMilliseconds)
        list["fetch.min.bytes"] = String(consumer.fetchMinimumBytes)
        list["max.partition.fetch.bytes"] = String(consumer.partitionFetchBytes)
        list["queued.min.messages"] = String(consumer.prefetchMessages)
        list["queued.max.messages.kbytes"] = String(consumer.prefetchKilobytes)
        list["isolation.level"] = consumer.readsCommittedOnly ? "read_committed" : "read_uncommitted"
    }
}

/// Properties on their way to librdkafka, in the order in which they were first set.
struct PropertyList {
    private(set) var entries: [(name: String, value: String)] = []

    subscript(name: String) -> String? {
        get { entries.first { $0.name == name }?.value }
        set {
            let index = entries.firstIndex { $0.name == name }
            switch (index, newValue) {
            case (let index?, let value?): entries[index].value = value
            case (let index?, nil): entries.remove(at: index)
            case (nil, let value?): entries.append((name, value))
            case (nil, nil): break
            }
        }
    }

    /// The entries with the pass-through properties over them.
    func finished(
        over properties: [String: String]
    ) throws(InvalidConfiguration) -> [(name: String, value: String)] {
        var list = self
        for (name, value) in properties.sorted(by: { $0.key < $1.key }) { list[name] = value }
        return list.entries
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
