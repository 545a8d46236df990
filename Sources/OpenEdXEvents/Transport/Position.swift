/// Where a message lies: topic, partition and offset.
public struct Position: Hashable, Sendable, Codable, CustomStringConvertible {
    /// The full topic name, with the environment's prefix.
    public let topic: String
    /// The partition, from 0.
    public let partition: Int32
    /// The offset within the partition, from 0. Offsets grow, not always by one.
    public let offset: Int64

    /// Creates a position from its parts.
    public init(topic: String, partition: Int32, offset: Int64) {
        self.topic = topic
        self.partition = partition
        self.offset = offset
    }

    /// `topic[partition]@offset`.
    public var description: String { "\(topic)[\(partition)]@\(offset)" }

    /// The topic and partition without the offset.
    public var topicPartition: TopicPartition { TopicPartition(topic: topic, partition: partition) }
}

/// One partition of a topic.
public struct TopicPartition: Hashable, Sendable, Codable, Comparable, CustomStringConvertible {
    /// The full topic name.
    public let topic: String
    /// The partition, from 0.
    public let partition: Int32

    /// Creates a topic partition from its parts.
    public init(topic: String, partition: Int32) {
        self.topic = topic
        self.partition = partition
    }

    /// `topic[partition]`.
    public var description: String { "\(topic)[\(partition)]" }

    /// Whether the first comes before the second.
    public static func < (left: TopicPartition, right: TopicPartition) -> Bool {
        (left.topic, left.partition) < (right.topic, right.partition)
    }
}
