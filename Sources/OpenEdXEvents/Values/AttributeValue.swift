/// The type of an attribute (rule 33).
public enum AttributeType: String, Hashable, Sendable, Codable, CaseIterable {
    case boolean = "Boolean"
    case integer = "Integer"
    case string = "String"
    case binary = "Binary"
    case uri = "URI"
    case uriReference = "URI-reference"
    case timestamp = "Timestamp"
}

/// The value of an attribute, with its type (rule 33).
public enum AttributeValue: Hashable, Sendable {
    /// True or false.
    case boolean(Bool)
    /// A whole number of 32 bits with a sign.
    case integer(Int32)
    /// Text without control characters and noncharacters (rule 34).
    case string(String)
    /// Bytes, written in base64.
    case binary([UInt8])
    /// An absolute URI (RFC 3986, section 4.3).
    case uri(String)
    /// A URI or a relative reference (RFC 3986, section 4.1).
    case uriReference(String)
    /// A point in time (RFC 3339).
    case timestamp(EventTime)

    /// Reads the canonical string of a type; `nil` if the text is none.
    ///
    /// Text of type String is taken as it is; ``check(attribute:offset:)`` tells what is wrong with it.
    public init?(_ text: String, as type: AttributeType) {
        switch type {
        case .boolean:
            guard text == "true" || text == "false" else { return nil }
            self = .boolean(text == "true")
        case .integer:
            guard let number = AttributeValue.integer(in: text.utf8) else { return nil }
            self = .integer(number)
        case .string:
            self = .string(text)
        case .binary:
            guard let bytes = Base64.decode(Array(text.utf8)) else { return nil }
            self = .binary(bytes)
        case .uri:
            guard URIGrammar.isAbsoluteURI(text) else { return nil }
            self = .uri(text)
        case .uriReference:
            guard URIGrammar.isURIReference(text) else { return nil }
            self = .uriReference(text)
        case .timestamp:
            guard let time = EventTime(text) else { return nil }
            self = .timestamp(time)
        }
    }

    /// The type.
    public var type: AttributeType {
        switch self {
        case .boolean: .boolean
        case .integer: .integer
        case .string: .string
        case .binary: .binary
        case .uri: .uri
        case .uriReference: .uriReference
        case .timestamp: .timestamp
        }
    }

    /// The canonical string.
    public var canonical: String {
        switch self {
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .string(let value), .uri(let value), .uriReference(let value): value
        case .binary(let value): Base64.encode(value)
        case .timestamp(let value): value.description
        }
    }

    /// What is wrong with the value: text that holds what no attribute may (rule 34), or no URI (rule 33).
    public func check(attribute: String, offset: Int? = nil) -> [Finding] {
        switch self {
        case .boolean, .integer, .binary, .timestamp:
            return []
        case .string(let text):
            guard AttributeText.firstForbidden(text) != nil else { return [] }
            return [
                Finding(
                    .attributeCharacters, attribute: attribute, offset: offset,
                    "the text holds a control character or a noncharacter; remove it")
            ]
        case .uri(let text):
            guard !URIGrammar.isAbsoluteURI(text) else { return [] }
            return [
                Finding(
                    .attributeType, attribute: attribute, offset: offset,
                    "not an absolute URI; give it a scheme and no fragment")
            ]
        case .uriReference(let text):
            guard !URIGrammar.isURIReference(text) else { return [] }
            return [Finding(.attributeType, attribute: attribute, offset: offset, "not a URI reference")]
        }
    }

    /// Reads a whole number as JSON writes one: no plus sign, no leading zeros.
    static func integer(in text: some Collection<UInt8>) -> Int32? {
        let digits = text.first == UInt8(ascii: "-") ? text.dropFirst() : text.dropFirst(0)
        guard let first = digits.first, digits.count <= 10, digits.allSatisfy(ASCII.isDigit),
            first != UInt8(ascii: "0") || digits.count == 1
        else { return nil }
        let number = digits.reduce(Int64(0)) { $0 * 10 + Int64($1 &- 0x30) }
        return Int32(exactly: digits.count == text.count ? number : -number)
    }
}
