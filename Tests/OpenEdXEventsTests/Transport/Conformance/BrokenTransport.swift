import OpenEdXEvents
import Synchronization

/// A transport in front of a sound one that does one thing wrong, or nothing: the suite must notice.
final class BrokenTransport: EventTransport {
    private let inner: any EventTransport
    private let defect: Defect?
    private let count = Locked(0)

    init(_ inner: any EventTransport, _ defect: Defect?) {
        self.inner = inner
        self.defect = defect
    }

    var features: TransportFeatures { inner.features }

    func publish(_ batch: [OutgoingMessage]) async throws(TransportError) -> [PublishOutcome] {
        let sent = batch.map(damaged)
        do throws(TransportError) {
            let outcomes = try await inner.publish(sent)
            return switch defect {
            case .mixesUpOutcomes: outcomes.reversed()
            case .failsTheWholeBatch: wholeFailure(outcomes) ?? outcomes
            default: outcomes
            }
        } catch {
            guard defect == .acceptsAfterShutDown else { throw error }
            return batch.map { _ in .failed(error) }
        }
    }

    private func damaged(_ message: OutgoingMessage) -> OutgoingMessage {
        var message = message
        switch defect {
        case .mistakesEmptyForNone:
            if message.key == [] { message.key = nil }
            if message.value == [] { message.value = nil }
        case .cutsValues: message.value = message.value.map { Array($0.prefix(65_535)) }
        case .forgetsHeaders: message.headers.removeAll { $0.value == nil }
        case .spreadsOneKey:
            message.partition = count.withLock { count in
                count += 1
                return Int32(count % 3)
            }
        case .usesOnePartition: message.partition = message.partition ?? 0
        default: break
        }
        return message
    }

    private func wholeFailure(_ outcomes: [PublishOutcome]) -> [PublishOutcome]? {
        for case .failed(let error) in outcomes { return outcomes.map { _ in .failed(error) } }
        return nil
    }

    func subscribe(
        _ options: SubscriptionOptions, onChange: @escaping @Sendable (AssignmentChange) -> Void
    ) async throws(TransportError) -> any EventSubscription {
        var options = options
        let start = options.start
        if defect == .ignoresUnsettledLimit { options.unsettledLimit = 10_000 }
        if defect == .ignoresStart { options.start = .beginning }
        let isTwice = defect == .announcesTwice
        let inner = try await inner.subscribe(options) { change in
            onChange(change)
            if isTwice { onChange(change) }
        }
        if defect == .startsOverAlways { try await inner.seek(to: start) }
        return BrokenSubscription(inner, defect)
    }

    func shutDown(within limit: Duration) async { await inner.shutDown(within: limit) }
}
