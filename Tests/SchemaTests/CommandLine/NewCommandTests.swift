import Foundation
import Testing

@testable import SchemaAuthoring

@Suite("openedx-events new: from nothing to a valid, generated event type")
struct NewCommandTests {
    private let desk: AuthoringDesk
    private let type = "org.openedx.learning.note.shared.v1"
    private var path: String { "schemas/learning/\(type).0.json" }

    init() throws { desk = try AuthoringDesk() }

    private func new(_ arguments: String..., input: String = "", isInteractive: Bool = false) async
        -> AuthoringDesk.Result
    {
        await desk.run(
            ["new", "--schemas", desk.schemas] + arguments, input: input, isInteractive: isInteractive)
    }

    @Test("in an empty directory: a registry, a schema that lints clean and validates, Swift, and what to do next")
    func fromNothing() async throws {
        let output = desk.folder.appendingPathComponent("Generated").path
        let result = await new(
            type, "--owner", "openedx/edx-notes-api", "--output", output, "--field", "note_uuid:uuid", "--field",
            "text:string,optional,personal", "--field", "course_key:course-key")
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(result.output.contains("wrote \(desk.schemas)/registry.json"))
        #expect(result.output.contains("wrote \(output)/Learning/NoteShared.swift"))
        #expect(result.output.contains("openedx-events lint --schemas \(desk.schemas)"))
        let lint = await desk.run("lint", "--schemas", desk.schemas)
        #expect(lint.status == 0, "\(lint.output)")
        let generated = try desk.read("Generated/Learning/NoteShared.swift")
        #expect(generated.contains("struct NoteShared"))
        #expect(await desk.run("generate", "--check", "--schemas", desk.schemas, "--output", output).status == 0)
        let catalogue = try SchemaCatalogue(directory: desk.schemas)
        let schema = try #require(catalogue[type]?.latest)
        #expect(
            schema.status == .draft && schema.keyPath == ["note", "note_uuid"]
                && schema.source == "/openedx/edx-notes-api/web")
        #expect(schema.topic == "learning-note-lifecycle")
        #expect(schema.field(at: ["note", "text"])?.isPersonal == true)
        #expect(CompiledCatalogue(catalogue)[schema] != nil)
    }

    @Test("without fields there is one that says which thing it is")
    func noFields() async throws {
        #expect(await new(type, "--owner", "a/notes").status == 0)
        let schema = try #require(try SchemaCatalogue(directory: desk.schemas)[type]?.latest)
        #expect(schema.fields.map(\.text) == ["note", "note.note_uuid"])
        #expect(await desk.run("lint", "--schemas", desk.schemas).status == 0)
        // A file that is there is never written over.
        let again = await new(type, "--owner", "a/notes")
        #expect(again.status == 64 && again.errors.contains("is a draft of this type"))
    }

    @Test("a person is asked, and asked again where an answer is no field")
    func questions() async throws {
        let answers = "\(type)\nA note was shared.\nopenedx/edx-notes-api\nnote_uuid\nnote_uuid:uuid\n\n"
        let result = await new(input: answers, isInteractive: true)
        #expect(result.status == 0, "\(result.output)\(result.errors)")
        #expect(result.errors.contains("'note_uuid' is no field"))
        let schema = try #require(try SchemaCatalogue(directory: desk.schemas)[type]?.latest)
        #expect(schema.summary == "A note was shared." && schema.owners == ["openedx/edx-notes-api"])
    }

    @Test("what is missing, wrong or not registered is said, with what to do")
    func problems() async throws {
        #expect(await new().status == 64)
        let name = await new("org.openedx.learning.Note.shared.v1")
        #expect(name.status == 64 && name.errors.contains("{reverse DNS}"))
        #expect(await new(type).errors.contains("--owner"))
        for (field, hint) in [
            ("note", "NAME:TYPE"), ("Note:uuid", "lower case"), ("note:uid", "Did you mean 'uuid'?"),
            ("note:uuid,optinal", "Did you mean 'optional'?"),
        ] {
            let result = await new(type, "--field", field)
            #expect(result.status == 64 && result.errors.contains(hint), "\(field): \(result.errors)")
        }
        try desk.publish(SchemaSample())
        let subdomain = await new("org.openedx.learnin.note.shared.v1")
        #expect(subdomain.status == 64 && subdomain.errors.contains("Did you mean 'learning'?"))
        let owner = await new(type, "--owner", "openedx/edx-platfrom")
        #expect(owner.status == 64 && owner.errors.contains("Did you mean 'openedx/edx-platform'?"))
        let prefix = await new("com.example.learning.note.shared.v1")
        #expect(prefix.status == 64 && prefix.errors.contains("\"name\": \"com.example\""))
        try desk.write("{", to: "schemas/learning/bad.json")
        #expect(await new(type, "--owner", "openedx/edx-platform").status == 1)
    }

    @Test("OEP41-05: for a published type it begins the next minor version, and the gate lets it pass")
    func nextMinor() async throws {
        let sample = SchemaSample()
        try desk.publish(sample)
        let old = try AuthoringDesk()
        try old.publish(sample)
        let result = await new(sample.type, "--field", "color:string")
        #expect(result.status == 0, "\(result.errors)")
        let next = try desk.read("schemas/learning/\(sample.type).1.json")
        try desk.write(next.replacing(#""draft""#, with: #""published""#), to: "schemas/learning/\(sample.type).1.json")
        let check = await desk.run("check", "--against", old.schemas, "--schemas", desk.schemas)
        #expect(check.status == 0, "\(check.output)")
        #expect(await desk.run("lint", "--schemas", desk.schemas).status == 0)
    }

    @Test("OEP41-13, OEP41-16: the next major version, and another event of the subject, begin with the data there is")
    func relatives() async throws {
        let sample = SchemaSample()
        try desk.publish(sample)
        let major = await new("org.openedx.learning.thing.made.v2")
        #expect(major.status == 0 && major.output.contains("emitted beside it"))
        let sibling = await new("org.openedx.learning.thing.lost.v1")
        #expect(sibling.status == 0, "\(sibling.errors)")
        let lint = await desk.run("lint", "--schemas", desk.schemas)
        #expect(lint.status == 0, "\(lint.output)")
        let catalogue = try SchemaCatalogue(directory: desk.schemas)
        #expect(catalogue.types.map(\.latest.title) == ["ThingLost", "ThingMade", "ThingMadeV2"])
        #expect(Set(catalogue.events.map { $0.keyPath ?? [] }) == [["thing_uuid"]])
    }
}
