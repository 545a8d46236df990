/// A message as a transport delivers it.
///
/// Handing a message on costs the same whatever it holds: its parts are behind a reference, and never change while anybody
/// has them.
public struct IncomingMessage: Sendable {
    private var parts: Parts
    // What is asked of a message on its way to a handler, so that its parts need not be fetched from memory before.
    /// The offset alone, without the topic's name.
    package private(set) var offset: Int64
    /// The assignment alone.
    package private(set) var assignment: AssignmentID
    /// The key's hash, the same for equal keys in one run of the program; `nil` for none.
    private(set) var keyHash: UInt64?
    /// How many bytes key and value have.
    package private(set) var size: Int

    /// What a message is made of.
    // Unchecked: written when it is made, and made anew only while nobody else has it.
    private final class Parts: @unchecked Sendable {
        var topic: String
        var partition: Int32
        var key: [UInt8]?
        var headers: [MessageHeader] {
            didSet { headersPlace = headers.place }
        }
        /// Where the headers lie.
        private(set) var headersPlace: Int
        var value: [UInt8]?
        var timestamp: EventTime

        init(
            _ position: Position, key: [UInt8]?, headers: [MessageHeader], value: [UInt8]?, timestamp: EventTime
        ) {
            topic = position.topic
            partition = position.partition
            self.key = key
            self.headers = headers
            headersPlace = headers.place
            self.value = value
            self.timestamp = timestamp
        }
    }

    /// Creates an incoming message from its parts.
    public init(
        delivery: Delivery, key: [UInt8]?, headers: [MessageHeader], value: [UInt8]?, timestamp: EventTime
    ) {
        parts = Parts(delivery.position, key: key, headers: headers, value: value, timestamp: timestamp)
        offset = delivery.position.offset
        assignment = delivery.assignment
        keyHash = key?.withUnsafeBytes { KeyHash.hash($0) }
        size = (key?.count ?? 0) + (value?.count ?? 0)
    }

    /// Where it lies, and under which assignment it was delivered: what settles it.
    public var delivery: Delivery { Delivery(position: position, assignment: assignment) }
    /// Where it lies.
    public var position: Position { Position(topic: parts.topic, partition: parts.partition, offset: offset) }
    /// The record key as it is in the transport.
    public var key: [UInt8]? { parts.key }
    /// Headers in order.
    public var headers: [MessageHeader] { parts.headers }
    /// The value; `nil` is no data.
    public var value: [UInt8]? { parts.value }
    /// When the transport stored it, or when the producer says that it was made.
    public var timestamp: EventTime { parts.timestamp }

    /// Lends the value's bytes, without counting a reference to them.
    @inline(__always)
    func withValue<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) -> R? { parts.value?.withUnsafeBufferPointer(body) }
    /// Where the headers lie: as long as somebody has them, no other headers lie there.
    var headersPlace: Int { parts.headersPlace }
}

extension IncomingMessage: Hashable {
    /// Whether both have the same parts.
    public static func == (left: IncomingMessage, right: IncomingMessage) -> Bool {
        left.delivery == right.delivery && left.key == right.key && left.headers == right.headers
            && left.value == right.value && left.timestamp == right.timestamp
    }

    /// Hashes where it lies.
    public func hash(into hasher: inout Hasher) { hasher.combine(delivery) }
}

// MARK: - Made anew

extension IncomingMessage {
    /// Where a message lies that is made anew.
    package struct Place {
        package let topic: String
        package let partition: Int32
        package let offset: Int64
        package let assignment: AssignmentID

        package init(topic: String, partition: Int32, offset: Int64, assignment: AssignmentID) {
            self.topic = topic
            self.partition = partition
            self.offset = offset
            self.assignment = assignment
        }
    }

    /// The largest value whose memory is worth keeping, in bytes.
    private static let largestKept = 4_096

    /// Whether it holds no more memory than is worth keeping.
    var isWorthKeeping: Bool { size <= Self.largestKept }

    /// Makes another message of this one, in the memory that it has: false if somebody else has it, too.
    ///
    /// Topic and headers are compared and left alone where they are the same, since they are shared with other messages:
    /// counting references to them would have all threads write to the same place.
    package mutating func remake(
        at place: borrowing Place, key: UnsafeRawBufferPointer?, headers: [MessageHeader],
        value: UnsafeRawBufferPointer?, timestamp: EventTime
    ) -> Bool {
        guard isKnownUniquelyReferenced(&parts) else { return false }
        offset = place.offset
        assignment = place.assignment
        keyHash = key.map { KeyHash.hash($0) }
        size = (key?.count ?? 0) + (value?.count ?? 0)
        if parts.topic != place.topic { parts.topic = place.topic }
        parts.partition = place.partition
        if parts.headersPlace != headers.place { parts.headers = headers }
        parts.timestamp = timestamp
        Self.replace(&parts.key, with: key)
        Self.replace(&parts.value, with: value)
        return true
    }

    /// Copies bytes into an array that has room for them, or into a new one with some to spare.
    @inline(__always)
    private static func replace(_ array: inout [UInt8]?, with bytes: UnsafeRawBufferPointer?) {
        guard let bytes else { return array = nil }
        if array == nil || (array?.capacity ?? 0) < bytes.count {
            array = []
            array?.reserveCapacity((bytes.count + 255) & ~255)
        } else {
            array?.removeAll(keepingCapacity: true)
        }
        array?.append(contentsOf: bytes)
    }
}

extension [MessageHeader] {
    /// Where they lie.
    fileprivate var place: Int { withUnsafeBufferPointer { Int(bitPattern: $0.baseAddress) } }
}
