import EventTesting
import Foundation
import OpenEdXEvents
import Testing

@Suite("Routes", .timeLimit(.minutes(1)))
struct RouteTests {
    private let note = NoteCreated(course: "c", number: 7)

    @Test("OEP41-26: everything that is wrong with the routes is said at the start")
    func problems() throws {
        let routes = [
            Route(NoteCreated.type, to: "notes"), Route(NoteCreated.type, to: "notes", key: "course"),
            Route(NoteCreatedV2.type, to: "a b"),
            Route(NoteDeleted.type, to: "stage-notes", key: "a..b", isEnabled: false),
        ]
        let error = #expect(throws: InvalidConfiguration.self) {
            try RecordedProducer(routes: routes) { $0.environment = "stage" }
        }
        #expect(
            error?.problems.map(\.setting) == ["routes[1]", "routes[2].topic", "routes[3].key", "routes[3].topic"])
        #expect(error?.problems.allSatisfy { $0.rule == .routes } == true)
        #expect(error?.description.split(separator: "\n").count == 4)
    }

    @Test("OEP41-26: an environment that cannot begin a topic's name is refused", arguments: ["", "a b", "é"])
    func environment(name: String) throws {
        let error = #expect(throws: InvalidConfiguration.self) { try RecordedProducer { $0.environment = name } }
        #expect(error?.problems.first?.setting == "routes[0].environment")
    }

    @Test("OEP41-26: topics are named without the environment, which is put in front")
    func prefix() async throws {
        let setup = try RecordedProducer(routes: [Route(NoteCreated.type, to: "user-logins")]) {
            $0.environment = "stage"
        }
        let receipt = try await setup.producer.emit(note)
        #expect(setup.topics == ["stage-user-logins"])
        #expect(receipt.position?.topic == "stage-user-logins")
    }

    @Test("OEP41-26: a route is read from JSON, and is enabled unless it says otherwise")
    func json() throws {
        let type = NoteCreated.type.name
        let routes = try JSONDecoder().decode(
            [Route].self,
            from: Data(
                #"[{"type":"\#(type)","topic":"a","key":"course"},{"type":"\#(type)","topic":"b","enabled":false}]"#
                    .utf8))
        #expect(
            routes == [
                Route(NoteCreated.type, to: "a", key: "course"), Route(NoteCreated.type, to: "b", isEnabled: false),
            ])
        #expect(try JSONDecoder().decode([Route].self, from: JSONEncoder().encode(routes)) == routes)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(Route.self, from: Data(#"{"type":"no type","topic":"a"}"#.utf8))
        }
    }

    @Test("OEP41-27: one topic carries several types")
    func severalTypes() async throws {
        let setup = try RecordedProducer()
        _ = await setup.producer.emit(contentsOf: [Emission(note), Emission(NoteDeleted(number: 1))])
        #expect(setup.topics == ["notes", "notes"])
        #expect(try setup.recorder.emitted(NoteCreated.self).count == 1)
        #expect(try setup.recorder.emitted(NoteDeleted.self).count == 1)
    }

    @Test("one type goes to several topics, as the same event")
    func severalTopics() async throws {
        let setup = try RecordedProducer(routes: [
            Route(NoteCreated.type, to: "a", key: "course"), Route(NoteCreated.type, to: "b", key: "number"),
            Route(NoteCreated.type, to: "c", isEnabled: false), Route(NoteDeleted.type, to: "d"),
        ])
        let outcomes = await setup.producer.emit(contentsOf: [
            Emission(NoteDeleted(number: 1)), Emission(note), Emission(NoteDeleted(number: 2)),
        ])
        #expect(outcomes.map { $0.receipt?.positions.map(\.topic) } == [["d"], ["a", "b"], ["d"]])
        #expect(setup.keys == [nil, "c", "7", nil])
        #expect(Set(try setup.recorder.emitted(NoteCreated.self).map(\.envelope.id)).count == 1)
    }

    @Test("an event that one of its topics refuses is not said to be emitted")
    func severalTopicsFailure() async throws {
        let setup = try RecordedProducer(routes: [Route(NoteCreated.type, to: "a"), Route(NoteCreated.type, to: "b")])
        setup.recorder.failNext(with: TransportError(.unknownTopic, "no such topic"))
        let outcomes = await setup.producer.emit(contentsOf: [note, note])
        #expect(outcomes.map { $0.error?.kind } == ["transport", nil])
        #expect(setup.topics == ["b", "a", "b"])
    }

    @Test("OEP41-26: an event whose routes are all disabled is emitted nowhere, and that is no error")
    func disabled() async throws {
        let setup = try RecordedProducer(routes: [Route(NoteCreated.type, to: "notes", isEnabled: false)])
        let receipt = try await setup.producer.emit(note)
        #expect(receipt.position == nil && receipt.positions.isEmpty)
        #expect(receipt.type == NoteCreated.type)
        try setup.recorder.expectNothingEmitted()
    }

    @Test("OEP41-26: a type without a route is refused by name")
    func noRoute() async throws {
        let setup = try RecordedProducer(routes: [])
        let error = await #expect(throws: EmitError.self) { try await setup.producer.emit(note) }
        guard case .noRoute(NoteCreated.type) = error else {
            Issue.record("refused with \(String(describing: error))")
            return
        }
    }

    @Test("OEP41-42: data without the value that is the key is refused; the caller's own key wins")
    func key() async throws {
        let setup = try RecordedProducer(routes: [Route(NoteCreated.type, to: "notes", key: "course.key")])
        let error = await #expect(throws: EmitError.self) { try await setup.producer.emit(note) }
        guard case .noKey(NoteCreated.type, path: "course.key") = error else {
            Issue.record("refused with \(String(describing: error))")
            return
        }
        try setup.recorder.expectNothingEmitted()
        try await setup.producer.emit(note, key: "mine")
        #expect(setup.keys == ["mine"])
    }

    @Test("OEP41-10: a name on the legacy list is refused, unless the format says that it writes such")
    func legacy() async throws {
        let routes = [Route(RoleAssigned.type, to: "roles")]
        let setup = try RecordedProducer(routes: routes)
        let error = await #expect(throws: EmitError.self) { try await setup.producer.emit(RoleAssigned(user: "u")) }
        guard case .envelope(let envelope) = error else {
            Issue.record("refused with \(String(describing: error))")
            return
        }
        #expect(envelope.rule == .typeName)
        let running = try RecordedProducer(routes: routes, format: LegacyFormat())
        try await running.producer.emit(RoleAssigned(user: "u"))
        #expect(running.topics == ["roles"])
    }

    /// Structured JSON that also writes legacy names.
    private struct LegacyFormat: EnvelopeFormat {
        private let structured = StructuredFormat()
        var name: String { "legacy" }
        var writesLegacyTypes: Bool { true }
        func recognizes(_ message: IncomingMessage) -> Bool { structured.recognizes(message) }
        func read(_ message: IncomingMessage) -> EnvelopeReading { structured.read(message) }
        func write(_ event: EncodedEvent) -> EnvelopeWriting { structured.write(event) }
    }
}
