/// Decides what may be worked on now: order is kept within a lane, lanes go side by side. Pure; no clock, no task.
///
/// A lane is a key of one assigned partition. It is *ready* while its first item waits for a worker, *busy* while a
/// worker has its first items, and *parked* while its first item waits for another attempt.
struct KeyedScheduler<Item: Sendable>: Sendable {
    /// What keeps items in order: the key within an assignment, by its hash. Two keys with one hash share a lane, which is
    /// more order than they need.
    struct LaneKey: Hashable, Sendable {
        let assignment: AssignmentID
        let keyHash: UInt64
    }

    /// A lane, as long as it has items. The generation tells a lane from a later one in the same place.
    struct LaneID: Hashable, Sendable {
        fileprivate let index: Int
        fileprivate let generation: UInt32
    }

    private enum LaneState { case free, ready, busy, parked }

    private struct Lane {
        var state = LaneState.free
        var generation: UInt32 = 0
        var key: LaneKey?
        /// The first and last of its waiting items, −1 for none.
        var first = -1
        var last = -1
        /// How many of its items a worker has.
        var taken = 0
        /// The neighbours in the list of ready lanes.
        var previousReady = -1
        var nextReady = -1
    }

    private struct Node {
        var item: Item?
        var kind: Int32
        var next = -1
    }

    private var lanes: [Lane] = []
    private var freeLanes: [Int] = []
    private var laneOfKey: [LaneKey: Int] = [:]
    private var nodes: [Node] = []
    private var freeNodes: [Int] = []
    private var firstReady = -1
    private var lastReady = -1
    /// The lane to which an item was added last: keys come in runs.
    private var recent = -1

    /// How many lanes wait for a worker.
    private(set) var readyLanes = 0
    /// How many items there are, those that workers have included.
    private(set) var count = 0
    /// How many items workers have.
    private(set) var taken = 0

    /// Adds an item behind all others of its key; without a key it has a lane of its own.
    ///
    /// - Parameter kind: Items of one kind may be taken together.
    mutating func add(_ item: consuming Item, kind: Int32 = 0, key: LaneKey?) {
        count += 1
        if let key {
            if recent >= 0, let last = lanes[recent].key, last == key { return append(item, kind, to: recent) }
            if let lane = laneOfKey[key] {
                recent = lane
                return append(item, kind, to: lane)
            }
        }
        let lane = makeLane(key)
        recent = lane
        append(item, kind, to: lane)
        makeReady(lane)
    }

    /// Takes the first item of the lane that is ready for longest; the lane is busy until it is settled.
    mutating func take() -> (lane: LaneID, item: Item)? {
        guard firstReady >= 0 else { return nil }
        let lane = firstReady
        unlinkReady(lane)
        lanes[lane].state = .busy
        return (id(lane), takeFirst(of: lane))
    }

    /// Takes more items of a lane that is busy, the next ones, as long as they are of a kind; returns how many.
    mutating func takeMore(
        from lane: LaneID, upTo limit: Int, ofKind kind: Int32, into items: inout [Item]
    ) -> Int {
        let index = lane.index
        var count = 0
        while count < limit, lanes[index].first >= 0, nodes[lanes[index].first].kind == kind {
            items.append(takeFirst(of: index))
            count += 1
        }
        return count
    }

    /// Takes the first items of lanes that are ready, as long as they are of a kind; those lanes are busy then.
    ///
    /// - Parameter taken: The lanes, each with how many of the items are its own.
    mutating func takeReady(
        upTo limit: Int, ofKind kind: Int32, into items: inout [Item], _ taken: inout [(id: LaneID, count: Int)]
    ) {
        var room = limit
        var ready = firstReady
        while ready >= 0, room > 0 {
            let next = lanes[ready].nextReady
            if nodes[lanes[ready].first].kind == kind {
                unlinkReady(ready)
                lanes[ready].state = .busy
                let count = takeMore(from: id(ready), upTo: room, ofKind: kind, into: &items)
                room -= count
                taken.append((id(ready), count))
            }
            ready = next
        }
    }

    /// Settles a busy lane whose taken items are done: its next item is ready, or the lane ends.
    mutating func finish(_ id: LaneID) {
        guard let lane = busy(id) else { return }
        count -= lanes[lane].taken
        taken -= lanes[lane].taken
        lanes[lane].taken = 0
        release(lane)
    }

    /// Gives items back to the front of a busy lane, in order; those taken and not given back are done.
    ///
    /// - Parameter parked: Whether the lane waits for ``unpark(_:)`` before it is ready again.
    mutating func putBack(
        _ items: [Item], to id: LaneID, parked: Bool, kind: (Item) -> Int32 = { _ in 0 }
    ) {
        guard let lane = busy(id) else { return }
        count -= lanes[lane].taken - items.count
        taken -= lanes[lane].taken
        lanes[lane].taken = 0
        for item in items.reversed() {
            let node = makeNode(item, kind(item), next: lanes[lane].first)
            lanes[lane].first = node
            if lanes[lane].last < 0 { lanes[lane].last = node }
        }
        if parked, lanes[lane].first >= 0 {
            lanes[lane].state = .parked
        } else {
            release(lane)
        }
    }

    /// Whether a lane waits for ``unpark(_:)``.
    func isParked(_ id: LaneID) -> Bool {
        lanes[id.index].generation == id.generation && lanes[id.index].state == .parked
    }

    /// Makes a parked lane ready; `false` if it is gone.
    mutating func unpark(_ id: LaneID) -> Bool {
        guard isParked(id) else { return false }
        makeReady(id.index)
        return true
    }

    /// Removes what no worker has from the lanes that the condition names.
    ///
    /// - Parameter condition: Told whether a lane is parked, and its first waiting item. Whole lanes go, since an item
    ///   must not be worked on before one that it follows.
    mutating func removeWaiting(where condition: (_ isParked: Bool, _ first: Item) -> Bool) -> [Item] {
        var removed: [Item] = []
        for lane in lanes.indices where lanes[lane].first >= 0 {
            guard let first = nodes[lanes[lane].first].item, condition(lanes[lane].state == .parked, first) else {
                continue
            }
            empty(lane, into: &removed)
            if lanes[lane].state == .ready { unlinkReady(lane) }
            if lanes[lane].state != .busy { endLane(lane) }
        }
        return removed
    }

    /// Ends a busy lane whose taken items are not to be tried again; returns those that waited behind them.
    mutating func drop(_ id: LaneID) -> [Item] {
        guard let lane = busy(id) else { return [] }
        var removed: [Item] = []
        empty(lane, into: &removed)
        finish(id)
        return removed
    }

    private mutating func empty(_ lane: Int, into removed: inout [Item]) {
        var node = lanes[lane].first
        while node >= 0 {
            let next = nodes[node].next
            if let item = freeNode(node) { removed.append(item) }
            count -= 1
            node = next
        }
        lanes[lane].first = -1
        lanes[lane].last = -1
    }

    private func id(_ lane: Int) -> LaneID { LaneID(index: lane, generation: lanes[lane].generation) }

    private func busy(_ id: LaneID) -> Int? {
        let lane = lanes[id.index]
        return lane.generation == id.generation && lane.state == .busy ? id.index : nil
    }

    private mutating func release(_ lane: Int) {
        if lanes[lane].first >= 0 { makeReady(lane) } else { endLane(lane) }
    }

    private mutating func makeLane(_ key: LaneKey?) -> Int {
        let lane = freeLanes.popLast() ?? lanes.count
        if lane == lanes.count { lanes.append(Lane()) }
        lanes[lane].key = key
        if let key { laneOfKey[key] = lane }
        return lane
    }

    private mutating func endLane(_ lane: Int) {
        if let key = lanes[lane].key { laneOfKey[key] = nil }
        if recent == lane { recent = -1 }
        lanes[lane] = Lane(generation: lanes[lane].generation &+ 1)
        freeLanes.append(lane)
    }

    private mutating func append(_ item: consuming Item, _ kind: Int32, to lane: Int) {
        let node = makeNode(item, kind, next: -1)
        if lanes[lane].last >= 0 { nodes[lanes[lane].last].next = node } else { lanes[lane].first = node }
        lanes[lane].last = node
    }

    private mutating func takeFirst(of lane: Int) -> Item {
        let node = lanes[lane].first
        lanes[lane].first = nodes[node].next
        if lanes[lane].first < 0 { lanes[lane].last = -1 }
        lanes[lane].taken += 1
        taken += 1
        guard let item = freeNode(node) else { preconditionFailure("a listed node holds an item") }
        return item
    }

    private mutating func makeNode(_ item: consuming Item, _ kind: Int32, next: Int) -> Int {
        guard let node = freeNodes.popLast() else {
            nodes.append(Node(item: item, kind: kind, next: next))
            return nodes.count - 1
        }
        nodes[node] = Node(item: item, kind: kind, next: next)
        return node
    }

    private mutating func freeNode(_ node: Int) -> Item? {
        freeNodes.append(node)
        return nodes[node].item.take()
    }

    private mutating func makeReady(_ lane: Int) {
        lanes[lane].state = .ready
        lanes[lane].previousReady = lastReady
        lanes[lane].nextReady = -1
        if lastReady >= 0 { lanes[lastReady].nextReady = lane } else { firstReady = lane }
        lastReady = lane
        readyLanes += 1
    }

    private mutating func unlinkReady(_ lane: Int) {
        let (previous, next) = (lanes[lane].previousReady, lanes[lane].nextReady)
        if previous >= 0 { lanes[previous].nextReady = next } else { firstReady = next }
        if next >= 0 { lanes[next].previousReady = previous } else { lastReady = previous }
        readyLanes -= 1
    }
}
