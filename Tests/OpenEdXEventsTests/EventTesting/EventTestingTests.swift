import EventTesting
import OpenEdXEvents
import Testing

@Suite("The test kit for users", .timeLimit(.minutes(1)))
struct EventTestingTests {
    private let note = NoteCreated(course: "learner@example.org", number: 7)

    @Test("what was emitted is found, with envelope and message")
    func found() async throws {
        let setup = try RecordedProducer()
        try await setup.producer.emit(note)
        let events = try setup.recorder.expectEmitted(NoteCreated.self, count: 1) { $0.number == 7 }
        #expect(events[0].payload == note)
        #expect(events[0].envelope.type == NoteCreated.type.name)
        #expect(events[0].message.topic == RecordedProducer.topic)
        setup.recorder.reset()
        try setup.recorder.expectNothingEmitted()
    }

    @Test("what was emitted in binary mode is found too")
    func binary() async throws {
        let setup = try RecordedProducer(format: BinaryFormat())
        try await setup.producer.emit(note)
        #expect(try setup.recorder.expectEmitted(NoteCreated.self)[0].payload == note)
    }

    @Test("OEP41-28: an expectation that fails tells types and counts and the line, never payload values")
    func failure() async throws {
        let setup = try RecordedProducer()
        _ = await setup.producer.emit(contentsOf: [Emission(note), Emission(note), Emission(NoteDeleted(number: 1))])
        for error in [
            #expect(throws: ExpectationFailed.self) {
                try setup.recorder.expectEmitted(NoteCreated.self) { $0.number == 8 }
            },
            #expect(throws: ExpectationFailed.self) { try setup.recorder.expectEmitted(NoteCreated.self, count: 3) },
            #expect(throws: ExpectationFailed.self) { try setup.recorder.expectNothingEmitted() },
        ] {
            let text = try #require(error).description
            #expect(text.contains("2 × \(NoteCreated.type)") && text.contains("1 × \(NoteDeleted.type)"))
            #expect(text.contains("EventTestingTests.swift:"))
            #expect(!text.contains("learner") && !text.contains("example.org"))
        }
    }

    @Test("an expectation of none holds while nothing meets the condition")
    func none() async throws {
        let setup = try RecordedProducer()
        try setup.recorder.expectEmitted(NoteDeleted.self, count: 0)
        let error = #expect(throws: ExpectationFailed.self) {
            try setup.recorder.expectEmitted(NoteDeleted.self)
        }
        #expect(error?.description.contains("emitted: nothing") == true)
    }

    @Test("so many messages fail as were asked to, in order")
    func failNext() async throws {
        let setup = try RecordedProducer()
        setup.recorder.failNext(with: TransportError(.full, "full"))
        setup.recorder.failNext(with: TransportError(.timedOut, "late"))
        let outcomes = await setup.producer.emit(contentsOf: [note, note, note])
        let codes = outcomes.map { outcome -> TransportError.Code? in
            if case .transport(let error) = outcome.error { error.code } else { nil }
        }
        #expect(codes == [.full, .timedOut, nil])
        try setup.recorder.expectEmitted(NoteCreated.self, count: 1)
    }

    @Test("recorders that work side by side do not see each other's events")
    func isolation() async throws {
        await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<8 {
                group.addTask {
                    let setup = try RecordedProducer()
                    for _ in 0..<50 { try await setup.producer.emit(NoteDeleted(number: number)) }
                    try setup.recorder.expectEmitted(NoteDeleted.self, count: 50) { $0.number == number }
                    #expect(setup.recorder.messages.count == 50)
                }
            }
            await #expect(throws: Never.self) { try await group.waitForAll() }
        }
    }

    @Test("a recorder has nothing to deliver, and says where to turn")
    func subscribing() async throws {
        let error = await #expect(throws: TransportError.self) {
            _ = try await RecordingTransport().subscribe(
                SubscriptionOptions(group: "g", topics: ["t"]), onChange: { _ in })
        }
        #expect(error?.code == .unsupported)
    }

    @Test("a test bus brings events to handlers, and settles when they are done with them")
    func settles() async throws {
        let seen = Log<Int>()
        var handlers = EventHandlers()
        handlers.on(NoteDeleted.self) { event in
            await Task.yield()
            seen.append(event.payload.number)
        }
        try await EventTestBus.run(handlers) { bus in
            try await bus.settle()
            #expect(seen.all.isEmpty)
            for number in 0..<20 { try await bus.emit(NoteDeleted(number: number), key: "k") }
            try await bus.settle()
            #expect(seen.all == Array(0..<20))
            // An event without a handler is settled too.
            try await bus.emit(note)
            try await bus.settle()
        }
    }

    @Test("what a handler throws is thrown where the test settles, once")
    func surfaced() async throws {
        var handlers = EventHandlers()
        handlers.on(NoteDeleted.self, name: "index") { _ in throw TestFailure() }
        try await EventTestBus.run(handlers) { bus in
            try await bus.emit(NoteDeleted(number: 1))
            let failures = await #expect(throws: HandlerFailures.self) { try await bus.settle() }
            #expect(failures?.failures.map(\.handler) == ["index"])
            #expect(failures?.failures.first?.error is TestFailure)
            #expect(failures?.description.contains("index") == true)
            try await bus.settle()
        }
    }

    @Test("what a handler throws is thrown at the end, where the test does not settle")
    func surfacedAtTheEnd() async throws {
        var handlers = EventHandlers()
        handlers.on(NoteDeleted.self) { _ in throw TestFailure() }
        await #expect(throws: HandlerFailures.self) {
            try await EventTestBus.run(handlers) { try await $0.emit(NoteDeleted(number: 1)) }
        }
    }

    @Test("a handler that stops the consumer lets no test wait for ever")
    func stopped() async throws {
        var handlers = EventHandlers()
        handlers.on(NoteDeleted.self) { _ in throw HandlerRejection(.stop, because: "the index is gone") }
        try await #require(throws: ConsumerError.self) {
            try await EventTestBus.run(handlers) { bus in
                try await bus.emit(NoteDeleted(number: 1))
                await #expect(throws: HandlerFailures.self) { try await bus.settle() }
            }
        }
    }

    @Test("a handler that succeeds in the end has not failed")
    func retried() async throws {
        let attempts = Log<Int>()
        var handlers = EventHandlers()
        handlers.on(NoteDeleted.self) { event in
            attempts.append(event.attempt)
            if event.attempt < 3 { throw TestFailure() }
        }
        try await EventTestBus.run(handlers, retry: RetryPolicy(attempts: 3, initialDelay: .zero)) { bus in
            try await bus.emit(NoteDeleted(number: 1))
            try await bus.settle()
        }
        #expect(attempts.all == [1, 2, 3])
    }

    @Test("what the test's own body throws comes through")
    func bodyThrows() async throws {
        await #expect(throws: TestFailure.self) {
            try await EventTestBus.run(EventHandlers()) { _ in throw TestFailure() }
        }
    }
}
