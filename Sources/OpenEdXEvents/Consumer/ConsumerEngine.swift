import Synchronization

/// Holds a consumer's state behind a lock, and carries out what the state decides, outside of it.
final class ConsumerEngine: Sendable {
    typealias State = ConsumerMachine<CheckedContinuation<Work?, Never>, CheckedContinuation<Int?, Never>>
    typealias Work = ConsumerWork
    typealias LaneID = KeyedScheduler<WorkItem>.LaneID

    private struct Contents: Sendable {
        var state: State
        var hasBegun = false
        var subscription: (any EventSubscription)?
        /// Whoever waits for the stop is told whether what was taken in is to be finished.
        var stopWaiter: CheckedContinuation<Bool, Never>?
        var timers: [LaneID: Task<Void, Never>] = [:]
        /// The wait for messages, which a pause ends.
        var reading: Task<Result<[IncomingMessage]?, TransportError>, Never>?

        /// Whoever waits for the stop, once there is one.
        mutating func takeStopWaiter() -> (CheckedContinuation<Bool, Never>, State.Stop)? {
            guard state.isStopping, let stop = state.stop, let waiter = stopWaiter.take() else { return nil }
            return (waiter, stop)
        }
    }

    private let locked: Locked<Contents>
    private let interruptionCount = Atomic<UInt64>(0)
    private let settings: ConsumerSettings

    init(_ settings: ConsumerSettings) {
        self.settings = settings
        locked = Locked(
            Contents(state: State(limit: settings.unsettledLimit, errorLimit: settings.errorLimit)))
    }

    // MARK: Life

    /// `false` if the consumer was begun before.
    func begin() -> Bool {
        locked.withLock { locked in
            defer { locked.hasBegun = true }
            return !locked.hasBegun
        }
    }

    func attach(_ subscription: any EventSubscription) {
        locked.withLock { $0.subscription = subscription }
    }

    var subscription: (any EventSubscription)? { locked.withLock { $0.subscription } }

    /// Why the consumer stopped; `nil` if it was asked to.
    var failure: ConsumerError? {
        locked.withLock { if case .failed(let error) = $0.state.stop { error } else { nil } }
    }

    /// Waits until the consumer is to stop; `true` if what was taken in is to be finished.
    func stopRequested() async -> Bool {
        await withCheckedContinuation { continuation in
            let stop = locked.withLock { locked -> State.Stop? in
                if locked.state.stop == nil { locked.stopWaiter = continuation }
                return locked.state.stop
            }
            if let stop { continuation.resume(returning: Self.isPatient(stop)) }
        }
    }

    func drain() { change { $0.requestStop(.drain) } }

    func stop(_ error: ConsumerError) {
        change { $0.requestStop(.failed(error)) }
        interrupt()
    }

    /// Lets the workers end. Handlers that still run are told by cancellation.
    func retire() {
        change { $0.retire() }
        interrupt()
        let timers = locked.withLock { locked in
            defer { locked.timers = [:] }
            return locked.timers.values
        }
        for timer in timers { timer.cancel() }
    }

    func setPaused(_ paused: Bool) {
        change { $0.setPaused(paused) }
        if paused { locked.withLock { $0.reading }?.cancel() }
        report(paused ? .paused : .running)
    }

    func assignment(_ change: AssignmentChange) {
        switch change {
        case .assigned(let assignments):
            settings.observer?.record(.assigned(group: settings.group, assignments.map(\.partition)))
        case .revoking(let assignments):
            settings.observer?.record(.revoked(group: settings.group, assignments.map(\.partition), lost: false))
            self.change { $0.revoke(assignments.map(\.id)) }
            interrupt()
        case .lost(let assignments):
            settings.observer?.record(.revoked(group: settings.group, assignments.map(\.partition), lost: true))
            self.change { $0.revoke(assignments.map(\.id)) }
            interrupt()
        }
    }

    func report(_ state: ConsumerState) {
        settings.observer?.record(.consumer(group: settings.group, state))
    }

    // MARK: Intake

    /// Waits until events may be taken in; returns how many, or `nil` if the consumer stops.
    func capacity() async -> Int? {
        let now = locked.withLock { $0.state.capacity }
        guard now == 0 else { return now }
        return await withCheckedContinuation { continuation in
            change { $0.wait(continuation) }
        }
    }

    /// Remembers the wait for messages; a pause that came before ends it at once.
    func hold(_ reading: Task<Result<[IncomingMessage]?, TransportError>, Never>) {
        let isPaused = locked.withLock { locked in
            locked.reading = reading
            return locked.state.isPaused
        }
        if isPaused { reading.cancel() }
    }

    /// Takes in events that nobody has looked at.
    func add(_ messages: [IncomingMessage]) {
        // In parts, so that workers need not wait long for the lock.
        var start = 0
        while start < messages.count {
            let part = messages[start..<min(start + 64, messages.count)]
            add { state in state.add(part, inOrderOf: settings.ordering) }
            start = part.endIndex
        }
    }

    /// Takes in events that have been looked at.
    func add(_ items: [WorkItem]) {
        if !items.isEmpty { add { state in state.add(items, inOrderOf: settings.ordering) } }
    }

    private func add(_ body: (inout State) -> State.Effects) {
        var count = 0
        change { state in
            let effects = body(&state)
            // Counted at once: a moment later all may be through.
            count = state.count
            return effects
        }
        settings.observer?.record(.inFlight(group: settings.group, count: count))
    }

    // MARK: Work

    /// A number that changes whenever a worker is to give back what it has taken and not begun.
    var interruptions: UInt64 { interruptionCount.load(ordering: .acquiring) }

    private func interrupt() { interruptionCount.add(1, ordering: .releasing) }

    /// Waits for work; `nil` when the worker is to end.
    ///
    /// - Parameter pace: How many events the worker takes at the most.
    func next(_ pace: WorkPace.Share = .one) async -> Work? {
        if let work = locked.withLock({ $0.state.take(pace) }) { return work }
        return await withCheckedContinuation { continuation in
            change { $0.wait(continuation, pace) }
        }
    }

    /// The events of lanes are through: returns what the worker does next, or waits for it; `nil` when it is to end.
    func next(after lanes: [(id: LaneID, count: Int)], _ pace: WorkPace.Share) async -> Work? {
        var work: Work?
        change { state in
            let (next, effects) = state.finishAndTake(lanes, pace)
            work = next
            return effects
        }
        if let work { return work }
        return await next(pace)
    }

    /// Counts an event that is through.
    func note(failed: Bool) {
        change { $0.note(failed: failed) }
        // It may have been one too many.
        if failed { interrupt() }
    }

    /// What a worker had of a lane is through, but for what remains.
    ///
    /// - Parameter pause: How long the lane waits; another worker takes it up then, and this one is free.
    func settle(_ lane: LaneID, remaining: [WorkItem], pause: Duration?) {
        change { $0.putBack(remaining, to: lane, parked: pause != nil) }
        guard let pause, !remaining.isEmpty else { return }
        let timer = Task { [weak self, clock = settings.clock] in
            guard (try? await clock.sleep(for: pause, tolerance: nil)) != nil else { return }
            self?.wake(lane)
        }
        let isParked = locked.withLock { locked in
            // Woken already, the lane needs no timer; and none may outlive the lane on the list.
            guard locked.state.stop == nil, locked.state.isParked(lane) else { return false }
            locked.timers[lane] = timer
            return true
        }
        if !isParked { timer.cancel() }
    }

    /// The events of a lane are given back: they come again, to whoever owns the partition then.
    func abandon(_ items: [WorkItem], of lane: LaneID) {
        change { $0.abandon(items, of: lane) }
    }

    private func wake(_ lane: LaneID) {
        locked.withLock { _ = $0.timers.removeValue(forKey: lane) }
        change { $0.unpark(lane) }
    }

    /// Changes the state under the lock, and carries out what follows outside of it.
    private func change(_ body: (inout State) -> State.Effects) {
        let (effects, stopped) = locked.withLock { locked in
            let effects = body(&locked.state)
            return (effects, locked.takeStopWaiter())
        }
        if !effects.abandon.isEmpty {
            let subscription = subscription
            for item in effects.abandon { giveBack(item, to: subscription) }
        }
        for (worker, work) in effects.wake { worker.resume(returning: work) }
        if let (waiting, capacity) = effects.intake { waiting.resume(returning: capacity) }
        if let (waiter, stop) = stopped { waiter.resume(returning: Self.isPatient(stop)) }
    }

    private func giveBack(_ item: WorkItem, to subscription: (any EventSubscription)?) {
        guard let inbox = settings.inbox, item.isClaimed, case .received(let received) = item.content else {
            subscription?.abandon(item.message.delivery)
            return
        }
        // Released first: else the event's next delivery would look like a duplicate.
        Task {
            await inbox.release(received.inboxKey)
            subscription?.abandon(item.message.delivery)
        }
    }

    private static func isPatient(_ stop: State.Stop) -> Bool {
        if case .failed(.cancelled) = stop { false } else { true }
    }
}
