import InMemoryTransport
import OpenEdXEvents
import Testing

@Suite("Dead letters that cannot be stored", .timeLimit(.minutes(1)))
struct DeadLetterFaultTests {
    private let letters = DeadLetterQueue.defaultTopic(group: TestBus.group)

    /// Handlers that fail at once on the key `bad`.
    private func handlers(_ seen: Log<Int>) -> EventHandlers {
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self, retry: .never) { event in
            if event.payload.course == "bad" { throw TestFailure() }
            seen.append(event.payload.number)
        }
        return handlers
    }

    /// As many dead letters, in one partition.
    private func fill(_ bus: TestBus, _ count: Int) async throws {
        try await bus.emit(0..<count, course: "bad")
        try await bus.consuming(handlers(Log())) { _ in await bus.facts.waitForSettled(count) }
    }

    @Test("letters that were sent back are not looked for behind a full batch of others")
    func sentBackAtTheEnd() async throws {
        let bus = try TestBus(partitions: 1)
        try await fill(bus, 257)
        let queue = try DeadLetterQueue(transport: bus.transport, group: TestBus.group)
        #expect(try await queue.redrive { $0.origin.offset == 256 }.redriven == 1)
        #expect(try await queue.letters().count == 256)
        #expect(try await queue.redrive { _ in false }.passedOver == 256)
    }

    @Test("of letters sent back together only the one that failed is sent again")
    func oneFails() async throws {
        let bus = try TestBus(partitions: 1)
        try await fill(bus, 4)
        let queue = try DeadLetterQueue(transport: bus.transport, group: TestBus.group)
        let error = TransportError(.unavailable, "the leader moves", isRetriable: true)
        bus.transport.broker.failPublishing(to: TestBus.topic, count: 1, with: error)
        await #expect(throws: TransportError.self) { try await queue.redrive() }
        #expect(try await queue.redrive().redriven == 1)
        // Four as they were, and each once more.
        #expect(bus.transport.broker.messages(in: TestBus.topic).count == 8)
    }

    @Test("while the dead-letter topic is out of reach the event waits, with its key; later it is stored")
    func unavailable() async throws {
        let bus = try TestBus(partitions: 1)
        let error = TransportError(.unavailable, "the leader moves", isRetriable: true)
        bus.transport.broker.failPublishing(to: letters, count: 5, with: error)
        try await bus.emit([0], course: "bad")
        try await bus.emit([1, 2], course: "good")
        let seen = Log<Int>()
        try await bus.consuming(handlers(seen)) { _ in
            await bus.facts.waitForSettled(2)
            #expect(seen.all == [1, 2])
            #expect(bus.facts.settlements == [.handled, .handled])
            await bus.clock.advance(by: .seconds(30)) { bus.facts.settlements.count == 3 }
        }
        #expect(bus.facts.facts.count { if case .transport(error) = $0 { true } else { false } } == 5)
        #expect(bus.transport.broker.messages(in: letters).count == 1)
        let stored = try await DeadLetterQueue(transport: bus.transport, group: TestBus.group).letters()
        #expect(stored.map(\.origin.offset) == [0])
        // The handler was called once: it is the letter that was tried again.
        #expect(stored.first?.attempts == 1 && bus.facts.retries == 0)
    }

    @Test("a consumer that stops before its dead letter is stored leaves the event to the next one")
    func stopsWaiting() async throws {
        let bus = try TestBus(partitions: 1)
        let error = TransportError(.unavailable, "the leader moves", isRetriable: true)
        bus.transport.broker.failPublishing(to: letters, with: error)
        try await bus.emit([0], course: "bad")
        let seen = Log<Int>()
        try await bus.consuming(handlers(seen)) { _ in
            await bus.facts.wait { $0.contains { if case .transport(error) = $0 { true } else { false } } }
        }
        #expect(bus.facts.settlements.isEmpty)
        #expect(bus.transport.broker.messages(in: letters).isEmpty)
        try await bus.consuming(handlers(seen)) { _ in await bus.facts.waitForSettled(1) }
        #expect(bus.transport.broker.messages(in: letters).count == 1)
    }

    @Test("a consumer that stops does not wait beyond its limit for a dead letter that is under way")
    func stuck() async throws {
        let bus = try TestBus(partitions: 1)
        let (attempts, attempted) = AsyncStream.makeStream(of: Void.self)
        let (release, releasing) = AsyncStream.makeStream(of: Void.self)
        let transport = PublishingTransport(inner: bus.transport) {
            [letters] (inner, batch) throws(TransportError) in
            if batch.contains(where: { $0.topic == letters }) {
                attempted.yield()
                for await _ in release {}
            }
            return try await inner.publish(batch)
        }
        try await bus.emit([0], course: "bad")
        var configuration = bus.configuration
        configuration.drainLimit = .zero
        let consumer = try EventConsumer(
            transport: transport, handlers: handlers(Log()), configuration: configuration)
        async let run: Void = consumer.run()
        _ = await attempts.first { _ in true }
        consumer.shutDown()
        try await run
        #expect(bus.facts.settlements.isEmpty)
        releasing.finish()
    }

    @Test("a dead letter that is refused for good stops the consumer, and the event is not committed")
    func refused() async throws {
        let bus = try TestBus(partitions: 1)
        let error = TransportError(.authorization, "may not write")
        bus.transport.broker.failPublishing(to: letters, with: error)
        try await bus.emit([0], course: "good")
        try await bus.emit([1], course: "bad")
        let seen = Log<Int>()
        let consumer = try EventConsumer(
            transport: bus.transport, handlers: handlers(seen), configuration: bus.configuration)
        do throws(ConsumerError) {
            try await consumer.run()
            Issue.record("the consumer returned")
        } catch {
            guard case .deadLetterRefused(let position, let reason) = error else {
                Issue.record("stopped with \(error)")
                return
            }
            #expect(position == Position(topic: TestBus.topic, partition: 0, offset: 1))
            #expect(reason.code == .authorization)
        }
        let offset = bus.transport.broker.committedOffsets(of: TestBus.group).values.first ?? 0
        #expect(offset <= 1)
        // Once the right is given, the event comes again.
        try await bus.consuming(handlers(seen)) { _ in
            await bus.facts.wait { $0.settlements.contains(.deadLettered) }
        }
        #expect(bus.transport.broker.messages(in: letters).count == 1)
    }
}
