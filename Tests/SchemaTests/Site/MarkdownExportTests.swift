import Testing

@testable import SchemaAuthoring

@Suite("The Markdown")
struct MarkdownExportTests {
    private func files(_ catalogue: SchemaCatalogue) -> [GeneratedFile] {
        MarkdownExport(catalogue.types, registry: catalogue.registry).files
    }

    @Test("has a page for every type of the whole catalogue, and an index that leads to each")
    func wholeCatalogue() throws {
        let catalogue = try SiteFixtures.real()
        let files = files(catalogue)
        #expect(files.count == catalogue.types.count + 1)
        let index = try files.text("README.md")
        for file in files.dropFirst() { #expect(index.contains("](\(file.path))")) }
        for table in files.map(\.text) {
            // Every row of a table has as many cells as the rows around it.
            var width = 0
            for line in table.split(separator: "\n", omittingEmptySubsequences: false) {
                guard line.hasPrefix("|") else {
                    width = 0
                    continue
                }
                let cells = line.replacing("\\|", with: "").count { $0 == "|" }
                if width > 0 { #expect(cells == width, "\(line)") }
                width = cells
            }
        }
    }

    @Test("has facts, fields, sample, code, history and exceptions of an event")
    func page() throws {
        var schema = SiteFixtures.Schema()
        schema.facts += #", "key": "id", "waivers": [{"rule": "OEP41-30", "field": "id", "reason": "it is `old`"}]"#
        var second = schema
        second.minor = 1
        second.body = """
            "properties": {"id": {"type": "string", "description": "Which.", "x-personal-data": true},
            "at": {"type": ["null", "string"], "format": "date-time", "default": null}}, "required": ["id"]
            """
        let text = try files(try SiteFixtures.catalogue([schema, second])).text(
            "learning/org.openedx.learning.note.created.v1.md")
        #expect(text.hasPrefix("# NoteCreated\n\n`org.openedx.learning.note.created.v1`, minor version 1, published\n"))
        #expect(text.contains("| Record key | `id` |"))
        #expect(text.contains("| `id` | string | record key, personal data | Which. |"))
        #expect(text.contains("| `at` | string (date-time) or null | optional |  |"))
        #expect(text.contains("  - `at` is new: string (date-time) or null, and `null` where it is left out."))
        #expect(text.contains("- `OEP41-30`, `id`: it is `old`"))
        #expect(text.contains(#""specversion": "1.0""#))
        #expect(text.contains("handlers.on(NoteCreated.self"))
    }

    @Test("takes no markup from a schema, wherever it stands")
    func escaping() throws {
        var schema = SiteFixtures.Schema()
        schema.summary = "1. <b>x</b> | [link](javascript:alert) *\\n# title"
        schema.body = ##""properties": {"a|b`c": {"type": "string", "description": "```\n# x | y"}}"##
        schema.examples = #"[{"a|b`c": "```\n# x"}]"#
        let all = files(try SiteFixtures.catalogue([schema]))
        let text = try all.text("learning/org.openedx.learning.note.created.v1.md")
        #expect(text.contains(##"1\. \<b\>x\</b\> \| \[link\](javascript:alert) \* \# title"##))
        #expect(text.contains(#"| `a\|b'c` | string |"#))
        #expect(text.contains(##"\`\`\` \# x \| y |"##))
        #expect(text.contains("\n````json\n"))
        #expect(!text.split(separator: "\n").contains("# title"))
    }

    @Test("of one type has no index")
    func single() throws { #expect(files(try SiteFixtures.catalogue([.init()])).count == 1) }
}
