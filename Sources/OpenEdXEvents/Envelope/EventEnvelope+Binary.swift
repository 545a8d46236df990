extension EventEnvelope {
    /// Writes the event in binary mode: attributes as headers, data as the value (rule 41).
    ///
    /// - Throws: ``EnvelopeError`` for the first mandatory rule that is broken, and if the event is larger than 65 536
    ///   bytes as structured JSON.
    public func binary(
        as profile: Profile = .openEdX
    ) throws(EnvelopeError) -> (headers: [MessageHeader], value: [UInt8]?) {
        _ = try structured(as: profile)
        var headers: [MessageHeader] = []
        for attribute in rawAttributes {
            guard let text = attribute.text else { continue }
            headers.append(
                MessageHeader(
                    attribute.name == "datacontenttype" ? "content-type" : BinaryEnvelope.prefix + attribute.name,
                    text))
        }
        switch data {
        case .absent: return (headers, nil)
        case .json(let value):
            if dataContentType == nil { headers.append(MessageHeader("content-type", "application/json")) }
            return (headers, value)
        case .text(let text): return (headers, Array(text.utf8))
        case .binary(let bytes): return (headers, bytes)
        }
    }

    /// Reads one event in binary mode, with everything that it breaks.
    ///
    /// - Throws: ``EnvelopeError`` if the event cannot be read at all.
    public static func read(
        headers: [MessageHeader], value: [UInt8]?
    ) throws(EnvelopeError) -> (envelope: EventEnvelope, findings: [Finding]) {
        let received = try ReceivedEnvelope(headers: headers, value: value)
        return (received.envelope(), received.findings)
    }
}
