public import JSONSchema
import OpenEdXEvents

/// The Avro schema of an event's data, as the running Open edX bus has it.
///
/// The data is a record named `CloudEvent` in the event type's namespace. Data classes are records by their names in
/// `$defs`, described where they stand first and named from then on. Whole numbers are `long`, other numbers `double`;
/// times, UUIDs and opaque keys are strings, and a field that may be absent is a union of `null` and its type, with the
/// default `null`.
public struct AvroSchema: Sendable {
    /// The schema as JSON; the members of objects stand in the order of their names, as the running bus writes them.
    public let node: JSONNode

    /// Makes the schema.
    ///
    /// - Throws: ``AvroFailure`` with each field that Avro has no type for.
    public init(_ event: EventSchema) throws(AvroFailure) {
        var writer = AvroWriter(event)
        let record = writer.record(event.data, named: "CloudEvent")
        guard writer.findings.isEmpty else { throw AvroFailure(findings: writer.findings) }
        node = AvroWriter.object(
            record + [
                ("doc", "Avro Event Format for CloudEvents created with openedx_events/schema"),
                ("namespace", JSONNode(stringLiteral: event.type.name)),
            ])
    }

    /// The schema's text, byte for byte as the running bus sends it to a schema registry.
    public var text: String {
        var text = ""
        Self.write(node, to: &text)
        return text
    }

    /// The schema as a file for people and programs, named for the event type.
    public static func file(of event: EventSchema) throws(AvroFailure) -> GeneratedFile {
        let bytes = try AvroSchema(event).node.prettyBytes()
        return GeneratedFile(path: "\(event.type.name).avsc", text: String(decoding: bytes, as: UTF8.self))
    }

    private static func write(_ node: JSONNode, to text: inout String) {
        if let members = node.members {
            text += "{"
            for (index, member) in members.enumerated() {
                text += index > 0 ? ", " : ""
                write(JSONNode(stringLiteral: member.name), to: &text)
                text += ": "
                write(member.node, to: &text)
            }
            text += "}"
        } else if let elements = node.array {
            text += "["
            for (index, element) in elements.enumerated() {
                text += index > 0 ? ", " : ""
                write(element, to: &text)
            }
            text += "]"
        } else {
            text += String(decoding: node.compactBytes(), as: UTF8.self)
        }
    }
}

/// Why an event has no Avro schema.
public struct AvroFailure: Error, Sendable {
    /// What Avro has no type for, and where.
    public let findings: [SchemaFinding]
}

/// Writes the parts of one event's Avro schema.
private struct AvroWriter {
    private let event: EventSchema
    /// The records that were described, by their names.
    private var records: Set<String> = []
    private(set) var findings: [SchemaFinding] = []

    init(_ event: EventSchema) { self.event = event }

    mutating func record(_ object: DataObject, named name: String) -> [(String, JSONNode)] {
        records.insert(name)
        let fields = object.fields.map { field -> JSONNode in
            let type = type(of: field.type, at: field, named: field.name)
            guard !field.isRequired || field.type.isNullable else {
                return Self.object([("name", JSONNode(stringLiteral: field.name)), ("type", type)])
            }
            return Self.object([
                ("name", JSONNode(stringLiteral: field.name)), ("type", JSONNode(.array(["null", type]))),
                ("default", .null),
            ])
        }
        return [("name", JSONNode(stringLiteral: name)), ("type", "record"), ("fields", JSONNode(.array(fields)))]
    }

    private mutating func type(of type: DataType, at field: DataField, named name: String) -> JSONNode {
        switch type.kind {
        case .boolean: return "boolean"
        case .integer: return "long"
        case .number: return "double"
        case .string: return "string"
        case .array(let element):
            return Self.object([("type", "array"), ("items", value(of: element, at: field, named: name))])
        case .map(let value):
            return Self.object([("type", "map"), ("values", self.value(of: value, at: field, named: name))])
        case .object(let object):
            let name = type.definition ?? SwiftNames.type(name)
            if records.contains(name) { return JSONNode(stringLiteral: name) }
            return Self.object(record(object, named: name))
        case .any, .other:
            findings.append(
                SchemaFinding(
                    .notExported, in: event.document, at: field.nameOffset, pointer: field.pointer,
                    "Avro has no type for the field '\(field.name)'",
                    hint: "Give it one type, and for an object its properties or the type of its values."))
            return "null"
        }
    }

    private mutating func value(of type: DataType, at field: DataField, named name: String) -> JSONNode {
        let plain = self.type(of: type, at: field, named: name)
        return type.isNullable ? JSONNode(.array(["null", plain])) : plain
    }

    static func object(_ members: [(String, JSONNode)]) -> JSONNode {
        JSONNode(.object(members.sorted { $0.0 < $1.0 }.map { JSONNode.Member(name: $0.0, node: $0.1) }))
    }
}

extension SchemaFinding.Kind {
    /// What JSON Schema can say and the format of an export cannot.
    static let notExported = Self("not-exported")
}
