/// Binary mode: attributes are headers, data is the message's value (rule 41).
///
/// A content type of Avro is not read here: its value is no JSON.
public struct BinaryFormat: EnvelopeFormat {
    /// Creates the format; it has no settings.
    public init() {}

    /// `binary`.
    public var name: String { "binary" }

    /// Whether the message has attributes in headers, and a content type that is not CloudEvents' own (rule 40).
    public func recognizes(_ message: IncomingMessage) -> Bool {
        Self.hasAttributes(message.headers)
            && !(ContentType.value(in: message.headers).map(ContentType.isCloudEvents) ?? false)
    }

    /// Reads the attributes from the headers; the value is left as it is.
    public func read(_ message: IncomingMessage) -> EnvelopeReading {
        do throws(EnvelopeError) {
            return .event(try ReceivedEnvelope(headers: message.headers, value: message.value))
        } catch {
            return .unreadable(error)
        }
    }

    /// Writes the attributes into headers and the data into the value (rule 41).
    public func write(_ event: EncodedEvent) -> EnvelopeWriting {
        var headers = [
            MessageHeader("content-type", event.dataContentType), MessageHeader("ce_specversion", "1.0"),
            MessageHeader("ce_id", event.id.description), MessageHeader("ce_type", event.type.name),
            MessageHeader("ce_source", event.source.description),
            MessageHeader("ce_sourcehost", event.sourceHost.description),
            MessageHeader("ce_time", event.time.description),
            MessageHeader("ce_minorversion", String(event.minorVersion)),
        ]
        if let subject = event.subject { headers.append(MessageHeader("ce_subject", subject)) }
        if let schema = event.dataSchema { headers.append(MessageHeader("ce_dataschema", schema)) }
        for (name, value) in event.extensions { headers.append(MessageHeader("ce_" + name, value.canonical)) }
        return .message(headers: headers, value: event.dataRange.map { Array(event.document[$0]) })
    }

    /// Whether any header is an attribute's.
    static func hasAttributes(_ headers: [MessageHeader]) -> Bool {
        headers.contains { ASCII.lowercased($0.name).hasPrefix(BinaryEnvelope.prefix) }
    }
}
