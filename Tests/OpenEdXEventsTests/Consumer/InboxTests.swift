import Synchronization
import Testing

@testable import OpenEdXEvents

@Suite("A consumer with an inbox", .timeLimit(.minutes(1)))
struct InboxTests {
    /// An inbox that answers as it is told, and then grants everything.
    private final class ScriptedInbox: Inbox {
        private let answers: Locked<[Result<InboxClaim, TestFailure>]>

        init(_ answers: [Result<InboxClaim, TestFailure>]) { self.answers = Locked(answers.reversed()) }

        func claim(_ event: InboxKey) async throws -> InboxClaim {
            try answers.withLock { $0.popLast() }?.get() ?? .granted
        }

        func finish(_ event: InboxKey) async throws {}
        func release(_ event: InboxKey) async {}
    }

    @Test("OEP41-35: the inbox absorbs an event that comes twice")
    func inbox() async throws {
        let bus = try TestBus()
        var configuration = bus.configuration
        configuration.inbox = MemoryInbox()
        let seen = Log<Int>()
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self) { seen.append($0.payload.number) }
        let envelope = EventEnvelope(
            id: EventID().description, source: "/openedx/notes/web", type: NoteCreated.type.name, time: .now(),
            sourceHost: "localhost", minorVersion: 0, data: .json(Array(#"{"course":"c","number":1}"#.utf8)))
        let document = try envelope.structured()
        try await bus.consuming(handlers, configuration) { _ in
            for _ in 1...3 { try await bus.publish(document, key: "c") }
            await bus.facts.waitForSettled(3)
        }
        #expect(seen.all == [1])
        #expect(bus.facts.settlements == [.handled, .duplicate, .duplicate])
    }

    @Test("an event that another delivery has claimed waits, since that one may still fail")
    func claimedElsewhere() async throws {
        let bus = try TestBus()
        var configuration = bus.configuration
        configuration.inbox = ScriptedInbox([.success(.underWay), .success(.underWay)])
        let seen = Log<Int>()
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self) { seen.append($0.payload.number) }
        try await bus.emit([1])
        try await bus.consuming(handlers, configuration) { _ in
            await bus.clock.advance(by: .seconds(1)) { bus.facts.settlements.count == 1 }
        }
        #expect(seen.all == [1] && bus.facts.settlements == [.handled])
    }

    @Test("an event that the inbox cannot claim holds back those of its key behind it")
    func failingInbox() async throws {
        let bus = try TestBus(partitions: 1)
        var configuration = bus.configuration
        configuration.inbox = ScriptedInbox([.failure(TestFailure())])
        let seen = Log<Int>()
        var handlers = EventHandlers()
        handlers.onBatch(of: NoteCreated.self, upTo: 10) { for event in $0 { seen.append(event.payload.number) } }
        try await bus.emit(0..<5)
        try await bus.consuming(handlers, configuration) { _ in
            await bus.clock.advance(by: .seconds(1)) { bus.facts.settlements.count == 5 }
        }
        #expect(seen.all == Array(0..<5))
    }
}
