import Testing

@testable import OpenEdXEvents

/// A scheduler by reference: the testing macros cannot call what mutates a value.
private final class Scheduled<Item: Sendable> {
    typealias Lane = KeyedScheduler<Item>.LaneID

    private var scheduler = KeyedScheduler<Item>()

    var count: Int { scheduler.count }
    var taken: Int { scheduler.taken }
    var readyLanes: Int { scheduler.readyLanes }

    func add(_ item: Item, kind: Int32 = 0, key: KeyedScheduler<Item>.LaneKey?) {
        scheduler.add(item, kind: kind, key: key)
    }
    func take() -> (lane: Lane, item: Item)? { scheduler.take() }
    func finish(_ lane: Lane) { scheduler.finish(lane) }
    func unpark(_ lane: Lane) -> Bool { scheduler.unpark(lane) }

    func takeMore(from lane: Lane, upTo limit: Int, ofKind kind: Int32 = 0) -> [Item] {
        var items: [Item] = []
        #expect(scheduler.takeMore(from: lane, upTo: limit, ofKind: kind, into: &items) == items.count)
        return items
    }

    func takeReady(upTo limit: Int, ofKind kind: Int32 = 0) -> (items: [Item], lanes: [(id: Lane, count: Int)]) {
        var (items, lanes) = ([Item](), [(id: Lane, count: Int)]())
        scheduler.takeReady(upTo: limit, ofKind: kind, into: &items, &lanes)
        return (items, lanes)
    }

    func putBack(_ items: [Item], to lane: Lane, parked: Bool) {
        scheduler.putBack(items, to: lane, parked: parked)
    }

    func removeWaiting(where condition: (Bool, Item) -> Bool) -> [Item] {
        scheduler.removeWaiting { condition($0, $1) }
    }
}

@Suite("Keyed scheduler")
struct KeyedSchedulerTests {

    private func key(_ name: String, assignment: UInt64 = 1) -> KeyedScheduler<Int>.LaneKey {
        .init(assignment: AssignmentID(assignment), keyHash: UInt64(name.utf8.first ?? 0))
    }

    @Test("items of one key go one after another, in order")
    func sameKeyInOrder() throws {
        let scheduler = Scheduled<Int>()
        for item in 1...3 { scheduler.add(item, key: key("a")) }
        for expected in 1...3 {
            let (lane, item) = try #require(scheduler.take())
            #expect(item == expected)
            #expect(scheduler.take() == nil)
            scheduler.finish(lane)
        }
        #expect(scheduler.count == 0)
        #expect(scheduler.take() == nil)
    }

    @Test("different keys, and items without one, go side by side")
    func differentKeysSideBySide() {
        let scheduler = Scheduled<Int>()
        scheduler.add(1, key: key("a"))
        scheduler.add(2, key: key("b"))
        scheduler.add(3, key: nil)
        scheduler.add(4, key: nil)
        #expect(
            [scheduler.take(), scheduler.take(), scheduler.take(), scheduler.take()].map { $0?.item } == [1, 2, 3, 4])
        #expect(scheduler.taken == 4)
    }

    @Test("the same key under another assignment is another lane")
    func assignmentsAreApart() {
        let scheduler = Scheduled<Int>()
        scheduler.add(1, key: key("a", assignment: 1))
        scheduler.add(2, key: key("a", assignment: 2))
        #expect(scheduler.take()?.item == 1)
        #expect(scheduler.take()?.item == 2)
    }

    @Test("a parked lane holds back its key alone")
    func parked() throws {
        let scheduler = Scheduled<Int>()
        scheduler.add(1, key: key("a"))
        scheduler.add(2, key: key("a"))
        scheduler.add(3, key: key("b"))
        let (lane, _) = try #require(scheduler.take())
        scheduler.putBack([1], to: lane, parked: true)
        #expect(scheduler.take()?.item == 3)
        #expect(scheduler.take() == nil)
        #expect(scheduler.unpark(lane))
        #expect(scheduler.take()?.item == 1)
    }

    @Test("a lane that ended is not unparked in the name of an old one")
    func staleUnpark() throws {
        let scheduler = Scheduled<Int>()
        scheduler.add(1, key: key("a"))
        let (lane, _) = try #require(scheduler.take())
        scheduler.finish(lane)
        scheduler.add(2, key: key("b"))
        let (other, _) = try #require(scheduler.take())
        scheduler.putBack([2], to: other, parked: true)
        #expect(!scheduler.unpark(lane))
        #expect(scheduler.take() == nil)
    }

    @Test("a batch takes the next of its own key and the first of others, as long as they are alike")
    func batch() throws {
        let scheduler = Scheduled<Int>()
        for item in [1, 2, 103, 4] { scheduler.add(item, kind: item < 100 ? 1 : 2, key: key("a")) }
        for item in [105, 6] { scheduler.add(item, kind: item < 100 ? 1 : 2, key: key("b")) }
        for item in [7, 8] { scheduler.add(item, kind: 1, key: key("c")) }
        for item in [9, 10] { scheduler.add(item, kind: 1, key: key("d")) }
        let (lane, first) = try #require(scheduler.take())
        #expect(first == 1)
        #expect(scheduler.takeMore(from: lane, upTo: 10, ofKind: 1) == [2])
        let (items, lanes) = scheduler.takeReady(upTo: 3, ofKind: 1)
        #expect(items == [7, 8, 9])
        #expect(lanes.map(\.count) == [2, 1])
        #expect(scheduler.take()?.item == 105)
        #expect(scheduler.take() == nil)
    }

    @Test("a run takes the next of its own key and leaves others alone")
    func run() throws {
        let scheduler = Scheduled<Int>()
        for item in [1, 2, 3, 104] { scheduler.add(item, kind: item < 100 ? 1 : 2, key: key("a")) }
        scheduler.add(5, kind: 1, key: key("b"))
        let (lane, _) = try #require(scheduler.take())
        #expect(scheduler.takeMore(from: lane, upTo: 10, ofKind: 1) == [2, 3])
        #expect(scheduler.take()?.item == 5)
    }

    @Test("a batch ends at its limit")
    func batchLimit() throws {
        let scheduler = Scheduled<Int>()
        for item in 1...5 { scheduler.add(item, key: nil) }
        _ = try #require(scheduler.take())
        #expect(scheduler.takeReady(upTo: 2).items == [2, 3])
        #expect(scheduler.readyLanes == 2)
    }

    @Test("what is put back in part counts what is done")
    func putBackPart() throws {
        let scheduler = Scheduled<Int>()
        for item in 1...4 { scheduler.add(item, key: key("a")) }
        let (lane, _) = try #require(scheduler.take())
        #expect(scheduler.takeMore(from: lane, upTo: 2) == [2, 3])
        #expect(scheduler.count == 4)
        scheduler.putBack([2], to: lane, parked: false)
        #expect(scheduler.count == 2)
        #expect(scheduler.taken == 0)
        let (again, item) = try #require(scheduler.take())
        #expect(item == 2)
        scheduler.finish(again)
        #expect(scheduler.take()?.item == 4)
    }

    @Test("whole lanes are removed, but not what a worker has")
    func removal() throws {
        let scheduler = Scheduled<Int>()
        for item in [1, 2] { scheduler.add(item, key: key("a", assignment: 1)) }
        for item in [11, 12] { scheduler.add(item, key: key("a", assignment: 2)) }
        let (lane, _) = try #require(scheduler.take())
        #expect(scheduler.removeWaiting { _, first in first < 10 } == [2])
        #expect(scheduler.count == 3)
        scheduler.finish(lane)
        #expect(scheduler.count == 2)
        #expect(scheduler.removeWaiting { _, _ in true } == [11, 12])
        #expect(scheduler.count == 0)
        #expect(scheduler.take() == nil)
    }

    @Test("a random history keeps order per key and loses nothing", arguments: 0..<20 as Range<UInt64>)
    func randomHistory(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let scheduler = Scheduled<(key: Int, number: Int)>()
        var (added, finished) = ([Int: Int](), [Int: Int]())
        var busy: [(lane: KeyedScheduler<(key: Int, number: Int)>.LaneID, items: [(key: Int, number: Int)])] = []
        var parked: [KeyedScheduler<(key: Int, number: Int)>.LaneID] = []
        func step() throws {
            switch Int.random(in: 0..<6, using: &random) {
            case 0, 1:
                let name = Int.random(in: 0..<5, using: &random)
                added[name, default: 0] += 1
                scheduler.add(
                    (name, added[name] ?? 0), key: .init(assignment: AssignmentID(0), keyHash: UInt64(name)))
            case 2, 3:
                if let (lane, item) = scheduler.take() {
                    let more = scheduler.takeMore(from: lane, upTo: 3)
                    #expect(more.allSatisfy { $0.key == item.key })
                    busy.append((lane, [item] + more))
                    let (others, lanes) = scheduler.takeReady(upTo: Int.random(in: 0...3, using: &random))
                    var rest = others[...]
                    for other in lanes {
                        busy.append((other.id, Array(rest.prefix(other.count))))
                        rest = rest.dropFirst(other.count)
                    }
                    #expect(rest.isEmpty)
                }
            case 4:
                guard !busy.isEmpty else { return }
                let work = busy.remove(at: Int.random(in: busy.indices, using: &random))
                let done = Int.random(in: 0...work.items.count, using: &random)
                for item in work.items.prefix(done) {
                    #expect(item.number == finished[item.key, default: 0] + 1)
                    finished[item.key] = item.number
                }
                let isParked = Bool.random(using: &random)
                scheduler.putBack(Array(work.items.dropFirst(done)), to: work.lane, parked: isParked)
                if isParked, done < work.items.count { parked.append(work.lane) }
            default:
                guard !parked.isEmpty else { return }
                #expect(scheduler.unpark(parked.remove(at: Int.random(in: parked.indices, using: &random))))
            }
        }
        for _ in 0..<2_000 { try step() }
        let open = added.values.reduce(0, +) - finished.values.reduce(0, +)
        #expect(scheduler.count == open)
    }
}
