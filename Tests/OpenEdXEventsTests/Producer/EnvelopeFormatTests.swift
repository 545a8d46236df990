import EventTesting
import InMemoryTransport
import OpenEdXEvents
import Testing

@Suite("A format written outside of the core", .timeLimit(.minutes(1)))
struct EnvelopeFormatTests {
    private let registry = SchemaRegistry()

    /// A consumer's configuration that reads the framed format too, with a cache of its own.
    private func configuration(_ bus: TestBus) -> EventConsumer.Configuration {
        var configuration = bus.configuration
        configuration.formats.insert(FramedFormat(registry: registry), at: 0)
        return configuration
    }

    /// A bus whose producer writes the framed format, and one beside it that writes structured JSON.
    private func buses() throws -> (framed: TestBus, structured: EventProducer) {
        let bus = try TestBus(partitions: 1, format: FramedFormat(registry: registry))
        let structured = try EventProducer(
            transport: bus.transport,
            configuration: .init(
                source: EventSource(service: "notes", process: .web),
                routes: [Route(NoteCreated.type, to: TestBus.topic, key: "course")]))
        return (bus, structured)
    }

    private func waitForTrouble(_ facts: FactRecorder) async {
        await facts.wait { facts in
            facts.contains { if case .transport(let error) = $0 { error.code == .unavailable } else { false } }
        }
    }

    private func deadLetters(_ bus: TestBus) -> Int {
        bus.transport.broker.messages(in: DeadLetterQueue.defaultTopic(group: TestBus.group)).count
    }

    @Test("while the registry is down the producer says so and sends nothing; then it goes on")
    func producerWaits() async throws {
        let setup = try RecordedProducer(format: FramedFormat(registry: registry))
        registry.isDown = true
        let error = await #expect(throws: EmitError.self) {
            try await setup.producer.emit(NoteCreated(course: "c", number: 1))
        }
        guard case .formatUnavailable(format: "framed", let dependency) = error else {
            Issue.record("refused with \(String(describing: error))")
            return
        }
        #expect(dependency.contains(NoteCreated.type.name))
        #expect(error?.isRetriable == true)
        #expect(setup.recorder.messages.isEmpty)

        registry.isDown = false
        try await setup.producer.emit(NoteCreated(course: "c", number: 1))
        let message = try #require(setup.recorder.messages.first)
        #expect(message.headers["content-type"]?.text == FramedFormat.contentType)
        #expect(message.value?.prefix(5) == [0, 0, 0, 0, 1])
        // The schema is known by now: the registry may go again.
        registry.isDown = true
        try await setup.producer.emit(NoteCreated(course: "c", number: 2))
        #expect(setup.recorder.messages.count == 2)
    }

    @Test("a typed event goes through the format and back")
    func endToEnd() async throws {
        let (bus, _) = try buses()
        let seen = Log<ReceivedEvent<NoteCreated>>()
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self) { seen.append($0) }
        try await bus.consuming(handlers, configuration(bus)) { _ in
            try await bus.emit(0..<20)
            await bus.facts.waitForSettled(20)
        }
        #expect(seen.all.map(\.payload.number) == Array(0..<20))
        #expect(seen.all.allSatisfy { $0.envelope.findings.isEmpty })
    }

    @Test("an event whose schema cannot be had waits with its key; other keys go on; nothing is lost or dead-lettered")
    func consumerWaits() async throws {
        let (bus, structured) = try buses()
        try await bus.emit([0], course: "a")
        registry.isDown = true
        for (course, number) in [("a", 1), ("b", 2), ("b", 3), ("a", 4)] {
            try await structured.emit(NoteCreated(course: course, number: number))
        }
        let seen = Log<Int>()
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self) { seen.append($0.payload.number) }
        try await bus.consuming(handlers, configuration(bus)) { _ in
            await bus.facts.waitForSettled(2)
            await waitForTrouble(bus.facts)
            #expect(seen.all == [2, 3])
            // It waits for longer than any policy would try.
            await bus.clock.advance(by: .seconds(60)) {
                bus.facts.facts.count { if case .transport = $0 { true } else { false } } >= 10
            }
            #expect(seen.all == [2, 3])
            registry.isDown = false
            await bus.clock.advance(by: .seconds(60)) { bus.facts.settlements.count == 5 }
        }
        #expect(seen.all == [2, 3, 0, 1, 4])
        #expect(bus.facts.settlements == Array(repeating: .handled, count: 5))
        #expect(deadLetters(bus) == 0)
    }

    @Test("a consumer that stops while the registry is down leaves the event to the next one")
    func stopsWaiting() async throws {
        let (bus, structured) = try buses()
        try await bus.emit([0], course: "a")
        try await structured.emit(NoteCreated(course: "b", number: 1))
        registry.isDown = true
        let seen = Log<Int>()
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self) { seen.append($0.payload.number) }
        try await bus.consuming(handlers, configuration(bus)) { _ in
            await bus.facts.waitForSettled(1)
            await waitForTrouble(bus.facts)
        }
        #expect(seen.all == [1])
        registry.isDown = false
        try await bus.consuming(handlers, configuration(bus)) { _ in await bus.facts.waitForSettled(2) }
        #expect(seen.all == [1, 0])
        #expect(deadLetters(bus) == 0)
    }

    @Test("an event that the format cannot read, with the registry or without, is dead-lettered whole")
    func unreadable() async throws {
        let (bus, _) = try buses()
        let header = MessageHeader("content-type", FramedFormat.contentType)
        let values: [[UInt8]] = [[1, 2, 3], [0, 0, 0, 0, 99, 1]]
        for value in values { try await bus.publish(value, key: "k", headers: [header]) }
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self) { _ in }
        try await bus.consuming(handlers, configuration(bus)) { _ in await bus.facts.waitForSettled(2) }
        let letters = try await DeadLetterQueue(transport: bus.transport, group: TestBus.group).letters()
        #expect(letters.map(\.value) == values)
        #expect(letters.map(\.headers) == [[header], [header]])
    }

    @Test("OEP41-41: binary mode carries typed events from end to end")
    func binary() async throws {
        let bus = try TestBus(format: BinaryFormat())
        let seen = Log<ReceivedEvent<NoteCreated>>()
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self) { seen.append($0) }
        try await bus.consuming(handlers) { _ in
            let receipt = try await bus.producer.emit(
                NoteCreated(course: "c", number: 7), subject: "é", extensions: ["sequence": .string("1")])
            await bus.facts.waitForSettled(1)
            let event = try #require(seen.all.first)
            #expect(event.payload == NoteCreated(course: "c", number: 7))
            #expect(event.id == receipt.id.description && event.time == receipt.time)
            #expect(event.envelope.subject == "é")
            #expect(event.envelope.extensions["sequence"] == .string("1"))
            #expect(event.envelope.findings.isEmpty)
            #expect(event.headers["ce_type"]?.text == NoteCreated.type.name)
        }
    }

    @Test("OEP41-40: both content modes on one topic are told apart message by message, by the content type alone")
    func mixed() async throws {
        let bus = try TestBus(partitions: 1, format: BinaryFormat())
        let structured = try RecordedProducer()
        let seen = Log<Int>()
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self) { seen.append($0.payload.number) }
        for number in 0..<6 {
            if number.isMultiple(of: 2) {
                try await bus.emit([number])
            } else {
                try await structured.producer.emit(NoteCreated(course: "course-v1:A+B+C", number: number))
                let message = try #require(structured.recorder.messages.last)
                // The case of the type does not matter, nor do headers that look like binary mode.
                let headers = [
                    MessageHeader("ce_type", NoteDeleted.type.name),
                    MessageHeader("Content-Type", "Application/CloudEvents+JSON; charset=UTF-8"),
                ]
                try await bus.publish(
                    message.value, key: "course-v1:A+B+C", headers: number == 1 ? message.headers : headers)
            }
        }
        try await bus.consuming(handlers) { _ in await bus.facts.waitForSettled(6) }
        #expect(seen.all == Array(0..<6))
        #expect(bus.facts.settlements.allSatisfy { $0 == .handled })
    }
}
