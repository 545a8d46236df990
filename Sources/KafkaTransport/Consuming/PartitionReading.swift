import OpenEdXEvents

/// One partition under one assignment: what is delivered, what waits to be, and what is committed.
struct PartitionReading: Sendable {
    /// Where a partition is between being assigned and being released.
    enum Phase: Sendable {
        /// The subscriber has not been told yet.
        case assigned
        case reading
        /// Nothing is delivered any more; what was delivered may still be settled.
        case revoking
    }

    let assignment: Assignment
    var tracker: OffsetTracker
    var phase = Phase.assigned
    /// The offset that the group has committed, as far as this member knows.
    var committed: Int64?
    /// The tracker's revision of the last commit; `nil` while the place itself is to be committed, as after a seek.
    var savedRevision: Int?
    /// The offset behind the newest message, when it was last asked for.
    var end: Int64
    /// Messages that wait, oldest first: in arrays, so that whole ones are handed on.
    private var ready: [[IncomingMessage]] = []
    /// How many of the first array were taken.
    private var taken = 0
    private(set) var load = Load()
    /// The offset that comes next from the broker.
    private(set) var arriving: Int64
    /// Whether the broker is not asked for more.
    var isPaused = false

    /// What arrays are filled up to.
    private static let chunk = 256

    /// - Parameters:
    ///   - offset: Where reading begins.
    ///   - end: The offset behind the newest message.
    ///   - committed: What the group has committed; `nil` makes the next commit keep the place where reading begins.
    init(
        _ assignment: Assignment, at offset: Int64, finished: [Range<Int64>] = [], end: Int64, committed: Int64?
    ) {
        self.assignment = assignment
        tracker = OffsetTracker(resumingAt: offset, finished: finished)
        arriving = offset
        self.end = end
        self.committed = committed
        savedRevision = committed == offset ? tracker.revision : nil
    }

    var name: TopicPartition { assignment.partition }
    var needsCommit: Bool { savedRevision != tracker.revision }

    /// The offset that is delivered next.
    var next: Int64 { tracker.firstUnfinished(from: ready.first.map { $0[taken].offset } ?? arriving) }

    /// Takes in what has come. What came before, and comes again after a pause or a rebalance, is dropped.
    mutating func add(_ arrived: [IncomingMessage], bytes: Int) -> Load {
        var messages = arrived
        var added = Load(messages: messages.count, bytes: bytes)
        if let first = messages.first, first.offset < arriving {
            for message in messages where message.offset < arriving {
                added -= Self.load(of: message)
            }
            messages = messages.filter { $0.offset >= arriving }
        }
        guard let last = messages.last else { return Load() }
        arriving = last.offset + 1
        end = max(end, arriving)
        if let open = ready.indices.last, ready[open].count < Self.chunk, messages.count < Self.chunk {
            ready[open].append(contentsOf: messages)
        } else {
            ready.append(messages)
        }
        load += added
        return added
    }

    /// The broker has nothing before this offset that was not delivered.
    mutating func reach(end offset: Int64) {
        arriving = max(arriving, offset)
        end = max(end, offset)
    }

    /// Delivers at most so many messages into a batch; returns what was taken from those that wait, and whether the
    /// tracker lets no more be delivered.
    mutating func take(_ limit: Int, into batch: inout [IncomingMessage]) -> (taken: Load, isBlocked: Bool) {
        var gone = Load()
        var room = limit
        var isBlocked = false
        while room > 0, !isBlocked, let chunk = ready.first {
            var index = taken
            // Finished in an earlier assignment, or delivered before.
            var skipped: [Int] = []
            while index < chunk.count, index - taken - skipped.count < room {
                let offset = chunk[index].offset
                guard tracker.canDeliver(offset) else {
                    isBlocked = true
                    break
                }
                if !tracker.deliver(offset) { skipped.append(index) }
                gone += Self.load(of: chunk[index])
                index += 1
            }
            room -= index - taken - skipped.count
            if batch.isEmpty, taken == 0, index == chunk.count, skipped.isEmpty {
                // The usual case: the array is handed on as it is.
                batch = chunk
            } else if skipped.isEmpty {
                batch.append(contentsOf: chunk[taken..<index])
            } else {
                batch.append(contentsOf: (taken..<index).lazy.filter { !skipped.contains($0) }.map { chunk[$0] })
            }
            taken = index
            if index == chunk.count {
                ready.removeFirst()
                taken = 0
            }
        }
        load -= gone
        return (gone, isBlocked)
    }

    /// Keeps so much of what waits, at least one message, and drops what came last: it comes again.
    mutating func cut(to limit: Load) {
        var kept = Load()
        var messages: [IncomingMessage] = []
        scan: for (index, chunk) in ready.enumerated() {
            for message in chunk[(index == 0 ? taken : 0)...] {
                let weight = Self.load(of: message)
                if !messages.isEmpty, kept.messages >= limit.messages || kept.bytes + weight.bytes > limit.bytes {
                    arriving = message.offset
                    break scan
                }
                kept += weight
                messages.append(message)
            }
        }
        ready = messages.isEmpty ? [] : [messages]
        taken = 0
        load = kept
    }

    /// Drops what waits.
    mutating func clear() {
        ready = []
        taken = 0
        load = Load()
    }

    private static func load(of message: IncomingMessage) -> Load {
        Load(messages: 1, bytes: message.size)
    }
}
