public import OpenEdXEvents

/// How an ``InMemoryBroker`` behaves. The defaults are those of Kafka and librdkafka where they have one.
public struct InMemoryConfiguration: Sendable {
    /// How many partitions a topic gets that is created by its first use; at least 1.
    public var partitions: Int32 = 4
    /// Whether a topic is created by its first use; else using it fails with an unknown topic.
    public var createsTopics = true
    /// The most bytes of key, headers and value of a message together.
    public var maximumMessageBytes = 1_000_000
    /// How much a partition keeps, and what happens when it is full.
    public var retention = Retention()
    /// How long a publish waits for a broker that is away, or for messages that are held.
    public var deliveryLimit: Duration = .seconds(120)
    /// After which time a member that was lost without goodbye is out of its group, and one with a name that left.
    public var sessionTimeout: Duration = .seconds(45)
    /// Decides where messages without a key go; `nil` for another one each time.
    public var seed: UInt64?
    /// Drives every time limit and interval.
    public var clock: any Clock<Duration> = ContinuousClock()
    /// Tells the time with which messages are stored.
    public var now: @Sendable () -> EventTime = { EventTime.now() }
    /// Is told of commit metadata that was passed over, and of commits that failed on a timer.
    public var observer: (any BusObserver)?

    /// Creates the default configuration, on the system's clock.
    public init() {}

    /// Creates the default configuration on a clock that a test moves.
    public init(clock: VirtualClock) {
        self.clock = clock
        now = { clock.time }
    }
}

/// How much a partition keeps.
///
/// A full partition that is to wait or to refuse first drops, oldest first, what every group that reads the topic is
/// through with; while there is room, everything is kept and can be replayed.
public struct Retention: Sendable, Hashable {
    /// What happens when a partition is full.
    public enum WhenFull: Sendable, Hashable {
        /// Publishing waits until groups are through with the oldest messages, at most so long, and then fails.
        case wait(atMost: Duration)
        /// Publishing fails at once with ``OpenEdXEvents/TransportError/Code/full``.
        case refuse
        /// The oldest messages are dropped, read or not, as Kafka's retention does.
        case dropOldest
    }

    /// The most messages of a partition.
    public var messages: Int
    /// The most bytes of keys, headers and values of a partition together.
    public var bytes: Int
    /// What happens when a partition is full.
    public var whenFull: WhenFull

    /// Creates bounds; at least one message is always kept, of whatever size.
    public init(
        messages: Int = 1_000_000, bytes: Int = 64 << 20, whenFull: WhenFull = .wait(atMost: .seconds(30))
    ) {
        self.messages = messages
        self.bytes = bytes
        self.whenFull = whenFull
    }
}
