public import OpenEdXEvents
import Synchronization

/// Topics and consumer groups in memory: what several ``InMemoryTransport``s share, as processes share a Kafka cluster.
///
/// Everything is lost with the process. See `Faults.swift` for how a test makes it misbehave.
public final class InMemoryBroker: Sendable {
    /// How the broker behaves.
    public let configuration: InMemoryConfiguration
    let state: Locked<BrokerState>

    /// Creates a broker without topics.
    public init(_ configuration: InMemoryConfiguration = InMemoryConfiguration()) {
        precondition(configuration.partitions >= 1, "a topic needs at least one partition")
        self.configuration = configuration
        state = Locked(BrokerState(configuration))
    }

    /// Creates a topic. One that exists with that many partitions stays as it is.
    ///
    /// - Throws: ``OpenEdXEvents/TransportError/Code/invalidArgument`` for a name or number that is not allowed, and for
    ///   a topic that exists with another number of partitions.
    public func createTopic(_ name: String, partitions: Int32? = nil) throws(TransportError) {
        try change { state, effects throws(TransportError) in
            _ = try state.create(name, partitions: partitions ?? configuration.partitions, &effects)
        }
    }

    /// The topics with their numbers of partitions.
    public var topics: [String: Int] {
        state.withLock { state in
            Dictionary(uniqueKeysWithValues: state.topics.map { ($0.name, $0.partitions.count) })
        }
    }

    /// The messages that a topic keeps: partition by partition, oldest first; none for a topic that does not exist.
    public func messages(in topic: String) -> [IncomingMessage] {
        state.withLock { state in
            guard let index = state.indices[topic] else { return [] }
            return state.topics[index].partitions.enumerated().flatMap { number, partition in
                (partition.log.start..<partition.log.end).map { offset in
                    let stored = partition.log[offset]
                    let position = Position(topic: topic, partition: Int32(number), offset: offset)
                    return IncomingMessage(
                        delivery: Delivery(position: position, assignment: AssignmentID(0)), key: stored.key,
                        headers: stored.headers, value: stored.value, timestamp: stored.timestamp)
                }
            }
        }
    }

    /// The offsets that a group has committed.
    public func committedOffsets(of group: String) -> [TopicPartition: Int64] {
        state.withLock { $0.groups[group]?.coordinator.committed.mapValues(\.offset) ?? [:] }
    }

    /// The metadata that a group has committed with an offset; empty for none.
    public func commitMetadata(of group: String, _ partition: TopicPartition) -> String {
        state.withLock { $0.groups[group]?.coordinator.committed[partition]?.metadata ?? "" }
    }

    /// Commits for a group from outside, as an operator's tool does.
    public func setCommit(of group: String, _ position: Position, metadata: String = "") {
        state.withLock { state in
            state.groups[group, default: BrokerState.Group()].coordinator.committed[position.topicPartition] =
                GroupCoordinator.Committed(offset: position.offset, metadata: metadata)
        }
    }

    // MARK: Effects

    /// Changes the state, and does what follows from it once the lock is released.
    func change<Result: Sendable, Failure: Error>(
        _ body: (inout BrokerState, inout Effects) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        var effects = Effects()
        defer { perform(effects) }
        return try state.withLock { state throws(Failure) in try body(&state, &effects) }
    }

    private func perform(_ effects: Effects) {
        for timer in effects.cancelled { timer.cancel() }
        for (continuation, outcomes) in effects.outcomes { continuation.resume(returning: outcomes) }
        for continuation in effects.resumed { continuation.resume() }
        if let observer = configuration.observer {
            for fact in effects.facts { observer.record(fact) }
        }
        for (member, assignments) in effects.revocations { limitRevocation(of: member, assignments) }
        for (group, member) in effects.absences { limitAbsence(of: member, in: group) }
        for member in effects.announcements { announce(to: member) }
        for member in effects.wakes { member.wake() }
    }

    /// Tells a subscriber its changes, one at a time. Whoever tells it already goes on with these.
    private func announce(to member: Member) {
        while let change = member.reading.withLock({ $0.takeChange() }) {
            member.onChange(change)
            let released = member.reading.withLock { $0.announced(change) }
            if !released.isEmpty { release(member, released) }
            member.wake()
        }
    }

    func release(_ member: Member, _ assignments: [AssignmentID], isLate: Bool = false) {
        change { $0.release(member, assignments, isLate: isLate, &$1) }
    }

    // MARK: Time limits

    /// Calls back after a time on the clock, unless the broker is gone or the task is cancelled by then.
    func after(_ duration: Duration, _ action: @escaping @Sendable (InMemoryBroker) -> Void) -> Task<Void, Never> {
        let clock = configuration.clock
        return Task { [weak self] in
            guard (try? await clock.sleep(for: duration)) != nil, let self else { return }
            action(self)
        }
    }

    private func limitRevocation(of member: Member, _ assignments: [AssignmentID]) {
        for id in assignments {
            let timer = after(member.options.rebalanceLimit) { $0.release(member, [id], isLate: true) }
            let isNeeded = member.reading.withLock { reading in
                guard let index = reading.index(of: id) else { return false }
                reading.partitions[index].revocationTimer = timer
                return true
            }
            if !isNeeded { timer.cancel() }
        }
    }

    private func limitAbsence(of member: MemberID, in group: String) {
        let timer = after(configuration.sessionTimeout) { broker in
            broker.change { $0.expire(member, in: group, &$1) }
        }
        let isNeeded = state.withLock { state in
            guard let coordinator = state.groups[group]?.coordinator, coordinator.isAway(member) else { return false }
            state.groups[group]?.absences[member] = timer
            return true
        }
        if !isNeeded { timer.cancel() }
    }
}
