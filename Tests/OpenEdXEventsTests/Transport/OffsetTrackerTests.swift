import OpenEdXEvents
import Testing

@Suite("Offset tracker")
struct OffsetTrackerTests {
    @Test("only the contiguous finished prefix is committed")
    func prefix() {
        var tracker = OffsetTracker(resumingAt: 10)
        #expect(tracker.committableOffset == 10)
        for offset: Int64 in 10..<15 { expect(tracker.deliver(offset)) }
        #expect(tracker.committableOffset == 10)
        tracker.complete(12)
        tracker.complete(11)
        #expect(tracker.committableOffset == 10)
        #expect(tracker.finishedBeyond == [11..<13])
        tracker.complete(10)
        #expect(tracker.committableOffset == 13)
        #expect(tracker.finishedBeyond == [])
        #expect(tracker.committable.metadata == "")
        #expect(tracker.unsettled == 2)
    }

    @Test("offsets with gaps: what does not exist blocks nothing")
    func gaps() {
        var tracker = OffsetTracker(resumingAt: 0)
        for offset: Int64 in [3, 7, 8, 20] { expect(tracker.deliver(offset)) }
        #expect(tracker.committableOffset == 3)
        tracker.complete(3)
        #expect(tracker.committableOffset == 7)
        tracker.complete(20)
        tracker.complete(8)
        #expect(tracker.finishedBeyond == [8..<21])
        tracker.complete(7)
        #expect(tracker.committableOffset == 21)
    }

    @Test("an offset is settled once, and only if it was delivered")
    func settledOnce() {
        var tracker = OffsetTracker(resumingAt: 0)
        for offset: Int64 in [0, 2, 3] { _ = tracker.deliver(offset) }
        let strangers: [Int64] = [-1, 1, 4, .max, .min]
        for stranger in strangers { expect(!tracker.complete(stranger) && !tracker.abandon(stranger)) }
        expect(tracker.complete(2))
        expect(!tracker.complete(2))
        expect(!tracker.abandon(2))
        expect(tracker.abandon(0))
        expect(!tracker.complete(0))
        #expect(tracker.unsettled == 1)
        expect(!tracker.deliver(3))
        #expect(tracker.unsettled == 1)
        #expect(tracker.committableOffset == 0)
    }

    @Test("an abandoned offset ends the prefix, and the next owner receives only it")
    func abandoned() {
        var tracker = OffsetTracker(resumingAt: 0)
        for offset: Int64 in 0..<100 { _ = tracker.deliver(offset) }
        for offset: Int64 in 0..<100 where offset != 40 { tracker.complete(offset) }
        tracker.abandon(40)
        #expect(tracker.committableOffset == 40)
        #expect(redelivered(after: tracker.committable, upTo: 100) == [40])
    }

    @Test("ten thousand done behind a stuck one: a restart repeats one")
    func restartRepeatsOne() {
        var tracker = OffsetTracker(resumingAt: 0)
        for offset: Int64 in 0...10_000 {
            #expect(tracker.canDeliver(offset))
            _ = tracker.deliver(offset)
            if offset > 0 { tracker.complete(offset) }
        }
        #expect(tracker.committableOffset == 0)
        #expect(redelivered(after: tracker.committable, upTo: 10_001) == [0])
    }

    @Test("behind one stuck offset a million in-order completions keep the intake open and the metadata small")
    func longRunBehindStuck() {
        var tracker = OffsetTracker(resumingAt: 0)
        _ = tracker.deliver(0)
        var open = true
        for offset: Int64 in 1..<1_000_000 {
            open = open && tracker.canDeliver(offset)
            _ = tracker.deliver(offset)
            tracker.complete(offset)
        }
        #expect(open)
        #expect(tracker.committable.metadata.utf8.count < 40)
    }

    @Test(
        "adversarial alternating completion never outgrows the limit, and the intake stops before it could",
        arguments: [40, 64, 200, 1_000, 4_096])
    func alternating(limit: Int) {
        var tracker = OffsetTracker(resumingAt: 1 << 40, metadataLimit: limit)
        var next: Int64 = 1 << 40
        var stops = 0
        // The first one is stuck; of each ten thousand every second one is finished, far apart from each other.
        for round in 0..<60_000 {
            if tracker.canDeliver(next) {
                _ = tracker.deliver(next)
                if round % 2 == 1 { tracker.complete(next) }
                next += round % 7 == 0 ? 200 : 1
            } else {
                stops += 1
            }
            if round % 500 == 0 || stops == 1 {
                #expect(tracker.committable.metadata.utf8.count <= limit)
                #expect(isWhole(tracker, limit))
            }
        }
        #expect(stops > 0)
        #expect(tracker.committable.metadata.utf8.count > 0)
        #expect(isWhole(tracker, limit))
        // Once the stuck one is done the intake goes on.
        tracker.complete(1 << 40)
        #expect(tracker.committableOffset > 1 << 40)
    }

    @Test("any order of completion of what was let in fits the limit", arguments: 0..<40)
    func boundHolds(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        let limit = [30, 48, 100, 300][seed % 4]
        var tracker = OffsetTracker(resumingAt: 0, metadataLimit: limit)
        var delivered: [Int64] = []
        var next: Int64 = 0
        for _ in 0..<400 {
            while tracker.canDeliver(next), delivered.count < 300 {
                expect(tracker.deliver(next))
                delivered.append(next)
                next += Int.random(in: 0..<4, using: &generator) == 0 ? Int64.random(in: 1...300, using: &generator) : 1
            }
            // The lowest one is rarely finished, every second one otherwise.
            for _ in 0..<Int.random(in: 1...12, using: &generator) where delivered.count > 1 {
                let index = Int.random(in: 1..<delivered.count, using: &generator)
                tracker.complete(delivered.remove(at: index))
                #expect(isWhole(tracker, limit))
            }
            if Int.random(in: 0..<6, using: &generator) == 0, !delivered.isEmpty {
                tracker.complete(delivered.removeFirst())
            }
            #expect(isWhole(tracker, limit))
        }
    }

    @Test("random orders with gaps and restarts agree with a plain model", arguments: 0..<60)
    func agreesWithModel(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed) &* 77)
        var log: [Int64] = []
        var offset: Int64 = Int64(seed)
        for _ in 0..<600 {
            log.append(offset)
            offset += seed % 3 == 0 ? 1 : Int64.random(in: 1...3, using: &generator)
        }
        var finished: Set<Int64> = []
        var tracker = OffsetTracker(resumingAt: log[0])
        var model = Model(log: log, cursor: 0)
        var cursor = 0
        for step in 0..<2_000 {
            switch Int.random(in: 0..<10, using: &generator) {
            case 0..<4 where cursor < log.count:
                let next = log[cursor]
                cursor += 1
                expect(tracker.deliver(next) == !finished.contains(next))
                model.deliver(isNew: !finished.contains(next))
            case 9 where step % 50 == 0:
                let point = tracker.committable
                cursor = index(of: point.offset, in: log)
                #expect(cursor == model.committable(finished))
                tracker = restart(at: point)
                model = Model(log: log, cursor: cursor)
                for known in log.dropFirst(cursor + 1) {
                    #expect(covers(tracker, known) == finished.contains(known))
                }
            default:
                guard let one = model.pending.randomElement(using: &generator) else { continue }
                expect(tracker.complete(one))
                model.pending.remove(one)
                finished.insert(one)
            }
            #expect(index(of: tracker.committableOffset, in: log) == model.committable(finished))
            #expect(tracker.unsettled == model.pending.count)
        }
    }

    @Test("behind abandoned offsets alone the intake goes on, and the metadata is cut to what fits")
    func abandonedOnly() {
        var tracker = OffsetTracker(resumingAt: 0, metadataLimit: 64)
        var open = true
        for offset: Int64 in 0..<5_000 {
            open = open && tracker.canDeliver(offset)
            _ = tracker.deliver(offset)
            if offset % 2 == 0 { tracker.abandon(offset) } else { tracker.complete(offset) }
        }
        #expect(open)
        let point = tracker.committable
        #expect(point.offset == 0)
        #expect((40...64).contains(point.metadata.utf8.count))
        // What fits is not delivered again, and nothing that is unfinished is left out.
        let again = redelivered(after: point, upTo: 5_000)
        #expect(again.count < 5_000)
        #expect(Set(again).isSuperset(of: (0..<2_500).map { $0 * 2 }))
    }

    @Test("damaged seeds and a lowered limit repeat messages, and never lose one")
    func loweredLimit() {
        var tracker = OffsetTracker(resumingAt: 0, finished: [5..<6, 3..<3, -4 ..< -2, 9..<12], metadataLimit: 0)
        #expect(tracker.committable.metadata == "")
        expect(tracker.canDeliver(0) && tracker.deliver(0))
        #expect(!tracker.canDeliver(1))
        tracker.complete(0)
        #expect(tracker.canDeliver(1))
        #expect(tracker.committableOffset == 1)
    }

    /// `#expect` cannot hold a mutating call.
    private func expect(_ condition: Bool, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(condition, sourceLocation: sourceLocation)
    }

    /// What a new owner is given after a commit.
    private func redelivered(after point: OffsetTracker.CommitPoint, upTo end: Int64) -> [Int64] {
        var tracker = restart(at: point)
        return (point.offset..<end).filter { tracker.deliver($0) }
    }

    private func restart(at point: OffsetTracker.CommitPoint) -> OffsetTracker {
        switch CommitMetadata(point.metadata, committedAt: point.offset) {
        case .none: return OffsetTracker(resumingAt: point.offset)
        case .finished(let ranges): return OffsetTracker(resumingAt: point.offset, finished: ranges)
        case .ignored(let reason):
            Issue.record("own metadata was ignored: \(reason)")
            return OffsetTracker(resumingAt: point.offset)
        }
    }

    /// Whether the metadata of a commit is within the limit and says all that is finished.
    private func isWhole(_ tracker: OffsetTracker, _ limit: Int) -> Bool {
        let point = tracker.committable
        let finished = tracker.finishedBeyond
        let read = CommitMetadata(point.metadata, committedAt: point.offset)
        return point.metadata.utf8.count <= limit && read == (finished.isEmpty ? .none : .finished(finished))
    }

    private func covers(_ tracker: OffsetTracker, _ offset: Int64) -> Bool {
        tracker.finishedBeyond.contains { $0.contains(offset) }
    }

    private func index(of offset: Int64, in log: [Int64]) -> Int {
        log.firstIndex { $0 >= offset } ?? log.count
    }

    /// The same by sets and indices into the log.
    private struct Model {
        let log: [Int64]
        /// The next one to be delivered.
        var cursor: Int
        var pending: Set<Int64> = []

        mutating func deliver(isNew: Bool) {
            if isNew { pending.insert(log[cursor]) }
            cursor += 1
        }

        /// The index in the log of the first message that is not known to be finished.
        func committable(_ finished: Set<Int64>) -> Int {
            if let first = pending.min() { return log.firstIndex(of: first) ?? 0 }
            var index = cursor
            while index < log.count, finished.contains(log[index]) { index += 1 }
            return index
        }
    }
}
