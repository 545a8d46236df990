import Synchronization

/// One call of a handler of batches, and what becomes of each of its events.
struct BatchAttempt: Sendable {
    let worker: ConsumerWorker
    let handler: Handler
    let body: Handler.Batch
    let strings: StringCache

    private typealias Next = ConsumerWorker.Next
    private typealias Entry = (lane: ConsumerEngine.LaneID, item: WorkItem)
    /// An event that the handler is called with, and its place in the work.
    private typealias Called = (index: Int, item: WorkItem, received: ReceivedMessage)

    /// Calls the handler with those events of the work that are new and meant for it, and settles all lanes.
    func run(_ work: ConsumerWork) async {
        let lanes = work.lanes.flatMap { Array(repeating: $0.id, count: $0.count) }
        let entries = zip(lanes, work.items).map { (lane: $0, item: $1) }
        var (fates, called) = await prepare(entries)
        if !called.isEmpty {
            // Behind an event for which the consumer stops, those of its lane come again, in order.
            var stopped: Set<ConsumerEngine.LaneID> = []
            for (call, failure) in zip(called, await failures(of: called)) {
                let lane = entries[call.index].lane
                if stopped.contains(lane) {
                    fates[call.index] = .now(call.item)
                    continue
                }
                fates[call.index] = await fate(of: call.item, failure: failure, inBatch: called.count)
                if case .stop = fates[call.index] { stopped.insert(lane) }
            }
        }
        settle(entries.map(\.lane), fates)
    }

    /// Finds the events that the handler is called with, and what becomes of all others.
    private func prepare(_ entries: [Entry]) async -> (fates: [Next], called: [Called]) {
        var fates: [Next] = []
        var called: [Called] = []
        // Lanes whose order would be broken by what comes next of them.
        var held: Set<ConsumerEngine.LaneID> = []
        var claimed: Set<InboxKey> = []
        for (index, entry) in entries.enumerated() {
            // The same event again: what becomes of the first is known after the call.
            if worker.settings.inbox != nil, case .received(let received) = entry.item.content,
                !claimed.insert(received.inboxKey).inserted
            {
                held.insert(entry.lane)
            }
            guard !held.contains(entry.lane) else {
                fates.append(.now(entry.item))
                continue
            }
            let fate = await prepare(entry.item)
            if fate.isPutOff { held.insert(entry.lane) }
            if case .now(let item) = fate, case .received(let received) = item.content,
                item.stage == entry.item.stage
            {
                called.append((index, item, received))
            }
            fates.append(fate)
        }
        return (fates, called)
    }

    /// Calls the handler, with at least one event; returns the failure of each, in order.
    private func failures(of called: [Called]) async -> [(any Error)?] {
        let (messages, attempt) = (called.map(\.received), called[0].item.attempt)
        for message in messages { message.lend(strings) }
        let undecodable = Locked<[(index: Int, error: PayloadError)]>([])
        let call = HandlerCall(
            settings: worker.settings, handler: handler, first: messages[0], count: called.count, attempt: attempt)
        let failure = await call.run {
            let found = try await body(messages, attempt)
            undecodable.withLock { $0 = found }
        }
        var failures = Array(repeating: failure, count: called.count)
        for (index, error) in undecodable.withLock({ $0 }) { failures[index] = error }
        return failures
    }

    /// Claims an event, and passes over what is not meant for the handler.
    private func prepare(_ item: WorkItem) async -> Next {
        guard case .received(let received) = item.content else { return .now(item) }
        var next = Next.now(item)
        if !item.isClaimed { next = await worker.claim(received, item) }
        guard case .now(let item) = next, !received.isMeant(for: handler) else { return next }
        return await onwards(item.advanced())
    }

    private func fate(of item: WorkItem, failure: (any Error)?, inBatch count: Int) async -> Next {
        guard let failure else { return await onwards(item.advanced()) }
        let next = worker.decide(failure, handler, item)
        if case .later = next { return next }
        guard count > 1, !(failure is PayloadError) else {
            if case .now(let item) = next { return await onwards(item) }
            return next
        }
        // The last attempt of a batch: alone, the bad ones show themselves.
        var item = item
        item.isAlone = true
        return .now(item)
    }

    /// Finishes an event that has no handler left.
    private func onwards(_ item: WorkItem) async -> Next {
        guard item.letter == nil, item.nextHandler == nil else { return .now(item) }
        return await worker.finish(item)
    }

    /// Settles each lane once, with what remains of it in order.
    private func settle(_ lanes: [ConsumerEngine.LaneID], _ fates: [Next]) {
        var start = 0
        while start < lanes.count {
            var end = start
            while end < lanes.count, lanes[end] == lanes[start] { end += 1 }
            settle(lanes[start], fates[start..<end])
            start = end
        }
    }

    private func settle(_ lane: ConsumerEngine.LaneID, _ fates: ArraySlice<Next>) {
        var remaining: [WorkItem] = []
        var pause: Duration?
        var stop: ConsumerError?
        for fate in fates {
            switch fate {
            case .now(let item): remaining.append(item)
            case .later(let item, let delay):
                remaining.append(item)
                pause = max(pause ?? .zero, delay)
            case .through(let failed): worker.engine.note(failed: failed)
            case .stop(let error, let item):
                remaining.append(item)
                stop = stop ?? error
            }
        }
        guard let stop else { return worker.engine.settle(lane, remaining: remaining, pause: pause) }
        worker.engine.stop(stop)
        worker.engine.abandon(remaining, of: lane)
    }
}
