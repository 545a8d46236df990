import OpenEdXEvents

/// Everything that a broker holds. A state machine: what is to be done is returned as ``Effects``.
struct BrokerState: Sendable {
    struct Partition: Sendable {
        var log: PartitionLog
        /// Messages that were published and cannot be stored yet, in order.
        var blocked = Ring<Blocked>()
    }

    struct Topic: Sendable {
        let name: String
        var partitions: [Partition]
        /// The members of all groups that read the topic.
        var readers: [Member] = []
        var isHeld = false
    }

    /// A message that waits: for room, for the broker to be back, or for a hold to end.
    struct Blocked: Sendable {
        let publish: UInt64
        /// The message's place in its batch.
        let index: Int
        let message: StoredMessage
        let size: Int
    }

    /// A publish of which messages are blocked.
    struct Pending: Sendable {
        let client: UInt64
        var outcomes: [PublishOutcome?]
        var remaining: Int
        var continuation: CheckedContinuation<[PublishOutcome], Never>?
    }

    struct Group: Sendable {
        var coordinator = GroupCoordinator()
        var members: [MemberID: Member] = [:]
        /// When members that are away are out.
        var absences: [MemberID: Task<Void, Never>] = [:]
    }

    /// A transport that uses the broker.
    struct Client: Sendable {
        var isClosed = false
        var pending = 0
        var closer: CheckedContinuation<Void, Never>?
    }

    let configuration: InMemoryConfiguration
    var topics: [Topic] = []
    var indices: [String: Int] = [:]
    var groups: [String: Group] = [:]
    var clients: [UInt64: Client] = [:]
    var pending: [UInt64: Pending] = [:]
    var faults = FaultPlan()
    var generator: SeededGenerator
    private var number: UInt64 = 0

    init(_ configuration: InMemoryConfiguration) {
        self.configuration = configuration
        generator = SeededGenerator(seed: configuration.seed ?? UInt64.random(in: 0 ... .max))
    }

    mutating func nextNumber() -> UInt64 {
        number += 1
        return number
    }

    // MARK: Topics

    /// The index of a topic, which is created if the configuration lets it.
    mutating func topic(_ name: String, _ effects: inout Effects) throws(TransportError) -> Int {
        if let index = indices[name] { return index }
        guard configuration.createsTopics else {
            throw TransportError(
                .unknownTopic, "there is no topic “\(name)”: create it first, or let topics be created by their use")
        }
        return try create(name, partitions: configuration.partitions, &effects)
    }

    /// Creates a topic, which members whose patterns match it read from now on; one that exists with that many partitions
    /// stays as it is.
    @discardableResult
    mutating func create(
        _ name: String, partitions: Int32, _ effects: inout Effects
    ) throws(TransportError) -> Int {
        guard case .success = TopicName.make(name, environment: nil) else {
            throw TransportError(
                .invalidArgument, "a topic's name is 1 to 249 letters, digits, “.”, “_” or “-”: “\(name)” is not")
        }
        guard partitions >= 1 else {
            throw TransportError(.invalidArgument, "topic “\(name)” needs at least one partition, not \(partitions)")
        }
        if let index = indices[name] {
            guard topics[index].partitions.count == Int(partitions) else {
                throw TransportError(
                    .invalidArgument, "topic “\(name)” exists with \(topics[index].partitions.count) partitions")
            }
            return index
        }
        let retention = configuration.retention
        let log = PartitionLog(messages: retention.messages, bytes: retention.bytes)
        topics.append(Topic(name: name, partitions: (0..<partitions).map { _ in Partition(log: log) }))
        indices[name] = topics.count - 1
        offer(topics.count - 1, &effects)
        return topics.count - 1
    }

    func log(of partition: TopicPartition) -> PartitionLog? {
        guard let index = indices[partition.topic], Int(partition.partition) < topics[index].partitions.count else {
            return nil
        }
        return topics[index].partitions[Int(partition.partition)].log
    }
}
