extension EventEnvelope {
    /// The largest event, in bytes of structured JSON (rule 01).
    public static let sizeLimit = 65_536

    /// The media type of one event as structured JSON.
    public static let structuredMediaType = "application/cloudevents+json"

    /// Writes the event as structured JSON.
    ///
    /// - Parameter profile: Which rules the event must keep.
    /// - Throws: ``EnvelopeError`` for the first mandatory rule that is broken, and if the document is larger than
    ///   65 536 bytes.
    public func structured(as profile: Profile = .openEdX) throws(EnvelopeError) -> [UInt8] {
        try check(profile)
        let document = try unchecked()
        guard document.count <= Self.sizeLimit else { throw .tooLarge(document.count) }
        return document
    }

    /// Reads one event of structured JSON, with everything that it breaks.
    ///
    /// - Throws: ``EnvelopeError`` if the event cannot be read at all.
    public static func read(
        structured document: [UInt8]
    ) throws(EnvelopeError) -> (envelope: EventEnvelope, findings: [Finding]) {
        let received = try ReceivedEnvelope(structured: document)
        return (received.envelope(), received.findings)
    }

    /// The document without any check of attributes or size.
    package func unchecked() throws(EnvelopeError) -> [UInt8] {
        var json = JSONWriter()
        do throws(PayloadError) {
            try write(to: &json)
        } catch {
            throw EnvelopeError(
                .invalid, rule: .jsonData, attribute: "data", offset: nil, "the data cannot be written: \(error)")
        }
        return json.bytes
    }

    private func write(to json: inout JSONWriter) throws(PayloadError) {
        json.beginObject()
        for attribute in rawAttributes {
            // Without a media type, JSON is assumed on reading and written on re-encoding (rule 38).
            json.key(attribute.name)
            switch attribute.value {
            case .string(let text): json.write(text)
            case .boolean(let value): json.write(value)
            case .integer(let value): json.write(value)
            case .impossible: json.writeNull()
            }
        }
        if dataContentType == nil, case .json = data {
            json.key("datacontenttype")
            json.write("application/json")
        }
        switch data {
        case .absent: break
        case .json(let value):
            json.key("data")
            try json.writeRaw(value)
        case .text(let text):
            json.key("data")
            json.write(text)
        case .binary(let bytes):
            json.key("data_base64")
            json.write(Base64.encode(bytes))
        }
        json.endObject()
    }
}
