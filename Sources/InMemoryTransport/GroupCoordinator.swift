import OpenEdXEvents

/// The number of a member of a group, never used twice by a broker.
struct MemberID: Hashable, Comparable, Sendable {
    let number: UInt64

    static func < (left: MemberID, right: MemberID) -> Bool { left.number < right.number }
}

/// Who of a consumer group owns which partition, and how far the group is.
///
/// A state machine without effects: each event returns what is to be done. A partition moves from one member to
/// another in two steps, as Kafka's cooperative rebalance does: it is revoked, and assigned once it is released.
struct GroupCoordinator: Sendable {
    /// What the members are to be told.
    enum Action: Hashable, Sendable {
        case assign(MemberID, TopicPartition)
        case revoke(MemberID, TopicPartition)
    }

    /// What a group committed for a partition.
    struct Committed: Hashable, Sendable {
        var offset: Int64
        var metadata: String
    }

    private struct Member: Sendable {
        let name: String?
        var topics: Set<String>
        /// Lost, or gone with a name under which it may come back: keeps what it owns and gets nothing new.
        var isAway = false
    }

    private struct Owner: Sendable {
        var member: MemberID
        var isRevoking = false
    }

    private var members: [MemberID: Member] = [:]
    private var owners: [TopicPartition: Owner] = [:]
    /// How many partitions the topics have that any member reads.
    private var partitions: [String: Int32] = [:]
    /// How far the group is. Outlives its members.
    var committed: [TopicPartition: Committed] = [:]

    /// A member joins. One with the same name is replaced: what it owned goes to the new one.
    ///
    /// - Parameter partitions: How many partitions the topics have.
    /// - Returns: The member that is replaced, if any, and what is to be done.
    mutating func join(
        _ id: MemberID, name: String?, partitions: [String: Int32]
    ) -> (replaced: MemberID?, actions: [Action]) {
        self.partitions.merge(partitions) { _, new in new }
        members[id] = Member(name: name, topics: Set(partitions.keys))
        var actions: [Action] = []
        let replaced = name.flatMap { name in members.first { $0.key != id && $0.value.name == name }?.key }
        if let replaced {
            members[replaced] = nil
            for partition in sortedPartitions(of: replaced) {
                if partitions[partition.topic] != nil {
                    owners[partition] = Owner(member: id)
                    actions.append(.assign(id, partition))
                } else {
                    owners[partition] = nil
                }
            }
        }
        return (replaced, actions + rebalance())
    }

    /// A member reads one more topic.
    mutating func extend(_ id: MemberID, by topic: String, partitions: Int32) -> [Action] {
        self.partitions[topic] = partitions
        members[id]?.topics.insert(topic)
        return rebalance()
    }

    /// A member leaves, or is out because it was away for too long.
    mutating func leave(_ id: MemberID) -> [Action] {
        guard members.removeValue(forKey: id) != nil else { return [] }
        owners = owners.filter { $0.value.member != id }
        return rebalance()
    }

    /// A member is away: what it owns waits for it until it leaves or is replaced.
    mutating func setAway(_ id: MemberID) { members[id]?.isAway = true }

    /// Whether a member is in the group but away.
    func isAway(_ id: MemberID) -> Bool { members[id]?.isAway ?? false }

    /// A member is through with a partition that was revoked.
    mutating func release(_ partition: TopicPartition, by id: MemberID) -> [Action] {
        guard let owner = owners[partition], owner.member == id, owner.isRevoking else { return [] }
        owners[partition] = nil
        return rebalance()
    }

    /// The member that owns a partition, also while it is being revoked.
    func owner(of partition: TopicPartition) -> MemberID? { owners[partition]?.member }

    /// Whether any member reads the topic.
    func reads(_ topic: String) -> Bool { members.values.contains { $0.topics.contains(topic) } }

    private func sortedPartitions(of id: MemberID) -> [TopicPartition] {
        owners.filter { $0.value.member == id }.keys.sorted()
    }

    /// Moves as few partitions as needed so that no two members that read the same topics differ by more than one.
    private mutating func rebalance() -> [Action] {
        let present = members.filter { !$0.value.isAway }.keys.sorted()
        var load = Dictionary(uniqueKeysWithValues: present.map { ($0, 0) })
        var kept: [TopicPartition] = []
        var free: [TopicPartition] = []
        for topic in partitions.keys.sorted() where reads(topic) {
            for number in 0..<(partitions[topic] ?? 0) {
                let partition = TopicPartition(topic: topic, partition: number)
                if let owner = owners[partition], !owner.isRevoking {
                    guard load[owner.member] != nil else { continue }
                    load[owner.member, default: 0] += 1
                    kept.append(partition)
                } else {
                    free.append(partition)
                }
            }
        }
        func leastLoaded(_ topic: String) -> MemberID? {
            present.filter { members[$0]?.topics.contains(topic) ?? false }
                .min { (load[$0] ?? 0, $0) < (load[$1] ?? 0, $1) }
        }
        var actions: [Action] = []
        for partition in free {
            guard let target = leastLoaded(partition.topic) else { continue }
            load[target, default: 0] += 1
            // One that is being revoked counts for whoever gets it, and is assigned when it is released.
            if owners[partition] == nil {
                owners[partition] = Owner(member: target)
                actions.append(.assign(target, partition))
            }
        }
        for partition in kept.reversed() {
            guard let owner = owners[partition]?.member, let target = leastLoaded(partition.topic),
                (load[target] ?? 0) + 1 < (load[owner] ?? 0)
            else { continue }
            load[owner, default: 0] -= 1
            load[target, default: 0] += 1
            owners[partition]?.isRevoking = true
            actions.append(.revoke(owner, partition))
        }
        return actions
    }
}
