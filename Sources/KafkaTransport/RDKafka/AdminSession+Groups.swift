import CRdKafka
import OpenEdXEvents

extension AdminSession {
    /// Asks for the names of all consumer groups. Groups of brokers that do not answer are missing.
    func groups(_ deadline: Deadline) throws(TransportError) -> [String] {
        let subject = "asking for groups"
        if try isMockCluster(deadline) { throw TransportError(.unsupported, "\(subject): the mock cluster lists none") }
        let answer = try request(RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPS, subject, deadline) {
            rd_kafka_ListConsumerGroups(client, $0, $1)
        }
        var count = 0
        let result = rd_kafka_event_ListConsumerGroups_result(answer.event)
        let groups = rd_kafka_ListConsumerGroups_result_valid(result, &count)
        let names = UnsafeBufferPointer(start: groups, count: count).map {
            String(cString: rd_kafka_ConsumerGroupListing_group_id($0))
        }
        if names.isEmpty {
            let errors = rd_kafka_ListConsumerGroups_result_errors(result, &count)
            if count > 0, let error = errors?[0] {
                throw TransportError(
                    rd_kafka_error_code(error), subject, detail: String(cString: rd_kafka_error_string(error)))
            }
        }
        noteSuccess()
        return names.sorted()
    }

    /// Asks for a group's state and members, of which the mock cluster says nothing.
    func describe(group: String, _ deadline: Deadline) throws(TransportError) -> ConsumerGroupDescription {
        let subject = "asking for group “\(group)”"
        if try isMockCluster(deadline) { return ConsumerGroupDescription(name: group, state: .unknown, members: []) }
        // A coordinator that has just begun may never answer the first question. What a broker does answer is for the caller.
        while true {
            do throws(TransportError) {
                return try describe(group, subject, deadline.part(.seconds(5)))
            } catch {
                guard error.isRetriable, error.underlyingCode ?? -1 < 0, deadline.milliseconds() != nil else {
                    throw error
                }
            }
        }
    }

    private func describe(
        _ group: String, _ subject: String, _ deadline: Deadline
    ) throws(TransportError) -> ConsumerGroupDescription {
        let answer = try request(RD_KAFKA_ADMIN_OP_DESCRIBECONSUMERGROUPS, subject, deadline) { options, queue in
            group.withCString { name in
                var names: [UnsafePointer<CChar>?] = [name]
                rd_kafka_DescribeConsumerGroups(client, &names, 1, options, queue)
            }
        }
        var count = 0
        let groups = rd_kafka_DescribeConsumerGroups_result_groups(
            rd_kafka_event_DescribeConsumerGroups_result(answer.event), &count)
        guard count == 1, let description = groups?[0] else {
            throw TransportError(.other, "\(subject): the answer is about no group")
        }
        if let error = rd_kafka_ConsumerGroupDescription_error(description),
            rd_kafka_error_code(error) != RD_KAFKA_RESP_ERR_NO_ERROR
        {
            throw TransportError(
                rd_kafka_error_code(error), subject, detail: String(cString: rd_kafka_error_string(error)))
        }
        noteSuccess()
        let members = (0..<rd_kafka_ConsumerGroupDescription_member_count(description)).compactMap { index in
            rd_kafka_ConsumerGroupDescription_member(description, index).map(Self.member)
        }
        return ConsumerGroupDescription(
            name: group,
            state: ConsumerGroupDescription.State(rd_kafka_ConsumerGroupDescription_state(description)),
            members: members)
    }

    private static func member(_ member: OpaquePointer) -> ConsumerGroupDescription.Member {
        func text(_ characters: UnsafePointer<CChar>?) -> String { characters.map { String(cString: $0) } ?? "" }
        let list = rd_kafka_MemberDescription_assignment(member)
            .flatMap { rd_kafka_MemberAssignment_partitions($0) }
            .map { UnsafeMutablePointer(mutating: $0) }
        let name = text(rd_kafka_MemberDescription_group_instance_id(member))
        return ConsumerGroupDescription.Member(
            clientID: text(rd_kafka_MemberDescription_client_id(member)),
            host: text(rd_kafka_MemberDescription_host(member)), name: name.isEmpty ? nil : name,
            // Only read: the list belongs to the answer.
            partitions: list.map(PartitionList.names)?.sorted() ?? [])
    }

    /// Asks for all offsets that a group has committed.
    func offsets(group: String, _ deadline: Deadline) throws(TransportError) -> [TopicPartition: Int64] {
        let subject = "asking for the offsets of group “\(group)”"
        var requests: [OpaquePointer?]
        if try isMockCluster(deadline) {
            // It tells only of partitions that are named.
            let partitions = try cluster(deadline).topics.values.flatMap { topic in
                topic.partitions.map { TopicPartition(topic: topic.name, partition: $0.number) }
            }
            guard !partitions.isEmpty else { return [:] }
            let list = PartitionList(partitions)
            requests = [rd_kafka_ListConsumerGroupOffsets_new(group, list.pointer)]
        } else {
            requests = [rd_kafka_ListConsumerGroupOffsets_new(group, nil)]
        }
        defer { rd_kafka_ListConsumerGroupOffsets_destroy_array(&requests, requests.count) }
        let answer = try request(RD_KAFKA_ADMIN_OP_LISTCONSUMERGROUPOFFSETS, subject, deadline) {
            rd_kafka_ListConsumerGroupOffsets(client, &requests, 1, $0, $1)
        }
        var count = 0
        let groups = rd_kafka_ListConsumerGroupOffsets_result_groups(
            rd_kafka_event_ListConsumerGroupOffsets_result(answer.event), &count)
        var offsets: [TopicPartition: Int64] = [:]
        try forEachPartition(of: groups, count, subject) { offsets[$0] = $1 >= 0 ? $1 : nil }
        noteSuccess()
        return offsets
    }

    /// Sets the offsets that a group has committed, with no metadata.
    func alter(
        group: String, to offsets: [TopicPartition: Int64], _ deadline: Deadline
    ) throws(TransportError) {
        let subject = "setting the offsets of group “\(group)”"
        let list = PartitionList(offsets)
        var requests: [OpaquePointer?] = [rd_kafka_AlterConsumerGroupOffsets_new(group, list.pointer)]
        defer { rd_kafka_AlterConsumerGroupOffsets_destroy_array(&requests, requests.count) }
        let answer = try request(RD_KAFKA_ADMIN_OP_ALTERCONSUMERGROUPOFFSETS, subject, deadline) {
            rd_kafka_AlterConsumerGroupOffsets(client, &requests, 1, $0, $1)
        }
        var count = 0
        let groups = rd_kafka_AlterConsumerGroupOffsets_result_groups(
            rd_kafka_event_AlterConsumerGroupOffsets_result(answer.event), &count)
        do throws(TransportError) {
            try forEachPartition(of: groups, count, subject) { _, _ in }
        } catch {
            guard error.underlyingCode == RD_KAFKA_RESP_ERR_UNKNOWN_MEMBER_ID.rawValue, try isMockCluster(deadline)
            else { throw error }
            throw TransportError(
                .unsupported, "\(subject): once a group has had a member, the mock cluster sets them for members only")
        }
        noteSuccess()
    }

    /// Goes through the partitions of an answer about groups; throws the first error of the group or of a partition.
    private func forEachPartition(
        of groups: UnsafeMutablePointer<OpaquePointer?>?, _ count: Int, _ subject: String,
        _ body: (TopicPartition, Int64) -> Void
    ) throws(TransportError) {
        for group in UnsafeBufferPointer(start: groups, count: count) {
            if let error = rd_kafka_group_result_error(group) {
                throw TransportError(
                    rd_kafka_error_code(error), subject, detail: String(cString: rd_kafka_error_string(error)))
            }
            // Only read: the list belongs to the answer.
            guard let list = rd_kafka_group_result_partitions(group).map({ UnsafeMutablePointer(mutating: $0) }) else {
                continue
            }
            for (partition, element) in PartitionList.elements(of: list) {
                if let error = TransportError.of(element.err, "\(subject), \(partition)") { throw error }
                body(partition, element.offset)
            }
        }
    }

    /// Asks for the offsets of the first messages at or after a time, in milliseconds since 1970; -2 asks for the
    /// beginning and -1 for the end. Partitions that hold no such message are missing.
    func offsets(
        of partitions: [TopicPartition], at time: Int64, _ deadline: Deadline
    ) throws(TransportError) -> [TopicPartition: Int64] {
        guard !partitions.isEmpty else { return [:] }
        let subject = "asking for offsets"
        let list = PartitionList(partitions.map { ($0, time) })
        guard let milliseconds = deadline.milliseconds() else { throw tooLate(subject) }
        let code = rd_kafka_offsets_for_times(client, list.pointer, milliseconds)
        try noteTroubles(subject)
        if code == RD_KAFKA_RESP_ERR__TIMED_OUT { throw tooLate(subject) }
        if let error = TransportError.of(code, subject) { throw error }
        if let code = list.firstError { throw TransportError(code, subject) }
        noteSuccess()
        return list.offsets
    }
}

extension ConsumerGroupDescription.State {
    init(_ state: rd_kafka_consumer_group_state_t) {
        switch state {
        case RD_KAFKA_CONSUMER_GROUP_STATE_PREPARING_REBALANCE, RD_KAFKA_CONSUMER_GROUP_STATE_COMPLETING_REBALANCE:
            self = .rebalancing
        case RD_KAFKA_CONSUMER_GROUP_STATE_STABLE: self = .stable
        case RD_KAFKA_CONSUMER_GROUP_STATE_EMPTY: self = .empty
        case RD_KAFKA_CONSUMER_GROUP_STATE_DEAD: self = .absent
        default: self = .unknown
        }
    }
}
