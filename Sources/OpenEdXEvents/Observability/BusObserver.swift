/// What watches the bus: one method, called with each fact.
///
/// An observer is called on the path of the events, from many tasks at once: it is to be quick and never to block.
/// A fact holds names, positions, counts and times, and never a payload value. Without an observer nothing is measured.
public protocol BusObserver: Sendable {
    /// Takes note of a fact.
    func record(_ fact: BusFact)
}

/// An event as facts name it.
public struct EventReference: Hashable, Sendable {
    /// The type's name as it stands in the event; empty where the event could not be read.
    public let type: String
    /// The event's id as it stands in the event; empty where the event could not be read.
    public let id: String
    /// Where the event lies; `nil` where it was not stored.
    public let position: Position?
    /// The record key.
    public let key: [UInt8]?

    /// Creates an event reference from its parts.
    public init(type: String, id: String, position: Position?, key: [UInt8]?) {
        self.type = type
        self.id = id
        self.position = position
        self.key = key
    }
}

/// Something that happened on the bus.
public enum BusFact: Sendable {
    /// An event was stored on its topic. `bytes` is its size as structured JSON; `duration` runs from the call to emit.
    case published(EventReference, bytes: Int, duration: Duration)
    /// An event was not stored on a topic.
    case publishFailed(EventReference, topic: String, error: TransportError, duration: Duration)
    /// A handler was called and returned or threw. `attempt` counts from 1.
    case handled(EventReference, handler: String, attempt: Int, outcome: HandlingOutcome, duration: Duration)
    /// A handler that failed will be called again after `delay`. `attempt` is the one that failed.
    case retried(EventReference, handler: String, attempt: Int, delay: Duration, reason: String)
    /// An event was stored whole on its dead-letter topic.
    case deadLettered(EventReference, deadLetter: Position, handler: String?, attempts: Int, reason: String)
    /// A consumer is done with an event.
    case settled(EventReference, Settlement)
    /// An event could not be read. `reason` names rule and place, not content.
    case unreadable(EventReference, reason: String)
    /// Partitions were assigned to a member of a group.
    case assigned(group: String, [TopicPartition])
    /// Partitions were taken from a member of a group; `lost` without a chance to finish.
    case revoked(group: String, [TopicPartition], lost: Bool)
    /// Commit metadata of someone else, or of another time, was passed over: finished events may be repeated.
    case commitMetadataIgnored(TopicPartition, reason: String)
    /// How many messages lie behind what a group has committed.
    case lag(group: String, TopicPartition, messages: Int64)
    /// How many events a consumer holds, waiting or in a handler.
    case inFlight(group: String, count: Int)
    /// A consumer changed what it does.
    case consumer(group: String, ConsumerState)
    /// What a transport's client measured about itself, all of it; nothing once the client is closed. `client` is what it
    /// is to the transport: `producer`, or the name of its consumer group.
    case measured(client: String, [TransportMeasurement])
    /// A transport reports trouble that it lives with, such as a broker that went away.
    case transport(TransportError)
}

/// How a call of a handler ended.
public enum HandlingOutcome: String, Sendable, CaseIterable, Codable {
    case succeeded
    case failed
    case timedOut = "timed_out"
}

/// How a consumer was done with an event.
public enum Settlement: String, Sendable, CaseIterable, Codable {
    /// Every handler succeeded.
    case handled
    /// No handler is registered for its type.
    case unhandled
    /// The inbox had seen it.
    case duplicate
    /// It failed, and the policy says to go on.
    case skipped
    /// It lies in the dead-letter topic.
    case deadLettered = "dead_lettered"
    /// A redriven event that is meant for another consumer group.
    case otherGroup = "other_group"
}

/// What a consumer is doing.
public enum ConsumerState: Sendable, Hashable {
    case running
    case paused
    case draining
    /// Stopped; with the reason if it did not stop in good order.
    case stopped(reason: String?)
}
