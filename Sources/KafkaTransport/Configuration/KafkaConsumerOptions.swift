/// How messages are read.
public struct KafkaConsumerOptions: Sendable, Hashable {
    /// How a group shares partitions. All members of a group must agree.
    public enum Assignment: String, Sendable, Hashable, CaseIterable {
        /// Partitions move only where they must, and the others are read meanwhile.
        case cooperativeSticky
        /// Neighbouring partitions of each topic go to one member; all stop while a group changes.
        case range
        /// One partition to each in turn; all stop while a group changes.
        case roundRobin
    }

    /// How a group shares partitions.
    public var assignment: Assignment
    /// How long a member may be silent before its partitions go to others.
    public var sessionTimeout: Duration
    /// How often a member says that it lives: a third of the session time-out at the most.
    public var heartbeatInterval: Duration
    /// How long a member may go without polling. The transport polls always, so this is reached only by a hung process.
    public var maximumPollInterval: Duration
    /// How long a broker may wait until it has something to answer a fetch with.
    public var fetchWait: Duration
    /// How many bytes make a broker answer a fetch at once.
    public var fetchMinimumBytes: Int
    /// How many bytes a fetch asks of one partition.
    public var partitionFetchBytes: Int
    /// How many messages a client fetches ahead.
    public var prefetchMessages: Int
    /// How many bytes a client fetches ahead at the most, in units of 1,024.
    public var prefetchKilobytes: Int
    /// Whether messages of transactions that are open or were aborted are passed over.
    public var readsCommittedOnly: Bool

    /// Creates consumer options from their parts.
    public init(
        assignment: Assignment = .cooperativeSticky, sessionTimeout: Duration = .seconds(45),
        heartbeatInterval: Duration = .seconds(3), maximumPollInterval: Duration = .seconds(300),
        fetchWait: Duration = .milliseconds(500), fetchMinimumBytes: Int = 1, partitionFetchBytes: Int = 1_048_576,
        prefetchMessages: Int = 100_000, prefetchKilobytes: Int = 32_768, readsCommittedOnly: Bool = true
    ) {
        self.assignment = assignment
        self.sessionTimeout = sessionTimeout
        self.heartbeatInterval = heartbeatInterval
        self.maximumPollInterval = maximumPollInterval
        self.fetchWait = fetchWait
        self.fetchMinimumBytes = fetchMinimumBytes
        self.partitionFetchBytes = partitionFetchBytes
        self.prefetchMessages = prefetchMessages
        self.prefetchKilobytes = prefetchKilobytes
        self.readsCommittedOnly = readsCommittedOnly
    }
}
