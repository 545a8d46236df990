import OpenEdXEvents
import SchemaAuthoring
import Testing

@testable import openedx_events

@Suite("openedx-events catalogue, and export of documents")
struct CatalogueCommandTests {
    private let directory: TemporaryDirectory
    private let schema = "schemas/learning/org.openedx.learning.note.created.v1.0.json"

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write(SchemaMaker.registry, to: "schemas/registry.json")
        try directory.write(SchemaMaker.text(properties: #""a": {"type": "string"}"#, required: ["a"]), to: schema)
    }

    private func run(_ arguments: String...) async -> (status: Int32, output: String, errors: String) {
        let output = Sink()
        let errors = Sink()
        let terminal = Terminal(input: NoInput(), output: output, errors: errors)
        let all = arguments + ["--schemas", directory.path + "/schemas"]
        let status = await OpenEdXEventsTool.tool.run(all, on: terminal)
        return (status.code, output.text, errors.text)
    }

    @Test("writes the site, and removes the pages of a type that is gone")
    func site() async throws {
        let output = directory.path + "/site"
        let first = await run("catalogue", "--output", output, "--title", "Notes & more")
        #expect(first.status == 0 && first.output.contains("1 event type"))
        #expect(directory.read("site/index.html")?.contains("<h1>Notes &amp; more</h1>") == true)
        #expect(directory.read("site/events/org.openedx.learning.note.created.v1.html") != nil)
        let other = SchemaMaker.text(properties: #""a": {"type": "string"}"#, required: ["a"])
            .replacing("note.created", with: "note.removed").replacing("NoteCreated", with: "NoteRemoved")
        try directory.write(other, to: "schemas/learning/org.openedx.learning.note.removed.v1.0.json")
        #expect(await run("catalogue", "--output", output).status == 0)
        #expect(directory.read("site/events/org.openedx.learning.note.removed.v1.html") != nil)
        try directory.remove("schemas/learning/org.openedx.learning.note.removed.v1.0.json")
        #expect(await run("catalogue", "--output", output).status == 0)
        #expect(directory.read("site/events/org.openedx.learning.note.removed.v1.html") == nil)
        #expect(directory.read("site/events/org.openedx.learning.note.created.v1.html") != nil)
    }

    @Test("writes nothing while a schema is wrong or unreadable, or beside files of somebody else")
    func refusals() async throws {
        let foreign = await run("catalogue", "--output", directory.path)
        #expect(foreign.status == 74 && foreign.errors.contains("not this command's"))
        let site = directory.path + "/site"
        try directory.write("{\"a\": 1,,}", to: schema)
        let unreadable = await run("catalogue", "--output", site)
        #expect(unreadable.status == 65 && unreadable.errors.contains(":1:9:"))
        try directory.write(SchemaMaker.text(properties: #""a": {"tipe": "string"}"#), to: schema)
        let wrong = await run("catalogue", "--output", site)
        #expect(wrong.status == 1 && wrong.errors.contains("unknown keyword 'tipe'"))
        #expect(directory.read("site/index.html") == nil)
    }

    @Test("export asyncapi prints one document, and export markdown writes pages")
    func export() async throws {
        let document = await run("export", "asyncapi", "--title", "Notes")
        #expect(document.status == 0 && document.output.hasPrefix("{\n  \"asyncapi\": \"3.0.0\""))
        #expect(document.output.hasSuffix("\n}\n") && document.output.contains("\"title\": \"Notes\""))
        let pages = await run("export", "markdown", "--output", directory.path + "/pages")
        #expect(pages.status == 0)
        #expect(directory.read("pages/learning/org.openedx.learning.note.created.v1.md")?.hasPrefix("# ") == true)
        let unknown = await run("export", "asyncapi", "org.openedx.learning.note.make.v1")
        #expect(unknown.status == 66)
    }
}
