public import OpenEdXEvents
import Synchronization

/// Faults that a test asks for. Each happens exactly when it is said to.
extension InMemoryBroker {
    /// Fails messages of a topic.
    ///
    /// - Parameters:
    ///   - topic: The full name of the topic.
    ///   - skipping: How many messages are let through before.
    ///   - count: How many messages fail.
    ///   - error: What they fail with.
    public func failPublishing(to topic: String, skipping: Int = 0, count: Int = 1, with error: TransportError) {
        state.withLock {
            $0.faults.add(FaultPlan.PublishFault(topic: topic, skipping: skipping, count: count, error: error))
        }
    }

    /// Refuses the next batch as a whole.
    public func refuseNextBatch(with error: TransportError) {
        state.withLock { $0.faults.refuse(error) }
    }

    /// Holds the messages that are published to a topic, until ``release(topic:)``.
    ///
    /// - Throws: ``OpenEdXEvents/TransportError/Code/unknownTopic`` if there is no such topic.
    public func hold(topic: String) throws(TransportError) {
        try change { state, effects throws(TransportError) in
            let index = try state.topic(topic, &effects)
            state.topics[index].isHeld = true
        }
    }

    /// Stores the messages that were held, in the order in which they came.
    public func release(topic: String) {
        change { state, effects in
            guard let index = state.indices[topic] else { return }
            state.topics[index].isHeld = false
            state.storeBlocked(&effects)
        }
    }

    /// The broker does not answer: messages wait to be stored, readers for messages, and all else fails.
    public func goAway() {
        state.withLock { $0.faults.isAway = true }
    }

    /// The broker answers again.
    public func comeBack() {
        change { state, effects in
            state.faults.isAway = false
            state.storeBlocked(&effects)
            for topic in state.topics { effects.wake(topic.readers) }
        }
    }

    /// A member is gone without goodbye, as if its process had crashed.
    ///
    /// Its reader gets an error, what it settles is not heard, and its partitions are free once the session timeout has
    /// passed on the clock. Does nothing for a subscription of another transport.
    public func crash(_ subscription: any EventSubscription) {
        guard let subscription = subscription as? InMemorySubscription else { return }
        change { $0.crash(subscription.member, &$1) }
    }

    /// Delivers the next messages of a topic twice, each time under the same position and assignment.
    public func repeatDeliveries(of topic: String, count: Int = 1) {
        state.withLock { $0.faults.repeatDeliveries(count, of: topic) }
    }

    /// Fails the next commits of a group.
    public func failCommits(of group: String, count: Int = 1, with error: TransportError) {
        state.withLock { $0.faults.add(FaultPlan.CommitFault(group: group, count: count, error: error)) }
    }

    /// How many publishes wait for room, for a hold to end, or for the broker to come back.
    public var waitingPublishes: Int { state.withLock { $0.pending.count } }
}
