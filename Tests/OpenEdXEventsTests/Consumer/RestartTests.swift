import InMemoryTransport
import OpenEdXEvents
import Testing

@Suite("Consumers that stop, are lost, or share", .timeLimit(.minutes(1)))
struct RestartTests {
    private let partition = TopicPartition(topic: TestBus.topic, partition: 0)

    /// A configuration in which a failing handler is tried for ever.
    private func patient(_ bus: TestBus) -> EventConsumer.Configuration {
        var configuration = bus.configuration
        configuration.retry = RetryPolicy(attempts: .max, initialDelay: .seconds(1), jitter: 0)
        configuration.unsettledLimit = 4_096
        return configuration
    }

    /// Handlers that fail on the key `stuck` until they are mended.
    private func handlers(_ seen: Log<Int>, mended: Bool) -> EventHandlers {
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self) { event in
            if event.payload.course == "stuck", !mended { throw TestFailure() }
            seen.append(event.payload.number)
        }
        return handlers
    }

    @Test("after a stop with one stuck event and thousands done behind it, only that event comes again")
    func stopped() async throws {
        let bus = try TestBus(partitions: 1)
        try await bus.emit([0], course: "stuck")
        try await bus.emit(1...3_000, course: "free")
        let (before, after) = (Log<Int>(), Log<Int>())
        try await bus.consuming(handlers(before, mended: false), patient(bus)) { _ in
            await bus.facts.waitForSettled(3_000)
        }
        #expect(before.all == Array(1...3_000))
        #expect(bus.transport.broker.committedOffsets(of: TestBus.group) == [partition: 0])
        let metadata = bus.transport.broker.commitMetadata(of: TestBus.group, partition)
        #expect(!metadata.isEmpty && metadata.utf8.count <= 4_096)

        try await bus.consuming(handlers(after, mended: true), patient(bus)) { _ in
            await bus.facts.waitForSettled(3_001)
            try await bus.emit([3_001], course: "free")
            await bus.facts.waitForSettled(3_002)
        }
        #expect(after.all == [0, 3_001])
        #expect(bus.transport.broker.committedOffsets(of: TestBus.group) == [partition: 3_002])
    }

    @Test("after a consumer is lost, what it had in flight or done since its last commit comes again, and no more")
    func lost() async throws {
        let bus = try TestBus(partitions: 1)
        let transport = CapturingTransport(bus.transport)
        try await bus.emit([0], course: "stuck")
        try await bus.emit(1...3_000, course: "free")
        let (before, after) = (Log<Int>(), Log<Int>())
        let consumer = try EventConsumer(
            transport: transport, handlers: handlers(before, mended: false), configuration: patient(bus))
        let run = Task { () -> ConsumerError? in
            do throws(ConsumerError) {
                try await consumer.run()
                return nil
            } catch {
                return error
            }
        }
        await bus.facts.waitForSettled(3_000)
        let (broker, partition) = (bus.transport.broker, partition)
        await bus.clock.advance(by: .seconds(1)) { !broker.commitMetadata(of: TestBus.group, partition).isEmpty }
        try await bus.emit(3_001...3_010, course: "free")
        await bus.facts.waitForSettled(3_010)
        transport.crash()
        guard case .transport = await run.value else {
            Issue.record("the consumer did not notice that it is lost")
            return
        }

        try await bus.consuming(handlers(after, mended: true), patient(bus)) { _ in
            await bus.clock.advance(by: .seconds(10)) { bus.facts.settlements.count >= 3_021 }
        }
        #expect(after.all.sorted() == [0] + Array(3_001...3_010))
        #expect(broker.committedOffsets(of: TestBus.group) == [partition: 3_011])
    }

    @Test("a second member that joins while events are handled takes partitions over in order, and nothing is lost")
    func rebalance() async throws {
        let bus = try TestBus(partitions: 4)
        let courses = (0..<8).map { "course \($0)" }
        for number in 0..<25 { for course in courses { try await bus.emit([number], course: course) } }
        let seen = Log<(course: String, number: Int)>()
        let secondSaw = Log<Int>()
        let (began, goOn) = (Gate(), Gate())
        func handlers(isSecond: Bool) -> EventHandlers {
            var handlers = EventHandlers()
            handlers.on(NoteCreated.self) { event in
                if event.payload.number == 10, !isSecond {
                    began.open()
                    await goOn.pass()
                }
                seen.append((event.payload.course, event.payload.number))
                if isSecond { secondSaw.append(event.payload.number) }
            }
            return handlers
        }
        try await bus.consuming(handlers(isSecond: false)) { _ in
            await began.pass()
            try await bus.consuming(handlers(isSecond: true)) { _ in
                await bus.facts.wait { facts in
                    facts.contains { if case .revoked(_, let gone, _) = $0 { !gone.isEmpty } else { false } }
                }
                goOn.open()
                for number in 25..<50 { for course in courses { try await bus.emit([number], course: course) } }
                await bus.facts.wait { facts in
                    Set(facts.compactMap { if case .settled(let event, _) = $0 { event.position } else { nil } }).count
                        == 400
                }
            }
        }
        #expect(!secondSaw.all.isEmpty)
        for course in courses {
            var next = 0
            for number in seen.all where number.course == course {
                // What was in flight may come again; nothing is passed over.
                #expect(number.number <= next)
                if number.number == next { next += 1 }
            }
            #expect(next == 50)
        }
    }

    @Test("past the drain limit a handler is cancelled, and its event comes again")
    func drainLimit() async throws {
        let bus = try TestBus(partitions: 1)
        let (began, ended) = (Gate(), Gate())
        let cancelled = Log<Bool>()
        var stuck = EventHandlers()
        let clock = bus.clock
        stuck.on(NoteCreated.self) { _ in
            began.open()
            do {
                try await clock.sleep(for: .seconds(1_000_000))
            } catch {
                cancelled.append(Task.isCancelled)
                throw error
            }
        }
        try await bus.emit([1])
        let consumer = try EventConsumer(
            transport: bus.transport, handlers: stuck, configuration: bus.configuration)
        async let run: Void = {
            try await consumer.run()
            ended.open()
        }()
        await began.pass()
        consumer.shutDown()
        await bus.clock.advance(by: .seconds(10)) { ended.isOpen }
        try await run
        #expect(cancelled.all == [true])
        #expect(bus.facts.settlements.isEmpty && bus.facts.retries == 0)

        let seen = Log<Int>()
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self) { seen.append($0.payload.number) }
        try await bus.consuming(handlers) { _ in await bus.facts.waitForSettled(1) }
        #expect(seen.all == [1])
    }
}
