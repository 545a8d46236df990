import EventTesting
import OpenEdXEvents

/// A producer whose messages a recorder keeps.
struct RecordedProducer {
    static let topic = "notes"

    let recorder = RecordingTransport()
    let producer: EventProducer

    /// Without routes, each note goes to one topic, those with a course by its key.
    init(
        routes: [Route]? = nil, format: any EnvelopeFormat = StructuredFormat(),
        _ change: (inout EventProducer.Configuration) -> Void = { _ in }
    ) throws {
        var configuration = EventProducer.Configuration(
            source: try EventSource(service: "notes", process: .web),
            routes: routes ?? [
                Route(NoteCreated.type, to: Self.topic, key: "course"),
                Route(NoteCreatedV2.type, to: Self.topic, key: "courseKey"),
                Route(NoteDeleted.type, to: Self.topic),
            ],
            format: format)
        change(&configuration)
        producer = try EventProducer(transport: recorder, configuration: configuration)
    }

    /// The topics of what was published, in order.
    var topics: [String] { recorder.messages.map(\.topic) }

    /// The keys of what was published, as text.
    var keys: [String?] { recorder.messages.map { $0.key.map { String(decoding: $0, as: UTF8.self) } } }
}

extension EmitOutcome {
    /// Why the event was not emitted.
    var error: EmitError? {
        if case .failure(let error) = self { error } else { nil }
    }

    /// The receipt of an event that was emitted.
    var receipt: EmitReceipt? { try? get() }
}

extension EmitError {
    /// The name of the case, to tell errors apart.
    var kind: String {
        switch self {
        case .envelope: "envelope"
        case .payload: "payload"
        case .noRoute: "noRoute"
        case .noKey: "noKey"
        case .notSuccessor: "notSuccessor"
        case .echoLoop: "echoLoop"
        case .formatUnavailable: "formatUnavailable"
        case .heldBack: "heldBack"
        case .invalidData: "invalidData"
        case .transport: "transport"
        }
    }
}
