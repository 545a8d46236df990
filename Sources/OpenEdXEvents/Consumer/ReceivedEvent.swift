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
// Unchecked: what is set when the message is decoded is set by whoever has the event's lane, and no handler reaches it.
@usableFromInline
final class ReceivedMessage: @unchecked Sendable {
    private enum Reading {
        case read(ReceivedEnvelope)
        /// Only what stands before the data: the rest is read and validated when the payload is decoded.
        case begun(EnvelopeScan, dataStart: Int)
    }

    let message: IncomingMessage
    private var reading: Reading
    // Unsafe: the consumer's settings hold the handlers as long as it runs, and nobody else reaches them. Counted, they
    // would have all workers write to one place for each event.
    unowned(unsafe) let handlers: HandlerSet
    private let facts: HeaderFacts
    /// What the data breaks in its schema.
    let dataFindings: [Finding]
    /// Strings of earlier payloads, for the first decoding alone: whatever a second handler or another attempt reads has
    /// just been read, and would look as if it came often. Afterwards nobody holds them who keeps the event.
    private var strings: StringCache?
    private var isDecoded = false

    init(
        _ message: IncomingMessage, _ envelope: ReceivedEnvelope, for handlers: HandlerSet, _ facts: HeaderFacts,
        dataFindings: [Finding] = []
    ) {
        self.message = message
        reading = .read(envelope)
        self.handlers = handlers
        self.facts = facts
        self.dataFindings = dataFindings
    }

    /// A message of which only what stands before the data has been read.
    init(
        _ message: IncomingMessage, _ head: EnvelopeScan, dataStart: Int, for handlers: HandlerSet,
        _ facts: HeaderFacts,
        _ strings: StringCache
    ) {
        self.message = message
        reading = .begun(head, dataStart: dataStart)
        self.handlers = handlers
        self.facts = facts
        self.strings = strings
        dataFindings = []
    }

    /// Whether all of it has been read. If not, it was not to be read at once, and no handler has seen it.
    var isRead: Bool { if case .read = reading { true } else { false } }

    @usableFromInline var envelope: ReceivedEnvelope {
        guard case .read(let envelope) = reading else {
            preconditionFailure("no handler sees an event that was not read")
        }
        return envelope
    }

    /// Set if the message was redriven from a dead-letter topic.
    var redrive: Redrive? { facts.redrive }
    /// Whether no header has a say in how the event is handled, see ``HeaderFacts/isPlain``.
    var isPlain: Bool { facts.isPlain }

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
        var payload: E?
        try withPayload { (reader) throws(PayloadError) in payload = try E(from: &reader) }
        return payload.taken()
    }

    /// Has the payload read; and validated with the rest of the event, if it was not.
    @usableFromInline
    func withPayload(_ read: (inout JSONReader) throws(PayloadError) -> Void) throws(PayloadError) {
        guard case .begun(let head, let dataStart) = reading else {
            return try envelope.withPayload(takeStrings(), read)
        }
        let strings = takeStrings()
        let isRead = message.withValue { document in
            let data = UnsafeBufferPointer(rebasing: document[dataStart...])
            guard let end = JSONReader.readAtOnce(data, strings: strings, by: read) else { return false }
            return data.count == end + 1 && data[end] == Byte.rightBrace
        }
        guard let value = message.value, isRead == true else {
            throw PayloadError(.misuse, offset: nil, "the event is not read at once")
        }
        var scan = head
        scan.close(data: dataStart..<value.count - 1)
        reading = .read(ReceivedEnvelope(value, scanned: scan))
    }

    /// The event as facts name it.
    var reference: EventReference {
        EventReference(type: envelope.type, id: envelope.id, position: message.position, key: message.key)
    }
}
