/// The keywords of JSON Schema 2020-12, and how each is looked at.
enum Keyword {
    /// What a keyword's value holds.
    enum Shape {
        /// No schema.
        case value
        /// A schema.
        case schema
        /// An array of schemas.
        case schemas
        /// An object whose values are schemas.
        case schemasByName
    }

    /// The vocabularies, as a set.
    struct Vocabulary: OptionSet, Sendable {
        let rawValue: UInt8
        static let core = Vocabulary(rawValue: 1)
        static let applicator = Vocabulary(rawValue: 2)
        static let unevaluated = Vocabulary(rawValue: 4)
        static let validation = Vocabulary(rawValue: 8)
        static let metaData = Vocabulary(rawValue: 16)
        static let formatAnnotation = Vocabulary(rawValue: 32)
        static let formatAssertion = Vocabulary(rawValue: 64)
        static let content = Vocabulary(rawValue: 128)
        /// Those of the standard meta-schema.
        static let standard: Vocabulary = [
            .core, .applicator, .unevaluated, .validation, .metaData, .formatAnnotation, .content,
        ]
        static let format: Vocabulary = [.formatAnnotation, .formatAssertion]

        /// The vocabulary of a URI, `nil` if it is not known.
        init?(uri: String) {
            let prefix = "https://json-schema.org/draft/2020-12/vocab/"
            guard uri.hasPrefix(prefix) else { return nil }
            switch uri.dropFirst(prefix.count) {
            case "core": self = .core
            case "applicator": self = .applicator
            case "unevaluated": self = .unevaluated
            case "validation": self = .validation
            case "meta-data": self = .metaData
            case "format-annotation": self = .formatAnnotation
            case "format-assertion": self = .formatAssertion
            case "content": self = .content
            default: return nil
            }
        }

        init(rawValue: UInt8) { self.rawValue = rawValue }
    }

    /// A keyword's vocabulary and shape; `nil` for a keyword that is not known.
    static func known(_ name: String) -> (vocabulary: Vocabulary, shape: Shape)? { table[name] }

    /// The annotations of this package's own.
    static let own: Set<String> = ["x-event", "x-personal-data", "x-avro"]

    private static let table: [String: (vocabulary: Vocabulary, shape: Shape)] = {
        var table: [String: (vocabulary: Vocabulary, shape: Shape)] = [:]
        func add(_ vocabulary: Vocabulary, _ shape: Shape, _ names: String) {
            for name in names.split(separator: " ") { table[String(name)] = (vocabulary, shape) }
        }
        add(.core, .value, "$schema $id $ref $anchor $dynamicRef $dynamicAnchor $comment $vocabulary")
        add(.core, .schemasByName, "$defs definitions")
        add(.applicator, .schemas, "prefixItems allOf anyOf oneOf")
        add(.applicator, .schema, "items contains additionalProperties propertyNames if then else not")
        add(.applicator, .schemasByName, "properties patternProperties dependentSchemas dependencies")
        add(.unevaluated, .schema, "unevaluatedItems unevaluatedProperties")
        add(.validation, .value, "type const enum multipleOf maximum exclusiveMaximum minimum exclusiveMinimum")
        add(.validation, .value, "maxLength minLength pattern maxItems minItems uniqueItems maxContains minContains")
        add(.validation, .value, "maxProperties minProperties required dependentRequired")
        add(.metaData, .value, "title description default deprecated readOnly writeOnly examples")
        add(.format, .value, "format")
        add(.content, .value, "contentEncoding contentMediaType")
        add(.content, .schema, "contentSchema")
        return table
    }()
}
