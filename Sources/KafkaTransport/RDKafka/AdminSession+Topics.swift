import CRdKafka
import OpenEdXEvents

extension AdminSession {
    /// The brokers and topics of a cluster.
    struct Cluster {
        var brokers: [KafkaBroker] = []
        var topics: [String: TopicDescription] = [:]
    }

    /// Asks for all brokers and topics. Nothing is created by asking.
    func cluster(_ deadline: Deadline) throws(TransportError) -> Cluster {
        let subject = "asking for topics"
        // librdkafka waits here without looking at troubles, so it waits in pieces.
        while let milliseconds = deadline.milliseconds(atMost: 250) {
            var metadata: UnsafePointer<rd_kafka_metadata>?
            let code = rd_kafka_metadata(client, 1, nil, &metadata, milliseconds)
            try noteTroubles(subject)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR, let metadata else { continue }
            defer { rd_kafka_metadata_destroy(metadata) }
            noteSuccess()
            return Self.cluster(metadata.pointee)
        }
        throw tooLate(subject)
    }

    /// Waits until these topics, which were just created, are known and led; at most so long, since a client that may
    /// create a topic may still not see it.
    func waitForLeaders(of names: [String], _ limit: Deadline) throws(TransportError) {
        let subject = "waiting for new topics"
        while limit.milliseconds() != nil, !names.isEmpty {
            let topics = try cluster(limit).topics
            if names.allSatisfy({ topics[$0].map { !$0.partitions.isEmpty && $0.leaderless.isEmpty } ?? false }) {
                return
            }
            // The cluster says nothing when it is through; it is asked again after a while, and troubles are seen.
            try noteTroubles(subject, for: 20)
        }
    }

    private static func cluster(_ metadata: rd_kafka_metadata) -> Cluster {
        var cluster = Cluster()
        for broker in UnsafeBufferPointer(start: metadata.brokers, count: Int(metadata.broker_cnt)) {
            cluster.brokers.append(
                KafkaBroker(id: broker.id, address: String(cString: broker.host) + ":" + String(broker.port)))
        }
        cluster.brokers.sort { $0.id < $1.id }
        for topic in UnsafeBufferPointer(start: metadata.topics, count: Int(metadata.topic_cnt)) {
            let name = String(cString: topic.topic)
            // One that is being deleted or may not be seen is listed with an error and without partitions.
            guard topic.err == RD_KAFKA_RESP_ERR_NO_ERROR else { continue }
            let partitions = UnsafeBufferPointer(start: topic.partitions, count: Int(topic.partition_cnt)).map {
                TopicDescription.Partition(
                    number: $0.id, leader: $0.leader < 0 ? nil : $0.leader,
                    replicas: Array(UnsafeBufferPointer(start: $0.replicas, count: Int($0.replica_cnt))),
                    inSync: Array(UnsafeBufferPointer(start: $0.isrs, count: Int($0.isr_cnt))))
            }
            cluster.topics[name] = TopicDescription(
                name: name, partitions: partitions.sorted { $0.number < $1.number }, settings: [:])
        }
        return cluster
    }

    /// Creates topics, or only asks whether they could be; returns what keeps each from it.
    func create(
        _ plans: [TopicPlan], onlyChecks: Bool, _ deadline: Deadline
    ) throws(TransportError) -> [String: TransportError] {
        var refused: [String: TransportError] = [:]
        var topics: [OpaquePointer?] = []
        defer { rd_kafka_NewTopic_destroy_array(&topics, topics.count) }
        for plan in plans {
            var text = [CChar](repeating: 0, count: 256)
            guard
                let topic = rd_kafka_NewTopic_new(
                    plan.name, Int32(clamping: plan.partitions), Int32(clamping: plan.replicas ?? -1), &text, text.count
                )
            else {
                refused[plan.name] = TransportError(
                    .invalidArgument, "creating the topic “\(plan.name)”: \(String(decodingNullTerminated: text))")
                continue
            }
            for (name, value) in plan.allSettings { _ = rd_kafka_NewTopic_set_config(topic, name, value) }
            topics.append(topic)
        }
        guard !topics.isEmpty else { return refused }
        let answer = try request(
            RD_KAFKA_ADMIN_OP_CREATETOPICS, "creating topics", deadline, onlyChecks: onlyChecks
        ) { rd_kafka_CreateTopics(client, &topics, topics.count, $0, $1) }
        var count = 0
        let results = rd_kafka_CreateTopics_result_topics(rd_kafka_event_CreateTopics_result(answer.event), &count)
        for result in UnsafeBufferPointer(start: results, count: count) {
            let code = rd_kafka_topic_result_error(result)
            guard code != RD_KAFKA_RESP_ERR_NO_ERROR else { continue }
            let name = String(cString: rd_kafka_topic_result_name(result))
            let words = rd_kafka_topic_result_error_string(result).map { String(cString: $0) }
            refused[name] = TransportError(code, "creating the topic “\(name)”", detail: words)
        }
        noteSuccess()
        return refused
    }

    /// Asks for the settings of topics.
    func settings(
        of topics: [String], _ deadline: Deadline
    ) throws(TransportError) -> [String: [String: TopicDescription.Setting]] {
        guard !topics.isEmpty else { return [:] }
        var resources = topics.map { rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, $0) }
        defer { rd_kafka_ConfigResource_destroy_array(&resources, resources.count) }
        let subject = "asking for the settings of topics"
        let answer = try request(RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, subject, deadline) {
            rd_kafka_DescribeConfigs(client, &resources, resources.count, $0, $1)
        }
        var count = 0
        let results = rd_kafka_DescribeConfigs_result_resources(
            rd_kafka_event_DescribeConfigs_result(answer.event), &count)
        var settings: [String: [String: TopicDescription.Setting]] = [:]
        for result in UnsafeBufferPointer(start: results, count: count) {
            let name = String(cString: rd_kafka_ConfigResource_name(result))
            let code = rd_kafka_ConfigResource_error(result)
            guard code == RD_KAFKA_RESP_ERR_NO_ERROR else {
                let words = rd_kafka_ConfigResource_error_string(result).map { String(cString: $0) }
                throw TransportError(code, "asking for the settings of topic “\(name)”", detail: words)
            }
            settings[name] = Self.settings(of: result)
        }
        noteSuccess()
        return settings
    }

    private static func settings(of resource: OpaquePointer?) -> [String: TopicDescription.Setting] {
        var count = 0
        let entries = rd_kafka_ConfigResource_configs(resource, &count)
        var settings: [String: TopicDescription.Setting] = [:]
        for entry in UnsafeBufferPointer(start: entries, count: count) {
            guard let value = rd_kafka_ConfigEntry_value(entry) else { continue }
            settings[String(cString: rd_kafka_ConfigEntry_name(entry))] = TopicDescription.Setting(
                value: String(cString: value), isDefault: rd_kafka_ConfigEntry_is_default(entry) != 0)
        }
        return settings
    }
}
