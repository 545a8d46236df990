import JSONSchema
import OpenEdXEvents

extension SchemaScaffold {
    /// Puts the file together.
    struct Builder {
        let request: Request
        let type: EventType
        let minorVersion: Int
        let title: String
        let owner: String
        let registry: SchemaRegistry
        let catalogue: SchemaCatalogue

        /// The thing that the event is about, as a name: the last part of the subject.
        private var subject: String { String(type.subject.split(separator: ".").last ?? "thing") }
        private var words: String { subject.replacing("_", with: " ") }

        // MARK: From nothing

        func fresh() -> JSONNode {
            let fields = fields
            let name = className
            let object = JSONNode.object([
                ("title", JSONNode(.string(name))), ("description", JSONNode(.string("A \(words)."))),
                ("type", "object"),
                ("properties", .object(fields.map { ($0.name, $0.schema(of: words)) })),
                ("required", .array(fields.filter { !$0.isOptional }.map(\.name))),
            ])
            let example = JSONNode.object(fields.map { ($0.name, $0.example) })
            var members = head(summary: "A \(words) was \(verb).", facts: facts(fields))
            members += [
                ("type", "object"),
                (
                    "properties",
                    .object([
                        (
                            subject,
                            .object([
                                ("$ref", JSONNode(.string("#/$defs/\(name)Data"))),
                                ("description", JSONNode(.string("The \(words)."))),
                            ])
                        )
                    ])
                ),
                ("required", .array([subject])), ("$defs", .object([("\(name)Data", object)])),
                ("examples", JSONNode(.array([.object([(subject, example)])]))),
            ]
            return .object(members)
        }

        private var fields: [ScaffoldField] {
            guard request.fields.isEmpty else { return request.fields }
            // The name is a label of an event type and so a field's name.
            return [try? ScaffoldField("\(subject)_uuid:uuid")].compactMap { $0 }
        }

        private var verb: String { type.action.replacing("_", with: " ") }

        /// A name for the data class that no other has.
        private var className: String {
            let words = type.subject.split { !$0.isLetter && !$0.isNumber }
            let name = words.map { $0.prefix(1).uppercased() + $0.dropFirst() }.joined()
            let taken = Set(
                catalogue.documents.flatMap {
                    ($0.root["$defs"]?.members ?? []).map { $0.node["title"]?.string ?? $0.name }
                })
            return taken.contains(name) || name == title ? title + "Content" : name
        }

        private func facts(_ fields: [ScaffoldField]) -> [(String, JSONNode)] {
            let key = request.key ?? fields.first(where: \.canBeKey).map { "\(subject).\($0.name)" }
            let topic = "\(type.subdomain)-\(type.subject)-lifecycle".map { $0 == "." || $0 == "_" ? "-" : $0 }
            var facts: [(String, JSONNode)] = [
                ("owner", JSONNode(.string(owner))), ("source", JSONNode(.string(source))),
                ("topic", JSONNode(.string(request.topic ?? String(topic)))),
            ]
            if let key { facts.append(("key", JSONNode(.string(key)))) }
            return facts
        }

        private var source: String {
            if let source = request.source { return source }
            let service = registry.owner(named: owner)?.services.first ?? String(owner.split(separator: "/").last ?? "")
            return "/openedx/\(service)/web"
        }

        private func head(summary: String, facts: [(String, JSONNode)]) -> [(String, JSONNode)] {
            let own: [(String, JSONNode)] = [
                ("type", JSONNode(.string(type.name))), ("minorversion", JSONNode(.number(JSONNumber(minorVersion)))),
                ("status", "draft"),
            ]
            return [
                ("$schema", JSONNode(.string(SchemaVocabulary.dialect))), ("$id", JSONNode(.string(identifier))),
                ("title", JSONNode(.string(title))),
                ("description", JSONNode(.string(request.summary ?? summary))), ("x-event", .object(own + facts)),
            ]
        }

        /// The address, beside those of the other schemas.
        private var identifier: String {
            let path = EventSchema.path(of: type, minorVersion: minorVersion)
            for schema in catalogue.events {
                if let other = schema.identifier, other.hasSuffix("/" + schema.expectedPath) {
                    return other.dropLast(schema.expectedPath.count) + path
                }
            }
            let host = type.prefix.split(separator: ".").reversed().joined(separator: ".")
            return "https://\(host)/schemas/\(path)"
        }

        // MARK: From another version, or another event of the subject

        /// The same data under another name or version, with the fields that are asked for, all of them optional.
        func copy(of other: EventSchema, isNextMinor: Bool) -> JSONNode {
            let root = other.document.root
            var node = root.setting("$id", JSONNode(.string(identifier))).setting("title", JSONNode(.string(title)))
            let isVersion = other.type.action == type.action
            let summary = request.summary ?? (isVersion ? other.summary : "A \(words) was \(verb).")
            node = node.setting("description", JSONNode(.string(summary)))
            var facts = (root["x-event"] ?? .object([]))
                .setting("type", JSONNode(.string(type.name)))
                .setting("minorversion", JSONNode(.number(JSONNumber(minorVersion)))).setting("status", "draft")
                .removing("retirement").removing("consumers")
            if !isNextMinor {
                facts = facts.removing("owners").removing("legacy").setting("owner", JSONNode(.string(owner)))
                    .setting("source", JSONNode(.string(request.source ?? other.source ?? source)))
                if let topic = request.topic { facts = facts.setting("topic", JSONNode(.string(topic))) }
                if let key = request.key { facts = facts.setting("key", JSONNode(.string(key))) }
            }
            node = node.setting("x-event", facts)
            return adding(request.fields, to: node)
        }

        /// Adds fields to the data: to the one object that it holds, else to the data itself.
        private func adding(_ fields: [ScaffoldField], to node: JSONNode) -> JSONNode {
            guard !fields.isEmpty else { return node }
            let only = node["properties"]?.members.flatMap { $0.count == 1 ? $0.first : nil }
            let definition = only?.node["$ref"]?.string.flatMap { text in
                text.hasPrefix("#/$defs/") ? String(text.dropFirst(8)) : nil
            }
            func extend(_ object: JSONNode) -> JSONNode {
                var properties = object["properties"] ?? .object([])
                for var field in fields {
                    field.isOptional = true
                    properties = properties.setting(field.name, field.schema(of: words))
                }
                return object.setting("properties", properties)
            }
            guard let definition, let definitions = node["$defs"], let object = definitions[definition] else {
                return extend(node)
            }
            return node.setting("$defs", definitions.setting(definition, extend(object)))
        }
    }
}
