/// The words that a schema file may use.
package enum SchemaVocabulary {
    /// What the value of a keyword holds that is a schema itself.
    enum Applicator {
        case schema
        case schemas
        case members
    }

    /// The dialect of every schema file.
    package static let dialect = "https://json-schema.org/draft/2020-12/schema"

    /// The keywords that hold schemas.
    static let applicators: [String: Applicator] = [
        "additionalProperties": .schema, "allOf": .schemas, "anyOf": .schemas, "contains": .schema,
        "contentSchema": .schema, "$defs": .members, "dependentSchemas": .members, "else": .schema, "if": .schema,
        "items": .schema, "not": .schema, "oneOf": .schemas, "patternProperties": .members, "prefixItems": .schemas,
        "properties": .members, "propertyNames": .schema, "then": .schema, "unevaluatedItems": .schema,
        "unevaluatedProperties": .schema,
    ]

    /// The keywords that say nothing of which instances are valid: they may change at any time.
    package static let annotations: Set<String> = [
        "title", "description", "$comment", "examples", "deprecated", "readOnly", "writeOnly", "$schema", "$id",
        "$anchor", "$vocabulary",
    ]

    /// The keywords of this package. `x-event` stands at the root alone.
    package static let own: Set<String> = ["x-event", "x-personal-data", "x-avro"]

    /// Every keyword of JSON Schema 2020-12 and of this package.
    package static let keywords: Set<String> = Set(applicators.keys).union(annotations).union(own).union([
        "$ref", "$dynamicRef", "$dynamicAnchor", "type", "enum", "const", "multipleOf", "maximum", "exclusiveMaximum",
        "minimum", "exclusiveMinimum", "maxLength", "minLength", "pattern", "maxItems", "minItems", "uniqueItems",
        "maxContains", "minContains", "maxProperties", "minProperties", "required", "dependentRequired", "default",
        "format", "contentEncoding", "contentMediaType",
    ])

    /// Keywords of older drafts, and what stands in their place.
    static let superseded: [String: String] = [
        "definitions": "'$defs'", "id": "'$id'", "additionalItems": "'items' beside 'prefixItems'",
        "dependencies": "'dependentRequired' or 'dependentSchemas'", "nullable": "\"type\": [\"null\", …]",
        "$recursiveRef": "'$ref'", "$recursiveAnchor": "'$defs'", "divisibleBy": "'multipleOf'",
        "example": "'examples'",
    ]

    /// The members of `x-event`.
    package static let eventMembers = [
        "type", "minorversion", "status", "owner", "owners", "source", "topic", "key", "consumers", "waivers",
        "legacy", "retirement",
    ]
}
