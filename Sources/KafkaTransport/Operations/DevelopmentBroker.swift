public import OpenEdXEvents
import Synchronization

/// A Kafka for development and tests, in this process: librdkafka's mock cluster, on the loopback interface only.
///
/// ```swift
/// let broker = try DevelopmentBroker(topics: ["course-enrollments": 4])
/// let transport = try KafkaTransport(KafkaConfiguration(bootstrapServers: broker.bootstrapServers))
/// ```
///
/// Producers, idempotent ones too, consumer groups, commits and seeks by offset work as on a real broker, also from other
/// processes. ``limits`` lists what does not. It stops when it is closed, or when nothing refers to it any more.
public final class DevelopmentBroker: Sendable {
    /// What the embedded broker cannot do, a sentence each, for people.
    public static let limits = [
        "It keeps messages in memory: all are gone when it stops.",
        "It keeps the newest 5 MiB of a partition, or 100,000 batches, and drops older ones without a word.",
        "It has no TLS, no SASL and no permissions, and listens on the loopback interface only.",
        "It creates a topic when it is first used, with 4 partitions, and none when it is asked to.",
        "It tells the lag of a group that is named, lists no groups, and moves only those that have had no member.",
        "It cannot find offsets by time: a replay from a time begins at the end.",
        "It gives a group that was there before its partitions only after the session time-out, 45 s unless set lower.",
        "It delivers the messages of aborted transactions.",
    ]

    /// The addresses, each `127.0.0.1:port`; the system chose the ports.
    public let bootstrapServers: [String]

    private let state: Locked<MockCluster?>

    /// Starts the brokers and creates the topics.
    ///
    /// - Parameters:
    ///   - brokers: How many brokers, from 1.
    ///   - topics: Topics to create by name, with their number of partitions.
    /// - Throws: ``TransportError`` if a broker cannot be started or a topic's name or number is not possible.
    public init(brokers: Int = 1, topics: [String: Int] = [:]) throws(TransportError) {
        guard (1...32).contains(brokers) else {
            throw TransportError(.invalidArgument, "\(brokers) brokers were asked for: 1 to 32 are possible")
        }
        let cluster = try MockCluster(brokers: Int32(brokers))
        bootstrapServers = cluster.bootstrapServers.split(separator: ",").map(String.init)
        state = Locked(cluster)
        for (name, partitions) in topics.sorted(by: { $0.key < $1.key }) {
            try createTopic(name, partitions: partitions, replicas: brokers)
        }
    }

    deinit { close() }

    /// Stops the brokers; nothing is kept. Does nothing the second time.
    public func close() {
        let cluster = state.withLock { state in
            defer { state = nil }
            return state
        }
        cluster?.destroy()
    }

    /// Creates a topic.
    ///
    /// - Throws: ``TransportError`` if it exists, its name or number is not possible, or the broker is closed.
    public func createTopic(_ name: String, partitions: Int = 4, replicas: Int = 1) throws(TransportError) {
        if case .failure(let problem) = TopicName.make(name, environment: nil) {
            throw TransportError(.invalidArgument, problem.message)
        }
        guard (1...10_000).contains(partitions) else {
            throw TransportError(
                .invalidArgument, "\(partitions) partitions were asked for “\(name)”: 1 to 10000 are possible")
        }
        try withCluster { cluster throws(TransportError) in
            try cluster.createTopic(name, partitions: Int32(partitions), replicas: Int32(clamping: replicas))
        }
    }

    /// Makes the next requests of a kind fail, one for each fault, in order.
    ///
    /// - Throws: ``TransportError`` if the broker is closed.
    public func fail(_ request: Request, with faults: [Fault]) throws(TransportError) {
        try withCluster { cluster throws(TransportError) in
            cluster.pushErrors(faults.map(\.code), request: request.rawValue)
        }
    }

    /// Takes back the faults that no request has met yet.
    ///
    /// - Throws: ``TransportError`` if the broker is closed.
    public func clearFaults(of request: Request) throws(TransportError) {
        try withCluster { cluster throws(TransportError) in cluster.clearErrors(request: request.rawValue) }
    }

    /// Answers all that asks for the topic's metadata with a fault, or with `nil` as before.
    ///
    /// - Throws: ``TransportError`` if the broker is closed.
    public func setFault(_ fault: Fault?, ofTopic name: String) throws(TransportError) {
        try withCluster { cluster throws(TransportError) in cluster.setTopicError(name, fault?.code ?? 0) }
    }

    /// Cuts a broker off: its connections end and new ones are refused. Leadership stays where it is.
    ///
    /// - Parameter broker: The broker's number, from 1; `nil` for all.
    /// - Throws: ``TransportError`` if there is none, or the broker is closed.
    public func takeDown(broker: Int? = nil) throws(TransportError) {
        try withCluster { cluster throws(TransportError) in
            try cluster.setBroker(Int32(clamping: broker ?? -1), isUp: false)
        }
    }

    /// Lets a broker take connections again.
    ///
    /// - Parameter broker: The broker's number, from 1; `nil` for all.
    /// - Throws: ``TransportError`` if there is none, or the broker is closed.
    public func bringUp(broker: Int? = nil) throws(TransportError) {
        try withCluster { cluster throws(TransportError) in
            try cluster.setBroker(Int32(clamping: broker ?? -1), isUp: true)
        }
    }

    /// Delays all answers of a broker, in whole milliseconds.
    ///
    /// - Parameter broker: The broker's number, from 1; `nil` for all.
    /// - Throws: ``TransportError`` if there is none, or the broker is closed.
    public func delay(broker: Int? = nil, by duration: Duration) throws(TransportError) {
        try withCluster { cluster throws(TransportError) in
            try cluster.setRoundTrip(
                Int32(clamping: duration.wholeMilliseconds), broker: Int32(clamping: broker ?? -1))
        }
    }

    /// Makes a broker the leader of a partition.
    ///
    /// - Throws: ``TransportError`` if there is no such broker, or the broker is closed.
    public func setLeader(_ broker: Int, of partition: TopicPartition) throws(TransportError) {
        try withCluster { cluster throws(TransportError) in
            try cluster.setLeader(Int32(clamping: broker), topic: partition.topic, partition: partition.partition)
        }
    }

    /// Acts on the cluster while it runs; each act is one short round trip to its thread, so the lock is held meanwhile.
    private func withCluster(_ body: (MockCluster) throws(TransportError) -> Void) throws(TransportError) {
        try state.withLock { cluster throws(TransportError) in
            guard let cluster else { throw TransportError(.closed, "the embedded broker is closed") }
            try body(cluster)
        }
    }
}

extension DevelopmentBroker {
    /// The kinds of requests that can be made to fail, by Kafka's number for them.
    public enum Request: Int16, Sendable, CaseIterable {
        /// Messages are stored.
        case produce = 0
        /// Messages are read.
        case fetch = 1
        /// The first or last offset is asked for.
        case listOffsets = 2
        /// Brokers, topics and leaders are asked for.
        case metadata = 3
        /// A group's progress is stored.
        case offsetCommit = 8
        /// A group's progress is asked for.
        case offsetFetch = 9
        /// The broker that leads a group is asked for.
        case findCoordinator = 10
        /// A member joins its group.
        case joinGroup = 11
        /// A member says that it lives.
        case heartbeat = 12
        /// A member leaves its group.
        case leaveGroup = 13
        /// A member learns its partitions.
        case syncGroup = 14
        /// An idempotent producer is given its number.
        case initProducerID = 22
    }

    /// What a request is answered with, by Kafka's number for it.
    public struct Fault: Sendable, Hashable {
        /// Kafka's error code, or librdkafka's negative one.
        public let code: Int32

        /// Creates a fault from its code; 0 lets a request pass.
        public init(code: Int32) { self.code = code }

        /// The request passes.
        public static let none = Fault(code: 0)
        /// The connection is cut.
        public static let disconnect = Fault(code: -195)
        /// The topic or partition is not known.
        public static let unknownTopic = Fault(code: 3)
        /// The broker does not lead the partition any more.
        public static let notLeader = Fault(code: 6)
        /// The request took too long.
        public static let requestTimedOut = Fault(code: 7)
        /// The message is larger than the broker takes.
        public static let messageTooLarge = Fault(code: 10)
        /// The broker that leads groups is starting.
        public static let coordinatorLoading = Fault(code: 14)
        /// Another broker leads the group.
        public static let notCoordinator = Fault(code: 16)
        /// Too few replicas are in sync.
        public static let notEnoughReplicas = Fault(code: 19)
        /// The member is not known to the group.
        public static let unknownMember = Fault(code: 25)
        /// The group is changing.
        public static let rebalanceInProgress = Fault(code: 27)
        /// The client may not use the topic.
        public static let topicAuthorization = Fault(code: 29)
        /// The client may not use the group.
        public static let groupAuthorization = Fault(code: 30)
        /// Another member with the same name has taken over.
        public static let fencedMember = Fault(code: 82)
    }
}
