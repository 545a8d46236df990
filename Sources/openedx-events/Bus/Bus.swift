import OpenEdXEvents

/// What commands work on: a transport, and topics that are read without touching anybody's group.
protocol Bus: Sendable {
    /// Publishes, and joins groups.
    var transport: any EventTransport { get }

    /// Waits until a broker answers, so that one that does not is told at once.
    ///
    /// - Throws: ``TransportError`` if none answers in time.
    func reach() async throws(TransportError)

    /// Reads topics from one place to another, or on and on.
    ///
    /// - Throws: ``TransportError`` if a topic does not exist or may not be read.
    func read(_ range: ReadingRange) async throws(TransportError) -> any TopicReader
}

/// What is read of topics.
struct ReadingRange: Hashable, Sendable {
    let topics: [String]
    let start: StartPoint
    /// The first that is not read any more; `nil` to wait for new ones for ever.
    let end: StartPoint?

    init(topics: [String], from start: StartPoint, until end: StartPoint? = nil) {
        self.topics = topics
        self.start = start
        self.end = end
    }

    /// Whether a partition is read: all are, unless the start names some.
    func includes(_ partition: Int32) -> Bool {
        if case .offsets(let offsets) = start { offsets[partition] != nil } else { true }
    }
}

/// Reads messages in order per partition, for one task, and commits nothing.
protocol TopicReader: Sendable {
    /// Waits for messages and returns at least one; `nil` once closed, or at the range's end.
    func next(atMost limit: Int) async throws(TransportError) -> [IncomingMessage]?

    /// Ends the reading, also a ``next(atMost:)`` that waits.
    func close() async
}

/// Where a range ends in each partition, and which have come to it: pure.
struct RangeEnd: Sendable {
    /// The first offset that is not read; partitions that are not named are not read at all.
    private var ends: [TopicPartition: Int64]
    /// The first time that is not read.
    private let time: EventTime?
    private var open: Set<TopicPartition>

    /// - Parameters:
    ///   - next: The offset of each partition that is read next.
    ///   - logEnds: The offset behind the newest message of each.
    init(
        _ end: StartPoint, next: [TopicPartition: Int64], logEnds: [TopicPartition: Int64], now: EventTime
    ) {
        time = end.time(now: now)
        ends = logEnds
        switch end {
        case .beginning: ends = next
        case .offsets(let offsets):
            for partition in ends.keys {
                ends[partition] = min(ends[partition] ?? 0, offsets[partition.partition] ?? 0)
            }
        case .end, .time, .ago: break
        }
        open = []
        for (partition, end) in ends where next[partition] ?? 0 < end { open.insert(partition) }
    }

    /// Whether all partitions have come to their end.
    var isReached: Bool { open.isEmpty }

    /// The messages that lie before the end.
    mutating func take(_ batch: [IncomingMessage]) -> [IncomingMessage] {
        batch.filter { message in
            let partition = message.position.topicPartition
            guard open.contains(partition) else { return false }
            if message.position.offset >= ends[partition] ?? 0 || time.map({ message.timestamp >= $0 }) ?? false {
                open.remove(partition)
                return false
            }
            return true
        }
    }

    /// Takes note of how far the reading is: the last offsets of a partition may hold no message.
    mutating func advance(to next: [TopicPartition: Int64]) {
        for (partition, next) in next where next >= ends[partition] ?? 0 { open.remove(partition) }
    }
}
