import OpenEdXEvents

/// What one subscription reads: its partitions, what waits, what is unsettled, who waits.
///
/// A state machine without effects, held under a lock between the client's thread and those who read and settle.
struct ReadingState: Sendable {
    typealias Waiter = CheckedContinuation<Void, Never>

    enum Condition: Sendable {
        case open
        case closing
        /// Ended, in good order or with the error that reading gets from now on.
        case ended(TransportError?)
    }

    enum Fetched: Sendable {
        case batch([IncomingMessage])
        /// There is nothing; worth another look once the signal differs.
        case nothing(signal: Int)
        case ended
        case failed(TransportError)
    }

    /// What a commit says of one partition.
    struct CommitEntry: Sendable {
        let assignment: Assignment
        let place: CommittedPlace
        let revision: Int
    }

    /// In the order of their assignment numbers.
    private(set) var partitions: [PartitionReading] = []
    var condition = Condition.open
    private(set) var unsettled = 0
    let unsettledLimit: Int
    let gate: IntakeGate
    /// What waits in the partitions that are not paused.
    private(set) var waitingLoad = Load()
    /// Whether the client's thread rests until there is room.
    var isResting = false
    /// The partition where the next batch begins.
    private var turn = 0
    /// Grows whenever a wait for messages may be over. Who found nothing waits only if it has not grown since.
    private var signal = 0
    /// Whether reading stopped because too much is unsettled.
    private var waitsForRoom = false
    private var waiter: Waiter?
    private var lastAssignment: UInt64 = 0
    private var recent = 0

    /// A batch with so many messages is not filled up from further partitions.
    private static let sufficient = 64

    init(unsettledLimit: Int, gate: IntakeGate) {
        self.unsettledLimit = max(1, unsettledLimit)
        self.gate = gate
    }

    // MARK: Assignments

    mutating func nextAssignment(_ name: TopicPartition) -> Assignment {
        lastAssignment += 1
        return Assignment(name, AssignmentID(lastAssignment))
    }

    /// Takes a partition in. Nothing is delivered before ``begin(_:)``.
    mutating func assign(_ partition: PartitionReading) { partitions.append(partition) }

    /// The subscriber was told: delivery begins.
    mutating func begin(_ assignments: [Assignment]) {
        for assignment in assignments {
            if let index = index(of: assignment.id), case .assigned = partitions[index].phase {
                partitions[index].phase = .reading
            }
        }
    }

    /// Stops the delivery of partitions; returns those that were read until now.
    mutating func revoke(_ names: [TopicPartition]) -> [Assignment] {
        let names = Set(names)
        var revoked: [Assignment] = []
        for index in partitions.indices where names.contains(partitions[index].name) {
            if case .revoking = partitions[index].phase { continue }
            partitions[index].phase = .revoking
            drop(index)
            revoked.append(partitions[index].assignment)
        }
        return revoked
    }

    /// Whether nothing is unsettled in these partitions.
    func isSettled(_ assignments: [Assignment]) -> Bool {
        assignments.allSatisfy { assignment in
            index(of: assignment.id).map { partitions[$0].tracker.unsettled == 0 } ?? true
        }
    }

    /// Takes partitions away, whatever is unsettled.
    @discardableResult
    mutating func remove(_ ids: Set<AssignmentID>) -> [PartitionReading] {
        var removed: [PartitionReading] = []
        for index in partitions.indices.reversed() where ids.contains(partitions[index].assignment.id) {
            drop(index)
            unsettled -= partitions[index].tracker.unsettled
            removed.append(partitions.remove(at: index))
        }
        return removed.reversed()
    }

    /// A reader that waits for room, if there is some since partitions were removed with what was unsettled in them.
    mutating func wakeForRoom() -> Waiter? {
        guard waitsForRoom, unsettled < unsettledLimit else { return nil }
        waitsForRoom = false
        return wake()
    }

    /// Drops what waits in a partition.
    private mutating func drop(_ index: Int) {
        if !partitions[index].isPaused { waitingLoad -= partitions[index].load }
        partitions[index].clear()
    }

    /// The assignment under which messages of a partition are taken in; none while it is being given up.
    func assignment(of name: TopicPartition) -> AssignmentID? {
        partitions.last { $0.name == name }.flatMap {
            if case .revoking = $0.phase { nil } else { $0.assignment.id }
        }
    }

    private func index(of id: AssignmentID) -> Int? {
        partitions.index(of: id, near: recent) { $0.assignment.id }
    }

    // MARK: Intake

    /// Takes in messages of a partition; returns the reader that waits for them.
    mutating func add(_ messages: [IncomingMessage], bytes: Int, to id: AssignmentID) -> Waiter? {
        guard let index = index(of: id) else { return nil }
        let added = partitions[index].add(messages, bytes: bytes)
        if !partitions[index].isPaused { waitingLoad += added }
        return added.messages > 0 ? wake() : nil
    }

    /// The end of a partition was reached.
    mutating func reach(end offset: Int64, of name: TopicPartition) {
        guard let index = partitions.lastIndex(where: { $0.name == name }) else { return }
        partitions[index].reach(end: offset)
    }

    var isFull: Bool { gate.isFull(waitingLoad) }

    /// The partitions that hold too much, at least one, which are to be paused.
    mutating func pause() -> [TopicPartition] {
        let count = partitions.count
        let running = partitions.indices.filter { !partitions[$0].isPaused }
        var heavy = running.filter { gate.isHeavy(partitions[$0].load, among: count) }
        if heavy.isEmpty {
            heavy = running.max { partitions[$0].load.bytes < partitions[$1].load.bytes }.map { [$0] } ?? []
        }
        for index in heavy {
            waitingLoad -= partitions[index].load
            partitions[index].cut(to: gate.share(among: count))
            partitions[index].isPaused = true
        }
        return heavy.map { partitions[$0].name }
    }

    /// The paused partitions that may go on, each with where.
    mutating func resume() -> [TopicPartition: Int64] {
        var resumed: [TopicPartition: Int64] = [:]
        for index in partitions.indices where partitions[index].isPaused {
            guard gate.isLight(partitions[index].load, among: partitions.count) else { continue }
            if case .revoking = partitions[index].phase { continue }
            partitions[index].isPaused = false
            waitingLoad += partitions[index].load
            resumed[partitions[index].name] = partitions[index].arriving
        }
        return resumed
    }

    // MARK: Delivery

    /// Delivers what waits; partitions take turns in being the first. Also says whether the client's thread is to look.
    mutating func fetch(atMost limit: Int) -> (fetched: Fetched, wakesClient: Bool) {
        switch condition {
        case .open: break
        case .closing, .ended(nil): return (.ended, false)
        case .ended(.some(let error)): return (.failed(error), false)
        }
        if waiter != nil {
            return (
                .failed(TransportError(.invalidArgument, "another task waits for the next batch already")), false
            )
        }
        var room = min(max(1, limit), unsettledLimit - unsettled)
        waitsForRoom = room <= 0
        guard room > 0 else { return (.nothing(signal: signal), false) }
        var batch: [IncomingMessage] = []
        var wakesClient = false
        let count = partitions.count
        let first = turn < count ? turn : 0
        for step in 0..<count where room > 0 && batch.count < Self.sufficient {
            let index = first + step < count ? first + step : first + step - count
            guard case .reading = partitions[index].phase, partitions[index].load.messages > 0 else { continue }
            let before = batch.count
            let (taken, isBlocked) = partitions[index].take(room, into: &batch)
            if isBlocked { waitsForRoom = true }
            if partitions[index].isPaused {
                wakesClient = wakesClient || gate.isLight(partitions[index].load, among: count)
            } else {
                waitingLoad -= taken
            }
            unsettled += batch.count - before
            room -= batch.count - before
            if batch.count > before { turn = index + 1 }
        }
        if isResting, gate.isLow(waitingLoad) {
            isResting = false
            wakesClient = true
        }
        return (batch.isEmpty ? .nothing(signal: signal) : .batch(batch), wakesClient)
    }

    /// Settles a delivery; one under an assignment that is gone, or settled before, changes nothing.
    ///
    /// - Returns: A reader that has room now, and whether the client's thread is to look.
    mutating func settle(
        _ offset: Int64, under assignment: AssignmentID, isFinished: Bool
    ) -> (waiter: Waiter?, wakesClient: Bool) {
        guard let index = index(of: assignment) else { return (nil, false) }
        recent = index
        let isNew =
            isFinished ? partitions[index].tracker.complete(offset) : partitions[index].tracker.abandon(offset)
        guard isNew else { return (nil, false) }
        unsettled -= 1
        var waiter: Waiter?
        if waitsForRoom {
            waitsForRoom = false
            waiter = wake()
        }
        var wakesClient = false
        if case .revoking = partitions[index].phase { wakesClient = partitions[index].tracker.unsettled == 0 }
        if case .closing = condition { wakesClient = wakesClient || unsettled == 0 }
        return (waiter, wakesClient)
    }

    /// Settles messages that are finished.
    ///
    /// - Returns: As ``settle(_:under:isFinished:)``.
    mutating func finish(_ messages: [IncomingMessage]) -> (waiter: Waiter?, wakesClient: Bool) {
        var wakesClient = false
        var settled = 0
        var position = 0
        while position < messages.count {
            let assignment = messages[position].assignment
            let index = index(of: assignment)
            while position < messages.count, messages[position].assignment == assignment {
                if let index, partitions[index].tracker.complete(messages[position].offset) { settled += 1 }
                position += 1
            }
            guard let index else { continue }
            recent = index
            if case .revoking = partitions[index].phase, partitions[index].tracker.unsettled == 0 { wakesClient = true }
        }
        guard settled > 0 else { return (nil, false) }
        unsettled -= settled
        if case .closing = condition { wakesClient = wakesClient || unsettled == 0 }
        guard waitsForRoom else { return (nil, wakesClient) }
        waitsForRoom = false
        return (wake(), wakesClient)
    }

    // MARK: Waiting

    /// Ends a wait for messages, now or as soon as it begins.
    mutating func wake() -> Waiter? {
        signal += 1
        return waiter.take()
    }

    /// Lets someone wait who saw a signal; false if there is a reason to look again.
    mutating func wait(_ continuation: Waiter, seen: Int) -> Bool {
        guard signal == seen, waiter == nil else { return false }
        waiter = continuation
        return true
    }

    // MARK: Commits

    /// What is to be committed of these partitions, or of all.
    func commitEntries(of ids: Set<AssignmentID>? = nil) -> [CommitEntry] {
        partitions.filter { $0.needsCommit && ids?.contains($0.assignment.id) ?? true }.map {
            let point = $0.tracker.committable
            return CommitEntry(
                assignment: $0.assignment, place: CommittedPlace(offset: point.offset, metadata: point.metadata),
                revision: $0.tracker.revision)
        }
    }

    /// A commit is stored.
    mutating func noteCommitted(_ entry: CommitEntry) {
        guard let index = index(of: entry.assignment.id) else { return }
        partitions[index].committed = entry.place.offset
        partitions[index].savedRevision = entry.revision
    }
}
