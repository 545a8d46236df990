/// An attribute as it was found, before anything is made of it: what findings and rich envelopes are made from.
struct RawAttribute {
    enum Value: Equatable {
        case string(String)
        case boolean(Bool)
        case integer(Int32)
        /// JSON that no attribute can hold: a fraction, a number that is too large, an array, an object.
        case impossible
    }

    /// The name as it stands in the event, without a header's prefix.
    let name: String
    let value: Value
    /// Where the value begins in the document; `nil` for a header.
    let offset: Int?

    /// The value as text, as a header has it.
    var text: String? {
        switch value {
        case .string(let text): text
        case .boolean(let value): value ? "true" : "false"
        case .integer(let value): String(value)
        case .impossible: nil
        }
    }

    /// The value as a typed extension attribute.
    var attributeValue: AttributeValue? {
        switch value {
        case .string(let text): .string(text)
        case .boolean(let value): .boolean(value)
        case .integer(let value): .integer(value)
        case .impossible: nil
        }
    }
}

extension [RawAttribute] {
    subscript(name: String) -> RawAttribute? { first { $0.name == name } }
}

/// The attributes that have a place of their own in an envelope.
enum AttributeNames {
    static let context: Set<String> = [
        "id", "source", "type", "specversion", "time", "sourcehost", "minorversion", "datacontenttype", "dataschema",
        "subject",
    ]

    /// Members of a structured document that are no attributes.
    static let data: Set<String> = ["data", "data_base64"]
}
