extension ConsumerWorker {
    /// Takes work until there is no more.
    func run() async {
        var pace = WorkPace(.now)
        var headers: HeaderFacts?
        let strings = StringCache()
        var next = await engine.next()
        while let work = next {
            guard let subscription = engine.subscription else { return }
            if let handler = work.first.item.nextHandler, case .batch(_, let body) = handler.body {
                await BatchAttempt(
                    worker: self, subscription: subscription, handler: handler, body: body, strings: strings
                ).run(work)
                next = await engine.next(run: pace.run)
            } else if await HandlingContext.$current.withValue(
                .beginning, operation: { await bringThrough(work, subscription, &pace, &headers, strings) })
            {
                next = await engine.next(after: work.first.lane, run: pace.run)
            } else {
                next = await engine.next(run: pace.run)
            }
        }
    }

    /// Brings events of one lane through, one after another, for as long as it is quick about it and nobody interrupts.
    ///
    /// - Returns: Whether all are through; else what remains of them is settled.
    private func bringThrough(
        _ work: ConsumerWork, _ subscription: any EventSubscription, _ pace: inout WorkPace,
        _ headers: inout HeaderFacts?, _ strings: StringCache
    ) async -> Bool {
        let lane = work.first.lane
        let interruptions = engine.interruptions
        var finished = FinishedDeliveries(subscription, expected: work.more.count + 1)
        pace.begin(.now)
        var item = work.first.item
        var index = 0
        while true {
            let next: Next
            let through = open(&item, &headers, subscription)
            if case .received(let received) = item.content { received.lend(strings) }
            if let through {
                next = through
            } else if settings.callsDirectly, let received = item.direct, let body = received.handlers.direct {
                next = await call(body, received, item, subscription, &finished)
            } else {
                finished.tell()
                next = await process(item, subscription)
            }
            func remaining(_ items: [WorkItem]) -> [WorkItem] { items + work.more[index...].map(\.item) }
            switch next {
            case .through(let failed):
                if settings.errorLimit != nil { engine.note(failed: failed) }
                guard index < work.more.count else {
                    finished.tell()
                    pace.end(.now)
                    return true
                }
                guard pace.goesOn(.now), engine.interruptions == interruptions else {
                    finished.tell()
                    engine.settle(lane, remaining: remaining([]), pause: nil)
                    return false
                }
                item = work.more[index].item
                index += 1
            case .now(let item):
                finished.tell()
                engine.settle(lane, remaining: remaining([item]), pause: nil)
                return false
            case .later(let item, let delay):
                finished.tell()
                engine.settle(lane, remaining: remaining([item]), pause: delay)
                return false
            case .stop(let error, let item):
                finished.tell()
                engine.stop(error)
                engine.abandon(remaining([item]), of: lane)
                return false
            }
        }
    }

    /// The usual case, without what it does not need: one handler, and nothing around it.
    private func call(
        _ body: Handler.Single, _ received: ReceivedMessage, _ item: WorkItem, _ subscription: any EventSubscription,
        _ finished: inout FinishedDeliveries
    ) async -> Next {
        do {
            try await body(received, item.attempt)
        } catch {
            finished.tell()
            var item = item
            // There is no inbox to ask.
            item.isClaimed = true
            let next = decide(error, received.handlers.handlers[0], item)
            guard case .now(let item) = next else { return next }
            return await process(item, subscription)
        }
        finished.append(received.message.delivery)
        return .through(failed: false)
    }
}
