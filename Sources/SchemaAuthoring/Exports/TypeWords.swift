import JSONSchema

extension DataType {
    /// The type in the words of JSON Schema, such as `array of string (course-key)`; `null` aside.
    var words: String {
        switch kind {
        case .any: "any value"
        case .boolean: "boolean"
        case .integer: "integer"
        case .number: "number"
        case .string(let format): format.map { "string (\($0))" } ?? "string"
        case .array(let element): "array of \(element.nullableWords)"
        case .map(let value): "map of \(value.nullableWords)"
        case .object(let object): object.name
        case .other: "a value of several types"
        }
    }

    /// ``words``, and whether it may be `null`.
    var nullableWords: String { isNullable ? words + " or null" : words }

    /// The fields of the object that it is, or that its elements or values are.
    var innerObject: DataObject? {
        switch kind {
        case .object(let object): object
        case .array(let type), .map(let type): type.innerObject
        default: nil
        }
    }

    /// What stands between a field's name and the names within it: `[]` for each array, `{}` for each map.
    var pathSuffix: [String] {
        switch kind {
        case .array(let type): ["[]"] + type.pathSuffix
        case .map(let type): ["{}"] + type.pathSuffix
        default: []
        }
    }
}

/// A keyword that narrows what a value may be, with its value as JSON.
struct DataConstraint: Hashable {
    let keyword: String
    let value: String

    private static let keywords = [
        "const", "pattern", "minLength", "maxLength", "minimum", "exclusiveMinimum", "maximum", "exclusiveMaximum",
        "multipleOf", "minItems", "maxItems", "uniqueItems", "minProperties", "maxProperties", "contentEncoding",
        "contentMediaType",
    ]

    /// The constraints of a field, in a fixed order: those of its type, and those beside its reference.
    static func constraints(of field: DataField) -> [DataConstraint] {
        keywords.compactMap { keyword in
            guard let value = field.type.node[keyword] ?? field.node[keyword] else { return nil }
            return DataConstraint(
                keyword: keyword,
                value: value.string ?? String(decoding: value.compactBytes(), as: UTF8.self))
        }
    }

    /// The values that a field is one of, as JSON; none if it is no enumeration.
    static func cases(of field: DataField) -> [String] {
        let values = (field.type.node["enum"] ?? field.node["enum"])?.array ?? []
        return values.map { String(decoding: $0.compactBytes(), as: UTF8.self) }
    }
}
