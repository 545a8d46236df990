/// What a worker does next.
struct ConsumerWork: Sendable {
    typealias LaneID = KeyedScheduler<WorkItem>.LaneID

    /// The lanes that it has, each with how many of the events are its own.
    var lanes: [(id: LaneID, count: Int)]
    /// At least one event, lane by lane, in order: to go one after another, or together to a handler of batches.
    var items: [WorkItem]
    /// Set for a handler of batches.
    var batchHandler: Handler?
}

/// What a consumer does next: pure, told of every happening, answering with what is to be done outside the lock.
///
/// Generic over what waits (continuations; numbers in tests).
struct ConsumerMachine<Worker: Sendable, Intake: Sendable>: Sendable {
    /// Why and how a consumer stops.
    enum Stop: Sendable {
        /// Asked to: what was taken in is finished.
        case drain
        /// Failed or killed: what was begun is finished, the rest is given back.
        case failed(ConsumerError)
    }

    typealias Work = ConsumerWork
    typealias LaneID = ConsumerWork.LaneID

    /// What is to be done outside the lock.
    struct Effects: Sendable {
        var wake: [(worker: Worker, work: Work?)] = []
        var intake: (waiting: Intake, capacity: Int?)?
        /// Events that are given back; a claim on the inbox is to be released first.
        var abandon: [WorkItem] = []

        mutating func merge(_ other: Effects) {
            wake += other.wake
            intake = intake ?? other.intake
            abandon += other.abandon
        }
    }

    private var scheduler = KeyedScheduler<WorkItem>()
    /// The workers that wait, each with how much it takes at a time.
    private var idle: [(worker: Worker, pace: WorkPace.Share)] = []
    private var waitingIntake: Intake?
    private let limit: Int
    private let errorLimit: Int?
    private var consecutiveFailures = 0
    private(set) var isPaused = false
    private(set) var stop: Stop? {
        didSet { isStopping = stop != nil }
    }
    /// Whether there is a stop.
    private(set) var isStopping = false
    private var isRetired = false
    /// Assignments that are gone, so that what was on its way in is given back; the latest, as they grow in number.
    private var revoked: Set<AssignmentID> = []
    private static var revokedLimit: Int { 4_096 }

    /// - Parameters:
    ///   - limit: How many events may be held at the most.
    ///   - errorLimit: How many events in a row may fail for good.
    init(limit: Int, errorLimit: Int?) {
        self.limit = limit
        self.errorLimit = errorLimit
    }

    private var hasFailed: Bool {
        if case .failed = stop { true } else { false }
    }

    /// How many events are held.
    var count: Int { scheduler.count }

    // MARK: Intake

    /// How many more events may be taken in; `nil` if the consumer stops; 0 while the intake has to wait.
    var capacity: Int? {
        if isStopping { return nil }
        return isPaused ? 0 : max(0, limit - scheduler.count)
    }

    /// Lets the intake wait for capacity.
    mutating func wait(_ intake: Intake) -> Effects {
        waitingIntake = intake
        return effects()
    }

    /// Takes in events that nobody has looked at.
    mutating func add(_ messages: some RandomAccessCollection<IncomingMessage>, inOrderOf ordering: Ordering) -> Effects
    {
        var effects = Effects()
        for message in messages { add(WorkItem(.arrived(message)), message, ordering, &effects) }
        return self.effects(effects)
    }

    /// Takes in events that have been looked at.
    mutating func add(_ items: [WorkItem], inOrderOf ordering: Ordering) -> Effects {
        var effects = Effects()
        for item in items { add(item, item.message, ordering, &effects) }
        return self.effects(effects)
    }

    typealias Ordering = EventConsumer.Configuration.Ordering

    /// Takes an event in. One of an assignment that is gone by now is abandoned, and so is one that comes after a stop: an
    /// earlier one of its key may have been given back by it.
    private mutating func add(
        _ item: WorkItem, _ message: IncomingMessage, _ ordering: Ordering, _ effects: inout Effects
    ) {
        let assignment = message.assignment
        guard revoked.isEmpty || !revoked.contains(assignment), !isRetired, !isStopping else {
            return effects.abandon.append(item)
        }
        let keyHash = ordering == .key ? message.keyHash : 0
        scheduler.add(item, kind: item.kind, key: keyHash.map { .init(assignment: assignment, keyHash: $0) })
    }

    // MARK: Work

    /// The next work, if any can be begun. `nil` means to wait, or to end if the consumer is retired.
    ///
    /// - Parameter pace: How many events are taken at the most, for a handler of single events.
    mutating func take(_ pace: WorkPace.Share = .one) -> Work? {
        guard !isRetired, !isStopping || !hasFailed, let (lane, first) = scheduler.take() else { return nil }
        let kind = first.kind
        guard kind == WorkItem.singleKind else { return takeBatch(lane, first) }
        var work = Work(lanes: [(lane, 1)], items: [])
        work.items.reserveCapacity(pace.events)
        work.items.append(first)
        if pace.events > 1 {
            work.lanes[0].count += scheduler.takeMore(
                from: lane, upTo: pace.events - 1, ofKind: kind, into: &work.items)
        }
        if pace.crossesLanes, work.items.count < pace.events {
            scheduler.takeReady(upTo: pace.events - work.items.count, ofKind: kind, into: &work.items, &work.lanes)
        }
        return work
    }

    private mutating func takeBatch(_ lane: LaneID, _ first: WorkItem) -> Work {
        var work = Work(lanes: [(lane, 1)], items: [first])
        guard let handler = first.nextHandler, case .batch(let limit, _) = handler.body else { return work }
        work.batchHandler = handler
        guard limit > 1, !first.isAlone else { return work }
        work.lanes[0].count += scheduler.takeMore(
            from: lane, upTo: limit - 1, ofKind: first.kind, into: &work.items)
        scheduler.takeReady(upTo: limit - work.items.count, ofKind: first.kind, into: &work.items, &work.lanes)
        return work
    }

    /// Lets a worker wait for work; it is woken at once if there is some.
    mutating func wait(_ worker: Worker, _ pace: WorkPace.Share = .one) -> Effects {
        idle.append((worker, pace))
        return effects()
    }

    /// The events of lanes are done, and their worker takes on what is next: lanes that go on stay with their worker,
    /// instead of waking another.
    mutating func finishAndTake(
        _ lanes: some Sequence<(id: LaneID, count: Int)>, _ pace: WorkPace.Share = .one
    ) -> (work: Work?, effects: Effects) {
        for lane in lanes { scheduler.finish(lane.id) }
        let work = take(pace)
        return (work, effects())
    }

    /// A lane's events are not done: they go on, at once or after ``unpark(_:)``. When the consumer has failed, or
    /// stops before they could go on, or their partition is gone, they are given back.
    mutating func putBack(
        _ items: [WorkItem], to lane: LaneID, parked: Bool
    ) -> Effects {
        var effects = Effects()
        let isGone = items.contains { revoked.contains($0.message.assignment) }
        if isGone || hasFailed || isRetired || (isStopping && parked) {
            effects.abandon = items + scheduler.drop(lane)
        } else {
            scheduler.putBack(items, to: lane, parked: parked) { $0.kind }
        }
        return self.effects(effects)
    }

    /// Whether a lane waits to be unparked.
    func isParked(_ lane: LaneID) -> Bool { scheduler.isParked(lane) }

    /// A parked lane may go on.
    mutating func unpark(_ lane: LaneID) -> Effects {
        _ = scheduler.unpark(lane)
        return effects()
    }

    // MARK: Control

    /// Counts an event that is through: failures in a row stop the consumer at the error limit.
    mutating func note(failed: Bool) -> Effects {
        consecutiveFailures = failed ? consecutiveFailures + 1 : 0
        guard let errorLimit, consecutiveFailures >= errorLimit else { return Effects() }
        return requestStop(.failed(.errorLimit(errorLimit)))
    }

    /// Stops or starts taking events in.
    mutating func setPaused(_ paused: Bool) -> Effects {
        isPaused = paused
        return effects()
    }

    /// Stops; the first reason holds, except that a failure overrides a drain.
    mutating func requestStop(_ request: Stop) -> Effects {
        switch (stop, request) {
        case (nil, _), (.drain, .failed): stop = request
        default: return Effects()
        }
        let hasFailed = hasFailed
        // What waits for another attempt might wait for long: its next owner has it sooner.
        return removeWaiting { isParked, _ in isParked || hasFailed }
    }

    /// Lets workers end instead of waiting.
    mutating func retire() -> Effects {
        isRetired = true
        return removeWaiting { _, _ in true }
    }

    /// Partitions are taken away: what has not been begun is given back.
    mutating func revoke(_ assignments: [AssignmentID]) -> Effects {
        let gone = Set(assignments)
        revoked.formUnion(gone)
        if revoked.count > Self.revokedLimit { revoked = Set(revoked.sorted().suffix(Self.revokedLimit / 2)) }
        return removeWaiting { _, first in gone.contains(first.message.assignment) }
    }

    /// Gives a busy lane back: its events are not done, and nothing behind them may go first.
    mutating func abandon(
        _ items: [WorkItem], of lane: LaneID
    ) -> Effects {
        var effects = Effects()
        effects.abandon = items + scheduler.drop(lane)
        return self.effects(effects)
    }

    private mutating func removeWaiting(where condition: (Bool, WorkItem) -> Bool) -> Effects {
        var effects = Effects()
        effects.abandon = scheduler.removeWaiting(where: condition)
        return self.effects(effects)
    }

    /// Wakes whoever can go on.
    private mutating func effects(_ initial: Effects = Effects()) -> Effects {
        var effects = initial
        while let last = idle.last {
            if let work = take(last.pace) {
                effects.wake.append((last.worker, work))
            } else if isRetired {
                effects.wake.append((last.worker, nil))
            } else {
                break
            }
            idle.removeLast()
        }
        if let intake = waitingIntake {
            switch capacity {
            case nil:
                effects.intake = (intake, nil)
                waitingIntake = nil
            // Below half, so that batches stay large.
            case .some(let room) where room > 0 && scheduler.count <= limit / 2:
                effects.intake = (intake, room)
                waitingIntake = nil
            default: break
            }
        }
        return effects
    }
}
