import OpenEdXEvents

/// What a change of the broker's state leads to: done after its lock is released.
struct Effects {
    /// Readers for whom there may be messages.
    var wakes: [Member] = []
    /// Subscribers that have changes to be told.
    var announcements: [Member] = []
    /// Revocations whose time limit begins.
    var revocations: [(member: Member, assignments: [AssignmentID])] = []
    /// Members that are away: the time begins after which they are out.
    var absences: [(group: String, member: MemberID)] = []
    var cancelled: [Task<Void, Never>] = []
    var outcomes: [(CheckedContinuation<[PublishOutcome], Never>, [PublishOutcome])] = []
    var resumed: [CheckedContinuation<Void, Never>] = []
    var facts: [BusFact] = []

    mutating func announce(_ member: Member) {
        if !announcements.contains(where: { $0 === member }) { announcements.append(member) }
    }

    mutating func wake(_ members: [Member]) {
        for member in members where !wakes.contains(where: { $0 === member }) { wakes.append(member) }
    }
}
