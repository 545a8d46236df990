import JSONSchema
import OpenEdXEvents

/// Whether a reader learns what everything means: descriptions, examples, and no definitions that nothing uses.
enum DocumentationChecks {
    static func check(_ report: inout LintReport) {
        for path in report.fields where (path.field.summary ?? "").isEmpty {
            report.add(
                .missingDescription, nil, path, "has no description",
                "Add 'description': what it holds, where it comes from, what its values mean.")
        }
        let root = report.schema.document.root
        for definition in root["$defs"]?.members ?? [] {
            let pointer = "/$defs/" + PointerText.escape(definition.name)
            if definition.node["properties"] != nil, (definition.node["description"]?.string ?? "").isEmpty {
                report.add(
                    .missingDescription, nil, at: definition.nameOffset, pointer: pointer,
                    "the definition '\(definition.name)' has no description", "Add 'description': what it is.")
            }
        }
        for name in unusedDefinitions(report.schema.document) {
            report.add(
                .unusedDefinition, nil, at: name.nameOffset, pointer: "/$defs/" + PointerText.escape(name.name),
                "nothing uses the definition '\(name.name)'", "Remove it.")
        }
        if report.schema.examples.isEmpty {
            report.add(
                .missingExample, nil, at: root["examples"]?.offset ?? root.offset, pointer: "",
                "there is no example", "Add 'examples' with synthetic data, of which at least one has every field.")
        }
    }

    /// The definitions that cannot be reached from the root.
    private static func unusedDefinitions(_ document: JSONDocument) -> [JSONNode.Member] {
        let definitions = document.root["$defs"]?.members ?? []
        let names = Dictionary(definitions.map { ($0.name, $0) }) { first, _ in first }
        var reached: Set<String> = []
        var waiting = document.root.members?.filter { $0.name != "$defs" }.map(\.node) ?? []
        while let node = waiting.popLast() {
            if let array = node.array { waiting += array }
            for member in node.members ?? [] {
                waiting.append(member.node)
                guard member.name == "$ref" || member.name == "$dynamicRef", let text = member.node.string,
                    text.hasPrefix("#/$defs/"), let fragment = PercentEncoding.decode(text.dropFirst(8)),
                    let name = PointerText.unescape(fragment.prefix { $0 != "/" }), let definition = names[name],
                    reached.insert(name).inserted
                else { continue }
                waiting.append(definition.node)
            }
        }
        return definitions.filter { !reached.contains($0.name) }
    }
}

/// Whether the examples are what the schema describes.
enum ExampleCheck {
    static func check(_ report: inout LintReport, _ schema: CompiledSchema?) {
        guard let schema else { return }
        for (index, example) in report.schema.examples.enumerated() {
            let bytes = Array(report.schema.document.bytes[example.offset..<example.endOffset])
            for finding in schema.validate(bytes).findings {
                report.add(
                    .invalidExample, nil, at: example.offset + finding.instanceOffset,
                    pointer: "/examples/\(index)\(finding.instancePointer)", severity: .error,
                    "the example is not what the schema describes: expected \(finding.expected)",
                    "Mend the example, or the schema at \(finding.schemaPointer).")
            }
        }
    }
}

/// Whether a type's life is told in order: drafts last, and what is retired has its successor (16).
enum LifeChecks {
    static func check(
        _ report: inout LintReport, _ history: SchemaCatalogue.History, _ catalogue: SchemaCatalogue
    ) {
        let schema = report.schema
        for version in history.versions.dropLast() where version.status == .draft && schema.status != .draft {
            report.add(
                .retirement, .minorVersion, fact: "status",
                "minor version \(version.minorVersion) before it is still a draft",
                "Publish or remove the draft first.")
        }
        guard let replacement = schema.retirement?.replacement else { return }
        let place = schema.document.root["x-event"]?["retirement"]?["replacement"]
        if catalogue[replacement] == nil {
            report.add(
                .retirement, .newMajorBesideOld, at: place?.offset ?? 0, pointer: "/x-event/retirement/replacement",
                "the replacement '\(replacement)' is not in the catalogue",
                UsageHint.didYouMean(replacement, among: catalogue.types.map(\.type.name))
                    ?? "Add it first: both are emitted side by side for a time.")
        } else if replacement == schema.type.name {
            report.add(
                .retirement, .newMajorBesideOld, at: place?.offset ?? 0, pointer: "/x-event/retirement/replacement",
                "the type cannot replace itself", "Name the type that takes its place.")
        }
    }
}
