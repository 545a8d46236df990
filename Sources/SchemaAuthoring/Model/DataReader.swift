import JSONSchema
import OpenEdXEvents

/// Makes the model of an event's data from its schema: references are resolved, each definition once.
struct DataReader {
    /// More fields than any event of 64 KB has.
    static let mostFields = 10_000
    /// Deeper than any event should go.
    static let mostLevels = 64

    private let document: JSONDocument
    private let circular: Set<Int>
    /// Objects that were made, by where their schemas begin, with their number of fields.
    private var made: [Int: (object: DataObject, fields: Int)] = [:]
    private var isTooComplex = false
    private(set) var findings: [SchemaFinding] = []

    init(_ document: JSONDocument, circular: Set<Int>) {
        self.document = document
        self.circular = circular
    }

    /// The event's whole data.
    mutating func event(named name: String) -> DataObject {
        let root = document.root
        if let type = root["type"], type.string != "object" {
            findings.append(
                SchemaFinding(
                    .wrongValue, in: document, at: type.offset, pointer: "/type", "the data of an event is an object",
                    hint: "Write \"type\": \"object\", and put the value into a field."))
        }
        let (object, fields) = object(root, pointer: "", name: name, level: 0)
        if isTooComplex || fields > Self.mostFields {
            findings.append(
                SchemaFinding(
                    .tooComplex, rule: .messageSize, in: document, at: root.offset,
                    "the data has more than \(Self.mostFields) fields or \(Self.mostLevels) levels",
                    hint: "Refer to other things by their keys instead of repeating them."))
            return DataObject(name: name, summary: object.summary, fields: [], pointer: "", node: root)
        }
        return object
    }

    private mutating func object(
        _ node: JSONNode, pointer: String, name: String, level: Int
    ) -> (DataObject, Int) {
        if let known = made[node.offset] { return known }
        guard level <= Self.mostLevels, !isTooComplex else {
            isTooComplex = true
            return (DataObject(name: name, summary: nil, fields: [], pointer: pointer, node: node), 0)
        }
        let required = Set((node["required"]?.array ?? []).compactMap(\.string))
        var fields: [DataField] = []
        var count = 0
        for member in node["properties"]?.members ?? [] {
            let place = "\(pointer)/properties/\(PointerText.escape(member.name))"
            let (type, inner) = type(member.node, pointer: place, name: member.name, level: level + 1)
            count += 1 + inner
            fields.append(
                DataField(
                    name: member.name, type: type, isRequired: required.contains(member.name),
                    defaultValue: member.node["default"],
                    summary: member.node["description"]?.string ?? type.node["description"]?.string,
                    isPersonal: member.node.isMarkedPersonal || type.node.isMarkedPersonal, pointer: place,
                    node: member.node, nameOffset: member.nameOffset))
            if count > Self.mostFields {
                isTooComplex = true
                break
            }
        }
        let object = DataObject(
            name: level == 0 ? name : node["title"]?.string ?? name, summary: node["description"]?.string,
            fields: fields, pointer: pointer, node: node)
        made[node.offset] = (object, count)
        return (object, count)
    }

    /// The type that a schema describes, and how many fields it has.
    private mutating func type(
        _ node: JSONNode, pointer: String, name: String, level: Int
    ) -> (DataType, Int) {
        func plain(_ kind: DataType.Kind) -> (DataType, Int) {
            (
                DataType(
                    kind: kind, isNullable: false, isNullFirst: false, definition: nil, node: node, pointer: pointer), 0
            )
        }
        guard level <= Self.mostLevels, !isTooComplex else {
            isTooComplex = true
            return plain(.other)
        }
        if let reference = node["$ref"] {
            guard let text = reference.string, text.hasPrefix("#"), !circular.contains(reference.offset),
                let target = document.root.resolve(fragment: text.dropFirst())
            else { return plain(.other) }
            let path = String(text.dropFirst())
            let definition = path.hasPrefix("/$defs/") ? PointerText.unescape(path.dropFirst(7)) : nil
            let (type, count) = type(target, pointer: path, name: definition ?? name, level: level + 1)
            return (type.defined(as: definition), count)
        }
        for keyword in ["anyOf", "oneOf"] {
            guard let choices = node[keyword]?.array, choices.count == 2,
                let null = choices.firstIndex(where: { $0["type"]?.string == "null" })
            else { continue }
            let (type, count) = type(
                choices[1 - null], pointer: "\(pointer)/\(keyword)/\(1 - null)", name: name, level: level + 1)
            return (type.nullable(isFirst: null == 0), count)
        }
        let words = node["type"]?.string.map { [$0] } ?? (node["type"]?.array ?? []).compactMap(\.string)
        let (kind, count) = kind(words.filter { $0 != "null" }, node, pointer: pointer, name: name, level: level)
        return (
            DataType(
                kind: kind, isNullable: words.contains("null"), isNullFirst: words.first == "null", definition: nil,
                node: node, pointer: pointer), count
        )
    }

    private mutating func kind(
        _ words: [String], _ node: JSONNode, pointer: String, name: String, level: Int
    ) -> (DataType.Kind, Int) {
        guard words.count < 2 else { return (.other, 0) }
        switch words.first {
        case "boolean": return (.boolean, 0)
        case "integer": return (.integer, 0)
        case "number": return (.number, 0)
        case "string": return (.string(format: node["format"]?.string), 0)
        case "array":
            guard node["prefixItems"] == nil else { return (.other, 0) }
            let (element, count) = type(
                node["items"] ?? true, pointer: pointer + "/items", name: name, level: level + 1)
            return (.array(element), count)
        case "object":
            let values = node["additionalProperties"]
            if node["properties"] == nil, let values, values.bool != false {
                let (value, count) = type(
                    values, pointer: pointer + "/additionalProperties", name: name, level: level + 1)
                return (.map(value), count)
            }
            let (object, count) = object(node, pointer: pointer, name: name, level: level)
            return (.object(object), count)
        case nil:
            if node["enum"]?.array?.allSatisfy({ $0.string != nil || $0.isNull }) == true {
                return (.string(format: nil), 0)
            }
            let isFree =
                node.bool == true
                || node["$ref"] == nil
                    && !(node.members ?? []).contains { member in
                        !SchemaVocabulary.annotations.contains(member.name)
                            && !SchemaVocabulary.own.contains(member.name)
                            && member.name != "default"
                    }
            return (isFree ? .any : .other, 0)
        default: return (.other, 0)
        }
    }
}

extension DataType {
    fileprivate func defined(as definition: String?) -> DataType {
        DataType(
            kind: kind, isNullable: isNullable, isNullFirst: isNullFirst, definition: definition ?? self.definition,
            node: node, pointer: pointer)
    }

    fileprivate func nullable(isFirst: Bool) -> DataType {
        DataType(
            kind: kind, isNullable: true, isNullFirst: isFirst, definition: definition, node: node, pointer: pointer)
    }
}

extension JSONNode {
    /// Whether the schema marks its value as personal data.
    fileprivate var isMarkedPersonal: Bool { self["x-personal-data"]?.bool == true }
}
