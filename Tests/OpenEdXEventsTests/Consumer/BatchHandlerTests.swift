import OpenEdXEvents
import Testing

@Suite("Handlers of batches", .timeLimit(.minutes(1)))
struct BatchHandlerTests {
    private let course = "course-v1:A+B+C"

    /// A sound document, always the same.
    private func document(_ number: String, id: EventID = EventID()) throws -> [UInt8] {
        try EventEnvelope(
            id: id.description, source: "/openedx/notes/web", type: NoteCreated.type.name, time: .now(),
            sourceHost: "localhost", minorVersion: 0,
            data: .json(Array(#"{"course":"\#(course)","number":\#(number)}"#.utf8))
        ).structured()
    }

    @Test("a call gets as many events as wait, up to the limit")
    func limit() async throws {
        let bus = try TestBus(partitions: 1)
        let calls = Log<[Int]>()
        var handlers = EventHandlers()
        handlers.onBatch(of: NoteCreated.self, upTo: 4) { calls.append($0.map(\.payload.number)) }
        try await bus.emit(0..<10)
        try await bus.consuming(handlers) { _ in await bus.facts.waitForSettled(10) }
        #expect(calls.all == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]])
    }

    @Test("order per key holds within and between batches of many keys")
    func order() async throws {
        let bus = try TestBus()
        let seen = Log<(course: String, number: Int)>()
        let sizes = Log<Int>()
        var handlers = EventHandlers()
        handlers.onBatch(of: NoteCreated.self, upTo: 7) { events in
            sizes.append(events.count)
            for event in events { seen.append((event.payload.course, event.payload.number)) }
        }
        for number in 0..<40 {
            for course in ["a", "b", "c", "d", "e"] { try await bus.emit([number], course: course) }
        }
        try await bus.consuming(handlers) { _ in await bus.facts.waitForSettled(200) }
        for course in ["a", "b", "c", "d", "e"] {
            #expect(seen.all.filter { $0.course == course }.map(\.number) == Array(0..<40))
        }
        #expect(sizes.all.allSatisfy { (1...7).contains($0) })
        #expect(sizes.all.contains { $0 > 1 })
    }

    @Test("a limit of one gets events of its own type only, however many of another wait behind them")
    func limitOfOne() async throws {
        let bus = try TestBus(partitions: 1)
        let created = Log<[Int]>()
        let deleted = Log<Int>()
        var configuration = bus.configuration
        configuration.ordering = .partition
        var handlers = EventHandlers()
        handlers.onBatch(of: NoteCreated.self, upTo: 1) { created.append($0.map(\.payload.number)) }
        handlers.on(NoteDeleted.self) { deleted.append($0.payload.number) }
        for number in 0..<100 {
            if number % 3 == 0 {
                try await bus.emit([number])
            } else {
                try await bus.producer.emit(NoteDeleted(number: number))
            }
        }
        try await bus.consuming(handlers, configuration) { _ in await bus.facts.waitForSettled(100) }
        #expect(created.all == (0..<100).filter { $0 % 3 == 0 }.map { [$0] })
        #expect(deleted.all == (0..<100).filter { $0 % 3 != 0 })
        #expect(bus.facts.settlements.allSatisfy { $0 == .handled })
    }

    @Test("when the consumer stops for an event, those of its key behind it come again after it")
    func stopInBatch() async throws {
        let bus = try TestBus(partitions: 1)
        try await bus.publish(try document("\"seven\""), key: course)
        try await bus.emit([8], course: course)
        var handlers = EventHandlers()
        handlers.onBatch(of: NoteCreated.self, upTo: 10, onFailure: .stop) { _ in }
        let consumer = try EventConsumer(
            transport: bus.transport, handlers: handlers, configuration: bus.configuration)
        await #expect(throws: ConsumerError.self) { try await consumer.run() }
        #expect(bus.facts.settlements.isEmpty)
    }

    @Test("a batch that fails is tried again, then one by one, so that only the bad event is dead-lettered")
    func isolation() async throws {
        let bus = try TestBus(partitions: 1)
        let calls = Log<[Int]>()
        var handlers = EventHandlers()
        let retry = RetryPolicy(attempts: 2, initialDelay: .seconds(1), jitter: 0)
        handlers.onBatch(of: NoteCreated.self, upTo: 10, retry: retry) { events in
            calls.append(events.map(\.payload.number))
            if events.contains(where: { $0.payload.number == 3 }) { throw TestFailure() }
        }
        try await bus.emit(0..<5)
        try await bus.consuming(handlers) { _ in
            await bus.clock.advance(by: .seconds(1)) { bus.facts.settlements.count == 5 }
        }
        #expect(calls.all == [[0, 1, 2, 3, 4], [0, 1, 2, 3, 4], [0], [1], [2], [3], [4]])
        let letters = try await DeadLetterQueue(transport: bus.transport, group: TestBus.group).letters()
        #expect(letters.map(\.origin.offset) == [3])
        #expect(letters.first?.attempts == 2)
        #expect(bus.facts.settlements.count { $0 == .handled } == 4)
    }

    @Test("a batch that fails once is whole again on its next attempt")
    func retry() async throws {
        let bus = try TestBus(partitions: 1)
        let calls = Log<[Int]>()
        var handlers = EventHandlers()
        handlers.onBatch(of: NoteCreated.self, upTo: 10) { events in
            calls.append(events.map(\.attempt))
            if events[0].attempt == 1 { throw TestFailure() }
        }
        try await bus.emit(0..<3)
        try await bus.consuming(handlers) { _ in
            await bus.clock.advance(by: .seconds(1)) { bus.facts.settlements.count == 3 }
        }
        #expect(calls.all == [[1, 1, 1], [2, 2, 2]])
        #expect(bus.facts.settlements == [.handled, .handled, .handled])
    }

    @Test("an event that cannot be decoded is dead-lettered, and does not hurt the others of its batch")
    func undecodable() async throws {
        let bus = try TestBus(partitions: 1)
        let calls = Log<[Int]>()
        var handlers = EventHandlers()
        handlers.onBatch(of: NoteCreated.self, upTo: 10) { calls.append($0.map(\.payload.number)) }
        for number in ["0", #""seven""#, "2"] { try await bus.publish(try document(number), key: course) }
        try await bus.consuming(handlers) { _ in await bus.facts.waitForSettled(3) }
        #expect(calls.all == [[0, 2]])
        #expect(bus.facts.retries == 0)
        let reason = try #require(bus.facts.deadLetterReasons.first)
        #expect(reason.contains("/number") && !reason.contains("seven"))
        #expect(bus.facts.settlements.count { $0 == .handled } == 2)
    }

    @Test("a batch of nothing but events that cannot be decoded calls no handler")
    func nothingDecodable() async throws {
        let bus = try TestBus(partitions: 1)
        let calls = Log<Int>()
        var handlers = EventHandlers()
        handlers.onBatch(of: NoteCreated.self, upTo: 10) { calls.append($0.count) }
        for _ in 0..<3 { try await bus.publish(try document("true"), key: course) }
        try await bus.consuming(handlers) { _ in await bus.facts.waitForSettled(3) }
        #expect(calls.all.isEmpty)
        #expect(bus.facts.settlements == [.deadLettered, .deadLettered, .deadLettered])
    }

    @Test("OEP41-35: the inbox absorbs what stands twice in one batch")
    func inbox() async throws {
        let bus = try TestBus(partitions: 1)
        var configuration = bus.configuration
        configuration.inbox = MemoryInbox()
        let calls = Log<[Int]>()
        var handlers = EventHandlers()
        handlers.onBatch(of: NoteCreated.self, upTo: 10) { calls.append($0.map(\.payload.number)) }
        let first = try document("1")
        for value in [first, first, try document("2"), first] { try await bus.publish(value, key: course) }
        try await bus.consuming(handlers, configuration) { _ in await bus.facts.waitForSettled(4) }
        #expect(calls.all == [[1], [2]])
        #expect(bus.facts.settlements.count { $0 == .duplicate } == 2)
        #expect(bus.facts.settlements.count { $0 == .handled } == 2)
    }

    @Test("a handler of single events and one of batches stand side by side; each is retried by itself")
    func several() async throws {
        let bus = try TestBus(partitions: 1)
        let (single, batched) = (Log<Int>(), Log<Int>())
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self, name: "single") { single.append($0.payload.number) }
        handlers.onBatch(of: NoteCreated.self, upTo: 10, name: "batched") { events in
            if events.contains(where: { $0.payload.number == 2 && $0.attempt == 1 }) { throw TestFailure() }
            for event in events { batched.append(event.payload.number) }
        }
        try await bus.emit(0..<6)
        try await bus.consuming(handlers) { _ in
            await bus.clock.advance(by: .seconds(1)) { bus.facts.settlements.count == 6 }
        }
        #expect(single.all == Array(0..<6))
        #expect(batched.all == Array(0..<6))
    }
}
