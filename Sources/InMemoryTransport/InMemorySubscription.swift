import OpenEdXEvents
import Synchronization

/// One member of a group of an ``InMemoryBroker``.
final class InMemorySubscription: EventSubscription {
    let broker: InMemoryBroker
    let member: Member
    private let commits: Task<Void, Never>?
    private let onEnd: @Sendable () -> Void

    init(broker: InMemoryBroker, member: Member, onEnd: @escaping @Sendable () -> Void) {
        self.broker = broker
        self.member = member
        self.onEnd = onEnd
        commits = broker.commitRegularly(member)
    }

    deinit {
        commits?.cancel()
        broker.close(member)
        onEnd()
    }

    func nextBatch(atMost limit: Int) async throws(TransportError) -> [IncomingMessage]? {
        while true {
            if Task.isCancelled {
                throw TransportError(.cancelled, "the task was cancelled; no message is lost by that")
            }
            switch broker.state.withLock({ $0.fetch(member, atMost: limit) }) {
            case .batch(let batch): return batch
            case .ended: return nil
            case .failed(let error): throw error
            case .nothing(let signal): await wait(since: signal)
            }
        }
    }

    /// Waits until there may be something, or the task is cancelled.
    private func wait(since signal: Int) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isWaiting = member.reading.withLock { reading in
                    !Task.isCancelled && reading.wait(continuation, seen: signal)
                }
                if !isWaiting { continuation.resume() }
            }
        } onCancel: {
            member.wake()
        }
    }

    func complete(_ delivery: Delivery) { settle(delivery, isFinished: true) }

    func complete(_ deliveries: [Delivery]) {
        var consequences = ReadingState.Consequences()
        var released: [AssignmentID] = []
        member.reading.withLock { reading in
            for delivery in deliveries {
                reading.settle(delivery, isFinished: true, &consequences)
                if let id = consequences.released.take() { released.append(id) }
            }
        }
        perform(consequences)
        if !released.isEmpty { broker.release(member, released) }
    }

    func abandon(_ delivery: Delivery) { settle(delivery, isFinished: false) }

    private func settle(_ delivery: Delivery, isFinished: Bool) {
        var consequences = ReadingState.Consequences()
        member.reading.withLock { $0.settle(delivery, isFinished: isFinished, &consequences) }
        perform(consequences)
    }

    private func perform(_ consequences: ReadingState.Consequences) {
        consequences.waiter?.resume()
        consequences.closer?.resume()
        if let id = consequences.released { broker.release(member, [id]) }
        if let room = consequences.room { broker.change { $0.storeBlocked(room.topic, room.partition, &$1) } }
    }

    func commit() async throws(TransportError) {
        try broker.change { state, effects throws(TransportError) in try state.commit(member, &effects) }
    }

    func seek(to target: SeekTarget) async throws(TransportError) {
        try broker.change { state, effects throws(TransportError) in try state.seek(member, to: target, &effects) }
    }

    func progress() async throws(TransportError) -> [TopicPartition: PartitionProgress] {
        try broker.state.withLock { state throws(TransportError) in try state.progress(of: member) }
    }

    func close(within limit: Duration) async {
        let (isFirst, waiter) = member.reading.withLock { reading in
            guard case .open = reading.condition else { return (false, reading.wake()) }
            reading.condition = .closing
            return (true, reading.wake())
        }
        waiter?.resume()
        guard isFirst else { return }
        if limit > .zero {
            let timer = broker.after(limit) { [member] _ in
                let closer = member.reading.withLock { $0.endWaitUntilSettled() }
                closer?.resume()
            }
            await withCheckedContinuation { continuation in
                let isWaiting = member.reading.withLock { $0.waitUntilSettled(continuation) }
                if !isWaiting { continuation.resume() }
            }
            timer.cancel()
        }
        commits?.cancel()
        broker.close(member)
        onEnd()
    }
}

extension InMemoryBroker {
    /// Commits what a member has finished, at its interval. Holds neither the broker nor the subscription.
    func commitRegularly(_ member: Member) -> Task<Void, Never>? {
        let interval = member.options.commitInterval
        guard interval > .zero else { return nil }
        let clock = configuration.clock
        return Task { [weak self] in
            while (try? await clock.sleep(for: interval)) != nil, self?.commitOnTime(member) ?? false {}
        }
    }

    /// False if the member is not one any more.
    private func commitOnTime(_ member: Member) -> Bool {
        change { state, effects in
            guard state.groups[member.options.group]?.members[member.id] != nil else { return false }
            do throws(TransportError) {
                try state.commit(member, &effects)
            } catch {
                effects.facts.append(.transport(error))
            }
            return true
        }
    }
}
