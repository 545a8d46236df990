import OpenEdXEvents

/// The faults that a test asked for and that have not happened yet.
struct FaultPlan: Sendable {
    /// Fails messages of a topic, after so many that are let through.
    struct PublishFault: Sendable {
        let topic: String
        var skipping: Int
        var count: Int
        let error: TransportError
    }

    struct CommitFault: Sendable {
        let group: String
        var count: Int
        let error: TransportError
    }

    private(set) var publishes: [PublishFault] = []
    private var commits: [CommitFault] = []
    private var refusals: [TransportError] = []
    private var repeats: [String: Int] = [:]
    /// Whether the broker does not answer.
    var isAway = false

    mutating func add(_ fault: PublishFault) { if fault.count > 0 { publishes.append(fault) } }
    mutating func add(_ fault: CommitFault) { if fault.count > 0 { commits.append(fault) } }
    mutating func refuse(_ error: TransportError) { refusals.append(error) }
    mutating func repeatDeliveries(_ count: Int, of topic: String) { repeats[topic, default: 0] += count }

    var hasRepeats: Bool { !repeats.isEmpty }

    /// The error for the next batch as a whole.
    mutating func nextRefusal() -> TransportError? { refusals.isEmpty ? nil : refusals.removeFirst() }

    /// The error for the next message of a topic.
    mutating func nextPublishError(_ topic: String) -> TransportError? {
        guard let index = publishes.firstIndex(where: { $0.topic == topic }) else { return nil }
        if publishes[index].skipping > 0 {
            publishes[index].skipping -= 1
            return nil
        }
        publishes[index].count -= 1
        let error = publishes[index].error
        if publishes[index].count == 0 { publishes.remove(at: index) }
        return error
    }

    /// The error for the next commit of a group.
    mutating func nextCommitError(_ group: String) -> TransportError? {
        if isAway { return Self.away }
        guard let index = commits.firstIndex(where: { $0.group == group }) else { return nil }
        commits[index].count -= 1
        let error = commits[index].error
        if commits[index].count == 0 { commits.remove(at: index) }
        return error
    }

    /// Whether the next message of a topic is delivered twice.
    mutating func nextIsRepeated(_ topic: String) -> Bool {
        guard let count = repeats[topic] else { return false }
        repeats[topic] = count > 1 ? count - 1 : nil
        return true
    }

    static let away = TransportError(.unavailable, "the broker is away: try again later", isRetriable: true)
}
