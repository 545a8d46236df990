import OpenEdXEvents

/// A message as a partition keeps it.
struct StoredMessage: Sendable {
    let key: [UInt8]?
    let headers: [MessageHeader]
    let value: [UInt8]?
    let timestamp: EventTime

    init(_ message: OutgoingMessage, timestamp: EventTime) {
        key = message.key
        headers = message.headers
        value = message.value
        self.timestamp = timestamp
    }

    /// Key, headers and value in bytes.
    var size: Int { Self.size(key: key, headers: headers, value: value) }

    static func size(key: [UInt8]?, headers: [MessageHeader], value: [UInt8]?) -> Int {
        var size = (key?.count ?? 0) + (value?.count ?? 0)
        for header in headers { size += header.name.utf8.count + (header.value?.count ?? 0) }
        return size
    }
}

/// The messages of one partition: a bounded log whose offsets count from 0.
struct PartitionLog: Sendable {
    private var messages = Ring<StoredMessage>()
    private let maximumCount: Int
    private let maximumBytes: Int
    /// Keys, headers and values together.
    private(set) var bytes = 0
    /// The offset of the oldest message kept.
    private(set) var start: Int64 = 0
    /// The offset that the next message gets.
    private(set) var end: Int64 = 0

    init(messages: Int, bytes: Int) {
        maximumCount = max(1, messages)
        maximumBytes = bytes
    }

    /// The message at an offset from `start` up to `end`.
    subscript(offset: Int64) -> StoredMessage { messages[Int(offset - start)] }

    /// Whether a message fits. A message of any size fits an empty log.
    func hasRoom(for size: Int) -> Bool {
        messages.isEmpty || (messages.count < maximumCount && bytes + size <= maximumBytes)
    }

    /// Appends a message, whether there is room or not, and returns its offset.
    mutating func append(_ message: StoredMessage, size: Int) -> Int64 {
        messages.append(message)
        bytes += size
        end += 1
        return end - 1
    }

    /// Drops the oldest messages until one of that size fits.
    mutating func dropOldest(toFit size: Int) {
        while !hasRoom(for: size) { dropFirst() }
    }

    /// Drops messages before an offset until an eighth of the log is free, so that it is not done for every message.
    mutating func makeRoom(for size: Int, before floor: Int64) {
        let count = maximumCount - maximumCount / 8 - 1
        let bytes = maximumBytes - max(size, maximumBytes / 8)
        while start < min(floor, end), messages.count > count || self.bytes > bytes { dropFirst() }
    }

    private mutating func dropFirst() {
        guard let message = messages.removeFirst() else { return }
        bytes -= message.size
        start += 1
    }

    /// The offset of the first message with that time or a later one; the end if there is none.
    func offset(from time: EventTime) -> Int64 {
        var offset = start
        while offset < end, self[offset].timestamp < time { offset += 1 }
        return offset
    }

    /// An offset moved to between start and end.
    func clamped(_ offset: Int64) -> Int64 { min(max(offset, start), end) }
}
