import OpenEdXEvents

/// What one member reads: its partitions, what is unsettled, who waits.
///
/// A state machine without effects. It is held under the member's own lock, so that settling does not meet publishing.
struct ReadingState: Sendable {
    typealias Waiter = CheckedContinuation<Void, Never>

    /// Where a partition is between being assigned and being released.
    enum Phase: Sendable {
        /// The change is on its way to the subscriber; nothing is delivered yet.
        case assigned
        case reading
        /// Nothing is delivered any more; the change is on its way to the subscriber.
        case toBeRevoked
        /// Waits until what was delivered is settled.
        case revoking
    }

    struct Partition: Sendable {
        let assignment: Assignment
        /// The index of the topic in the broker.
        let topic: Int
        var tracker: OffsetTracker
        /// The offset that is delivered next.
        var next: Int64
        var phase = Phase.assigned
        /// The tracker's revision of the last commit; `nil` while the group's commit is not from this assignment's
        /// beginning, so that a place that was looked up or sought is kept by the next commit.
        var savedRevision: Int?
        /// A publisher waits until this partition's oldest messages are done with.
        var isRoomWanted = false
        var revocationTimer: Task<Void, Never>?

        var name: TopicPartition { assignment.partition }
        var index: Int { Int(assignment.partition.partition) }
        var needsCommit: Bool { savedRevision != tracker.revision }
    }

    enum Condition: Sendable {
        case open
        case closing
        /// Ended, in good order or with the error that reading gets from now on.
        case ended(TransportError?)
    }

    /// What settling leads to.
    struct Consequences {
        var waiter: Waiter?
        var closer: Waiter?
        var released: AssignmentID?
        var room: (topic: Int, partition: Int)?
    }

    /// In the order of their assignment numbers.
    var partitions: [Partition] = []
    var condition = Condition.open
    var unsettled = 0
    let unsettledLimit: Int
    /// The partition where the next batch begins.
    var turn = 0
    /// The changes that the subscriber has not been told yet, and whether someone is telling it one right now.
    var changes: [AssignmentChange] = []
    var isAnnouncing = false
    /// Grows whenever a wait for messages may be over. Who found nothing waits only if it has not grown since.
    private(set) var signal = 0
    /// Whether reading stopped because too much is unsettled.
    var waitsForRoom = false
    private var waiter: Waiter?
    private var closer: Waiter?
    /// Whether the time to wait for what is unsettled is over, be it before anyone waits.
    private var isSettlingOver = false
    private var lastAssignment: UInt64 = 0
    private var recent = 0

    init(unsettledLimit: Int) { self.unsettledLimit = max(1, unsettledLimit) }

    // MARK: Assignments

    mutating func assign(
        _ name: TopicPartition, topic: Int, tracker: OffsetTracker, at offset: Int64, isCommitted: Bool
    ) -> Assignment {
        lastAssignment += 1
        let assignment = Assignment(name, AssignmentID(lastAssignment))
        partitions.append(
            Partition(
                assignment: assignment, topic: topic, tracker: tracker, next: offset,
                savedRevision: isCommitted ? tracker.revision : nil))
        return assignment
    }

    /// Stops the delivery of a partition; `nil` if it is not assigned or being revoked already.
    mutating func revoke(_ name: TopicPartition) -> Assignment? {
        guard let index = partitions.firstIndex(where: { $0.name == name }) else { return nil }
        switch partitions[index].phase {
        case .assigned, .reading: partitions[index].phase = .toBeRevoked
        case .toBeRevoked, .revoking: return nil
        }
        return partitions[index].assignment
    }

    /// Takes a partition away, whatever is unsettled.
    @discardableResult
    mutating func remove(_ id: AssignmentID) -> Partition? {
        guard let index = index(of: id) else { return nil }
        let partition = partitions.remove(at: index)
        unsettled -= partition.tracker.unsettled
        return partition
    }

    mutating func removeAll() -> [Partition] {
        defer {
            partitions = []
            unsettled = 0
        }
        return partitions
    }

    /// The next change that the subscriber is to be told, unless someone is telling it another.
    mutating func takeChange() -> AssignmentChange? {
        guard !isAnnouncing, !changes.isEmpty else { return nil }
        isAnnouncing = true
        return changes.removeFirst()
    }

    /// The subscriber was told: delivery begins, or the wait for what is unsettled.
    ///
    /// - Returns: What can be released at once.
    mutating func announced(_ change: AssignmentChange) -> [AssignmentID] {
        isAnnouncing = false
        var released: [AssignmentID] = []
        switch change {
        case .assigned(let assignments):
            for assignment in assignments {
                guard let index = index(of: assignment.id), case .assigned = partitions[index].phase else { continue }
                partitions[index].phase = .reading
            }
        case .revoking(let assignments):
            for assignment in assignments {
                guard let index = index(of: assignment.id) else { continue }
                partitions[index].phase = .revoking
                if partitions[index].tracker.unsettled == 0 { released.append(assignment.id) }
            }
        case .lost: break
        }
        return released
    }

    func index(of id: AssignmentID) -> Int? {
        partitions.index(of: id, near: recent) { $0.assignment.id }
    }

    // MARK: Settling

    /// Settles a delivery; one under an assignment that is gone, or settled before, changes nothing.
    mutating func settle(_ delivery: Delivery, isFinished: Bool, _ consequences: inout Consequences) {
        guard let index = index(of: delivery.assignment) else { return }
        recent = index
        let offset = delivery.position.offset
        let isNew =
            isFinished
            ? partitions[index].tracker.complete(offset) : partitions[index].tracker.abandon(offset)
        guard isNew else { return }
        unsettled -= 1
        if waitsForRoom {
            waitsForRoom = false
            consequences.waiter = wake() ?? consequences.waiter
        }
        if unsettled == 0, closer != nil { consequences.closer = closer.take() }
        if partitions[index].isRoomWanted { noteRoom(index, &consequences) }
        if case .revoking = partitions[index].phase, partitions[index].tracker.unsettled == 0 {
            consequences.released = delivery.assignment
        }
    }

    /// A publisher waits. It is told when all that was delivered is settled, and every so often before.
    private mutating func noteRoom(_ index: Int, _ consequences: inout Consequences) {
        let partition = partitions[index]
        guard partition.tracker.unsettled == 0 || partition.tracker.revision & 255 == 0 else { return }
        partitions[index].isRoomWanted = false
        consequences.room = (partition.topic, partition.index)
    }

    // MARK: Waiting

    /// Ends a wait for messages, now or as soon as it begins.
    mutating func wake() -> Waiter? {
        signal += 1
        return waiter.take()
    }

    var hasWaiter: Bool { waiter != nil }

    /// Lets someone wait who saw a signal; false if there is a reason to look again.
    mutating func wait(_ continuation: Waiter, seen: Int) -> Bool {
        guard signal == seen, waiter == nil else { return false }
        waiter = continuation
        return true
    }

    /// Lets whoever closes wait until nothing is unsettled; false if nothing is.
    mutating func waitUntilSettled(_ continuation: Waiter) -> Bool {
        guard unsettled > 0, closer == nil, !isSettlingOver else { return false }
        closer = continuation
        return true
    }

    /// Whoever closes, if what was unsettled is settled or taken away.
    mutating func closerIfSettled() -> Waiter? { unsettled == 0 ? closer.take() : nil }

    /// Nobody waits any more until nothing is unsettled.
    mutating func endWaitUntilSettled() -> Waiter? {
        isSettlingOver = true
        return closer.take()
    }
}
