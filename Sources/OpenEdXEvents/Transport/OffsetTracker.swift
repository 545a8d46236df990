/// What is delivered and what is finished of one partition under one assignment: decides what may be committed.
///
/// A state machine without locks or effects, for whoever writes a transport. Offsets are delivered in growing order,
/// with gaps or without, and finished in any order. Only the offset before which everything is finished is committed;
/// what is finished beyond it travels in the commit's metadata, so that one stuck message does not make a restart
/// repeat all that was done behind it. ``canDeliver(_:)`` says when to pause, before that metadata could outgrow its
/// limit whatever is finished in whatever order.
///
/// Only unfinished offsets are held: the finished ones are what lies between them. Every operation is O(log n) in
/// their number or better, amortised; writing the metadata is O(n).
public struct OffsetTracker: Sendable {
    /// What to commit: an offset, and metadata that belongs to this very offset.
    public struct CommitPoint: Sendable, Hashable {
        /// The first offset that is not finished.
        public let offset: Int64
        /// What is finished beyond it, see ``CommitMetadata``; empty for nothing.
        public let metadata: String
    }

    /// A delivered offset. Slots are sorted; the unfinished ones are linked in both directions.
    private struct Slot {
        let offset: Int64
        var previous: Int32
        var next: Int32
        var state: State
    }

    private enum State: UInt8 {
        case delivered
        case abandoned
        case finished
    }

    private static let none: Int32 = -1

    private var slots: [Slot] = []
    private var head = OffsetTracker.none
    private var tail = OffsetTracker.none
    /// How many delivered offsets are unfinished.
    private var unfinished = 0
    /// How many pairs of neighbouring unfinished offsets have finished ones between them.
    private var gaps = 0
    /// The highest offset that was delivered or passed over.
    private var last: Int64
    /// Finished in an earlier assignment; those from `seedIndex` lie beyond `last`.
    private var seeds: [Range<Int64>]
    private var seedIndex = 0
    private let limit: Int
    private let mapCapacity: Int

    /// How many delivered offsets are neither finished nor abandoned.
    public private(set) var unsettled = 0

    /// How many offsets were finished under this assignment: what a commit would say changes only with it.
    public private(set) var revision = 0

    /// Creates a tracker that resumes at a committed offset.
    ///
    /// - Parameters:
    ///   - offset: The first offset that is not finished.
    ///   - finished: What ``CommitMetadata`` says is finished beyond it: ascending ranges.
    ///   - limit: The most bytes that the metadata of a commit may have.
    public init(
        resumingAt offset: Int64, finished: [Range<Int64>] = [], metadataLimit limit: Int = CommitMetadata.limit
    ) {
        last = offset - 1
        seeds = finished.filter { $0.lowerBound >= offset && !$0.isEmpty }
        self.limit = limit
        mapCapacity = CommitMetadata.mapCapacity(within: limit)
    }

    /// Whether an offset can be delivered next without the risk that a later commit's metadata outgrows its limit.
    ///
    /// False means: stop the intake of this partition until something is finished. Never false while all that was
    /// delivered is finished or abandoned: nobody could finish it, and the intake would stop for good. Then metadata
    /// that outgrows its limit is cut.
    public func canDeliver(_ offset: Int64) -> Bool {
        guard unsettled > 0, offset > last else { return true }
        let base = slots[Int(head)].offset
        let end = max(offset, (seeds.last?.upperBound ?? 0) - 1)
        let span = UInt64(end - base)
        // As bits: no completion makes the span longer.
        if (span + 7) / 8 <= UInt64(mapCapacity) { return true }
        // As runs: each completion adds at most one run, and each run follows an unfinished offset, so that n
        // unfinished offsets with g runs among them never become more than (n + g) / 2 runs.
        let runsNow = gaps + (offset > slots[Int(tail)].offset + 1 ? 1 : 0)
        let runs = (unfinished + 1 + runsNow) / 2 + (seeds.count - seedIndex)
        // Of m lengths whose sum is s, at most s / 128 need a second byte, s / 128² a third, and so on.
        let lengths = UInt64(runs) * 2
        var bytes: UInt64 = 0
        var sum = span + 1
        while sum > 0, bytes <= UInt64(mapCapacity) {
            bytes += min(lengths, sum)
            sum >>= 7
        }
        return bytes <= UInt64(mapCapacity)
    }

    /// The first offset from this one on that was not finished in an earlier assignment: what is delivered next.
    public func firstUnfinished(from offset: Int64) -> Int64 {
        seeds[seedIndex...].first { $0.contains(offset) }?.upperBound ?? offset
    }

    /// Takes note of a delivery. Offsets that are passed over count as finished: they do not exist.
    ///
    /// - Returns: False if the offset is not to be delivered: it was finished in an earlier assignment, or it is not
    ///   higher than the last one.
    public mutating func deliver(_ offset: Int64) -> Bool {
        guard offset > last else { return false }
        last = offset
        if seedIndex < seeds.count {
            while seedIndex < seeds.count, seeds[seedIndex].upperBound <= offset { seedIndex += 1 }
            if seedIndex < seeds.count, seeds[seedIndex].contains(offset) { return false }
        }
        if slots.count >= 64, slots.count > 2 * unfinished { compact() }
        let index = Int32(slots.count)
        slots.append(Slot(offset: offset, previous: tail, next: Self.none, state: .delivered))
        if tail == Self.none {
            head = index
        } else {
            slots[Int(tail)].next = index
            if offset > slots[Int(tail)].offset + 1 { gaps += 1 }
        }
        tail = index
        unfinished += 1
        unsettled += 1
        return true
    }

    /// Takes note that a delivered offset is finished.
    ///
    /// - Returns: False if it was not waiting for that: never delivered, or settled before.
    @discardableResult
    public mutating func complete(_ offset: Int64) -> Bool {
        guard let index = find(offset), slots[index].state == .delivered else { return false }
        unlink(index)
        unsettled -= 1
        revision += 1
        return true
    }

    /// Takes note that a delivered offset will not be finished under this assignment: the prefix ends before it.
    ///
    /// - Returns: False if it was not waiting for that: never delivered, or settled before.
    @discardableResult
    public mutating func abandon(_ offset: Int64) -> Bool {
        guard let index = find(offset), slots[index].state == .delivered else { return false }
        slots[index].state = .abandoned
        unsettled -= 1
        return true
    }

    /// The offset to commit: the first unfinished one, or the one behind all that was delivered.
    public var committableOffset: Int64 {
        if head != Self.none { return slots[Int(head)].offset }
        if seedIndex < seeds.count, seeds[seedIndex].lowerBound <= last + 1 { return seeds[seedIndex].upperBound }
        return last + 1
    }

    /// What to commit now.
    ///
    /// The metadata says all that is finished beyond the offset. Only behind abandoned offsets, and for what was
    /// finished under a higher limit, it may be more than fits: then the farthest are left out, and come again.
    public var committable: CommitPoint {
        let offset = committableOffset
        let finished = finishedBeyond
        if let metadata = CommitMetadata.encode(finished: finished, committedAt: offset, within: limit) {
            return CommitPoint(offset: offset, metadata: metadata)
        }
        var fitting = ""
        var low = 0
        var high = finished.count
        // More ranges never need less room: the most that fit are found by halving.
        while high - low > 1 {
            let middle = (low + high) / 2
            let metadata = CommitMetadata.encode(
                finished: Array(finished.prefix(middle)), committedAt: offset, within: limit)
            if let metadata {
                fitting = metadata
                low = middle
            } else {
                high = middle
            }
        }
        return CommitPoint(offset: offset, metadata: fitting)
    }

    /// The offsets beyond ``committableOffset`` that are finished: ascending ranges that do not touch.
    public var finishedBeyond: [Range<Int64>] {
        var ranges: [Range<Int64>] = []
        var index = head
        while index != Self.none {
            let slot = slots[Int(index)]
            let end = slot.next == Self.none ? last + 1 : slots[Int(slot.next)].offset
            if end > slot.offset + 1 { ranges.append(slot.offset + 1..<end) }
            index = slot.next
        }
        let committable = committableOffset
        for seed in seeds[seedIndex...] where seed.upperBound > committable {
            let lower = max(seed.lowerBound, last + 1)
            guard lower < seed.upperBound else { continue }
            if let previous = ranges.last, previous.upperBound >= lower {
                ranges[ranges.count - 1] = previous.lowerBound..<seed.upperBound
            } else {
                ranges.append(lower..<seed.upperBound)
            }
        }
        return ranges
    }

    /// The index of a delivered offset. Without gaps that is a subtraction, else a binary search below that.
    private func find(_ offset: Int64) -> Int? {
        guard head != Self.none, offset >= slots[Int(head)].offset, offset <= slots[Int(tail)].offset else {
            return nil
        }
        var low = Int(head)
        var high = Int(min(Int64(tail), Int64(head) + (offset - slots[Int(head)].offset)))
        if slots[high].offset == offset { return high }
        while low < high {
            let middle = (low + high) / 2
            if slots[middle].offset < offset { low = middle + 1 } else { high = middle }
        }
        return slots[low].offset == offset ? low : nil
    }

    private mutating func unlink(_ index: Int) {
        let slot = slots[index]
        slots[index].state = .finished
        let hasPrevious = slot.previous != Self.none
        let hasNext = slot.next != Self.none
        if hasPrevious {
            slots[Int(slot.previous)].next = slot.next
            if slots[Int(slot.previous)].offset + 1 < slot.offset { gaps -= 1 }
        } else {
            head = slot.next
        }
        if hasNext {
            slots[Int(slot.next)].previous = slot.previous
            if slot.offset + 1 < slots[Int(slot.next)].offset { gaps -= 1 }
        } else {
            tail = slot.previous
        }
        if hasPrevious, hasNext { gaps += 1 }
        unfinished -= 1
        if unfinished == 0 { slots.removeAll(keepingCapacity: true) }
    }

    /// Drops the finished slots. Done when they are the most, so that each is moved once on average.
    private mutating func compact() {
        slots.removeAll { $0.state == .finished }
        for index in slots.indices {
            slots[index].previous = Int32(index) - 1
            slots[index].next = index + 1 < slots.count ? Int32(index) + 1 : Self.none
        }
        head = slots.isEmpty ? Self.none : 0
        tail = Int32(slots.count) - 1
    }
}
