/// How many messages and bytes wait somewhere.
struct Load: Hashable, Sendable {
    var messages = 0
    var bytes = 0

    static func += (left: inout Load, right: Load) {
        left.messages += right.messages
        left.bytes += right.bytes
    }

    static func -= (left: inout Load, right: Load) {
        left.messages -= right.messages
        left.bytes -= right.bytes
    }
}

/// When a subscription stops to take messages from the broker, and when it goes on.
///
/// Full, it rests first: a reader that is only a little slower makes room at once, while to pause a partition drops what
/// was fetched ahead. Only after a while the partitions that hold their share are paused, so that polling goes on.
struct IntakeGate: Sendable {
    let limit: Load
    /// How long to rest before pausing.
    static let patience = Duration.milliseconds(200)

    /// - Parameter messages: How many messages may wait at the most, but for the last batch.
    init(messages: Int, bytes: Int) { limit = Load(messages: max(1, messages), bytes: max(1, bytes)) }

    func isFull(_ load: Load) -> Bool { load.messages >= limit.messages || load.bytes >= limit.bytes }

    /// Whether so much has been read that it is worth taking more.
    func isLow(_ load: Load) -> Bool { load.messages * 2 <= limit.messages && load.bytes * 2 <= limit.bytes }

    /// What a paused partition may keep, one among so many.
    func share(among count: Int) -> Load {
        Load(messages: max(1, limit.messages / max(1, count)), bytes: max(1, limit.bytes / max(1, count)))
    }

    /// Whether a partition holds so much that it is one of those to pause.
    func isHeavy(_ load: Load, among count: Int) -> Bool {
        let share = share(among: count)
        return load.messages * 2 >= share.messages || load.bytes * 2 >= share.bytes
    }

    /// Whether a paused partition has so little left that it is to be fetched again.
    func isLight(_ load: Load, among count: Int) -> Bool {
        let share = share(among: count)
        return load.messages * 4 <= share.messages && load.bytes * 4 <= share.bytes
    }
}

/// When librdkafka is to be reminded that it may fetch.
///
/// Before 2.2.0 it stops fetching once enough is fetched ahead, and looks only after up to a second whether there is room
/// again. Who reads more than it holds in a second would wait most of the time.
struct FetchStirring: Sendable {
    /// Less is no sign that fetching has stopped.
    static let least = 1_024

    /// The most that was held since the last reminder.
    private var peak = 0

    /// Whether half of what was held is gone.
    mutating func isDue(queued: Int) -> Bool {
        peak = max(peak, queued)
        guard peak >= Self.least, queued <= peak / 2 else { return false }
        peak = queued
        return true
    }
}
