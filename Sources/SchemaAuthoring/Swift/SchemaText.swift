import JSONSchema

/// What a program needs of a schema at run time, as JSON: what validation looks at, the marks of personal data, and the
/// event's type, owner and route. Words for people are left out.
enum SchemaText {
    private static let dropped: Set<String> = [
        "$schema", "$id", "$comment", "title", "description", "examples", "default",
    ]
    private static let facts: Set<String> = [
        "type", "minorversion", "owner", "owners", "source", "topic", "key",
    ]
    /// Keywords whose members are schemas by name.
    private static let maps: Set<String> = ["properties", "patternProperties", "$defs", "dependentSchemas"]
    /// Keywords whose value is a schema, or an array of them.
    private static let schemas: Set<String> = [
        "items", "prefixItems", "contains", "additionalProperties", "unevaluatedProperties", "unevaluatedItems",
        "propertyNames", "anyOf", "allOf", "oneOf", "not", "if", "then", "else", "contentSchema",
    ]

    /// The reduced schema, without white space.
    static func compact(_ schema: EventSchema) -> JSONNode { reduce(schema.document.root) }

    /// The JSON text on lines of at most the width, where its strings allow that.
    static func lines(_ node: JSONNode, width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        var token = ""
        var isString = false
        var isEscaped = false
        func flush() {
            if !line.isEmpty, line.count + token.count > width {
                lines.append(line)
                line = ""
            }
            line += token
            token = ""
        }
        for character in String(decoding: node.compactBytes(), as: UTF8.self) {
            token.append(character)
            if isString {
                if isEscaped {
                    isEscaped = false
                } else if character == "\\" {
                    isEscaped = true
                } else if character == "\"" {
                    isString = false
                }
            } else if character == "\"" {
                isString = true
            } else if character == "," {
                flush()
            }
        }
        flush()
        return lines + [line]
    }

    private static func reduce(_ node: JSONNode) -> JSONNode {
        guard let members = node.members else { return node }
        return object(
            members.compactMap { member in
                if dropped.contains(member.name) { return nil }
                if member.name == "x-event" {
                    return (member.name, object(named(member.node).filter { facts.contains($0.0) }))
                }
                if maps.contains(member.name) {
                    return (member.name, object(named(member.node).map { ($0.0, reduce($0.1)) }))
                }
                guard schemas.contains(member.name) else { return (member.name, member.node) }
                if let array = member.node.array { return (member.name, JSONNode(.array(array.map(reduce)))) }
                return (member.name, reduce(member.node))
            })
    }

    private static func named(_ node: JSONNode) -> [(String, JSONNode)] {
        (node.members ?? []).map { ($0.name, $0.node) }
    }

    private static func object(_ members: [(String, JSONNode)]) -> JSONNode {
        JSONNode(.object(members.map { JSONNode.Member(name: $0.0, node: $0.1) }))
    }
}
