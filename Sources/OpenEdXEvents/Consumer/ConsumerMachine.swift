/// What a worker does next: one event, or several.
struct ConsumerWork: Sendable {
    let first: (lane: KeyedScheduler<WorkItem>.LaneID, item: WorkItem)
    /// The events that go with the first: to a handler of batches, or the next of its lane, one after another.
    var more: [(lane: KeyedScheduler<WorkItem>.LaneID, item: WorkItem)] = []
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
    /// The workers that wait, each with how many events of a lane it takes at a time.
    private var idle: [(worker: Worker, run: Int)] = []
    private var waitingIntake: Intake?
    private let limit: Int
    private let errorLimit: Int?
    private var consecutiveFailures = 0
    private(set) var isPaused = false
    private(set) var stop: Stop?
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
        if stop != nil { return nil }
        return isPaused ? 0 : max(0, limit - scheduler.count)
    }

    /// Lets the intake wait for capacity.
    mutating func wait(_ intake: Intake) -> Effects {
        waitingIntake = intake
        return effects()
    }

    /// Takes events in; those of assignments that are gone by now are abandoned, and those that come after a stop: an
    /// earlier one of their key may have been given back by it.
    mutating func add(_ items: [(item: WorkItem, key: [UInt8]?)]) -> Effects {
        var effects = Effects()
        for (item, key) in items {
            let assignment = item.message.delivery.assignment
            guard !revoked.contains(assignment), !isRetired, stop == nil else {
                effects.abandon.append(item)
                continue
            }
            scheduler.add(item, key: key.map { .init(assignment: assignment, key: $0) })
        }
        return self.effects(effects)
    }

    // MARK: Work

    /// The next work, if any can be begun. `nil` means to wait, or to end if the consumer is retired.
    ///
    /// - Parameter run: How many events of a lane are taken at the most, for a handler of single events.
    mutating func take(run: Int = 1) -> Work? {
        guard !isRetired, !hasFailed, let first = scheduler.take() else { return nil }
        var work = Work(first: first)
        if let handler = first.item.nextHandler, case .batch(let limit, _) = handler.body {
            guard limit > 1, !first.item.isAlone else { return work }
            work.more = scheduler.takeMore(
                from: first.lane, andReadyLanes: true, upTo: limit - 1
            ) { $0.nextHandler?.number == handler.number && !$0.isAlone }
        } else if run > 1 {
            work.more = scheduler.takeMore(from: first.lane, andReadyLanes: false, upTo: run - 1) {
                if case .batch = $0.nextHandler?.body { false } else { true }
            }
        }
        return work
    }

    /// Lets a worker wait for work; it is woken at once if there is some.
    mutating func wait(_ worker: Worker, run: Int = 1) -> Effects {
        idle.append((worker, run))
        return effects()
    }

    /// A lane's events are done, and their worker takes on what is next: a lane that goes on stays with its worker,
    /// instead of waking another.
    mutating func finishAndTake(
        _ lane: KeyedScheduler<WorkItem>.LaneID, run: Int = 1
    ) -> (work: Work?, effects: Effects) {
        var effects = Effects()
        scheduler.finish(lane)
        let work = take(run: run)
        effects.merge(self.effects())
        return (work, effects)
    }

    /// A lane's events are not done: they go on, at once or after ``unpark(_:)``. When the consumer has failed, or
    /// stops before they could go on, or their partition is gone, they are given back.
    mutating func putBack(
        _ items: [WorkItem], to lane: KeyedScheduler<WorkItem>.LaneID, parked: Bool
    ) -> Effects {
        var effects = Effects()
        let isGone = items.contains { revoked.contains($0.message.delivery.assignment) }
        if isGone || hasFailed || isRetired || (stop != nil && parked) {
            effects.abandon = items + scheduler.drop(lane)
        } else {
            scheduler.putBack(items, to: lane, parked: parked)
        }
        return self.effects(effects)
    }

    /// Whether a lane waits to be unparked.
    func isParked(_ lane: KeyedScheduler<WorkItem>.LaneID) -> Bool { scheduler.isParked(lane) }

    /// A parked lane may go on.
    mutating func unpark(_ lane: KeyedScheduler<WorkItem>.LaneID) -> Effects {
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
        return removeWaiting { _, first in gone.contains(first.message.delivery.assignment) }
    }

    /// Gives a busy lane back: its events are not done, and nothing behind them may go first.
    mutating func abandon(
        _ items: [WorkItem], of lane: KeyedScheduler<WorkItem>.LaneID
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
            if let work = take(run: last.run) {
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
