import OpenEdXEvents
import SchemaAuthoring
import Testing

@testable import openedx_events

@Suite("openedx-events generate and export")
struct GenerateCommandTests {
    private let directory: TemporaryDirectory
    private var schemas: String { directory.path + "/schemas" }
    private var output: String { directory.path + "/Generated" }
    private let name = "learning/org.openedx.learning.note.created.v1.0.json"

    init() throws {
        directory = try TemporaryDirectory()
        try directory.write(SchemaMaker.registry, to: "schemas/registry.json")
        try directory.write(
            SchemaMaker.text(properties: #""a": {"type": "string"}"#, required: ["a"]), to: "schemas/" + name)
    }

    private func run(_ arguments: String...) async -> (status: Int32, output: String, errors: String) {
        let output = Sink()
        let errors = Sink()
        let terminal = Terminal(input: NoInput(), output: output, errors: errors)
        let status = await OpenEdXEventsTool.tool.run(arguments, on: terminal)
        return (status.code, output.text, errors.text)
    }

    private func generate(_ arguments: String...) async -> (status: Int32, output: String, errors: String) {
        let all = ["generate", "--schemas", schemas, "--output", output] + arguments
        let sinks = (Sink(), Sink())
        let terminal = Terminal(input: NoInput(), output: sinks.0, errors: sinks.1)
        let status = await OpenEdXEventsTool.tool.run(all, on: terminal)
        return (status.code, sinks.0.text, sinks.1.text)
    }

    @Test("what is generated is up to date, and no more once a schema changes")
    func check() async throws {
        let missing = await generate("--check")
        #expect(missing.status == 1 && missing.output.contains("missing: \(output)/Learning/NoteCreated.swift"))
        #expect(directory.read("Generated/Learning/NoteCreated.swift") == nil)
        #expect(await generate().status == 0)
        #expect(await generate("--check") == (0, "", ""))
        try directory.write(SchemaMaker.text(properties: #""b": {"type": "string"}"#), to: "schemas/" + name)
        let changed = await generate("--check")
        #expect(changed.status == 1 && changed.output == "changed: \(output)/Learning/NoteCreated.swift\n")
        #expect(changed.errors.contains("openedx-events generate"))
        #expect(await generate().status == 0)
        #expect(directory.read("Generated/Learning/NoteCreated.swift")?.contains("let b: String?") == true)
    }

    @Test("a generated file without a schema goes; what was not generated is never touched")
    func stale() async throws {
        #expect(await generate().status == 0)
        try directory.write("\(SwiftEmitter.mark); do not edit.\n", to: "Generated/Learning/Gone.swift")
        try directory.write("struct Mine {}\n", to: "Generated/Learning/Mine.swift")
        let check = await generate("--check")
        #expect(check.status == 1 && check.output == "stale: \(output)/Learning/Gone.swift\n")
        #expect(await generate().status == 0)
        #expect(directory.read("Generated/Learning/Gone.swift") == nil)
        #expect(directory.read("Generated/Learning/Mine.swift") == "struct Mine {}\n")
        try directory.write("struct NoteCreated {}\n", to: "Generated/Learning/NoteCreated.swift")
        let blocked = await generate()
        #expect(blocked.status == 74 && blocked.errors.contains("was not generated"))
        #expect(directory.read("Generated/Learning/NoteCreated.swift") == "struct NoteCreated {}\n")
    }

    @Test("broken schemas generate nothing, and say why with file, line and column")
    func broken() async throws {
        try directory.write("{\"a\": 1,,}", to: "schemas/" + name)
        let unreadable = await generate("--format", "json")
        #expect(unreadable.status == 65 && unreadable.output.contains("\"line\":1,\"column\":9"))
        try directory.write(SchemaMaker.text(properties: #""a": true"#), to: "schemas/" + name)
        let untyped = await generate()
        #expect(untyped.status == 1 && untyped.output.contains("not-generated"))
        #expect(directory.read("Generated/Learning/NoteCreated.swift") == nil)
        let nowhere = await run("generate", "--schemas", directory.path + "/nowhere")
        #expect(nowhere.status == 66 && nowhere.errors.contains("nowhere"))
    }

    @Test("export avro prints the types that are named, or writes a file for each")
    func export() async throws {
        let type = "org.openedx.learning.note.created.v1"
        let printed = await run("export", "avro", type, type, "--schemas", schemas)
        #expect(printed.status == 0 && printed.output.split(separator: "\n").count { $0.contains("CloudEvent\"") } == 2)
        let written = await run("export", "avro", "--schemas", schemas, "--output", output)
        #expect(written.status == 0 && directory.read("Generated/\(type).avsc")?.contains("\"namespace\"") == true)
        let unknown = await run("export", "avro", "org.openedx.learning.note.create.v1", "--schemas", schemas)
        #expect(unknown.status == 66 && unknown.errors.contains("Did you mean '\(type)'?"))
        #expect(await run("export", "--schemas", schemas).status == 64)
        try directory.write(SchemaMaker.text(properties: #""a": true"#), to: "schemas/" + name)
        let refused = await run("export", "avro", "--schemas", schemas)
        #expect(refused.status == 1 && refused.output.contains("not-exported"))
    }
}
