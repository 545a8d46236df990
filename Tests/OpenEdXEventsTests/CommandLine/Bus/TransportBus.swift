import OpenEdXEvents
import Synchronization

@testable import openedx_events

/// The bus over any transport: topics are read by a group of their own, which is gone afterwards.
struct TransportBus: Bus {
    let transport: any EventTransport
    var now: @Sendable () -> EventTime = { EventTime.now() }

    func reach() async throws(TransportError) {}

    func read(_ range: ReadingRange) async throws(TransportError) -> any TopicReader {
        // No timer commits, and a group that nobody else can have.
        let options = SubscriptionOptions(
            group: "openedx-events-" + EventID().description, topics: range.topics,
            start: range.start.target(topics: range.topics, now: now()), commitInterval: .zero, rebalanceLimit: .zero)
        let subscription = try await transport.subscribe(options, onChange: { _ in })
        guard let end = range.end else { return GroupReader(subscription, range, end: nil) }
        do throws(TransportError) {
            let progress = try await subscription.progress().filter { range.includes($0.key.partition) }
            let rangeEnd = RangeEnd(
                end, next: progress.mapValues(\.next), logEnds: progress.mapValues(\.end), now: now())
            return GroupReader(subscription, range, end: rangeEnd)
        } catch {
            await subscription.close(within: .zero)
            throw error
        }
    }
}

/// Reads by a subscription whose group is nobody's.
private final class GroupReader: TopicReader {
    private let subscription: any EventSubscription
    private let range: ReadingRange
    private let end: Locked<RangeEnd?>

    init(_ subscription: any EventSubscription, _ range: ReadingRange, end: RangeEnd?) {
        self.subscription = subscription
        self.range = range
        self.end = Locked(end)
    }

    func next(atMost limit: Int) async throws(TransportError) -> [IncomingMessage]? {
        while true {
            if end.withLock({ $0?.isReached ?? false }) { return nil }
            guard var batch = try await subscription.nextBatch(atMost: limit) else { return nil }
            subscription.complete(batch.map(\.delivery))
            batch.removeAll { !range.includes($0.position.partition) }
            guard end.withLock({ $0 != nil }) else {
                if batch.isEmpty { continue }
                return batch
            }
            let next = try await subscription.progress().mapValues(\.next)
            let taken = end.withLock { end in
                let taken = end?.take(batch) ?? batch
                end?.advance(to: next)
                return taken
            }
            if !taken.isEmpty { return taken }
        }
    }

    func close() async { await subscription.close(within: .zero) }
}
