/// An event as structured JSON, checked and measured: what a format makes a message from.
///
/// Only the library makes one, so every event that is sent keeps the mandatory rules.
public struct EncodedEvent: Sendable {
    private let head: EventHead
    /// The whole event as structured JSON: at most 65 536 bytes (rule 01).
    public let document: [UInt8]
    /// Where the data stands in the document, a JSON value; `nil` if there is none.
    public let dataRange: Range<Int>?

    /// The event's type.
    public var type: EventType { head.type }
    /// The event's id.
    public var id: EventID { head.id }
    /// When it happened.
    public var time: EventTime { head.time }
    /// The service that emits it.
    public var source: EventSource { head.source }
    /// The host that emits it.
    public var sourceHost: SourceHost { head.sourceHost }
    /// The minor version of its schema, from 0.
    public var minorVersion: Int { head.minorVersion }
    /// What it is about, within its source; not empty.
    public var subject: String? { head.subject }
    /// The schema of its data, an absolute URI.
    public var dataSchema: String? { head.dataSchema }
    /// Extension attributes, by name.
    public var extensions: [(name: String, value: AttributeValue)] { head.sortedExtensions }
    /// The media type of the data.
    public var dataContentType: String { "application/json" }

    /// The data's bytes, a JSON value; `nil` if there is none.
    public var data: ArraySlice<UInt8>? { dataRange.map { document[$0] } }

    private init(_ head: consuming EventHead, document: [UInt8], dataRange: Range<Int>) {
        self.head = head
        self.document = document
        self.dataRange = dataRange
    }

    /// The largest document, in bytes (rule 01).
    package static let sizeLimit = EventEnvelope.sizeLimit

    /// Encodes an event with a writer that is used again and again; allocates nothing but the document.
    ///
    /// - Throws: ``EncodingFailure`` if a mandatory rule is broken, if the document is larger than 65 536 bytes, or if
    ///   the payload cannot be written.
    package static func encode<E: Event>(
        _ event: E, head: consuming EventHead, into json: inout JSONWriter
    ) throws(EncodingFailure) -> EncodedEvent {
        do throws(EnvelopeError) { try head.check() } catch { throw .envelope(error) }
        json.reset()
        do throws(PayloadError) {
            try head.write(to: &json)
            json.key("data")
            json.beginPayload()
            try event.write(to: &json)
            try json.checkPayload(depth: 1)
        } catch {
            throw .payload(json.located(error))
        }
        let dataRange = json.payloadStart..<json.count
        json.endObject()
        guard json.count <= sizeLimit else {
            throw .envelope(.tooLarge(json.count))
        }
        return EncodedEvent(head, document: json.bytes, dataRange: dataRange)
    }
}

/// Why an event was not encoded.
package enum EncodingFailure: Error {
    /// An attribute breaks a rule, or the event is too large.
    case envelope(EnvelopeError)
    /// The payload cannot be written.
    case payload(PayloadError)
}
