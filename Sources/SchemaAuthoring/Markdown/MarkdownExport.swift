import JSONSchema
import OpenEdXEvents

/// Event types as Markdown: a file for each, and an index where there are several.
///
/// The same types give the same bytes.
public struct MarkdownExport: Sendable {
    private let types: [SchemaCatalogue.History]
    private let registry: SchemaRegistry
    private let title: String

    /// Takes event types, the registry that knows their subdomains, and what the index is called.
    public init(
        _ types: [SchemaCatalogue.History], registry: SchemaRegistry, title: String = "Event catalogue"
    ) {
        self.types = types
        self.registry = registry
        self.title = title
    }

    /// All files: `README.md`, and `{subdomain}/{event type}.md`.
    public var files: [GeneratedFile] {
        (types.count == 1 ? [] : [GeneratedFile(path: "README.md", text: index)])
            + types.map { GeneratedFile(path: Self.path($0), text: page($0)) }
    }

    private static func path(_ history: SchemaCatalogue.History) -> String {
        "\(history.type.subdomain)/\(history.type.name).md"
    }

    // MARK: - The index

    private var index: String {
        var text = "# \(MarkdownText.prose(title))\n\n\(Count.of(types.count, "event type")).\n"
        for (subdomain, types) in Dictionary(grouping: types, by: \.type.subdomain)
            .sorted(by: { $0.key < $1.key })
        {
            let summary = registry.subdomains.first { $0.name == subdomain }?.summary
            text += "\n## \(MarkdownText.escape(subdomain))\n\n"
            if let summary, !summary.isEmpty { text += MarkdownText.prose(summary) + "\n\n" }
            let rows = types.sorted { $0.type.name < $1.type.name }.map { history -> [String] in
                let schema = history.latest
                let name = "[\(MarkdownText.code(schema.type.name))](\(Self.path(history)))"
                return [name, MarkdownText.prose(schema.summary), owners(schema), Self.marks(schema)]
            }
            text += MarkdownText.table(["Event", "What it states", "Owner", ""], rows)
        }
        return text
    }

    private static func marks(_ schema: EventSchema) -> String {
        var marks: [String] = []
        if schema.status != .published { marks.append(schema.status.rawValue) }
        if schema.retirement != nil, schema.status != .retired { marks.append("to be retired") }
        if schema.hasPersonalData { marks.append("personal data") }
        return marks.joined(separator: ", ")
    }

    private func owners(_ schema: EventSchema) -> String {
        schema.owners.map { MarkdownText.code($0) }.joined(separator: ", ")
    }

    // MARK: - An event

    private func page(_ history: SchemaCatalogue.History) -> String {
        let schema = history.latest
        var parts = [
            "# \(MarkdownText.escape(schema.title))\n",
            "\(MarkdownText.code(schema.type.name)), minor version \(schema.minorVersion), "
                + "\(schema.status.rawValue)\n",
            MarkdownText.prose(schema.summary) + "\n",
            facts(schema),
            "## Fields\n", fields(schema),
        ]
        for sample in EventSample.samples(of: schema) {
            let shown = sample.structured ?? sample.data
            parts.append("## Sample\n")
            parts.append(MarkdownText.block(String(decoding: shown.prettyBytes(), as: UTF8.self), language: "json"))
        }
        let snippets = SwiftSnippets(schema)
        parts.append("## In Swift\n")
        if let emit = snippets.emit { parts.append(MarkdownText.block(emit, language: "swift")) }
        parts.append(MarkdownText.block(snippets.handle, language: "swift"))
        parts.append("## History\n")
        parts.append(changes(history))
        let exceptions = (schema.legacy + schema.waivers).map { waiver in
            let field = waiver.field.map { ", " + MarkdownText.code($0) } ?? ""
            return "- \(MarkdownText.code(waiver.rule))\(field): \(MarkdownText.prose(waiver.reason))\n"
        }
        if !exceptions.isEmpty { parts += ["## Exceptions\n", exceptions.joined()] }
        return parts.joined(separator: "\n")
    }

    private func facts(_ schema: EventSchema) -> String {
        var rows: [[String]] = [["Owner", schema.owners.isEmpty ? "no producer is known" : owners(schema)]]
        if let source = schema.source { rows.append(["Source", MarkdownText.code(source)]) }
        if let topic = schema.topic { rows.append(["Topic", MarkdownText.code(topic)]) }
        rows.append(["Record key", schema.keyPath.map { MarkdownText.code($0.joined(separator: ".")) } ?? "none"])
        if !schema.consumers.isEmpty {
            rows.append(["Consumers", schema.consumers.map { MarkdownText.code($0) }.joined(separator: ", ")])
        }
        if let retirement = schema.retirement {
            let parts = [
                retirement.since.map { "since \(MarkdownText.escape($0))" },
                retirement.replacement.map { "replaced by \(MarkdownText.code($0))" },
                retirement.reason.map { MarkdownText.prose($0) },
            ]
            rows.append(["Retirement", parts.compactMap(\.self).joined(separator: "; ")])
        }
        return MarkdownText.table(["Fact", ""], rows)
    }

    private func fields(_ schema: EventSchema) -> String {
        let rows = schema.fields.map { path -> [String] in
            let field = path.field
            var marks: [String] = []
            if path.names == schema.keyPath { marks.append("record key") }
            if field.isOptional { marks.append("optional") }
            if field.isPersonal { marks.append("personal data") }
            return [
                MarkdownText.code(path.text), MarkdownText.escape(field.type.nullableWords),
                marks.joined(separator: ", "), MarkdownText.prose(field.summary ?? ""),
            ]
        }
        return rows.isEmpty
            ? "No fields are described.\n" : MarkdownText.table(["Field", "Type", "", "What it holds"], rows)
    }

    private func changes(_ history: SchemaCatalogue.History) -> String {
        let versions = history.versions
        return versions.indices.reversed().map { index -> String in
            let name = "Minor version \(versions[index].minorVersion)"
            guard index > 0 else { return "- \(name): the first.\n" }
            let changes = VersionComparison(from: versions[index - 1], to: versions[index]).changes
            guard !changes.isEmpty else { return "- \(name): no difference but in examples and remarks.\n" }
            return "- \(name):\n" + changes.map { "  - \(MarkdownText.prose($0.text))\n" }.joined()
        }.joined()
    }
}
