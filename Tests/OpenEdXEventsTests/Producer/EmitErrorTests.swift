import EventTesting
import Testing

@testable import OpenEdXEvents

@Suite("Errors of emitting", .timeLimit(.minutes(1)))
struct EmitErrorTests {
    private static let secret = "learner@example.org"

    /// A way to provoke an error, with a payload and attributes that hold a secret.
    struct Provocation: CustomTestStringConvertible, Sendable {
        let kind: String
        let testDescription: String
        let provoke: @Sendable () async throws -> Void

        init(_ kind: String, _ description: String, _ provoke: @escaping @Sendable () async throws -> Void) {
            self.kind = kind
            testDescription = description
            self.provoke = provoke
        }
    }

    private static let note = NoteCreated(course: secret, number: 1)

    /// A format that waits for something that cannot be had.
    private struct WaitingFormat: EnvelopeFormat {
        let resolves: Bool
        var name: String { "waiting" }
        func recognizes(_ message: IncomingMessage) -> Bool { false }
        func read(_ message: IncomingMessage) -> EnvelopeReading {
            .waiting(FormatDependency("the schema") {})
        }
        func write(_ event: EncodedEvent) -> EnvelopeWriting {
            .waiting(
                FormatDependency("the schema") { [resolves] in
                    if !resolves { throw NoteRefused.Refusal(description: EmitErrorTests.secret) }
                })
        }
    }

    private struct Refusing: PublishMiddleware {
        func publish(
            _ events: [OutgoingEvent], next: @Sendable ([OutgoingEvent]) async -> [EmitOutcome]
        ) async -> [EmitOutcome] { [] }
    }

    static let provocations = [
        Provocation("envelope", "too large") {
            let course = String(repeating: secret, count: 4_000)
            try await RecordedProducer().producer.emit(NoteCreated(course: course, number: 1), key: "k")
        },
        Provocation("envelope", "a subject with a control character") {
            try await RecordedProducer().producer.emit(note, subject: secret + "\u{1}")
        },
        Provocation("envelope", "an extension with a control character") {
            try await RecordedProducer().producer.emit(note, extensions: ["dataref": .string(secret + "\u{1}")])
        },
        Provocation("envelope", "an extension that is no URI") {
            try await RecordedProducer().producer.emit(note, extensions: ["ref": .uri(secret)])
        },
        Provocation("payload", "a number that JSON cannot hold") {
            let setup = try RecordedProducer(routes: [Route(GradeMeasured.type, to: "grades")])
            try await setup.producer.emit(GradeMeasured(learner: secret, grade: .nan))
        },
        Provocation("payload", "a coder that throws") {
            let setup = try RecordedProducer(routes: [Route(NoteRefused.type, to: "notes")])
            try await setup.producer.emit(NoteRefused(author: secret))
        },
        Provocation("noRoute", "no route") { try await RecordedProducer(routes: []).producer.emit(note) },
        Provocation("noKey", "no value at the key path") {
            let setup = try RecordedProducer(routes: [Route(NoteCreated.type, to: "notes", key: "course.id")])
            try await setup.producer.emit(note)
        },
        Provocation("notSuccessor", "no next major version") {
            try await RecordedProducer().producer.emit(note, beside: note)
        },
        Provocation("echoLoop", "too many hops") {
            let setup = try RecordedProducer { $0.hopLimit = 3 }
            let hops = HandlingContext([MessageHeader(HandlingContext.hopsHeader, "3")])
            try await HandlingContext.$current.withValue(hops) { _ = try await setup.producer.emit(note) }
        },
        Provocation("formatUnavailable", "a format that cannot get what it needs") {
            try await RecordedProducer(format: WaitingFormat(resolves: false)).producer.emit(note)
        },
        Provocation("formatUnavailable", "a format that asks for ever") {
            try await RecordedProducer(format: WaitingFormat(resolves: true)).producer.emit(note)
        },
        Provocation("heldBack", "held back") {
            try await RecordedProducer { $0.middleware = [Refusing()] }.producer.emit(note)
        },
        Provocation("transport", "shut down") {
            let setup = try RecordedProducer()
            await setup.recorder.shutDown(within: .zero)
            try await setup.producer.emit(note)
        },
    ]

    @Test("OEP41-28: no error of emitting shows what the event holds", arguments: provocations)
    func secrecy(provocation: Provocation) async throws {
        let error = await #expect(throws: EmitError.self) { try await provocation.provoke() }
        let shown = try #require(error)
        #expect(shown.kind == provocation.kind)
        for text in ["\(shown)", String(reflecting: shown), shown.localizedText] {
            #expect(!text.isEmpty)
            #expect(!text.contains("learner") && !text.contains("example.org"), "shown as \(provocation.kind)")
        }
    }

    @Test("every kind of error is provoked")
    func complete() {
        #expect(
            Set(Self.provocations.map(\.kind)) == [
                "envelope", "payload", "noRoute", "noKey", "notSuccessor", "echoLoop", "formatUnavailable", "heldBack",
                "transport",
            ])
    }
}

extension EmitError {
    /// Everything that a dump of the error shows.
    fileprivate var localizedText: String {
        var text = ""
        dump(self, to: &text)
        return text
    }
}
