/// What moves messages: Kafka, memory, or your own.
///
/// The unit at every call is a batch. A transport keeps order within a partition, delivers at least once, and keeps
/// nothing in memory without a bound. `TransportTesting` holds the suite that every transport passes.
public protocol EventTransport: Sendable {
    /// What the transport can do beyond publishing and subscribing.
    var features: TransportFeatures { get }

    /// Publishes the messages and returns one outcome for each, in order.
    ///
    /// Waits while the transport's queue is full. Cancelling the task does not take back what was queued: every
    /// outcome is known when this returns.
    ///
    /// - Throws: ``TransportError`` only if no message at all was taken, such as after ``shutDown(within:)``.
    func publish(_ batch: [OutgoingMessage]) async throws(TransportError) -> [PublishOutcome]

    /// Joins a consumer group and returns the subscription.
    ///
    /// - Parameters:
    ///   - options: The group, the topics, and the limits.
    ///   - onChange: Called when partitions are assigned or taken away: from any thread, one call at a time, and to
    ///     return at once.
    /// - Throws: ``TransportError`` when the subscription cannot be made.
    func subscribe(
        _ options: SubscriptionOptions, onChange: @escaping @Sendable (AssignmentChange) -> Void
    ) async throws(TransportError) -> any EventSubscription

    /// Refuses new messages, waits at most the limit for those it took, and fails the rest by name.
    func shutDown(within limit: Duration) async
}

/// One member of a consumer group.
///
/// A subscription is read by one task at a time; settling is open to all.
public protocol EventSubscription: Sendable {
    /// Waits for messages and returns at least one and at most `limit`, in order per partition; `nil` once closed.
    ///
    /// - Throws: ``TransportError`` when the subscription cannot go on. Cancelling the task throws
    ///   ``TransportError/Code/cancelled`` and loses no message: an undelivered batch is delivered by the next call.
    func nextBatch(atMost limit: Int) async throws(TransportError) -> [IncomingMessage]?

    /// Marks a delivery as finished. Cheap, in any order; what is not contiguous waits for what comes before.
    func complete(_ delivery: Delivery)

    /// Marks several deliveries as finished.
    func complete(_ deliveries: [Delivery])

    /// Gives a delivery back unfinished: it blocks the committed prefix, and its next owner receives it again.
    ///
    /// Used while a partition is taken away, for what has not been begun.
    func abandon(_ delivery: Delivery)

    /// Commits now what is contiguously finished, with what is finished beyond it as metadata.
    func commit() async throws(TransportError)

    /// Moves the assigned partitions elsewhere: the next commit keeps the new place.
    ///
    /// Each moved partition is assigned anew. The subscriber is told that the old assignment is lost: settling what was
    /// delivered under it does nothing.
    func seek(to target: SeekTarget) async throws(TransportError)

    /// How far each assigned partition is.
    func progress() async throws(TransportError) -> [TopicPartition: PartitionProgress]

    /// Stops delivery, waits at most the limit for what was delivered to be settled, commits, and leaves the group.
    ///
    /// A waiting ``nextBatch(atMost:)`` returns `nil`. The subscriber is told of no more changes. A member with a name
    /// does not leave: its partitions wait for it to come back, for as long as the group allows.
    func close(within limit: Duration) async
}

extension EventSubscription {
    /// Marks several deliveries as finished.
    public func complete(_ deliveries: [Delivery]) {
        for delivery in deliveries { complete(delivery) }
    }
}

/// Where a subscription moves to.
public enum SeekTarget: Sendable, Hashable {
    /// The oldest message kept.
    case beginning
    /// Behind the newest message.
    case end
    /// The first message stored at or after a time; the end where there is none.
    case time(EventTime)
    /// These positions, for the partitions that they name.
    case positions([Position])
}

/// What a subscription reads, and how.
public struct SubscriptionOptions: Sendable, Hashable {
    /// The consumer group. Members of one group share the partitions.
    public var group: String
    /// The full names of the topics, with the environment's prefix; where the transport has
    /// ``TransportFeatures/topicPatterns``, also patterns for them, which begin with `^`.
    public var topics: [String]
    /// Where a group begins that has committed nothing.
    public var start: SeekTarget
    /// How many deliveries of one subscription may be unsettled at the most; more are not delivered.
    public var unsettledLimit: Int
    /// How often what is finished is committed.
    public var commitInterval: Duration
    /// How long a partition that is taken away waits for what was delivered to be settled.
    public var rebalanceLimit: Duration
    /// A name that outlives a restart: with it a member that comes back in time keeps its partitions.
    public var memberName: String?

    /// Creates a subscription options from its parts.
    public init(
        group: String, topics: [String], start: SeekTarget = .beginning, unsettledLimit: Int = 2_048,
        commitInterval: Duration = .seconds(1), rebalanceLimit: Duration = .seconds(30), memberName: String? = nil
    ) {
        self.group = group
        self.topics = topics
        self.start = start
        self.unsettledLimit = unsettledLimit
        self.commitInterval = commitInterval
        self.rebalanceLimit = rebalanceLimit
        self.memberName = memberName
    }
}

/// A change of what a subscription reads.
public enum AssignmentChange: Sendable, Hashable {
    /// Delivery begins.
    case assigned([Assignment])
    /// Delivery has stopped; what is unsettled may still be finished, within the rebalance limit, and is to be
    /// abandoned where it has not begun.
    case revoking([Assignment])
    /// The partitions belong to another member already: settling does nothing any more.
    case lost([Assignment])
}

/// How far a subscription is in one partition.
public struct PartitionProgress: Sendable, Hashable {
    /// The committed offset; `nil` if the group has committed nothing there.
    public let committed: Int64?
    /// The offset that is delivered next.
    public let next: Int64
    /// The offset behind the newest message.
    public let end: Int64

    /// Creates a partition progress from its parts.
    public init(committed: Int64?, next: Int64, end: Int64) {
        self.committed = committed
        self.next = next
        self.end = end
    }

    /// How many messages lie between what is committed, or else delivered, and the end.
    public var lag: Int64 { max(0, end - (committed ?? next)) }
}

/// One partition, assigned once.
public struct Assignment: Hashable, Sendable {
    /// The partition.
    public let partition: TopicPartition
    /// The number of this assignment.
    public let id: AssignmentID

    /// Creates an assignment from its parts.
    public init(_ partition: TopicPartition, _ id: AssignmentID) {
        self.partition = partition
        self.id = id
    }
}

/// What a transport can do beyond publishing and subscribing.
public struct TransportFeatures: OptionSet, Sendable, Hashable {
    /// The bits.
    public let rawValue: Int

    /// Creates a set from its bits.
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Messages outlive the process.
    public static let durable = TransportFeatures(rawValue: 1 << 0)
    /// ``SeekTarget/time(_:)``.
    public static let seekByTime = TransportFeatures(rawValue: 1 << 1)
    /// ``SeekTarget/beginning``, ``SeekTarget/end`` and ``SeekTarget/positions(_:)``.
    public static let seekByPosition = TransportFeatures(rawValue: 1 << 2)
    /// What is finished beyond the committed prefix outlives the subscription.
    public static let finishedBeyondPrefix = TransportFeatures(rawValue: 1 << 3)
    /// Members of one group share partitions and take over from each other.
    public static let groups = TransportFeatures(rawValue: 1 << 4)
    /// Headers are kept.
    public static let headers = TransportFeatures(rawValue: 1 << 5)

    /// Subscriptions to all topics that match a pattern, those that are made later included.
    public static let topicPatterns = TransportFeatures(rawValue: 1 << 6)

    /// Each feature with its name, for reports.
    public static let names: [(feature: TransportFeatures, name: String)] = [
        (.durable, "durable"), (.seekByTime, "seekByTime"), (.seekByPosition, "seekByPosition"),
        (.finishedBeyondPrefix, "finishedBeyondPrefix"), (.groups, "groups"), (.headers, "headers"),
        (.topicPatterns, "topicPatterns"),
    ]
}
