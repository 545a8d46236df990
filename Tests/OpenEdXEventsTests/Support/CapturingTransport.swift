import InMemoryTransport
import OpenEdXEvents
import Synchronization

/// A transport in memory that keeps its subscriptions at hand, so that a test can crash a consumer.
final class CapturingTransport: EventTransport {
    let inner: InMemoryTransport
    private let subscriptions = Locked<[any EventSubscription]>([])

    init(_ inner: InMemoryTransport) { self.inner = inner }

    var features: TransportFeatures { inner.features }

    func publish(_ batch: [OutgoingMessage]) async throws(TransportError) -> [PublishOutcome] {
        try await inner.publish(batch)
    }

    func subscribe(
        _ options: SubscriptionOptions, onChange: @escaping @Sendable (AssignmentChange) -> Void
    ) async throws(TransportError) -> any EventSubscription {
        let subscription = try await inner.subscribe(options, onChange: onChange)
        subscriptions.withLock { $0.append(subscription) }
        return subscription
    }

    func shutDown(within limit: Duration) async { await inner.shutDown(within: limit) }

    /// All that subscribed are gone without goodbye.
    func crash() {
        for subscription in subscriptions.withLock({ $0 }) { inner.broker.crash(subscription) }
    }
}
