public import OpenEdXEvents
import Synchronization

/// A transport whose topics are in memory: for tests, for demos, and for events that stay within a process.
///
/// It behaves as Kafka does wherever the two can be compared: keys are placed the same way, groups rebalance, offsets
/// and metadata are committed, and what is not committed is delivered again. It is bounded: see ``Retention``.
public final class InMemoryTransport: EventTransport {
    /// The broker that holds the topics. Other transports may share it.
    public let broker: InMemoryBroker
    private let number: UInt64
    private let members = Locked<[MemberID: Member]>([:])

    /// Creates a transport with a broker of its own.
    public convenience init(_ configuration: InMemoryConfiguration = InMemoryConfiguration()) {
        self.init(broker: InMemoryBroker(configuration))
    }

    /// Creates a transport that shares a broker.
    public init(broker: InMemoryBroker) {
        self.broker = broker
        number = broker.state.withLock { state in
            let number = state.nextNumber()
            state.clients[number] = BrokerState.Client()
            return number
        }
    }

    deinit {
        let number = number
        broker.state.withLock { state in
            // A publish that still waits keeps the transport alive, so that nothing is pending here.
            state.clients[number] = nil
        }
    }

    /// Everything but outliving the process.
    public var features: TransportFeatures {
        [.seekByTime, .seekByPosition, .finishedBeyondPrefix, .groups, .headers, .topicPatterns]
    }

    /// Stores the messages and returns one outcome for each, in order.
    ///
    /// Waits for room, and for a broker that is away, at most the time that the configuration says.
    ///
    /// - Throws: ``OpenEdXEvents/TransportError/Code/closed`` after ``shutDown(within:)``.
    public func publish(_ batch: [OutgoingMessage]) async throws(TransportError) -> [PublishOutcome] {
        let now = broker.configuration.now()
        switch broker.change({ $0.publish(batch, by: number, at: now, &$1) }) {
        case .done(let outcomes): return outcomes
        case .refused(let error): throw error
        case .pending(let publish, let limit):
            let timer = broker.after(limit) { $0.fail(publish, after: limit) }
            defer { timer.cancel() }
            return await withCheckedContinuation { continuation in
                broker.change { $0.await(publish, continuation, &$1) }
            }
        }
    }

    /// Joins a group. Partitions that other members hold follow once these have released them.
    ///
    /// - Throws: ``OpenEdXEvents/TransportError`` for an empty group, no or an unknown topic, and when the broker is away
    ///   or the transport shut down.
    public func subscribe(
        _ options: SubscriptionOptions, onChange: @escaping @Sendable (AssignmentChange) -> Void
    ) async throws(TransportError) -> any EventSubscription {
        let number = number
        let member = try broker.change { state, effects throws(TransportError) in
            let id = MemberID(number: state.nextNumber())
            let member = Member(id: id, client: number, options: options, onChange: onChange)
            try state.join(member, &effects)
            return member
        }
        members.withLock { $0[member.id] = member }
        return InMemorySubscription(broker: broker, member: member) { [weak self] in
            self?.members.withLock { $0[member.id] = nil }
        }
    }

    /// Refuses new messages, waits at most the limit for those that are blocked, fails the rest by name, and closes
    /// what subscriptions are still open.
    public func shutDown(within limit: Duration) async {
        let number = number
        broker.state.withLock { $0.clients[number]?.isClosed = true }
        let timer = broker.after(limit) { $0.failAll(of: number) }
        await withCheckedContinuation { continuation in
            let isIdle = broker.state.withLock { state in
                guard let client = state.clients[number], client.pending > 0, client.closer == nil else { return true }
                state.clients[number]?.closer = continuation
                return false
            }
            if isIdle { continuation.resume() }
        }
        timer.cancel()
        let open = members.withLock { members in
            defer { members = [:] }
            return members.values.sorted { $0.id < $1.id }
        }
        for member in open { broker.close(member) }
    }
}

extension InMemoryBroker {
    /// Fails what is blocked of a publish after its time limit.
    func fail(_ publish: UInt64, after limit: Duration) {
        change { state, effects in
            state.failBlocked(
                publish,
                { topic in
                    TransportError(
                        .timedOut, "no room in topic “\(topic)”, or no answer, for \(limit)", isRetriable: true)
                }, &effects)
        }
    }

    /// Fails what is blocked of a transport that shuts down.
    func failAll(of client: UInt64) {
        change { state, effects in
            for publish in state.pending.filter({ $0.value.client == client }).keys {
                state.failBlocked(
                    publish,
                    { TransportError(.closed, "shut down before a message of topic “\($0)” was stored") }, &effects)
            }
        }
    }

    /// Ends a member at once: what is finished is committed.
    func close(_ member: Member) {
        let waiter = member.reading.withLock { reading in
            if case .open = reading.condition { reading.condition = .closing }
            return reading.wake()
        }
        waiter?.resume()
        change { $0.leave(member, &$1) }
    }
}
