/// Something that stands between ``EventProducer`` and the transport: it may add headers, hold back, measure, retry.
///
/// The first in the list is the outermost.
public protocol PublishMiddleware: Sendable {
    /// Hands the events on with `next`, and returns one outcome for each event given, in order.
    func publish(
        _ events: [OutgoingEvent], next: @Sendable ([OutgoingEvent]) async -> [EmitOutcome]
    ) async -> [EmitOutcome]
}

/// An event that is encoded and on its way to one topic.
public struct OutgoingEvent: Sendable {
    /// The event, encoded, checked and measured.
    public let event: EncodedEvent
    /// The full name of the topic.
    public let topic: String
    /// The record key (rule 42).
    public let key: [UInt8]?
    /// Headers beside those of the envelope, such as the trace context.
    public var headers: [MessageHeader]

    package init(event: EncodedEvent, topic: String, key: [UInt8]?, headers: [MessageHeader]) {
        self.event = event
        self.topic = topic
        self.key = key
        self.headers = headers
    }
}
