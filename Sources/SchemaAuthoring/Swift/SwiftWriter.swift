import JSONSchema
import OpenEdXEvents

/// Writes the source of Swift structures with their coders.
struct SwiftWriter {
    let access: SwiftEmitter.Access

    /// The access of a declaration, with a space behind it; nothing for the usual one.
    private var prefix: String { access == .internal ? "" : access.rawValue + " " }

    /// A file with these structures.
    func file(_ records: [SwiftModel.Record]) -> String {
        var source = SwiftSource()
        begin(&source, keys: records.contains(where: usesKeys))
        for record in records {
            source.line()
            structure(record, &source)
            coders(record, &source)
        }
        return source.text
    }

    /// The file that lists all events.
    func catalogue(_ names: [String]) -> String {
        var source = SwiftSource()
        begin(&source, keys: false)
        source.line()
        source.doc("The typed events of the schemas.")
        source.block("\(prefix)enum EventCatalogue") { source in
            source.doc("All of them, in the order of their event types.")
            source.list(
                "\(prefix)static let events: [any SchemaDescribed.Type] = [", names.map { $0 + ".self" }, "]",
                trailingComma: true)
        }
        return source.text
    }

    private func begin(_ source: inout SwiftSource, keys: Bool) {
        source.line("\(SwiftEmitter.mark); do not edit.")
        if keys { source.line("\(prefix)import OpaqueKeys") }
        source.line("\(prefix)import OpenEdXEvents")
    }

    private func usesKeys(_ record: SwiftModel.Record) -> Bool {
        record.fields.contains { field in SwiftModel.keys.values.contains { field.type.contains($0) } }
    }

    // MARK: - The structure

    private func structure(_ record: SwiftModel.Record, _ source: inout SwiftSource) {
        source.doc(record.summary ?? "The data class `\(record.name)`.")
        if let event = record.event { facts(event, &source) }
        let kind = record.event == nil ? "JSONPayload" : "SchemaDescribed"
        source.block("\(prefix)struct \(record.name): \(kind), Codable, Hashable") { source in
            if let event = record.event { constants(event, &source) }
            for field in record.fields {
                source.doc(field.doc)
                source.line("\(prefix)let \(SwiftNames.escaped(field.name)): \(field.fullType)")
            }
            source.line()
            source.doc("Creates the value from its parts.")
            let parameters = record.fields.map { field in
                "\(SwiftNames.label(field.name)): \(field.fullType)\(field.isOptional ? " = nil" : "")"
            }
            if parameters.isEmpty {
                source.line("\(prefix)init() {}")
            } else {
                source.list("\(prefix)init(", parameters, ") {")
                source.indented { source in
                    for field in record.fields {
                        source.line("self.\(field.name) = \(SwiftNames.escaped(field.name))")
                    }
                }
                source.line("}")
                source.line()
                names(record.fields, &source)
            }
            for field in record.fields { enumeration(field, &source) }
        }
    }

    private func facts(_ event: EventSchema, _ source: inout SwiftSource) {
        var facts: [String] = []
        if event.status != .published { facts.append("Status `\(event.status.rawValue)`.") }
        if !event.owners.isEmpty {
            facts.append("Emitted by \(event.owners.map { "`\($0)`" }.joined(separator: " and ")).")
        }
        if let topic = event.topic {
            let key = event.keyPath.map { ", keyed by `\($0.joined(separator: "."))`" } ?? ""
            facts.append("Topic `\(topic)`\(key).")
        }
        if let retirement = event.retirement {
            facts.append("Retired" + (retirement.replacement.map { "; see `\($0)`" } ?? "") + ".")
        }
        guard !facts.isEmpty else { return }
        source.line("///")
        source.doc(facts.joined(separator: " "))
    }

    private func constants(_ event: EventSchema, _ source: inout SwiftSource) {
        source.doc("The event type's name.")
        source.line("\(prefix)static let type: EventType = \"\(event.type.name)\"")
        if event.minorVersion != 0 {
            source.doc("The minor version.")
            source.line("\(prefix)static let minorVersion = \(event.minorVersion)")
        }
        source.doc("The schema, for validation at run time.")
        source.block("\(prefix)static var schemaText: StaticString") { source in
            let lines = SchemaText.lines(SchemaText.compact(event), width: SwiftSource.width - 12)
            source.raw("#\"\"\"", lines, "\"\"\"#")
        }
        source.line()
    }

    private func names(_ fields: [SwiftModel.Field], _ source: inout SwiftSource) {
        source.block("private enum CodingKeys: String, CodingKey") { source in
            let plain = fields.filter { $0.name == $0.jsonName }.map { SwiftNames.escaped($0.name) }
            if !plain.isEmpty { source.cases(plain) }
            for field in fields where field.name != field.jsonName {
                source.line("case \(SwiftNames.escaped(field.name)) = \"\(field.jsonName)\"")
            }
        }
    }

    private func enumeration(_ field: SwiftModel.Field, _ source: inout SwiftSource) {
        guard let cases = field.cases else { return }
        source.line()
        source.doc("A value of ``\(field.name)``: one of those that are known, or one that is not known yet.")
        source.block("\(prefix)struct \(field.type): RawRepresentable, JSONPayload, Codable, Hashable") { source in
            source.doc("The text.")
            source.line("\(prefix)let rawValue: String")
            source.doc("Takes any text.")
            source.line("\(prefix)init(rawValue: String) { self.rawValue = rawValue }")
            var names: Set = ["rawValue"]
            for value in cases {
                let name = SwiftNames.unique(SwiftNames.property(value), in: &names)
                source.doc("The value `\(value)`.")
                let literal = SwiftSource.literal(value)
                source.line("\(prefix)static let \(SwiftNames.escaped(name)) = \(field.type)(rawValue: \(literal))")
            }
        }
    }

    // MARK: - The coders

    private func coders(_ record: SwiftModel.Record, _ source: inout SwiftSource) {
        let fields = record.fields
        source.line()
        source.block("extension \(record.name)") { source in
            let names = fields.map { "\"\($0.jsonName)\"" }
            source.list("private static let names: JSONFieldNames = [", names, "]", trailingComma: true)
            source.line()
            source.doc("Reads the value.")
            source.block("\(prefix)init(from json: inout JSONReader) throws(PayloadError)") { source in
                reader(record, &source)
            }
            source.line()
            source.doc("Writes the value.")
            source.block("\(prefix)func write(to json: inout JSONWriter) throws(PayloadError)") { source in
                source.line("json.beginObject()")
                for field in fields {
                    if field.writesNull {
                        source.line("json.key(\"\(field.jsonName)\")")
                        source.line("try json.write(\(SwiftNames.escaped(field.name)))")
                    } else {
                        source.line("try json.member(\"\(field.jsonName)\", \(SwiftNames.escaped(field.name)))")
                    }
                }
                source.line("json.endObject()")
            }
        }
    }

    private func reader(_ record: SwiftModel.Record, _ source: inout SwiftSource) {
        for field in record.fields { source.line("var \(SwiftNames.escaped(field.name)): \(field.type)?") }
        source.line("try json.beginObject()")
        source.block("while let field = try json.nextField(of: Self.names)") { source in
            source.line("switch field {")
            for (index, field) in record.fields.enumerated() {
                let type = field.isOptional ? "" : "\(field.type).self"
                source.line("case \(index): \(SwiftNames.escaped(field.name)) = try json.read(\(type))")
            }
            source.line("default: try json.skipValue()")
            source.line("}")
        }
        for field in record.fields where !field.isOptional {
            let name = SwiftNames.escaped(field.name)
            source.line("guard let \(name) else { throw json.missing(\"\(field.jsonName)\") }")
        }
        let arguments = record.fields.map { "\(SwiftNames.label($0.name)): \(SwiftNames.escaped($0.name))" }
        source.list("self.init(", arguments, ")")
    }
}
