import OpenEdXEvents

/// What a subscription announced about its partitions.
struct AssignmentLog: Sendable, CustomStringConvertible {
    /// Every announcement, in order.
    private(set) var changes: [AssignmentChange] = []
    /// The partitions being read, each with its latest assignment.
    private(set) var current: [TopicPartition: AssignmentID] = [:]
    /// Those that were taken away last, and may still be announced as lost.
    private var revoking: [TopicPartition: AssignmentID] = [:]
    /// Every assignment that was announced.
    private(set) var announced: Set<Assignment> = []
    /// The announcements that cannot be.
    private(set) var contradictions: [String] = []

    var partitions: Set<TopicPartition> { Set(current.keys) }

    var description: String {
        let owned = current.map { "\($0.key)#\($0.value.number)" }.sorted().joined(separator: " ")
        return "\(changes.count) announcements, partitions: \(owned.isEmpty ? "none" : owned)"
    }

    mutating func note(_ change: AssignmentChange) {
        changes.append(change)
        switch change {
        case .assigned(let assignments):
            for assignment in assignments {
                if !announced.insert(assignment).inserted {
                    contradictions.append("\(assignment.partition)#\(assignment.id.number) assigned twice")
                }
                current[assignment.partition] = assignment.id
                revoking[assignment.partition] = nil
            }
        case .revoking(let assignments):
            for assignment in assignments {
                if current.removeValue(forKey: assignment.partition) == nil {
                    contradictions.append("\(assignment.partition) revoked though not assigned")
                }
                revoking[assignment.partition] = assignment.id
            }
        case .lost(let assignments):
            for assignment in assignments {
                let wasCurrent = current.removeValue(forKey: assignment.partition) != nil
                let wasRevoking = revoking.removeValue(forKey: assignment.partition) != nil
                if !wasCurrent, !wasRevoking {
                    contradictions.append("\(assignment.partition) lost though not assigned")
                }
            }
        }
    }

    /// The partitions of the first revocation, empty before there was one.
    var firstRevoked: Set<TopicPartition> {
        for case .revoking(let assignments) in changes { return Set(assignments.map(\.partition)) }
        return []
    }
}
