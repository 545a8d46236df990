public import OpenEdXEvents

/// A broker of a cluster.
public struct KafkaBroker: Sendable, Hashable {
    /// Its number.
    public let id: Int32
    /// Where it is, `host:port`.
    public let address: String
}

/// A topic as the cluster has it.
public struct TopicDescription: Sendable, Hashable {
    /// A partition and who has it.
    public struct Partition: Sendable, Hashable {
        /// The number, from 0.
        public let number: Int32
        /// The broker that leads it; `nil` if none does, and then nothing can be published to it or read.
        public let leader: Int32?
        /// The brokers that are to have a copy.
        public let replicas: [Int32]
        /// Those whose copy is complete.
        public let inSync: [Int32]
    }

    /// A setting of the topic.
    public struct Setting: Sendable, Hashable {
        /// The value, as Kafka writes it.
        public let value: String
        /// Whether it was not set for this topic.
        public let isDefault: Bool
    }

    /// The full name.
    public let name: String
    /// The partitions in order.
    public let partitions: [Partition]
    /// The settings by Kafka's names; empty where they were not asked for.
    public internal(set) var settings: [String: Setting]

    /// Whether it belongs to Kafka itself.
    public var isInternal: Bool { name.hasPrefix("__") }

    /// How long messages are kept; `nil` where it is not known, and where they are kept for ever.
    public var retention: Duration? {
        settings["retention.ms"].flatMap { Int64($0.value) }.flatMap { $0 < 0 ? nil : .milliseconds($0) }
    }

    /// The partitions that nobody leads.
    public var leaderless: [Int32] { partitions.filter { $0.leader == nil }.map(\.number) }

    /// The partitions that have fewer complete copies than they are to have.
    public var underReplicated: [Int32] { partitions.filter { $0.inSync.count < $0.replicas.count }.map(\.number) }
}

/// A consumer group as the cluster has it.
public struct ConsumerGroupDescription: Sendable, Hashable {
    /// What a group is doing.
    public enum State: String, Sendable, Hashable, CaseIterable {
        /// It has members, and they have their partitions.
        case stable
        /// Its members are sharing the partitions out.
        case rebalancing
        /// It has no members, but offsets.
        case empty
        /// There is no such group.
        case absent
        /// The brokers do not say.
        case unknown
    }

    /// A member of a group.
    public struct Member: Sendable, Hashable {
        /// What the client calls itself.
        public let clientID: String
        /// Where it connects from.
        public let host: String
        /// Its name, if it is a static member.
        public let name: String?
        /// What it reads.
        public let partitions: [TopicPartition]
    }

    /// The name.
    public let name: String
    /// What it is doing.
    public let state: State
    /// The members.
    public let members: [Member]
}

/// How far a group is in one partition, as the cluster has it.
public struct PartitionLag: Sendable, Hashable {
    /// The partition.
    public let partition: TopicPartition
    /// What the group has committed: the offset that it reads next; `nil` for nothing.
    public let committed: Int64?
    /// The oldest offset that is kept.
    public let beginning: Int64
    /// The offset behind the newest message.
    public let end: Int64
    /// What the member that reads it calls itself; `nil` if none does.
    public let clientID: String?

    /// How many offsets lie between what is committed, or else kept, and the end.
    public var lag: Int64 { max(0, end - max(committed ?? beginning, beginning)) }

    /// How many offsets were dropped before the group had read them.
    public var lost: Int64 { committed.map { max(0, beginning - $0) } ?? 0 }
}
