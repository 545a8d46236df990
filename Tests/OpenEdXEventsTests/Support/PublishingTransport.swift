import InMemoryTransport
import OpenEdXEvents

/// A transport in memory on which a test decides what publishing does.
struct PublishingTransport: EventTransport {
    let inner: InMemoryTransport
    let onPublish: @Sendable (InMemoryTransport, [OutgoingMessage]) async throws(TransportError) -> [PublishOutcome]

    var features: TransportFeatures { inner.features }

    func publish(_ batch: [OutgoingMessage]) async throws(TransportError) -> [PublishOutcome] {
        try await onPublish(inner, batch)
    }

    func subscribe(
        _ options: SubscriptionOptions, onChange: @escaping @Sendable (AssignmentChange) -> Void
    ) async throws(TransportError) -> any EventSubscription {
        try await inner.subscribe(options, onChange: onChange)
    }

    func shutDown(within limit: Duration) async { await inner.shutDown(within: limit) }
}
