import EventSchemas
import InMemoryTransport
import JSONSchema
import OpenEdXEvents
import Synchronization
import Testing

/// Events are validated as they are emitted and read.
@Suite("Validation at run time", .timeLimit(.minutes(1)))
struct RuntimeValidationTests {
    /// An event whose payload may be anything: what a service with a wrong idea of the schema emits.
    private struct NoteAdded: Event {
        static let type: EventType = "org.openedx.learning.note.added.v1"
        static let minorVersion = 1
        var payload: [UInt8]

        init(_ json: String) { payload = Array(json.utf8) }
        init(from json: inout JSONReader) throws(PayloadError) { payload = try json.readRawValue() }
        func write(to json: inout JSONWriter) throws(PayloadError) { try json.writeRaw(payload) }
    }

    private static let schema = """
        {"$id": "https://example.org/note.1.json",
         "x-event": {"type": "org.openedx.learning.note.added.v1", "minorversion": 1, "owner": "openedx/notes"},
         "type": "object", "required": ["author", "text"],
         "properties": {"author": {"$ref": "#/$defs/Author"}, "text": {"type": "string", "maxLength": 5},
                        "tags": {"type": ["null", "array"], "items": {"type": "string"}, "default": null}},
         "$defs": {"Author": {"type": "object", "required": ["id", "email"],
           "properties": {"id": {"type": "integer"}, "email": {"type": "string", "x-personal-data": true},
                          "address": {"type": "object", "x-personal-data": true}}}}}
        """
    private static let good = "{\"author\":{\"id\":7,\"email\":\"a@example.org\"},\"text\":\"hello\"}"
    private static let bad = "{\"author\":{\"id\":7,\"email\":\"a@example.org\"},\"text\":\"far too long\"}"
    private static let incomplete = "{\"author\":{\"id\":null},\"text\":\"hello\"}"

    private static func validator() throws -> EventSchemaValidator {
        try EventSchemaValidator(texts: ["note.1.json": Array(schema.utf8)])
    }

    private func producer(
        _ transport: InMemoryTransport, _ validation: ProducerValidation?
    ) throws -> EventProducer {
        try EventProducer(
            transport: transport,
            configuration: .init(
                source: try EventSource(service: "notes", process: .web),
                routes: [Route(NoteAdded.type, to: "notes")], validation: validation))
    }

    // MARK: - Emitting

    @Test("OEP41-25: an event without what is required is refused before it is sent, and says where")
    func refused() async throws {
        let producer = try producer(InMemoryTransport(), ProducerValidation(Self.validator(), service: "openedx/notes"))
        try await producer.emit(NoteAdded(Self.good))
        do {
            try await producer.emit(NoteAdded(Self.incomplete))
            Issue.record("an incomplete event was emitted")
        } catch {
            guard case .invalidData(let type, let findings) = error else {
                Issue.record("another error: \(error)")
                return
            }
            #expect(type == NoteAdded.type)
            #expect(findings.map(\.rule) == [.optionalIsNullable, .optionalIsNullable])
            #expect(findings.allSatisfy { $0.severity == .error })
            #expect(error.description.contains("OEP41-25"))
            #expect(error.description.contains("/author/id"))
            #expect(!error.isRetriable)
        }
    }

    @Test("OEP41-28: an error about invalid data holds no value of it")
    func errorsAreSilent() async throws {
        let producer = try producer(InMemoryTransport(), ProducerValidation(Self.validator(), service: nil))
        let outcomes = await producer.emit(contentsOf: [NoteAdded(Self.bad), NoteAdded(Self.good)])
        #expect(throws: EmitError.self) { try outcomes[0].get() }
        #expect(throws: Never.self) { try outcomes[1].get() }
        if case .failure(let error) = outcomes[0] {
            #expect(!"\(error)".contains("far too long") && !"\(error)".contains("example.org"))
        }
    }

    @Test("each event is validated, a share, or none")
    func shares() async throws {
        for (share, refused) in [
            (ProducerValidation.Share.every, 8), (.oneIn(4), 2), (.oneIn(1), 8), (.none, 0), (.oneIn(100), 1),
        ] {
            let producer = try producer(
                InMemoryTransport(), ProducerValidation(Self.validator(), service: nil, share: share))
            let outcomes = await producer.emit(contentsOf: Array(repeating: NoteAdded(Self.bad), count: 8))
            #expect(outcomes.filter { (try? $0.get()) == nil }.count == refused, "\(share)")
        }
        #expect(throws: InvalidConfiguration.self) {
            try producer(InMemoryTransport(), ProducerValidation(Self.validator(), service: nil, share: .oneIn(0)))
        }
    }

    @Test("OEP41-20: a route of a type that another service owns is refused")
    func owner() throws {
        let validator = try Self.validator()
        #expect(throws: Never.self) {
            try producer(InMemoryTransport(), ProducerValidation(validator, service: "openedx/notes"))
        }
        let error = try #require(throws: InvalidConfiguration.self) {
            try producer(InMemoryTransport(), ProducerValidation(validator, service: "openedx/other", share: .none))
        }
        #expect("\(error)".contains("OEP41-20"))
        #expect("\(error)".contains("openedx/notes"))
        // Nobody can say whose an unknown type is.
        #expect(validator.producers(of: "org.openedx.learning.note.removed.v1") == nil)
    }

    // MARK: - Reading

    /// Settles as many events as there are, and says what the handler got and how each was settled.
    private func consume(
        _ events: [NoteAdded], _ policy: ConsumerValidation.Policy
    ) async throws -> (delivered: [[Rule]], settled: [Settlement], unreadable: [String], failure: ConsumerError?) {
        let transport = InMemoryTransport()
        _ = await (try producer(transport, nil)).emit(contentsOf: events)
        let delivered = Locked<[[Rule]]>([])
        var handlers = EventHandlers()
        handlers.on(NoteAdded.self) { event in
            delivered.withLock { $0.append(event.dataFindings.map(\.rule)) }
        }
        let watcher = Watcher(expected: events.count)
        var configuration = EventConsumer.Configuration(group: "readers", topics: ["notes"])
        configuration.validation = ConsumerValidation(try Self.validator(), onInvalid: policy)
        configuration.observer = watcher
        configuration.ordering = .partition
        let consumer = try EventConsumer(transport: transport, handlers: handlers, configuration: configuration)
        let running = Task { () -> ConsumerError? in
            do throws(ConsumerError) {
                try await consumer.run()
                return nil
            } catch {
                return error
            }
        }
        for await _ in watcher.done { break }
        consumer.shutDown()
        let failure = await running.value
        return (delivered.withLock { $0 }, watcher.settled, watcher.unreadable, failure)
    }

    private final class Watcher: BusObserver {
        let done: AsyncStream<Void>
        private let signal: AsyncStream<Void>.Continuation
        private let expected: Int
        private let facts = Locked<(settled: [Settlement], unreadable: [String])>(([], []))

        init(expected: Int) {
            self.expected = expected
            (done, signal) = AsyncStream.makeStream()
        }

        var settled: [Settlement] { facts.withLock { $0.settled } }
        var unreadable: [String] { facts.withLock { $0.unreadable } }

        func record(_ fact: BusFact) {
            switch fact {
            case .settled(_, let settlement):
                let count = facts.withLock { facts in
                    facts.settled.append(settlement)
                    return facts.settled.count
                }
                if count == expected { signal.yield() }
            case .unreadable(let reference, let reason):
                facts.withLock { $0.unreadable.append("\(reference.type) \(reason)") }
            case .consumer(_, .stopped): signal.yield()
            default: break
            }
        }
    }

    private let mixed = [NoteAdded(good), NoteAdded(bad), NoteAdded(incomplete), NoteAdded(good)]

    @Test("an invalid event is delivered with its marks")
    func delivered() async throws {
        let result = try await consume(mixed, .deliver)
        #expect(
            Set(result.delivered)
                == [[], [.payloadTypes], [.optionalIsNullable, .optionalIsNullable]])
        #expect(result.delivered.count == 4)
        #expect(result.settled.allSatisfy { $0 == .handled })
        #expect(result.failure == nil)
    }

    @Test("OEP41-28: an invalid event is dead-lettered with a reason that holds no value")
    func deadLettered() async throws {
        let result = try await consume(mixed, .deadLetter)
        #expect(result.delivered == [[], []])
        #expect(result.settled.filter { $0 == .deadLettered }.count == 2)
        #expect(result.unreadable.count == 2)
        for reason in result.unreadable {
            #expect(reason.hasPrefix("org.openedx.learning.note.added.v1 OEP41-"))
            #expect(!reason.contains("far too long") && !reason.contains("example.org"))
        }
    }

    @Test("an invalid event is skipped")
    func skipped() async throws {
        let result = try await consume(mixed, .skip)
        #expect(result.delivered == [[], []])
        #expect(result.settled.filter { $0 == .skipped }.count == 2)
    }

    @Test("an invalid event stops the consumer")
    func stopped() async throws {
        let result = try await consume([NoteAdded(Self.bad)], .stop)
        guard case .unreadable(_, let error) = result.failure else {
            Issue.record("it did not stop: \(String(describing: result.failure))")
            return
        }
        #expect(error.attribute == "data")
        #expect(result.delivered.isEmpty)
    }

    // MARK: - Schemas

    @Test("OEP41-15: an event is validated against its own minor version, or the nearest that is known")
    func minorVersions() throws {
        func text(_ minor: Int, _ required: String) -> [UInt8] {
            Array(
                """
                {"x-event": {"type": "t", "minorversion": \(minor), "owners": ["a", "b\(minor)"]}, "required": ["\(required)"]}
                """.utf8)
        }
        let validator = try EventSchemaValidator(texts: ["t.1": text(1, "one"), "t.4": text(4, "four")])
        func missing(_ minor: Int?) -> Bool {
            validator.findings(in: Array("{\"one\":1}".utf8)[...], of: "t", minorVersion: minor).isEmpty
        }
        #expect(missing(1) && missing(3) && missing(0) && missing(nil))
        #expect(!missing(4) && !missing(9))
        #expect(validator.findings(in: [0x31], of: "unknown", minorVersion: 0).isEmpty)
        #expect(validator.types == ["t"])
    }

    @Test("OEP41-20: the generated events bring what validation needs, owners and marks included")
    func generatedEvents() throws {
        let validator = try EventSchemaValidator(events: EventCatalogue.events)
        #expect(validator.types.count == EventCatalogue.events.count)
        #expect(validator.producers(of: CourseEnrollmentCreated.type) == ["openedx/edx-platform"])
        let mask = try #require(validator.mask(of: CourseEnrollmentCreated.type.name, minorVersion: 0))
        for (type, fixture) in SchemaFixtures.events {
            let findings = validator.findings(in: fixture.sample[...], of: type, minorVersion: fixture.minorVersion)
            #expect(findings.isEmpty, "\(type)")
        }
        let sample = try SchemaFixtures.event(CourseEnrollmentCreated.type.name).sample
        let masked = try JSONDocument(parsing: mask.masked(sample), file: "masked").root
        #expect(masked.node(at: "/enrollment/user/pii/email")?.string == PersonalDataMask.cover)
        #expect(masked.node(at: "/enrollment/mode")?.string != PersonalDataMask.cover)
    }

    @Test("bad schema texts are refused with all that is wrong in any of them")
    func badTexts() throws {
        let error = try #require(throws: SchemaErrors.self) {
            try EventSchemaValidator(texts: [
                "a.json": Array("{\"x-event\": {\"type\": \"a\", \"minorversion\": 0}, \"type\": 1}".utf8),
                "b.json": Array("{\"x-event\": {}}".utf8),
            ])
        }
        #expect(error.errors.map(\.file) == ["a.json", "b.json"])
        let broken = try #require(throws: SchemaErrors.self) {
            try EventSchemaValidator(texts: ["c.json": Array("{".utf8)])
        }
        #expect(broken.errors.map(\.file) == ["c.json"])
        #expect(throws: SchemaErrors.self) { try EventSchemaValidator(directory: "/nonexistent/schemas") }
    }

    // MARK: - Masks

    @Test("OEP41-28: marked paths are found behind references and in lists, and a schema that holds itself ends")
    func markedPaths() throws {
        let text = """
            {"properties": {"user": {"$ref": "#/$defs/user"}, "ids": {"prefixItems": [{"x-personal-data": true}]},
               "free": {"x-personal-data": false}},
             "anyOf": [{"properties": {"note": {"x-personal-data": true, "properties": {"a": {"x-personal-data": true}}}}}],
             "$defs": {"user": {"properties": {"mail": {"x-personal-data": true}, "other": {"$ref": "#/$defs/user"},
               "friends": {"items": {"allOf": [{"$ref": "#/$defs/user"}, {"properties": {"nick": {"x-personal-data": true}}}]}}}}}}
            """
        let mask = PersonalDataMask(try JSONDocument(parsing: Array(text.utf8), file: "m.json"))
        #expect(mask.markedPaths == [["user", "mail"], ["user", "friends", "nick"], ["ids"], ["note"]])
    }

    @Test("OEP41-28: what the schema marks as personal is covered, and so is what it does not know")
    func mask() throws {
        let mask = try #require(try Self.validator().mask(of: NoteAdded.type.name, minorVersion: 1))
        func masked(_ text: String) -> String { String(decoding: mask.masked(Array(text.utf8)), as: UTF8.self) }
        let cover = "\"\(PersonalDataMask.cover)\""
        #expect(
            masked(
                "{\"author\":{\"id\":7,\"email\":\"a@b\",\"address\":{\"street\":\"s\"}},\"text\":\"t\",\"phone\":\"1\"}"
            )
                == "{\"author\":{\"id\":7,\"email\":\(cover),\"address\":\(cover)},\"text\":\"t\",\"phone\":\(cover)}")
        #expect(
            masked("{\"tags\":[\"x\",1.50],\"author\":{\"email\":null}}")
                == "{\"tags\":[\"x\",1.50],\"author\":{\"email\":null}}")
        #expect(masked("{broken a@b") == cover)
    }

    @Test("OEP41-28: marks are found behind references, combinations, items and patterns")
    func marksEverywhere() throws {
        let text = """
            {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/a"}], "allOf": [{"additionalProperties": {"$ref": "#/$defs/p"}}],
             "$defs": {"p": {"items": {"prefixItems": [true], "items": {"x-personal-data": true}}},
               "a": {"patternProperties": {"^m": {"$ref": "#/$defs/mail"}}}, "mail": {"x-personal-data": true}}}
            """
        let mask = PersonalDataMask(try JSONDocument(parsing: Array(text.utf8), file: "m.json"))
        let masked = mask.masked(Array("{\"mail\":[1],\"x\":[[1,2,{}]],\"y\":3}".utf8))
        let cover = "\"\(PersonalDataMask.cover)\""
        #expect(String(decoding: masked, as: UTF8.self) == "{\"mail\":\(cover),\"x\":[[1,\(cover),\(cover)]],\"y\":3}")
    }
}
