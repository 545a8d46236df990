import OpenEdXEvents
import Synchronization

/// A subscription in front of a sound one that does one thing wrong, or nothing.
final class BrokenSubscription: EventSubscription {
    private struct State {
        var count = 0
        var isClosed = false
        var losesNext = false
        /// What was finished, and how far each partition is finished without a gap.
        var finished: Set<Position> = []
        var delivered: [TopicPartition: [Delivery]] = [:]
        var assignments: [TopicPartition: AssignmentID] = [:]
    }

    let inner: any EventSubscription
    private let defect: Defect?
    private let state = Locked(State())

    init(_ inner: any EventSubscription, _ defect: Defect?) {
        self.inner = inner
        self.defect = defect
    }

    func nextBatch(atMost limit: Int) async throws(TransportError) -> [IncomingMessage]? {
        var batch: [IncomingMessage]?
        do throws(TransportError) {
            repeat {
                batch = try await sound(atMost: defect == .ignoresBatchLimit ? 1_000 : limit)
            } while batch?.isEmpty ?? false
        } catch {
            if error.code == .cancelled, defect == .endsWhenCancelled { return nil }
            if error.code == .cancelled { state.withLock { $0.losesNext = true } }
            throw error
        }
        guard let batch else {
            if defect == .throwsWhenClosed { throw TransportError(.closed, "the subscription is closed") }
            return nil
        }
        return damaged(batch, atMost: limit)
    }

    /// Reads a batch and takes away what gets lost; may leave nothing.
    private func sound(atMost limit: Int) async throws(TransportError) -> [IncomingMessage]? {
        guard var batch = try await inner.nextBatch(atMost: limit) else { return nil }
        let lost = state.withLock { state in
            batch.filter { _ in
                state.count += 1
                if defect == .losesMessages { return state.count % 3 == 0 }
                defer { state.losesNext = false }
                return defect == .losesWhenCancelled && state.losesNext
            }
        }
        inner.complete(lost.map(\.delivery))
        batch.removeAll { lost.contains($0) }
        return batch
    }

    private func damaged(_ batch: [IncomingMessage], atMost limit: Int) -> [IncomingMessage] {
        state.withLock { state in
            for message in batch {
                state.delivered[message.position.topicPartition, default: []].append(message.delivery)
                state.assignments[message.position.topicPartition] = message.delivery.assignment
            }
        }
        switch defect {
        case .reordersMessages: return batch.reversed()
        case .repeatsMessages: return batch + batch.suffix(1)
        case .commitsWhatIsUnfinished:
            inner.complete(batch.map(\.delivery))
            return batch
        case .forgetsTime:
            return batch.map {
                IncomingMessage(
                    delivery: $0.delivery, key: $0.key, headers: $0.headers, value: $0.value,
                    timestamp: EventTime(seconds: 0, nanoseconds: 0))
            }
        default: return batch
        }
    }

    func complete(_ delivery: Delivery) {
        switch defect {
        case .commitsNothing: inner.abandon(delivery)
        case .forgetsWhatIsBeyondThePrefix:
            for delivery in contiguous(delivery) { inner.complete(delivery) }
        case .settlesUnderAnyAssignment:
            let latest = state.withLock { $0.assignments[delivery.position.topicPartition] }
            inner.complete(Delivery(position: delivery.position, assignment: latest ?? delivery.assignment))
        default: inner.complete(delivery)
        }
    }

    /// The deliveries that are finished without a gap once this one is.
    private func contiguous(_ delivery: Delivery) -> [Delivery] {
        state.withLock { state in
            state.finished.insert(delivery.position)
            let ready = state.delivered[delivery.position.topicPartition, default: []].prefix {
                state.finished.contains($0.position)
            }
            state.delivered[delivery.position.topicPartition]?.removeFirst(ready.count)
            return Array(ready)
        }
    }

    func abandon(_ delivery: Delivery) { inner.abandon(delivery) }

    func commit() async throws(TransportError) { try await inner.commit() }

    func seek(to target: SeekTarget) async throws(TransportError) {
        if defect != .ignoresSeek { try await inner.seek(to: target) }
    }

    func progress() async throws(TransportError) -> [TopicPartition: PartitionProgress] {
        let progress = try await inner.progress()
        guard defect == .miscountsProgress else { return progress }
        return progress.mapValues {
            PartitionProgress(committed: $0.committed.map { $0 + 1 }, next: $0.next, end: $0.end)
        }
    }

    func close(within limit: Duration) async {
        await inner.close(within: defect == .closesWithoutWaiting ? .zero : limit)
    }
}
