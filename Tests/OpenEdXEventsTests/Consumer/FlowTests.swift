import InMemoryTransport
import OpenEdXEvents
import Synchronization
import Testing

@Suite("How much a consumer takes in", .timeLimit(.minutes(1)))
struct FlowTests {
    /// Counts how many handlers run at a time.
    private final class Meter: Sendable {
        private let state = Locked((running: 0, most: 0))

        var most: Int { state.withLock { $0.most } }

        /// Returns how many run now.
        func enter() -> Int {
            state.withLock { state in
                state.running += 1
                state.most = max(state.most, state.running)
                return state.running
            }
        }

        func leave() { state.withLock { $0.running -= 1 } }
    }

    private func emit(_ bus: TestBus, _ count: Int) async throws {
        for outcome in await bus.producer.emit(contentsOf: (0..<count).map { NoteDeleted(number: $0) }) {
            _ = try outcome.get()
        }
    }

    private func inFlight(_ facts: [BusFact]) -> [Int] {
        facts.compactMap { if case .inFlight(_, let count) = $0 { count } else { nil } }
    }

    @Test("as many handlers run at a time as are allowed, and no more", arguments: [1, 3])
    func concurrency(limit: Int) async throws {
        let bus = try TestBus()
        var configuration = bus.configuration
        configuration.concurrency = limit
        let (meter, full) = (Meter(), Gate())
        var handlers = EventHandlers()
        handlers.on(NoteDeleted.self) { _ in
            if meter.enter() == limit { full.open() }
            await full.pass()
            for _ in 0..<10 { await Task.yield() }
            meter.leave()
        }
        try await emit(bus, 60)
        try await bus.consuming(handlers, configuration) { _ in await bus.facts.waitForSettled(60) }
        #expect(meter.most == limit)
    }

    @Test("no more events are held than are allowed")
    func unsettledLimit() async throws {
        let bus = try TestBus()
        var configuration = bus.configuration
        configuration.unsettledLimit = 10
        configuration.batchSize = 7
        let goOn = Gate()
        var handlers = EventHandlers()
        handlers.on(NoteDeleted.self) { _ in await goOn.pass() }
        try await emit(bus, 100)
        try await bus.consuming(handlers, configuration) { consumer in
            await bus.facts.wait { !self.inFlight($0).isEmpty }
            let delivered = try await consumer.progress().values.reduce(0) { $0 + $1.next }
            #expect(delivered <= 10)
            goOn.open()
            await bus.facts.waitForSettled(100)
        }
        #expect(inFlight(bus.facts.facts).allSatisfy { (1...10).contains($0) })
    }

    @Test("a consumer that is paused takes nothing in, while another group reads it all; resumed, it goes on")
    func pause() async throws {
        let bus = try TestBus()
        let (seen, others) = (Log<Int>(), Log<Int>())
        func handlers(_ log: Log<Int>) -> EventHandlers {
            var handlers = EventHandlers()
            handlers.on(NoteDeleted.self) { log.append($0.payload.number) }
            return handlers
        }
        var other = bus.configuration
        other.group = "credentials"
        let otherFacts = FactRecorder()
        other.observer = otherFacts
        let consumer = try EventConsumer(
            transport: bus.transport, handlers: handlers(seen), configuration: bus.configuration)
        consumer.pause()
        async let run: Void = consumer.run()
        await bus.facts.wait { $0.contains { if case .assigned = $0 { true } else { false } } }
        try await bus.consuming(handlers(others), other) { _ in
            try await emit(bus, 50)
            await otherFacts.waitForSettled(50)
        }
        #expect(others.all.count == 50)
        #expect(seen.all.isEmpty)
        #expect(try await consumer.progress().values.allSatisfy { $0.next == 0 })
        consumer.resume()
        await bus.facts.waitForSettled(50)
        #expect(seen.all.sorted() == Array(0..<50))
        consumer.shutDown()
        try await run
    }

    @Test("a pause ends the wait for messages: what is stored afterwards stays where it is")
    func pauseWhileWaiting() async throws {
        let bus = try TestBus()
        let seen = Log<Int>()
        var handlers = EventHandlers()
        handlers.on(NoteDeleted.self) { seen.append($0.payload.number) }
        try await bus.consuming(handlers) { consumer in
            try await emit(bus, 1)
            await bus.facts.waitForSettled(1)
            consumer.pause()
            try await emit(bus, 20)
            // An intake that still waited would have been woken by the messages: it has every chance to take them.
            for _ in 0..<100 { await Task.yield() }
            let delivered = try await consumer.progress().values.reduce(0) { $0 + $1.next }
            #expect(delivered == 1)
            #expect(seen.all == [0])
            consumer.resume()
            await bus.facts.waitForSettled(21)
        }
        #expect(seen.all.count == 21)
    }

    @Test("stopped in the middle of a key's events, a consumer begins none of the rest; the next one takes them up")
    func interruptedRun() async throws {
        let bus = try TestBus()
        let (seen, reached, goOn, killSwitch) = (Log<Int>(), Gate(), Gate(), KillSwitch())
        var configuration = bus.configuration
        configuration.killSwitch = killSwitch
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self) { event in
            seen.append(event.payload.number)
            guard event.payload.number == 20 else { return }
            reached.open()
            await goOn.pass()
        }
        try await bus.emit(1...100)
        let consumer = try EventConsumer(
            transport: bus.transport, handlers: handlers, configuration: configuration)
        let run = Task { try await consumer.run() }
        await reached.pass()
        killSwitch.engage(reason: "maintenance")
        goOn.open()
        await #expect(throws: ConsumerError.self) { try await run.value }
        #expect(seen.all == Array(1...20))
        try await bus.consuming(handlers) { _ in await bus.facts.waitForSettled(100) }
        #expect(seen.all == Array(1...100))
    }
}
