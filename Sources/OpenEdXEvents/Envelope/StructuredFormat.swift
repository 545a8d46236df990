/// Structured mode: the whole event is one JSON document in the message's value (rule 40).
///
/// A message without a content type is read as structured if its value begins like a JSON object and no header looks
/// like binary mode: lenient, since some producers send none.
public struct StructuredFormat: EnvelopeFormat {
    /// Creates the format; it has no settings.
    public init() {}

    /// `structured`.
    public var name: String { "structured" }

    /// Whether the content type begins with `application/cloudevents`, or there is neither one nor binary mode's headers
    /// (rule 40).
    public func recognizes(_ message: IncomingMessage) -> Bool {
        guard let type = ContentType.value(in: message.headers) else {
            return !BinaryFormat.hasAttributes(message.headers)
        }
        return ContentType.isCloudEvents(type)
    }

    /// Reads the value as one event of JSON; a batch or another format is unreadable.
    public func read(_ message: IncomingMessage) -> EnvelopeReading {
        if let type = ContentType.value(in: message.headers), !ContentType.isStructuredJSON(type) {
            return .unreadable(
                EnvelopeError(
                    .unknownFormat, rule: .kafkaMode, attribute: nil, offset: nil,
                    "the content type names a batch or a format other than JSON: a message holds one event as "
                        + EventEnvelope.structuredMediaType))
        }
        guard let value = message.value else {
            return .unreadable(
                EnvelopeError(
                    .notJSON, rule: .jsonFormat, attribute: nil, offset: 0,
                    "the message has no value: an event as structured JSON is expected"))
        }
        do throws(EnvelopeError) {
            return .event(try ReceivedEnvelope(structured: value))
        } catch {
            return .unreadable(error)
        }
    }

    /// Writes the document as it was encoded.
    public func write(_ event: EncodedEvent) -> EnvelopeWriting {
        .message(headers: Self.headers, value: event.document)
    }

    private static let headers = [MessageHeader("content-type", EventEnvelope.structuredMediaType)]
}

/// What a message's content type says about its format (rule 40).
enum ContentType {
    private static let cloudEvents = Array("application/cloudevents".utf8)
    private static let structured = Array(EventEnvelope.structuredMediaType.utf8)

    /// The value of the header `content-type`, whose name is compared without regard to case.
    static func value(in headers: [MessageHeader]) -> [UInt8]? {
        headers.first { $0.name == "content-type" || ASCII.lowercased($0.name) == "content-type" }?.value
    }

    /// Whether the message is in structured mode.
    static func isCloudEvents(_ type: [UInt8]) -> Bool {
        type == structured || ASCII.equalIgnoringCase(type.prefix(cloudEvents.count), cloudEvents)
    }

    /// Whether it is one event as JSON; parameters may follow the type.
    static func isStructuredJSON(_ type: [UInt8]) -> Bool {
        if type == structured { return true }
        let name = type.prefix { $0 != UInt8(ascii: ";") && $0 != 0x20 && $0 != 0x09 }
        return ASCII.equalIgnoringCase(name, structured)
    }
}
