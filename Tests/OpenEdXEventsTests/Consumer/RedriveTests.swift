import Testing

@testable import OpenEdXEvents

@Suite("Dead letters that go back", .timeLimit(.minutes(1)))
struct RedriveTests {
    @Test("after the last attempt the event lies whole in the dead-letter topic, and goes back once")
    func deadLetterAndRedrive() async throws {
        let bus = try TestBus()
        let isMended = Log<Bool>()
        let seen = Log<Int>()
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self, name: "index", retry: .never) { event in
            if isMended.all.isEmpty { throw HandlerRejection(.deadLetter, because: "the index is read-only") }
            seen.append(event.payload.number)
        }
        handlers.on(NoteCreated.self, name: "count") { _ in seen.append(-1) }
        let letters = try DeadLetterQueue(transport: bus.transport, group: TestBus.group)
        try await bus.consuming(handlers) { _ in
            let receipt = try await bus.producer.emit(NoteCreated(course: "c", number: 5))
            await bus.facts.waitForSettled(1)
            #expect(bus.facts.settlements == [.deadLettered])
            let letter = try #require(try await letters.letters().first)
            #expect(letter.origin == receipt.position)
            #expect(letter.handler == "index")
            #expect(letter.attempts == 1)
            #expect(letter.reason == "the index is read-only")
            #expect(letter.key == Array("c".utf8))
            #expect(letter.headers == [MessageHeader("content-type", "application/cloudevents+json")])

            isMended.append(true)
            #expect(try await letters.redrive().redriven == 1)
            await bus.facts.waitForSettled(2)
            #expect(try await letters.redrive() == DeadLetterQueue.Report())
            #expect(try await letters.letters().isEmpty)
        }
        // The handler that had succeeded was not called again.
        #expect(seen.all.sorted() == [-1, 5])
    }

    @Test("a redriven event whose handler is gone is a dead letter again, for that handler")
    func redriveWithoutHandler() async throws {
        let bus = try TestBus()
        let letters = try DeadLetterQueue(transport: bus.transport, group: TestBus.group)
        let seen = Log<Int>()
        func handlers(_ name: String, fails: Bool) -> EventHandlers {
            var handlers = EventHandlers()
            handlers.on(NoteCreated.self, name: name, retry: .never) { event in
                if fails { throw TestFailure() }
                seen.append(event.payload.number)
            }
            return handlers
        }
        try await bus.emit([7])
        try await bus.consuming(handlers("index", fails: true)) { _ in await bus.facts.waitForSettled(1) }
        #expect(try await letters.redrive().redriven == 1)
        try await bus.consuming(handlers("renamed", fails: false)) { _ in await bus.facts.waitForSettled(2) }
        #expect(bus.facts.settlements == [.deadLettered, .deadLettered] && seen.all.isEmpty)
        let letter = try #require(try await letters.letters().first)
        #expect(letter.handler == "index" && letter.reason.contains("index"))
        #expect(try await letters.redrive().redriven == 1)
        try await bus.consuming(EventHandlers()) { _ in await bus.facts.waitForSettled(3) }
        #expect(bus.facts.settlements.last == .deadLettered)
        #expect(try await letters.redrive().redriven == 1)
        try await bus.consuming(handlers("index", fails: false)) { _ in await bus.facts.waitForSettled(4) }
        #expect(seen.all == [7])
    }

    @Test("a redriven event is passed over by other groups")
    func redriveOtherGroup() async throws {
        let bus = try TestBus()
        var failing = EventHandlers()
        failing.on(NoteCreated.self, retry: .never) { event in
            if event.headers.count == 1 { throw TestFailure() }
        }
        let seen = Log<Int>()
        var other = EventHandlers()
        other.on(NoteCreated.self) { seen.append($0.payload.number) }
        var otherConfiguration = bus.configuration
        otherConfiguration.group = "credentials"
        let otherFacts = FactRecorder()
        otherConfiguration.observer = otherFacts
        try await bus.consuming(failing) { _ in
            try await bus.consuming(other, otherConfiguration) { _ in
                try await bus.emit([1])
                await bus.facts.waitForSettled(1)
                let letters = try DeadLetterQueue(transport: bus.transport, group: TestBus.group)
                #expect(try await letters.redrive().redriven == 1)
                await bus.facts.waitForSettled(2)
                await otherFacts.waitForSettled(2)
            }
        }
        #expect(seen.all == [1])
        #expect(otherFacts.settlements == [.handled, .otherGroup])
    }
}
