import Foundation
import OpenEdXEvents
import SchemaAuthoring
import Testing

@Suite("Swift from schemas")
struct SwiftEmitterTests {
    private func emit(_ files: [SchemaFile], access: SwiftEmitter.Access = .public) throws -> SwiftEmitter {
        SwiftEmitter(try SchemaMaker.catalogue(files), access: access)
    }

    private func text(_ properties: String, required: [String] = [], definitions: String = "") throws -> String {
        let schema = SchemaMaker.text(properties: properties, required: required, definitions: definitions)
        let emitter = try emit([SchemaMaker.file(schema)])
        #expect(emitter.findings == [])
        return try #require(emitter.files.first { $0.path == "Learning/NoteCreated.swift" }).text
    }

    // MARK: - The package's own events

    @Test("the generated files of the package are what its schemas give")
    func drift() throws {
        let emitter = SwiftEmitter(SchemaFixtures.catalogue)
        #expect(emitter.findings == [])
        let directory = GeneratedDirectory(SchemaFixtures.package + "/Sources/EventSchemas/Generated")
        #expect(try directory.differences(from: emitter.files) == [], "run 'openedx-events generate'")
    }

    @Test("the same schemas give the same files, in whatever order they are read")
    func deterministic() throws {
        let files = try SchemaFile.files(in: SchemaFixtures.package + "/schemas")
        let forward = SwiftEmitter(SchemaCatalogue(files: files))
        let backward = SwiftEmitter(SchemaCatalogue(files: files.reversed()))
        #expect(forward.files == backward.files && forward.files.count > 100)
        #expect(Set(forward.files.map(\.path)).count == forward.files.count)
        for file in forward.files {
            #expect(file.text.hasPrefix(SwiftEmitter.mark) && file.text.hasSuffix("}\n"))
            #expect(file.text.split(separator: "\n").allSatisfy { $0.count <= 120 }, "\(file.path)")
        }
    }

    // MARK: - Types and names

    @Test("an event gives a structure with its type, its schema, its fields, a reader and a writer")
    func event() throws {
        let text = try text(
            #""note_id": {"type": "string", "description": "Its id."}"#, required: ["note_id"])
        for line in [
            "public import OpenEdXEvents", "/// A note was made.",
            "public struct NoteCreated: SchemaDescribed, Codable, Hashable {",
            "    public static let type: EventType = \"org.openedx.learning.note.created.v1\"", "    /// Its id.",
            "    public let noteID: String", "        case noteID = \"note_id\"",
            "    private static let names: JSONFieldNames = [\"note_id\"]",
            "            case 0: noteID = try json.read(String.self)",
            "        guard let noteID else { throw json.missing(\"note_id\") }",
            "        try json.member(\"note_id\", noteID)",
        ] {
            #expect(text.split(separator: "\n").contains(line[...]), "\(line)")
        }
        #expect(!text.contains("import OpaqueKeys") && !text.contains("minorVersion ="))
        #expect(text.contains("\"owner\":\"openedx/notes\"") && !text.contains("\"description\""))
    }

    @Test(
        "each type of JSON Schema has its Swift type",
        arguments: [
            (#"{"type": "boolean"}"#, "Bool?"), (#"{"type": "integer"}"#, "Int?"), (#"{"type": "number"}"#, "Double?"),
            (#"{"type": ["null", "string"], "default": null}"#, "String?"),
            (#"{"type": "string", "format": "date-time"}"#, "String?"),
            (#"{"type": "string", "format": "uuid"}"#, "String?"),
            (#"{"type": "string", "format": "course-key"}"#, "CourseKey?"),
            (#"{"type": "string", "format": "collection-key"}"#, "CollectionKey?"),
            (#"{"type": "array", "items": {"type": "string", "format": "usage-key"}}"#, "[UsageKey]?"),
            (#"{"type": "array", "items": {"type": ["null", "integer"]}}"#, "[Int?]?"),
            (
                #"{"type": "object", "additionalProperties": {"type": "array", "items": {"type": "string"}}}"#,
                "[String: [String]]?"
            ),
            (
                #"{"anyOf": [{"type": "null"}, {"type": "object", "title": "Part", "properties": {"a": {"type": "integer"}}}]}"#,
                "Part?"
            ),
            (#"{"enum": ["new", "old"]}"#, "XValue?"),
        ])
    func types(schema: String, type: String) throws {
        #expect(try text("\"x\": \(schema)").contains("    public let x: \(type)\n"))
    }

    @Test(
        "names are Swift's, whatever the member's name is",
        arguments: [
            ("user_id", "userID"), ("id", "id"), ("image_url", "imageURL"), ("file_urls", "fileURLs"), ("url", "url"),
            ("lms_user_id", "lmsUserID"), ("user_pii", "userPII"), ("userID", "userID"), ("Name", "name"),
            ("class", "`class`"), ("self", "selfValue"), ("json", "jsonValue"), ("2nd", "value2nd"), ("a-b.c", "aBC"),
            ("__", "value"),
        ])
    func names(json: String, swift: String) throws {
        let text = try text("\"\(json)\": {\"type\": \"string\"}")
        #expect(text.contains("    public let \(swift): String?\n"), "\(text)")
    }

    @Test("two members that would have one Swift name have two")
    func clashingMembers() throws {
        let text = try text(#""a_b": {"type": "string"}, "aB": {"type": "string"}"#)
        #expect(text.contains("public let aB: String?") && text.contains("public let aB2: String?"))
    }

    @Test("OEP41-25: a required field that may be null is written as null, an optional one is left out")
    func nulls() throws {
        let text = try text(
            #""a": {"type": ["null", "string"]}, "b": {"type": ["null", "string"], "default": null}"#, required: ["a"])
        #expect(text.contains("        json.key(\"a\")\n        try json.write(a)\n"))
        #expect(text.contains("        try json.member(\"b\", b)\n"))
    }

    @Test("an enumeration stays open: values that are not known are kept")
    func enumeration() throws {
        let text = try text(#""state": {"enum": ["new", "is-done", "default"]}"#)
        #expect(text.contains("public struct StateValue: RawRepresentable, JSONPayload, Codable, Hashable {"))
        #expect(text.contains("public static let isDone = StateValue(rawValue: \"is-done\")"))
        #expect(text.contains("public static let `default` = StateValue(rawValue: \"default\")"))
    }

    @Test("a service's own package may keep the types to itself", arguments: SwiftEmitter.Access.allCases)
    func access(access: SwiftEmitter.Access) throws {
        let schema = SchemaMaker.text(properties: #""course_key": {"type": "string", "format": "course-key"}"#)
        let emitter = try emit([SchemaMaker.file(schema)], access: access)
        let text = try #require(emitter.files.last).text
        let prefix = access == .internal ? "" : access.rawValue + " "
        #expect(text.contains("\n\(prefix)import OpaqueKeys\n\(prefix)import OpenEdXEvents\n"))
        #expect(text.contains("\n\(prefix)struct NoteCreated: "))
        #expect(access == .public || !text.contains("public"))
    }

    // MARK: - Data classes

    private let note = #""Note": {"title": "Note", "type": "object", "properties": {"a": {"type": "string"}}}"#
    private let reference = ##""note": {"$ref": "#/$defs/Note"}"##

    private func second(_ definitions: String, minor: Int = 0) -> SchemaFile {
        let type = "org.openedx.catalog.note.deleted.v1"
        return SchemaMaker.file(
            type, SchemaMaker.text(type, title: "NoteDeleted", properties: reference, definitions: definitions))
    }

    @Test("a data class that two event types use is written once")
    func shared() throws {
        let first = SchemaMaker.file(SchemaMaker.text(properties: reference, definitions: note))
        let emitter = try emit([first, second(note)])
        #expect(
            emitter.files.map(\.path) == [
                "Catalog/NoteDeleted.swift", "EventCatalogue.swift", "Learning/NoteCreated.swift", "Shared/Note.swift",
            ])
        #expect(emitter.files.count { $0.text.contains("struct Note:") } == 1)
    }

    @Test("a data class stands in the file of its event, but in one of its own where that would pass 400 lines")
    func longFiles() throws {
        func paths(fields: Int) throws -> [String] {
            let fields = (0..<fields).map { "\"field_\($0)\": {\"type\": \"string\"}" }.joined(separator: ",")
            let definition = "\"Note\": {\"title\": \"Note\", \"type\": \"object\", \"properties\": {\(fields)}}"
            let schema = SchemaMaker.text(properties: reference, definitions: definition)
            let files = try emit([SchemaMaker.file(schema)]).files
            #expect(files.count { $0.text.contains("struct Note:") } == 1)
            #expect(files.allSatisfy { $0.text.count(where: \.isNewline) <= 400 })
            return files.map(\.path)
        }
        #expect(try paths(fields: 3) == ["EventCatalogue.swift", "Learning/NoteCreated.swift"])
        #expect(
            try paths(fields: 45) == ["EventCatalogue.swift", "Learning/Note.swift", "Learning/NoteCreated.swift"])
    }

    @Test("OEP41-15: of two minor versions of a data class the one with more optional fields serves both")
    func additions() throws {
        let longer = note.replacing(
            #"{"type": "string"}"#, with: #"{"type": "string"}, "b": {"type": ["null", "integer"]}"#)
        let first = SchemaMaker.file(SchemaMaker.text(properties: reference, definitions: note))
        let emitter = try emit([first, second(longer)])
        #expect(try #require(emitter.files.last).text.contains("public let b: Int?"))
    }

    @Test("data classes with one name and other fields are refused, with the place and what to do")
    func clashingClasses() throws {
        let other = note.replacing("string", with: "integer")
        let first = SchemaMaker.file(SchemaMaker.text(properties: reference, definitions: note))
        let emitter = try emit([first, second(other)])
        #expect(emitter.files == [] && emitter.findings.count == 1)
        #expect(emitter.findings[0].pointer == "/$defs/Note" && emitter.findings[0].hint?.contains("title") == true)
    }

    @Test(
        "what has no Swift is refused, each with its place",
        arguments: [
            (#""x": {"type": ["string", "integer"]}"#, "/properties/x"), (#""x": true"#, "/properties/x"),
            (#""x": {"type": "object"}"#, "/properties/x"),
            (#""x": {"type": "object", "title": "String", "properties": {"a": {"type": "string"}}}"#, ""),
            (
                #""x": {"type": "object", "title": "NoteCreated", "properties": {"a": {"type": "string"}}}"#,
                "/properties/x"
            ),
        ])
    func refused(properties: String, pointer: String) throws {
        let emitter = try emit([SchemaMaker.file(SchemaMaker.text(properties: properties))])
        #expect(emitter.files == [] && emitter.findings.map(\.pointer) == [pointer])
        #expect(emitter.findings.allSatisfy { $0.hint != nil && $0.line > 1 })
    }

    @Test("the newest published minor version is written; a draft only where nothing is published")
    func versions() throws {
        let first = SchemaMaker.file(SchemaMaker.text(properties: #""a": {"type": "string"}"#))
        let text = SchemaMaker.text(minor: 1, properties: #""a": {"type": "string"}, "b": {"type": "string"}"#)
        let published = try emit([first, SchemaMaker.file(minor: 1, text)]).files.last?.text
        #expect(published?.contains("public static let minorVersion = 1") == true)
        let draft = SchemaMaker.file(minor: 1, text.replacing("published", with: "draft"))
        #expect(try emit([first, draft]).files.last?.text.contains("minorVersion =") == false)
        #expect(
            try emit([SchemaMaker.file(SchemaMaker.text(properties: "").replacing("published", with: "draft"))])
                .files.last?.text.contains("Status `draft`.") == true)
    }
}

extension SchemaMaker {
    /// A file of the text, under the usual name.
    static func file(minor: Int = 0, _ text: String) -> SchemaFile {
        file("org.openedx.learning.note.created.v1", minor: minor, text)
    }
}
