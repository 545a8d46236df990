/// A typed event as a handler receives it: the payload, its envelope, and where it comes from.
public struct ReceivedEvent<Payload: Event>: Sendable {
    /// The payload.
    public let payload: Payload
    /// How often this handler was called for this event, this call included.
    public let attempt: Int

    let received: ReceivedMessage

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
final class ReceivedMessage: Sendable {
    let message: IncomingMessage
    let envelope: ReceivedEnvelope
    let handlers: HandlerSet
    /// Set if the message was redriven from a dead-letter topic.
    let redrive: Redrive?
    /// What the data breaks in its schema.
    let dataFindings: [Finding]

    init(
        message: IncomingMessage, envelope: ReceivedEnvelope, handlers: HandlerSet, redrive: Redrive?,
        dataFindings: [Finding] = []
    ) {
        self.dataFindings = dataFindings
        self.message = message
        self.envelope = envelope
        self.handlers = handlers
        self.redrive = redrive
    }

    /// The event as facts name it.
    var reference: EventReference {
        EventReference(type: envelope.type, id: envelope.id, position: message.position, key: message.key)
    }
}
