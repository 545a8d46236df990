import JSONSchema
import OpenEdXEvents

/// The Swift types that a catalogue needs: one for each event type, and one for each data class.
struct SwiftModel {
    /// A structure.
    struct Record {
        let name: String
        let summary: String?
        var fields: [Field]
        /// The event whose data it is; `nil` for a data class.
        let event: EventSchema?
        /// Who has it: the files of events' schemas, in order.
        var users: [EventSchema]
    }

    /// A property.
    struct Field {
        let jsonName: String
        let name: String
        /// The type, without the question mark.
        let type: String
        let isOptional: Bool
        /// Whether `nil` is written as `null` instead of being left out.
        let writesNull: Bool
        let doc: String
        /// The known values of an enumeration, which stays open.
        let cases: [String]?

        /// The type as a property has it.
        var fullType: String { isOptional ? type + "?" : type }
        /// Whether it is read and written alike.
        func isSame(as other: Field) -> Bool {
            jsonName == other.jsonName && type == other.type && isOptional == other.isOptional
                && writesNull == other.writesNull
        }
    }

    /// The structures of events, in the order of the event types.
    private(set) var events: [Record] = []
    /// The data classes, by their Swift names.
    private(set) var classes: [String: Record] = [:]
    /// What cannot be generated, and why.
    private(set) var findings: [SchemaFinding] = []
    private var eventNames: [String: EventSchema] = [:]

    /// Takes the newest published minor version of every event type, or the newest of all if none is published.
    init(_ catalogue: SchemaCatalogue) {
        let schemas = catalogue.types.map { $0.published ?? $0.latest }
        eventNames = Dictionary(schemas.map { ($0.title, $0) }) { first, _ in first }
        for schema in schemas {
            let name = schema.title
            check(name, at: schema.document.root["title"], in: schema)
            if let other = eventNames[name], other.type != schema.type {
                report(
                    schema, schema.document.root["title"], "/title",
                    "'\(name)' is the Swift name of '\(other.type)' too", "Give one of them another title.")
            }
            let fields = fields(of: schema.data, in: schema)
            events.append(Record(name: name, summary: schema.summary, fields: fields, event: schema, users: [schema]))
        }
    }

    // MARK: - Records

    private mutating func fields(of object: DataObject, in schema: EventSchema) -> [Field] {
        var names: Set<String> = []
        return object.fields.compactMap { field in
            let name = SwiftNames.unique(SwiftNames.property(field.name), in: &names)
            guard field.name.utf8.allSatisfy({ $0 >= 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x5C }) else {
                report(
                    schema, field.node, field.pointer, "the field's name has more than printable ASCII",
                    "Name fields in lower case letters, digits and underscores.")
                return nil
            }
            guard var type = type(of: field.type, named: field.name, in: schema) else {
                report(
                    schema, field.node, field.pointer, "the field has no one type that Swift could have",
                    "Give it one type, and for an object its properties or the type of its values.")
                return nil
            }
            let cases = field.type.cases
            if cases != nil { type = SwiftNames.type(field.name) + "Value" }
            return Field(
                jsonName: field.name, name: name, type: type, isOptional: !field.isRequired || field.type.isNullable,
                writesNull: field.isRequired && field.type.isNullable, doc: doc(of: field), cases: cases)
        }
    }

    private mutating func type(of type: DataType, named name: String, in schema: EventSchema) -> String? {
        switch type.kind {
        case .boolean: return "Bool"
        case .integer: return "Int"
        case .number: return "Double"
        case .string(let format): return format.flatMap { Self.keys[$0] } ?? "String"
        case .array(let element):
            return self.type(of: element, named: name, in: schema).map { "[\($0)\(element.isNullable ? "?" : "")]" }
        case .map(let value):
            return self.type(of: value, named: name, in: schema).map {
                "[String: \($0)\(value.isNullable ? "?" : "")]"
            }
        case .object(let object):
            // An object of which nothing is said would lose its members.
            return object.fields.isEmpty ? nil : record(object, in: schema)
        case .any, .other: return nil
        }
    }

    static let keys = [
        "course-key": "CourseKey", "usage-key": "UsageKey", "library-key": "LibraryKey",
        "container-key": "ContainerKey", "collection-key": "CollectionKey",
    ]

    private mutating func record(_ object: DataObject, in schema: EventSchema) -> String {
        // A class without a title is named for its definition or its field.
        let name = object.node["title"] == nil ? SwiftNames.type(object.name) : object.name
        let fields = fields(of: object, in: schema)
        guard let known = classes[name] else {
            check(name, at: object.node, in: schema)
            if let event = eventNames[name] {
                report(
                    schema, object.node, object.pointer, "'\(name)' is the Swift name of '\(event.type)' too",
                    "Give the data class another title.")
            }
            classes[name] = Record(name: name, summary: object.summary, fields: fields, event: nil, users: [schema])
            return name
        }
        if known.users.last?.type != schema.type { classes[name]?.users.append(schema) }
        // Of two minor versions of a class the newer serves both: it has optional fields more.
        let (longer, shorter) =
            fields.count > known.fields.count ? (fields, known.fields) : (known.fields, fields)
        let isSame = longer.allSatisfy { field in
            shorter.first { $0.jsonName == field.jsonName }.map { $0.isSame(as: field) } ?? field.isOptional
        }
        if isSame, shorter.allSatisfy({ field in longer.contains { $0.jsonName == field.jsonName } }) {
            classes[name]?.fields = longer
        } else {
            let other = known.users.first?.file ?? ""
            report(
                schema, object.node, object.pointer, "'\(name)' has other fields in '\(other)'",
                "Give one of the two data classes another title.")
        }
        return name
    }

    // MARK: - Documentation

    private func doc(of field: DataField) -> String {
        var notes = [field.summary ?? "The member `\(field.name)`."]
        switch field.type.format {
        case "date-time": notes.append("A time as RFC 3339 has it.")
        case "date": notes.append("A date as RFC 3339 has it.")
        default: break
        }
        if field.type.node["contentEncoding"]?.string == "base64" { notes.append("In base64.") }
        if let value = field.defaultValue, !value.isNull, field.isOptional {
            notes.append("Where it is absent, it is `\(String(decoding: value.compactBytes(), as: UTF8.self))`.")
        }
        if field.isPersonal { notes.append("Personal data.") }
        return notes.joined(separator: " ")
    }

    // MARK: - Findings

    private mutating func check(_ name: String, at node: JSONNode?, in schema: EventSchema) {
        guard !SwiftNames.isTypeName(name) else { return }
        report(
            schema, node, "", "'\(name)' cannot be the name of a Swift type",
            "Give it a title of letters and digits that begins with a capital and names no type of the library.")
    }

    private mutating func report(
        _ schema: EventSchema, _ node: JSONNode?, _ pointer: String, _ message: String, _ hint: String
    ) {
        findings.append(
            SchemaFinding(
                .notGenerated, in: schema.document, at: node?.offset ?? 0, pointer: pointer, message, hint: hint))
    }
}

extension SchemaFinding.Kind {
    /// What is no schema's fault, and yet has no Swift.
    static let notGenerated = Self("not-generated")
}
