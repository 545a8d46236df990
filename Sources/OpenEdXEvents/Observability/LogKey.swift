/// The names of the fields in log lines and log metadata: the same in every observer that writes logs.
public enum LogKey: String, Sendable, CaseIterable, Codable {
    case type = "event_type"
    case id = "event_id"
    case topic
    case partition
    case offset
    case key
    case bytes
    case duration = "duration_seconds"
    case handler
    case attempt
    case attempts
    case outcome
    case delay = "delay_seconds"
    case reason
    case errorCode = "error_code"
    case settlement
    case group
    case partitions
    case lost
    case lag
    case inFlight = "in_flight"
    case client
    case queuedMessages = "queued_messages"
    case fetchedMessages = "fetched_messages"
    case sentMessages = "sent_messages"
    case receivedMessages = "received_messages"
    case state
    case deadLetterTopic = "dead_letter_topic"
    case deadLetterPartition = "dead_letter_partition"
    case deadLetterOffset = "dead_letter_offset"
}

/// How grave a log line is.
public enum LogLevel: String, Sendable, CaseIterable, Codable, Comparable {
    /// Counts that come often.
    case trace
    /// What happens to single events.
    case debug
    /// What happens to a consumer as a whole, in good order.
    case info
    /// Trouble that is lived with: a retry, a dead letter, a broker that went away.
    case warning
    /// Something was not done: an event not published, a consumer stopped.
    case error

    /// Whether the first comes before the second.
    public static func < (left: LogLevel, right: LogLevel) -> Bool { left.rank < right.rank }

    private var rank: Int {
        switch self {
        case .trace: 0
        case .debug: 1
        case .info: 2
        case .warning: 3
        case .error: 4
        }
    }
}
