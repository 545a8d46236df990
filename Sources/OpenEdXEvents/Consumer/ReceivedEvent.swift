/// A typed event as a handler receives it: the payload, its envelope, and where it comes from.
public struct ReceivedEvent<Payload: Event>: Sendable {
    /// The payload.
    public let payload: Payload
    /// How often this handler was called for this event, this call included.
    public let attempt: Int

    @usableFromInline let received: ReceivedMessage

    @inlinable
    init(payload: Payload, attempt: Int, received: ReceivedMessage) {
        self.payload = payload
        self.attempt = attempt
        self.received = received
    }

    /// The envelope, with whatever it breaks as findings.
    public var envelope: ReceivedEnvelope { received.envelope }
    /// What the data breaks in its schema, where the consumer validates and delivers all the same.
    public var dataFindings: [Finding] { received.dataFindings }
    /// The event's id as it stands in the envelope.
    public var id: String { envelope.id }
    /// The event's time; `nil` where the envelope has none that can be read.
    public var time: EventTime? { envelope.time }
    /// Where the event lies.
    public var position: Position { received.message.position }
    /// The record key.
    public var key: [UInt8]? { received.message.key }
    /// The message's headers.
    public var headers: [MessageHeader] { received.message.headers }
}

/// An event of a type that no handler is registered for.
public struct UnrecognizedEvent: Sendable {
    /// How often this handler was called for this event, this call included.
    public let attempt: Int

    let received: ReceivedMessage

    /// The envelope, with the data as it came.
    public var envelope: ReceivedEnvelope { received.envelope }
    /// What the data breaks in its schema, where the consumer validates and delivers all the same.
    public var dataFindings: [Finding] { received.dataFindings }
    /// Where the event lies.
    public var position: Position { received.message.position }
    /// The record key.
    public var key: [UInt8]? { received.message.key }
    /// The message's headers.
    public var headers: [MessageHeader] { received.message.headers }
}

/// A message with its envelope: made once, read by all its handlers.
// Unchecked: what is set when the message is opened and decoded is set by whoever has the event's lane, before a handler
// sees the event; no handler reaches what a later decoding sets.
@usableFromInline
final class ReceivedMessage: @unchecked Sendable {
    let message: IncomingMessage
    private var opened: ReceivedEnvelope?
    private(set) var handlers = HandlerSet.none
    /// Set if the message was redriven from a dead-letter topic.
    private(set) var redrive: Redrive?
    /// Whether no header has a say in how the event is handled, see ``HeaderFacts/isPlain``.
    private(set) var isPlain = false
    /// What the data breaks in its schema.
    private(set) var dataFindings: [Finding] = []
    /// Strings of earlier payloads, for the first decoding alone: whatever a second handler or another attempt reads has
    /// just been read, and would look as if it came often. Afterwards nobody holds them who keeps the event.
    private var strings: StringCache?
    private var isDecoded = false

    init(_ message: IncomingMessage) { self.message = message }

    /// Takes what was found in the message.
    func open(
        _ envelope: ReceivedEnvelope, for handlers: HandlerSet, _ headers: HeaderFacts, dataFindings: [Finding] = []
    ) {
        opened = envelope
        self.handlers = handlers
        redrive = headers.redrive
        isPlain = headers.isPlain
        if !dataFindings.isEmpty { self.dataFindings = dataFindings }
    }

    /// The envelope of a message that was opened.
    @usableFromInline var envelope: ReceivedEnvelope {
        guard let opened else { preconditionFailure("no handler sees a message that was not opened") }
        return opened
    }

    /// Lends strings of earlier payloads to the first decoding.
    func lend(_ strings: StringCache) {
        if !isDecoded { self.strings = strings }
    }

    /// The strings of earlier payloads, once.
    @usableFromInline
    func takeStrings() -> StringCache? {
        isDecoded = true
        return strings.take()
    }

    /// Decodes the payload for a handler.
    @inlinable
    func decode<E: Event>(_ type: E.Type) throws(PayloadError) -> E {
        try envelope.withPayload(takeStrings()) { (reader) throws(PayloadError) in try E(from: &reader) }
    }

    /// The event as facts name it.
    var reference: EventReference {
        EventReference(
            type: opened?.type ?? "", id: opened?.id ?? "", position: message.position, key: message.key)
    }
}
