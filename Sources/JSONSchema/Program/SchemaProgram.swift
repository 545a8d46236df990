import OpenEdXEvents

/// The kinds of values that schemas allow or refuse.
typealias Kind = JSONKind

/// A schema as it is run: what it allows, and where its instructions stand.
struct SchemaNode: BitwiseCopyable {
    /// The kinds of values that are allowed.
    var types = Kind.all
    /// Where the instructions begin, for each group; the last is the end.
    var bounds: (general: UInt32, object: UInt32, array: UInt32, string: UInt32, number: UInt32, end: UInt32) =
        (0, 0, 0, 0, 0, 0)
    /// The schemas of `unevaluatedProperties` and `unevaluatedItems`, or -1.
    var unevaluatedProperties: Int32 = -1
    var unevaluatedItems: Int32 = -1
    /// The resource it belongs to.
    var resource: UInt32 = 0
    /// Its place in the list of places, and that of its `type`.
    var place: UInt32 = 0
    var typePlace: UInt32 = 0
}

/// One thing to check.
struct Instruction: BitwiseCopyable {
    enum Code: UInt8 {
        // Values of any kind.
        case never, reference, dynamicReference, allOf, anyOf, oneOf, not, condition, constant, enumeration
        // Objects.
        case properties, minProperties, maxProperties, propertyNames, dependentRequired, dependentSchemas
        // Arrays.
        case prefixItems, items, contains, minItems, maxItems, uniqueItems
        // Strings.
        case minLength, maxLength, pattern, format
        // Numbers.
        case minimum, maximum, exclusiveMinimum, exclusiveMaximum, multipleOf

        /// Which group of a node's instructions it is in.
        var group: Int {
            switch self {
            case .never, .reference, .dynamicReference, .allOf, .anyOf, .oneOf, .not, .condition, .constant,
                .enumeration:
                0
            case .properties, .minProperties, .maxProperties, .propertyNames, .dependentRequired, .dependentSchemas: 1
            case .prefixItems, .items, .contains, .minItems, .maxItems, .uniqueItems: 2
            case .minLength, .maxLength, .pattern, .format: 3
            case .minimum, .maximum, .exclusiveMinimum, .exclusiveMaximum, .multipleOf: 4
            }
        }
    }

    var code: Code
    /// What it means depends on the code: a schema, a count, or the first of a list.
    var first: UInt32 = 0
    /// The length of the list.
    var count: UInt32 = 0
    /// Where the keyword stands.
    var place: UInt32 = 0
}

/// `properties`, `patternProperties`, `additionalProperties` and `required` of a schema, which are one walk.
struct ObjectRule: BitwiseCopyable {
    /// The properties with names that the schema knows.
    var firstProperty: UInt32 = 0
    var propertyCount: UInt32 = 0
    /// The table that finds them by hash: indexes from 1, 0 for none.
    var firstBucket: UInt32 = 0
    var bucketMask: UInt32 = 0
    /// How many of them are required.
    var requiredCount: UInt32 = 0
    /// `patternProperties`: pairs of a pattern and a schema.
    var firstPattern: UInt32 = 0
    var patternCount: UInt32 = 0
    /// `additionalProperties`, or -1.
    var additional: Int32 = -1
    var requiredPlace: UInt32 = 0
    var additionalPlace: UInt32 = 0
    /// Whether a member can be told from its name's entry alone: neither patterns nor additional properties.
    var isOpen: Bool { patternCount == 0 && additional < 0 }
}

/// A name that an object rule knows.
struct PropertyRule: BitwiseCopyable {
    var hash: UInt32
    var nameStart: UInt32
    var nameCount: UInt32
    /// Its schema, or -1 for one that is only required.
    var schema: Int32
    var isRequired: Bool
    /// Whether it stands in `properties`.
    var isDeclared: Bool
    /// The kinds that its schema allows, if that asks for nothing else; 0 if it does.
    var leafTypes: UInt8 = 0
}

/// `contains` with its bounds.
struct ContainsRule: BitwiseCopyable {
    var schema: UInt32
    var minimum: Int
    var maximum: Int
    var minimumPlace: UInt32
    var maximumPlace: UInt32
}

/// `if`, `then` and `else`; -1 for one that is absent.
struct ConditionRule: BitwiseCopyable {
    var condition: UInt32
    var then: Int32
    var otherwise: Int32
}

/// A number that is compared with.
struct NumberRule: BitwiseCopyable {
    /// Its text in the pool of texts.
    var start: UInt32
    var count: UInt32
    /// Its value, if it is an integer of up to 18 digits.
    var small: Int64
    var isSmall: Bool
}

/// `dependentRequired` of one name: the name, and those that it requires, in the list of names.
struct DependencyRule: BitwiseCopyable {
    var name: UInt32
    var firstName: UInt32
    var nameCount: UInt32
    var schema: Int32
}

/// A name in the pool of texts, with its hash.
struct NameRule: BitwiseCopyable {
    var hash: UInt32
    var start: UInt32
    var count: UInt32
}

/// `$dynamicRef`: its anchor's number, and where it leads if nothing in the dynamic scope has the anchor.
struct DynamicRule: BitwiseCopyable {
    var anchor: UInt32
    var fallback: UInt32
}

/// Where a keyword stands.
struct KeywordPlace: Sendable {
    var document: UInt32
    var offset: UInt32
    var pointer: String
}

/// A schema with all that it refers to, in flat lists that point into each other by index.
///
/// Built once and never changed.
struct SchemaProgram: Sendable {
    var nodes: [SchemaNode] = []
    var instructions: [Instruction] = []
    /// Lists of schemas, for `allOf` and its like.
    var schemas: [UInt32] = []
    var objects: [ObjectRule] = []
    var properties: [PropertyRule] = []
    var buckets: [UInt32] = []
    var containsRules: [ContainsRule] = []
    var conditions: [ConditionRule] = []
    var numbers: [NumberRule] = []
    var names: [NameRule] = []
    var dependencies: [DependencyRule] = []
    var dependencyNames: [UInt32] = []
    var dynamics: [DynamicRule] = []
    /// For each anchor, the schema it names in each resource, by resource.
    var dynamicAnchors: [[UInt32: UInt32]] = []
    /// The texts of names and numbers.
    var texts: [UInt8] = []
    /// Values of `const` and `enum`: elements of one array, and the entries of its tape.
    var constants: ConstantPool = ConstantPool()
    var patterns: [Pattern] = []
    var formats: [FormatCheck] = []
    var places: [KeywordPlace] = []
    var files: [String] = []
    /// The schema that validation begins with.
    var root: UInt32 = 0
    /// Whether any schema has `unevaluatedProperties` or `unevaluatedItems`.
    var tracksEvaluation = false
    /// Whether any `$dynamicRef` needs the dynamic scope.
    var usesDynamicScope = false
}
