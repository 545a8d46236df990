extension ConsumerWorker {
    /// What a worker has at hand from one event to the next.
    private struct Memory {
        var pace = WorkPace(.now)
        var headers: HeaderFacts?
        let strings = StringCache()
        var direct = DirectReading()
        var finished: FinishedMessages
    }

    /// Takes work until there is no more.
    func run() async {
        // Around all of it: handlers that are called directly have this context, and all others one of their own.
        await HandlingContext.$current.withValue(.beginning) {
            var memory = Memory(finished: FinishedMessages(subscription))
            var next = await engine.next()
            while let work = next.take() {
                if let handler = work.batchHandler, case .batch(_, let body) = handler.body {
                    await BatchAttempt(worker: self, handler: handler, body: body, strings: memory.strings).run(work)
                    next = await engine.next(memory.pace.share)
                    continue
                }
                let lanes = work.lanes
                if await bringThrough(lanes, work.items, &memory) {
                    next = await engine.next(after: lanes, memory.pace.share)
                } else {
                    next = await engine.next(memory.pace.share)
                }
            }
        }
    }

    /// Brings events of lanes through, one after another, for as long as it is quick about it and nobody interrupts.
    ///
    /// - Returns: Whether all are through; else all lanes are settled, with what remains of them.
    private func bringThrough(
        _ lanes: [(id: ConsumerWork.LaneID, count: Int)], _ items: consuming [WorkItem], _ memory: inout Memory
    ) async -> Bool {
        let interruptions = engine.interruptions
        memory.finished.begin(expecting: items.count)
        memory.pace.begin(.now)
        // From the back, so that each event leaves the array and nothing keeps it once it is through.
        items.reverseInPlace()
        var (lane, left) = (0, lanes[0].count)
        while let item = items.popLast() {
            if left == 0 {
                lane += 1
                left = lanes[lane].count
            }
            left -= 1
            var next = Next.through(failed: false)
            if let (received, body) = begin(item, &memory) {
                do {
                    try await body(received, 1)
                    memory.direct.succeed()
                    memory.finished.append(received.message)
                } catch {
                    next = await goOn(received, after: error, &memory)
                }
            } else {
                next = await bringThrough(item, &memory)
            }
            if case .through(let failed) = next {
                if settings.errorLimit != nil { engine.note(failed: failed) }
                if items.isEmpty || memory.pace.goesOn(.now) && engine.interruptions == interruptions { continue }
            }
            memory.finished.tell()
            settle(lanes[lane...], first: left, items.reversed(), next)
            for lane in lanes[..<lane] { engine.settle(lane.id, remaining: [], pause: nil) }
            return false
        }
        memory.finished.tell()
        memory.pace.end(.now)
        return true
    }

    /// Settles the lane whose event has come so far, and those behind it, which have not been begun.
    ///
    /// - Parameters:
    ///   - first: How many of the items are of the first lane.
    ///   - items: What has not been begun.
    private func settle(
        _ lanes: ArraySlice<(id: ConsumerWork.LaneID, count: Int)>, first: Int, _ items: [WorkItem], _ next: Next
    ) {
        let remaining = Array(items.prefix(first))
        let lane = lanes[lanes.startIndex].id
        switch next {
        case .through: engine.settle(lane, remaining: remaining, pause: nil)
        case .now(let item): engine.settle(lane, remaining: [item] + remaining, pause: nil)
        case .later(let item, let delay): engine.settle(lane, remaining: [item] + remaining, pause: delay)
        case .stop(let error, let item):
            engine.stop(error)
            engine.abandon([item] + remaining, of: lane)
        }
        var rest = items.dropFirst(first)
        for lane in lanes.dropFirst() {
            engine.settle(lane.id, remaining: Array(rest.prefix(lane.count)), pause: nil)
            rest = rest.dropFirst(lane.count)
        }
    }

    /// Begins to read an event that is read while its handler's payload is decoded, and returns how to call that handler.
    private func begin(_ item: WorkItem, _ memory: inout Memory) -> (ReceivedMessage, Handler.Single)? {
        guard settings.readsDirectly, case .arrived(let message) = item.content, let facts = memory.headers,
            facts.isStructured, facts.isPlain, facts.hold(for: message)
        else { return nil }
        return memory.direct.begin(message, facts, settings, memory.strings)
    }

    /// Goes on with an event whose handler failed, or that was not to be read at once.
    private func goOn(_ received: ReceivedMessage, after error: any Error, _ memory: inout Memory) async -> Next {
        memory.finished.tell()
        guard received.isRead else {
            memory.direct.fail()
            return await process(WorkItem(.arrived(received.message)))
        }
        return await goOn(WorkItem(.received(received)), after: error, received)
    }

    private func goOn(_ item: WorkItem, after error: any Error, _ received: ReceivedMessage) async -> Next {
        var item = item
        // There is no inbox to ask.
        item.isClaimed = true
        let next = decide(error, received.handlers.handlers[0], item)
        guard case .now(let item) = next else { return next }
        return await process(item)
    }

    /// Brings one event as far as it goes by itself and without a pause.
    private func bringThrough(_ item: consuming WorkItem, _ memory: inout Memory) async -> Next {
        if let through = open(&item, &memory.headers) { return through }
        if case .received(let received) = item.content { received.lend(memory.strings) }
        guard settings.callsDirectly, let received = item.direct, let body = received.handlers.direct else {
            memory.finished.tell()
            return await process(item)
        }
        do {
            try await body(received, item.attempt)
        } catch {
            memory.finished.tell()
            return await goOn(item, after: error, received)
        }
        memory.finished.append(received.message)
        return .through(failed: false)
    }
}

extension [WorkItem] {
    /// Reverses the order, without counting a reference.
    fileprivate mutating func reverseInPlace() {
        withUnsafeMutableBufferPointer { items in
            var (first, last) = (0, items.count - 1)
            while first < last {
                items.swapAt(first, last)
                first += 1
                last -= 1
            }
        }
    }
}
