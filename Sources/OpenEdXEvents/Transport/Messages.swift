/// A header of a message: a name, and bytes or nothing.
///
/// Names may repeat and keep their order. Kafka compares them with regard to case.
public struct MessageHeader: Hashable, Sendable {
    /// The name, not empty.
    public let name: String
    /// The value; `nil` is a header without one, which is not the same as an empty one.
    public let value: [UInt8]?

    /// Creates a message header from its parts.
    public init(_ name: String, _ value: [UInt8]?) {
        self.name = name
        self.value = value
    }

    /// A header whose value is the text in UTF-8.
    public init(_ name: String, _ text: String) {
        self.init(name, Array(text.utf8))
    }

    /// The value as text, `nil` if there is none or it is not UTF-8.
    public var text: String? { value.flatMap { String(validating: $0, as: UTF8.self) } }
}

extension [MessageHeader] {
    /// The last header of that name, compared exactly.
    public subscript(name: String) -> MessageHeader? { last { $0.name == name } }
}

/// A message on its way to a transport.
public struct OutgoingMessage: Sendable, Hashable {
    /// The full topic name, with the environment's prefix.
    public var topic: String
    /// The partition, where the sender decides it; else the transport's partitioner does.
    public var partition: Int32?
    /// The record key, which decides the partition and so the order (rule 42); `nil` for none.
    public var key: [UInt8]?
    /// Headers in order.
    public var headers: [MessageHeader]
    /// The value; `nil` is no data, a tombstone on a compacted topic.
    public var value: [UInt8]?

    /// Creates an outgoing message from its parts.
    public init(
        topic: String, partition: Int32? = nil, key: [UInt8]? = nil, headers: [MessageHeader] = [], value: [UInt8]?
    ) {
        self.topic = topic
        self.partition = partition
        self.key = key
        self.headers = headers
        self.value = value
    }
}

/// One delivery of a message to one subscription: what is settled, once, in any order.
public struct Delivery: Hashable, Sendable {
    /// Where the message lies.
    public let position: Position
    /// The assignment under which it was delivered. Settling it under an assignment that is gone does nothing.
    public let assignment: AssignmentID

    /// Creates a delivery from its parts.
    public init(position: Position, assignment: AssignmentID) {
        self.position = position
        self.assignment = assignment
    }
}

/// The number of one assignment of a partition to a subscription, never used twice by that subscription.
public struct AssignmentID: Hashable, Sendable, Comparable {
    /// The number.
    public let number: UInt64

    /// Creates an assignment id from its parts.
    public init(_ number: UInt64) { self.number = number }

    /// Whether the first comes before the second.
    public static func < (left: AssignmentID, right: AssignmentID) -> Bool { left.number < right.number }
}

/// What became of one message that was given to a transport.
public enum PublishOutcome: Sendable {
    /// Stored, as durably as the transport is configured, at this position.
    case stored(Position)
    /// Not stored, or not known to be.
    case failed(TransportError)
}
