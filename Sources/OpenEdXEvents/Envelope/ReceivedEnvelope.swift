/// The envelope of an event as it was read: what it says, its data as bytes, and everything that it breaks.
///
/// Reading is lenient: whatever can be read is delivered, with ``findings``. Strings are made when they are asked for,
/// so an event that nobody wants costs no allocation.
public struct ReceivedEnvelope: Sendable {
    private enum Storage {
        case structured(document: [UInt8], EnvelopeScan)
        case binary(BinaryEnvelope)
    }

    private let storage: Storage

    /// Reads an event of structured JSON.
    ///
    /// - Throws: ``EnvelopeError`` if it is not a JSON object in UTF-8, if an attribute stands twice, if it has no type,
    ///   or if its data is ambiguous. The bytes stay with the caller.
    public init(structured document: [UInt8]) throws(EnvelopeError) {
        let scan = try document.withUnsafeBufferPointer { (bytes) throws(EnvelopeError) -> EnvelopeScan in
            try EnvelopeScan.scan(bytes)
        }
        storage = .structured(document: document, scan)
    }

    /// Takes an event of structured JSON that was scanned.
    init(_ document: [UInt8], scanned scan: EnvelopeScan) { storage = .structured(document: document, scan) }

    /// Reads an event in binary mode: attributes in headers, data in the value (rule 41).
    ///
    /// The running Open edX bus's headers without a prefix are read too.
    ///
    /// - Throws: ``EnvelopeError`` if it has no type, or an attribute stands twice. The message stays with the caller.
    public init(headers: [MessageHeader], value: [UInt8]?) throws(EnvelopeError) {
        storage = .binary(try BinaryEnvelope(headers: headers, value: value))
    }

    /// Takes an envelope that a format of its own has read.
    ///
    /// - Throws: ``EnvelopeError`` if it has no type, or its data is not what it says.
    public init(_ envelope: EventEnvelope) throws(EnvelopeError) {
        try self.init(structured: try envelope.unchecked())
    }

    // MARK: Attributes

    /// The event type's name; never empty.
    public var type: String { text("type", { $0.type }) ?? "" }
    /// The event's id; empty if it has none.
    public var id: String { text("id", { $0.id }) ?? "" }
    /// Which service emitted it, for logs; handlers do not decide by it (rule 07). Empty if it has none.
    public var source: String { text("source", { $0.source }) ?? "" }
    /// The version of CloudEvents; empty if it has none.
    public var specVersion: String { text("specversion", { $0.specVersion }) ?? "" }
    /// When it happened; `nil` if it says nothing that can be read.
    public var time: EventTime? { text("time", { $0.time }).flatMap { EventTime($0) } }
    /// The host that emitted it, for logs.
    public var sourceHost: String? { text("sourcehost", { $0.sourceHost }) }
    /// What the event is about, within its source.
    public var subject: String? { text("subject", { $0.subject }) }
    /// The media type of the data; `nil` is read as `application/json` (rule 38).
    public var dataContentType: String? { text("datacontenttype", { $0.dataContentType }) }
    /// The schema of the data.
    public var dataSchema: String? { text("dataschema", { $0.dataSchema }) }

    /// The minor version of the event's schema; `nil` if it says nothing that can be read.
    public var minorVersion: Int? {
        guard case .structured(let document, let scan) = storage else {
            return text("minorversion").flatMap { Int($0) }
        }
        guard !scan.minorVersion.isAbsent else { return nil }
        return Int(String(decoding: document[scan.minorVersion.range], as: UTF8.self))
    }

    /// The extension attributes by name, without those that no attribute type can hold.
    public var extensions: [String: AttributeValue] {
        Dictionary(
            rawAttributes.filter { !AttributeNames.context.contains($0.name) }
                .compactMap { attribute in attribute.attributeValue.map { (attribute.name, $0) } },
            uniquingKeysWith: { first, _ in first })
    }

    /// The data.
    public var data: EventData {
        switch storage {
        case .binary(let binary): return binary.data
        case .structured(let document, let scan):
            let value = document[scan.data.range]
            switch scan.dataKind {
            case .absent: return .absent
            case .base64:
                return Base64.decode(Array(DocumentMembers.text(value.dropFirst().dropLast()).utf8)).map { .binary($0) }
                    ?? .absent
            case .json:
                let type = dataContentType.flatMap { MediaType($0) }
                guard value.first == Byte.quote, type?.isJSON == false else { return .json(Array(value)) }
                return .text(DocumentMembers.text(value.dropFirst().dropLast()))
            }
        }
    }

    /// Everything that the envelope breaks, each with rule, place and severity; computed at each call.
    public var findings: [Finding] {
        switch storage {
        case .structured(let document, let scan):
            let place = scan.dataKind == .absent ? nil : scan.data.range.lowerBound
            var findings = EnvelopeCheck(
                attributes: rawAttributes, data: data, dataOffset: place, mode: .structured
            ).findings
            if document.count > EventEnvelope.sizeLimit { findings.append(Self.sizeFinding(document.count)) }
            return findings
        case .binary(let binary):
            var findings = EnvelopeCheck(attributes: binary.attributes, data: data, mode: .headers).findings
            findings += binary.findings
            if let size = structuredSize(of: binary), size > EventEnvelope.sizeLimit {
                findings.append(Self.sizeFinding(size))
            }
            return findings
        }
    }

    /// The envelope as a value. What it cannot hold is in ``findings``.
    public func envelope() -> EventEnvelope { EventEnvelope(rawAttributes, data: data) }

    // MARK: Payload

    /// Decodes the payload.
    ///
    /// - Throws: ``PayloadError`` if the event has no JSON data, or it is not what the type expects. Says where.
    @inlinable
    public func decode<E: Event>(_ type: E.Type) throws(PayloadError) -> E {
        // Inlined, so that the payload's own reader is called directly.
        var payload: E?
        try withPayload { (reader) throws(PayloadError) in payload = try E(from: &reader) }
        return payload.taken()
    }

    /// Has the payload read.
    ///
    /// - Parameter strings: Where strings are kept that were read before.
    @usableFromInline
    func withPayload(
        _ strings: StringCache? = nil, _ read: (inout JSONReader) throws(PayloadError) -> Void
    ) throws(PayloadError) {
        switch storage {
        case .structured(let document, let scan):
            guard scan.dataKind == .json else { return try withBinaryPayload(strings, read) }
            let range = scan.data.range
            // Only a string can be something else than JSON.
            if document[range.lowerBound] == Byte.quote { try checkMediaType() }
            try document.withUnsafeBufferPointer { (bytes) throws(PayloadError) in
                try JSONReader.read(
                    validated: UnsafeBufferPointer(rebasing: bytes[range]), strings: strings, by: read)
            }
        case .binary(let binary):
            guard let value = binary.value else { throw PayloadError(.noData, "the event has no data") }
            try checkMediaType()
            try JSONReader.read(value, strings: strings, by: read)
        }
    }

    /// `data_base64` may hold JSON too.
    private func withBinaryPayload(
        _ strings: StringCache?, _ read: (inout JSONReader) throws(PayloadError) -> Void
    ) throws(PayloadError) {
        guard case .binary(let bytes) = data else { throw PayloadError(.noData, "the event has no data") }
        try checkMediaType()
        try JSONReader.read(bytes, strings: strings, by: read)
    }

    /// Lends the data's bytes if they are JSON by the media type; binary data that holds JSON too.
    package func withJSONData<R>(_ body: (ArraySlice<UInt8>) -> R) -> R? {
        switch storage {
        case .structured(let document, let scan) where scan.dataKind == .json:
            guard document[scan.data.range.lowerBound] != Byte.quote || (try? checkMediaType()) != nil else {
                return nil
            }
            return body(document[scan.data.range])
        case .structured:
            guard case .binary(let bytes) = data, (try? checkMediaType()) != nil else { return nil }
            return body(bytes[...])
        case .binary(let binary):
            guard let value = binary.value, (try? checkMediaType()) != nil else { return nil }
            return body(value[...])
        }
    }

    private func checkMediaType() throws(PayloadError) {
        guard let text = dataContentType, text != "application/json" else { return }
        guard MediaType(text)?.isJSON == true else {
            throw PayloadError(.noData, "the data is not JSON, by its media type")
        }
    }

    /// Lends the bytes of the type's name, without making a `String`.
    package func withTypeBytes<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        if case .structured(let document, let scan) = storage, !scan.type.isEscaped {
            let range = scan.type.range
            return document.withUnsafeBufferPointer { body(UnsafeBufferPointer(rebasing: $0[range])) }
        }
        return Array(type.utf8).withUnsafeBufferPointer(body)
    }

    // MARK: Reading

    /// All attributes in order, as they were found.
    var rawAttributes: [RawAttribute] {
        switch storage {
        case .binary(let binary): return binary.attributes
        case .structured(let document, _):
            var attributes: [RawAttribute] = []
            for member in DocumentMembers(document) where !AttributeNames.data.contains(member.name) {
                guard let value = DocumentMembers.value(member.value, in: document) else { continue }
                attributes.append(
                    RawAttribute(name: member.name, value: value, offset: member.value.lowerBound))
            }
            return attributes
        }
    }

    private func text(_ name: String, _ place: ((EnvelopeScan) -> ScannedAttribute)? = nil) -> String? {
        switch storage {
        case .binary(let binary): return binary.text(name)
        case .structured(let document, let scan):
            guard let attribute = place?(scan), attribute.isString else { return nil }
            return DocumentMembers.text(document[attribute.range])
        }
    }

    /// The size as structured JSON, where it can matter: written out, the event is never smaller than its value.
    private func structuredSize(of binary: BinaryEnvelope) -> Int? {
        let most = binary.headers.reduce(binary.value?.count ?? 0) { $0 + $1.name.utf8.count + ($1.value?.count ?? 0) }
        // Escapes make a byte of text six at the most.
        guard most * 6 + 1_024 > EventEnvelope.sizeLimit else { return nil }
        return try? envelope().unchecked().count
    }

    private static func sizeFinding(_ size: Int) -> Finding {
        Finding(
            .messageSize, "the event has \(size) bytes as structured JSON, the limit is \(EventEnvelope.sizeLimit)")
    }
}
