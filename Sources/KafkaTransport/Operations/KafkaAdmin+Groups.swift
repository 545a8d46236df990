public import OpenEdXEvents

extension KafkaAdmin {
    /// The names of all consumer groups that the client may see.
    ///
    /// - Throws: ``OpenEdXEvents/TransportError``: no broker answers, or the credentials are refused.
    public func groups() async throws(TransportError) -> [String] {
        try await perform { session, deadline throws(TransportError) in try session.groups(deadline) }
    }

    /// A group's state and members; a group that is not there is ``ConsumerGroupDescription/State/absent``.
    ///
    /// - Throws: ``OpenEdXEvents/TransportError``: no broker answers, or the client may not see the group.
    public func describe(group: String) async throws(TransportError) -> ConsumerGroupDescription {
        try await perform { session, deadline throws(TransportError) in try session.describe(group: group, deadline) }
    }

    /// The offsets that a group has committed: what it reads next.
    ///
    /// - Throws: ``OpenEdXEvents/TransportError``: no broker answers, or the client may not see the group.
    public func offsets(group: String) async throws(TransportError) -> [TopicPartition: Int64] {
        try await perform { session, deadline throws(TransportError) in try session.offsets(group: group, deadline) }
    }

    /// How far a group is, by partition, sorted.
    ///
    /// - Parameter topics: Which topics; `nil` for all that the group has committed offsets of or reads.
    /// - Throws: ``OpenEdXEvents/TransportError``: a topic does not exist, no broker answers, or the client may not see
    ///   the group.
    public func lag(group: String, topics: [String]? = nil) async throws(TransportError) -> [PartitionLag] {
        try await perform { session, deadline throws(TransportError) in
            let members = try session.describe(group: group, deadline).members
            let committed = try session.offsets(group: group, deadline)
            var readers: [TopicPartition: String] = [:]
            for member in members {
                for partition in member.partitions { readers[partition] = member.clientID }
            }
            let known = try session.cluster(deadline).topics
            let names = topics ?? Set((Array(committed.keys) + readers.keys).map(\.topic)).filter { known[$0] != nil }
            let partitions = try Self.partitions(of: Array(names), in: known)
            let beginnings = try session.offsets(of: partitions, at: Self.beginning, deadline)
            let ends = try session.offsets(of: partitions, at: Self.end, deadline)
            return partitions.sorted().map {
                PartitionLag(
                    partition: $0, committed: committed[$0], beginning: beginnings[$0] ?? 0, end: ends[$0] ?? 0,
                    clientID: readers[$0])
            }
        }
    }

    /// The offsets of topics at a place, by partition: what a group is to read next to begin there.
    ///
    /// Positions name the partitions that they are about; others are left out.
    ///
    /// - Throws: ``OpenEdXEvents/TransportError``: a topic or partition does not exist, or no broker answers.
    public func offsets(
        of topics: [String], at target: SeekTarget
    ) async throws(TransportError) -> [TopicPartition: Int64] {
        try await perform { session, deadline throws(TransportError) in
            let partitions = try Self.partitions(of: topics, in: try session.cluster(deadline).topics)
            switch target {
            case .beginning: return try session.offsets(of: partitions, at: Self.beginning, deadline)
            case .end: return try session.offsets(of: partitions, at: Self.end, deadline)
            case .time(let time):
                let ends = try session.offsets(of: partitions, at: Self.end, deadline)
                let found = try session.offsets(of: partitions, at: max(0, time.milliseconds), deadline)
                return ends.merging(found) { $1 }
            case .positions(let positions):
                var offsets: [TopicPartition: Int64] = [:]
                for position in positions where topics.contains(position.topic) {
                    guard partitions.contains(position.topicPartition), position.offset >= 0 else {
                        throw TransportError(.invalidArgument, "there is no place \(position)")
                    }
                    offsets[position.topicPartition] = position.offset
                }
                return offsets
            }
        }
    }

    /// Sets what a group reads next. What it had finished beyond that is forgotten, and will be read again.
    ///
    /// - Throws: ``OpenEdXEvents/TransportError/Code/invalidArgument`` while the group has members, whose commits would
    ///   undo it; any other ``OpenEdXEvents/TransportError`` if a partition does not exist or no broker answers. Then some
    ///   partitions may be set and others not.
    public func alterOffsets(
        group: String, to offsets: [TopicPartition: Int64]
    ) async throws(TransportError) {
        guard !offsets.isEmpty else { return }
        if let (partition, offset) = offsets.first(where: { $0.value < 0 }) {
            throw TransportError(.invalidArgument, "\(offset) is no offset of \(partition): 0 is the least")
        }
        try await perform { session, deadline throws(TransportError) in
            let description = try session.describe(group: group, deadline)
            guard description.members.isEmpty else {
                let names = Set(description.members.map { "\($0.clientID) on \($0.host)" }).sorted()
                throw TransportError(
                    .invalidArgument,
                    "group “\(group)” has \(description.members.count) members, whose commits would undo it: "
                        + "stop them first (\(names.joined(separator: ", ")))")
            }
            let topics = try session.cluster(deadline).topics
            let known = Set(try Self.partitions(of: Array(Set(offsets.keys.map(\.topic))), in: topics))
            if let stranger = offsets.keys.sorted().first(where: { !known.contains($0) }) {
                throw TransportError(.unknownTopic, "there is no partition \(stranger)")
            }
            try session.alter(group: group, to: offsets, deadline)
        }
    }

    // What the protocol calls the oldest offset and the one behind the newest.
    private static let beginning: Int64 = -2
    private static let end: Int64 = -1

    private static func partitions(
        of topics: [String], in known: [String: TopicDescription]
    ) throws(TransportError) -> [TopicPartition] {
        var partitions: [TopicPartition] = []
        for name in topics {
            guard let topic = known[name] else { throw unknownTopic(name) }
            partitions += topic.partitions.map { TopicPartition(topic: name, partition: $0.number) }
        }
        return partitions
    }
}
