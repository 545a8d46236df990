import JSONSchema
import OpenEdXEvents

/// The schemas that messages share, as they are found while messages are written.
///
/// References in an AsyncAPI document lead from its root, so definitions of events move to one place. Those that are
/// equal, with all that they refer to, become one; another of the same name is named for its event too.
struct AsyncAPISchemas {
    /// The name of the schema of the headers that every message has.
    static let headersKey = "CloudEventHeaders"

    /// The schemas so far, in the order in which they were found.
    private(set) var members: [JSONNode.Member] = [.init(name: headersKey, node: headers)]
    /// What each name holds, with all that it refers to.
    private var content: [String: [UInt8]] = [headersKey: []]

    /// A name as AsyncAPI takes it: letters, digits, dots, underscores and hyphens.
    static func key(_ name: String) -> String { String(name.map { SiteParts.isPlain($0) ? $0 : "-" }) }

    /// The schema of an event's data.
    mutating func payload(of event: EventSchema) -> JSONNode {
        convert(event.document.root, in: event, isRoot: true)
    }

    // MARK: - Conversion

    /// Keywords that make no sense within another document, or have another place there.
    private static let dropped: Set<String> = ["$schema", "$id", "$defs", "$anchor", "$vocabulary", "x-event"]

    private mutating func convert(_ node: JSONNode, in event: EventSchema, isRoot: Bool = false) -> JSONNode {
        guard let members = node.members else { return node }
        var result: [JSONNode.Member] = []
        var reference: JSONNode?
        for member in members where !Self.dropped.contains(member.name) && !(isRoot && member.name == "examples") {
            if member.name == "$ref", let text = member.node.string {
                reference = convert(reference: text, in: event)
            } else {
                result.append(.init(name: member.name, node: convert(member, in: event)))
            }
        }
        guard let reference else { return JSONNode(.object(result)) }
        // What stands beside a reference would be ignored.
        if result.isEmpty { return reference }
        if let index = result.firstIndex(where: { $0.name == "allOf" }) {
            let all = result[index].node.array ?? []
            result[index] = .init(name: "allOf", node: JSONNode(.array([reference] + all)))
        } else {
            result.insert(.init(name: "allOf", node: JSONNode(.array([reference]))), at: 0)
        }
        return JSONNode(.object(result))
    }

    private mutating func convert(_ member: JSONNode.Member, in event: EventSchema) -> JSONNode {
        switch SchemaVocabulary.applicators[member.name] {
        case .schema: return convert(member.node, in: event)
        case .schemas:
            guard let elements = member.node.array else { return member.node }
            var converted: [JSONNode] = []
            for element in elements { converted.append(convert(element, in: event)) }
            return JSONNode(.array(converted))
        case .members:
            guard let schemas = member.node.members else { return member.node }
            var converted: [JSONNode.Member] = []
            for schema in schemas { converted.append(.init(name: schema.name, node: convert(schema.node, in: event))) }
            return JSONNode(.object(converted))
        case nil: return member.node
        }
    }

    private mutating func convert(reference: String, in event: EventSchema) -> JSONNode {
        guard reference.hasPrefix("#"), let target = event.document.root.resolve(fragment: reference.dropFirst())
        else { return true }
        guard let name = Self.definition(reference) else { return convert(target, in: event) }
        let key = share(name, target, in: event)
        return .object(["$ref": JSONNode(.string("#/components/schemas/\(key)"))])
    }

    private mutating func share(_ name: String, _ target: JSONNode, in event: EventSchema) -> String {
        let bytes = Self.closure(of: name, in: event)
        var key = Self.key(name)
        if let other = content[key], other != bytes { key = Self.key("\(event.title).\(name)") }
        while let other = content[key], other != bytes { key += "-" }
        guard content[key] == nil else { return key }
        content[key] = bytes
        let place = members.count
        members.append(.init(name: key, node: true))
        members[place] = .init(name: key, node: convert(target, in: event))
        return key
    }

    /// A definition and all those that it leads to, as bytes that are equal if they are.
    private static func closure(of name: String, in event: EventSchema) -> [UInt8] {
        var found: [String: [UInt8]] = [:]
        var open = [name]
        while let next = open.popLast() {
            guard found[next] == nil, let node = event.document.root["$defs"]?[next] else { continue }
            found[next] = node.canonicalBytes()
            open += references(in: node).compactMap { definition($0) }
        }
        return found.sorted { $0.key < $1.key }.flatMap { Array($0.key.utf8) + [0] + $0.value + [0] }
    }

    private static func references(in node: JSONNode) -> [String] {
        switch node.value {
        case .array(let elements): elements.flatMap { references(in: $0) }
        case .object(let members):
            members.flatMap { member -> [String] in
                if member.name == "$ref", let text = member.node.string { return [text] }
                return references(in: member.node)
            }
        default: []
        }
    }

    /// The name in `$defs` that a reference leads to; `nil` if it leads elsewhere, or deeper.
    private static func definition(_ reference: String) -> String? {
        let start = "#/$defs/"
        guard reference.hasPrefix(start), let path = PercentEncoding.decode(reference.dropFirst(start.count)),
            !path.contains("/")
        else { return nil }
        return PointerText.unescape(path[...])
    }

    // MARK: - Headers

    /// What every message carries in binary mode (rules 02 and 41).
    private static let headers: JSONNode = .object([
        "type": "object",
        "description": "The attributes of the event (OEP41-02), as headers.",
        "required": [
            "content-type", "ce_specversion", "ce_id", "ce_type", "ce_source", "ce_sourcehost", "ce_time",
            "ce_minorversion",
        ],
        "properties": .object([
            "content-type": .object(["type": "string", "const": "application/json"]),
            "ce_specversion": .object(["type": "string", "const": "1.0"]),
            "ce_id": .object(["type": "string", "format": "uuid", "description": "A version 1 UUID (OEP41-04)."]),
            "ce_type": .object(["type": "string"]),
            "ce_source": .object([
                "type": "string", "format": "uri-reference",
                "description": "/{namespace}/{service}/{web or worker} (OEP41-06).",
            ]),
            "ce_sourcehost": .object(["type": "string", "description": "The host, for logs only (OEP41-08)."]),
            "ce_time": .object([
                "type": "string", "format": "date-time", "description": "In UTC, ending in Z (OEP41-17).",
            ]),
            "ce_minorversion": .object(["type": "string", "pattern": "^(0|[1-9][0-9]*)$"]),
        ]),
    ])
}
