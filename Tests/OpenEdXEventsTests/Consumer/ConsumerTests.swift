import Testing

@testable import OpenEdXEvents

@Suite("Consumer", .timeLimit(.minutes(1)))
struct ConsumerTests {
    @Test("a typed handler gets what a producer emitted, with its envelope and position")
    func typed() async throws {
        let bus = try TestBus()
        let seen = Log<ReceivedEvent<NoteCreated>>()
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self) { seen.append($0) }
        let time = try #require(EventTime("2026-03-14T15:09:26.5Z"))
        try await bus.consuming(handlers) { _ in
            let receipt = try await bus.producer.emit(NoteCreated(course: "c", number: 7), at: time)
            await bus.facts.waitForSettled(1)
            let event = try #require(seen.all.first)
            #expect(event.payload == NoteCreated(course: "c", number: 7))
            #expect(event.time == time)
            #expect(event.id == receipt.id.description)
            #expect(event.position == receipt.position)
            #expect(event.key == Array("c".utf8))
            #expect(event.attempt == 1)
            #expect(event.envelope.minorVersion == 2)
            #expect(event.envelope.findings.isEmpty)
        }
        #expect(bus.facts.settlements == [.handled])
    }

    @Test("events of one key are handled in order, also when the first is retried")
    func orderWithRetry() async throws {
        let bus = try TestBus()
        let seen = Log<Int>()
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self) { event in
            if event.payload.number == 0, event.attempt < 3 { throw TestFailure() }
            seen.append(event.payload.number)
        }
        try await bus.emit(0..<20)
        try await bus.consuming(handlers) { _ in
            await bus.clock.advance(by: .seconds(1), until: { bus.facts.settlements.count == 20 })
        }
        #expect(seen.all == Array(0..<20))
        #expect(bus.facts.retries == 2)
    }

    @Test("while one key waits for its next attempt, others are handled")
    func otherKeysGoOn() async throws {
        let bus = try TestBus(partitions: 1)
        let seen = Log<Int>()
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self) { event in
            if event.payload.course == "stuck" { throw TestFailure() }
            seen.append(event.payload.number)
        }
        try await bus.emit(0..<1, course: "stuck")
        try await bus.emit(1..<100, course: "free")
        try await bus.consuming(handlers) { _ in
            await bus.facts.waitForSettled(99)
            #expect(seen.all == Array(1..<100))
        }
    }

    @Test("an event that cannot be read is kept whole with the reason, and stops nothing")
    func unreadable() async throws {
        let bus = try TestBus(partitions: 1)
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self) { _ in }
        let broken = Array(#"{"specversion":"1.0","id":"1","type":"#.utf8)
        try await bus.publish(broken, key: "k", headers: [MessageHeader("x", "y")])
        try await bus.emit([1])
        try await bus.consuming(handlers) { _ in await bus.facts.waitForSettled(2) }
        let letters = try await DeadLetterQueue(transport: bus.transport, group: TestBus.group).letters()
        #expect(letters.count == 1)
        #expect(letters.first?.value == broken)
        #expect(letters.first?.key == Array("k".utf8))
        #expect(letters.first?.headers == [MessageHeader("x", "y")])
        #expect(letters.first?.handler == nil)
        #expect(letters.first?.reason.contains("byte \(broken.count)") == true)
        #expect(Set(bus.facts.settlements) == [.deadLettered, .handled])
    }

    @Test("a payload that is not what the type expects is dead-lettered without further attempts")
    func wrongPayload() async throws {
        let bus = try TestBus()
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self) { _ in }
        let envelope = EventEnvelope(
            id: EventID().description, source: "/openedx/notes/web", type: NoteCreated.type.name,
            time: .now(), sourceHost: "localhost", minorVersion: 0,
            data: .json(Array(#"{"course":"learner@example.org","number":"seven"}"#.utf8)))
        try await bus.publish(try envelope.structured())
        try await bus.consuming(handlers) { _ in await bus.facts.waitForSettled(1) }
        let reason = try #require(bus.facts.deadLetterReasons.first)
        #expect(reason.contains("/number"))
        #expect(!reason.contains("example.org") && !reason.contains("seven"))
        #expect(bus.facts.retries == 0)
    }

    @Test("events without a handler are committed; one for everything unrecognized gets them")
    func unrecognized() async throws {
        let bus = try TestBus()
        try await bus.producer.emit(NoteDeleted(number: 1))
        let seen = Log<String>()
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self) { _ in }
        try await bus.consuming(handlers) { _ in await bus.facts.waitForSettled(1) }
        #expect(bus.facts.settlements == [.unhandled])
        try await bus.producer.emit(NoteDeleted(number: 2))
        handlers.onUnrecognized { seen.append($0.envelope.type) }
        try await bus.consuming(handlers) { _ in await bus.facts.waitForSettled(2) }
        #expect(seen.all == [NoteDeleted.type.name])
    }

    @Test("OEP41-16: two major versions stand side by side")
    func majors() async throws {
        let bus = try TestBus()
        let seen = Log<String>()
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self) { seen.append("v1 \($0.payload.course) \($0.time ?? .distantPast)") }
        handlers.on(NoteCreatedV2.self) { seen.append("v2 \($0.payload.courseKey) \($0.time ?? .distantPast)") }
        try await bus.consuming(handlers) { _ in
            let time = try #require(EventTime("2026-01-01T00:00:00Z"))
            let receipts = try await bus.producer.emit(
                NoteCreatedV2(courseKey: "c", number: 1), beside: NoteCreated(course: "c", number: 1), at: time)
            #expect(receipts.new.time == receipts.old.time)
            #expect(receipts.new.id != receipts.old.id)
            await bus.facts.waitForSettled(2)
        }
        #expect(Set(seen.all) == ["v1 c 2026-01-01T00:00:00Z", "v2 c 2026-01-01T00:00:00Z"])
    }

    @Test("OEP41-07: a handler gets an event whatever its source")
    func sourceIsOpaque() async throws {
        let bus = try TestBus()
        let seen = Log<String>()
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self) { seen.append($0.envelope.source) }
        let sources = ["/openedx/notes/web", "/openedx/lms/worker", "openedx/lms/web"]
        for source in sources {
            let envelope = EventEnvelope(
                id: EventID().description, source: source, type: NoteCreated.type.name, time: .now(),
                sourceHost: "localhost", minorVersion: 0, data: .json(Array(#"{"course":"c","number":1}"#.utf8)))
            try await bus.publish(try envelope.structured(as: .cloudEvents), key: "c")
        }
        try await bus.consuming(handlers) { _ in await bus.facts.waitForSettled(3) }
        #expect(seen.all == sources)
    }

    @Test("with the policy to stop, the consumer throws, and the event comes again")
    func stopPolicy() async throws {
        let bus = try TestBus()
        let seen = Log<Int>()
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self, retry: .never, onFailure: .stop) { event in
            seen.append(event.payload.number)
            throw TestFailure()
        }
        try await bus.emit([1])
        for _ in 1...2 {
            let consumer = try EventConsumer(
                transport: bus.transport, handlers: handlers, configuration: bus.configuration)
            do throws(ConsumerError) {
                try await consumer.run()
                Issue.record("the consumer returned")
            } catch {
                guard case .handlerFailed("NoteCreated", _, 1, let underlying) = error else {
                    Issue.record("stopped with \(error)")
                    return
                }
                #expect(underlying is TestFailure)
            }
        }
        #expect(seen.all == [1, 1])
    }

    @Test("so many failures in a row as are allowed stop the consumer")
    func errorLimit() async throws {
        let bus = try TestBus(partitions: 1)
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self, retry: .never, onFailure: .skip) { event in
            if event.payload.number != 2 { throw TestFailure() }
        }
        var configuration = bus.configuration
        configuration.errorLimit = 3
        try await bus.emit(0..<10)
        let consumer = try EventConsumer(transport: bus.transport, handlers: handlers, configuration: configuration)
        do throws(ConsumerError) {
            try await consumer.run()
            Issue.record("the consumer returned")
        } catch {
            guard case .errorLimit(3) = error else {
                Issue.record("stopped with \(error)")
                return
            }
        }
        #expect(bus.facts.settlements == [.skipped, .skipped, .handled, .skipped, .skipped, .skipped])
    }

    @Test("the kill switch stops every consumer that has it, and those that start later")
    func killSwitch() async throws {
        let bus = try TestBus()
        var configuration = bus.configuration
        let killSwitch = KillSwitch()
        configuration.killSwitch = killSwitch
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self) { _ in killSwitch.engage(reason: "maintenance") }
        try await bus.emit([1])
        for _ in 1...2 {
            let consumer = try EventConsumer(
                transport: bus.transport, handlers: handlers, configuration: configuration)
            await #expect(throws: ConsumerError.self) { try await consumer.run() }
        }
        #expect(killSwitch.reason == "maintenance")
    }

    @Test("paused, a consumer takes nothing in; resumed, it goes on")
    func pause() async throws {
        let bus = try TestBus()
        let seen = Log<Int>()
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self) { seen.append($0.payload.number) }
        try await bus.consuming(handlers) { consumer in
            try await bus.emit([1])
            await bus.facts.waitForSettled(1)
            consumer.pause()
            consumer.resume()
            try await bus.emit([2])
            await bus.facts.waitForSettled(2)
        }
        #expect(seen.all == [1, 2])
    }

    @Test("a handler that takes too long is cancelled, and has failed")
    func timeLimit() async throws {
        let bus = try TestBus()
        var handlers = EventHandlers()
        let clock = bus.clock
        handlers.on(NoteCreated.self, retry: .never, timeLimit: .seconds(5)) { _ in
            try await clock.sleep(for: .seconds(3_600))
        }
        try await bus.emit([1])
        try await bus.consuming(handlers) { _ in
            await bus.clock.advance(by: .seconds(5), until: { bus.facts.settlements.count == 1 })
        }
        #expect(bus.facts.deadLetterReasons.first?.contains("took longer than its limit") == true)
    }

    @Test("two handlers that answer each other are stopped by the hop limit")
    func echoLoop() async throws {
        let bus = try TestBus()
        let refused = Log<Int>()
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self) { event in
            do throws(EmitError) {
                try await bus.producer.emit(NoteCreated(course: "c", number: event.payload.number + 1))
            } catch {
                if case .echoLoop(_, let hops) = error { refused.append(hops) }
            }
        }
        try await bus.consuming(handlers) { _ in
            try await bus.emit([0])
            await bus.facts.waitForSettled(17)
        }
        #expect(refused.all == [17])
    }

    @Test("shutting down finishes what was taken in, and another consumer goes on behind it")
    func drain() async throws {
        let bus = try TestBus()
        let seen = Log<Int>()
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self) { seen.append($0.payload.number) }
        try await bus.emit(0..<50)
        try await bus.consuming(handlers) { _ in await bus.facts.waitForSettled(50) }
        try await bus.emit(50..<100)
        try await bus.consuming(handlers) { _ in await bus.facts.waitForSettled(100) }
        #expect(seen.all == Array(0..<100))
    }

    @Test("a consumer runs once")
    func runsOnce() async throws {
        let bus = try TestBus()
        try await bus.consuming(EventHandlers()) { consumer in
            await bus.facts.wait { $0.contains { if case .consumer(_, .running) = $0 { true } else { false } } }
            await #expect(throws: ConsumerError.self) { try await consumer.run() }
        }
    }
}
