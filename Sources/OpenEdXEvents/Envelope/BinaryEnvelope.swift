/// An event whose attributes are headers and whose data is the value (rule 41).
///
/// Header names are compared without regard to case. An attribute is looked up where the mapping has it, and else
/// where the running Open edX bus puts it: `sourcehost` and `sourcelib` without the prefix, the media type in a header
/// of its own beside `content-type`.
struct BinaryEnvelope: Sendable {
    /// What stands before an attribute's name in a header.
    static let prefix = "ce_"

    let headers: [MessageHeader]
    let value: [UInt8]?
    /// The attribute that each header holds, `nil` for those that hold none, or one that another header holds better.
    private let names: [String?]

    /// - Throws: ``EnvelopeError`` if no type is named, or an attribute stands twice.
    init(headers: [MessageHeader], value: [UInt8]?) throws(EnvelopeError) {
        self.headers = headers
        self.value = value
        var names: [String?] = []
        names.reserveCapacity(headers.count)
        var seen: Set<String> = []
        var fallbacks: [String: Int] = [:]
        for (index, header) in headers.enumerated() {
            guard let place = Place(header.name) else {
                names.append(nil)
                continue
            }
            names.append(place.isFallback ? nil : place.attribute)
            let isNew =
                place.isFallback
                ? fallbacks.updateValue(index, forKey: place.attribute) == nil
                : seen.insert(place.attribute).inserted
            guard isNew else {
                throw EnvelopeError(
                    .duplicate, rule: .requiredContext,
                    attribute: AttributeName.isValid(place.attribute) ? place.attribute : nil,
                    "stands in two headers: which one holds cannot be known")
            }
        }
        for (name, index) in fallbacks where !seen.contains(name) { names[index] = name }
        self.names = names
        if let type = bytes("type"), String(validating: type, as: UTF8.self) == nil {
            throw EnvelopeError(.notUTF8, rule: .kafkaBinary, attribute: "type", "its header is not UTF-8")
        }
        guard let type = bytes("type"), !type.isEmpty else {
            throw EnvelopeError(
                .missing, rule: .requiredContext, attribute: "type",
                "is missing or empty: without it no handler can be found")
        }
    }

    /// The attribute that a header may hold.
    private struct Place {
        let attribute: String
        /// Whether the mapping has another place for it.
        let isFallback: Bool

        init?(_ header: String) {
            let lower = ASCII.lowercased(header)
            switch lower {
            case "content-type": (attribute, isFallback) = ("datacontenttype", false)
            case "ce_datacontenttype": (attribute, isFallback) = ("datacontenttype", true)
            case "sourcehost", "sourcelib": (attribute, isFallback) = (lower, true)
            default:
                guard lower.utf8.starts(with: BinaryEnvelope.prefix.utf8) else { return nil }
                (attribute, isFallback) = (String(lower.dropFirst(3)), false)
            }
        }
    }

    /// The bytes of an attribute; a header without a value is an absent attribute.
    func bytes(_ name: String) -> [UInt8]? {
        names.firstIndex(of: name).flatMap { headers[$0].value }
    }

    /// The text of an attribute.
    func text(_ name: String) -> String? {
        bytes(name).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// All attributes in order, without those that are not UTF-8.
    var attributes: [RawAttribute] {
        zip(names, headers).compactMap { name, header in
            guard let name, let text = header.text else { return nil }
            return RawAttribute(name: name, value: .string(text), offset: nil)
        }
    }

    /// The data, as the media type says; JSON that is not valid is bytes.
    var data: EventData {
        guard let value else { return .absent }
        let type = text("datacontenttype").flatMap { MediaType($0) }
        if type?.isJSON ?? true {
            return value.withUnsafeBufferPointer { JSONScanner.validate($0) } == nil ? .json(value) : .binary(value)
        }
        if type?.isText == true, let text = String(validating: value, as: UTF8.self) { return .text(text) }
        return .binary(value)
    }

    /// What the mapping itself breaks, beside the attributes' own rules.
    var findings: [Finding] {
        var findings: [Finding] = []
        for header in headers {
            guard let place = Place(header.name) else { continue }
            let attribute = AttributeName.isValid(place.attribute) ? place.attribute : nil
            if place.isFallback {
                findings.append(
                    Finding(
                        .kafkaBinary, attribute: attribute, severity: place.attribute == "sourcelib" ? .warning : nil,
                        place.attribute == "datacontenttype"
                            ? "stands in a header of its own: the header content-type alone holds it"
                            : "its header has no \(Self.prefix) before the name"))
            }
            if header.value != nil, header.text == nil {
                findings.append(Finding(.kafkaBinary, attribute: attribute, "its header is not UTF-8"))
            }
        }
        return findings
    }
}
