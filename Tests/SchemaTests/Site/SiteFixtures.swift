import Foundation
import JSONSchema
import Testing

@testable import SchemaAuthoring

/// Catalogues for the tests of what is made of them.
enum SiteFixtures {
    /// The repository's own schemas.
    static func real() throws -> SchemaCatalogue {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
            "../../../schemas")
        return try SchemaCatalogue(directory: root.standardizedFileURL.path)
    }

    static let registry = """
        {"prefixes": [{"name": "org.openedx", "summary": "Open edX"}],
         "subdomains": [{"name": "learning", "summary": "what learners do"}],
         "owners": [{"name": "openedx/notes", "summary": "notes", "subdomains": ["learning"]},
                    {"name": "openedx/idle", "subdomains": ["learning"]}]}
        """

    /// A schema file by its parts; what is not given is usual.
    struct Schema {
        var type = "org.openedx.learning.note.created.v1"
        var minor = 0
        var title = "NoteCreated"
        var summary = "A note was created."
        var facts = #""owner": "openedx/notes", "source": "/openedx/notes/web", "topic": "notes""#
        var status = "published"
        var body = #""properties": {"id": {"type": "string"}}, "required": ["id"]"#
        var examples = #"[{"id": "17"}]"#

        var file: SchemaFile {
            let json = """
                {"$schema": "https://json-schema.org/draft/2020-12/schema",
                 "$id": "https://openedx.org/schemas/learning/\(type).\(minor).json",
                 "title": "\(title)", "description": "\(summary)",
                 "x-event": {"type": "\(type)", "minorversion": \(minor), "status": "\(status)", \(facts)},
                 "type": "object", \(body), "examples": \(examples)}
                """
            return SchemaFile(path: "schemas/learning/\(type).\(minor).json", bytes: Array(json.utf8))
        }
    }

    /// A catalogue of these schemas; anything wrong with them fails the test.
    static func catalogue(_ schemas: [Schema]) throws -> SchemaCatalogue {
        let registry = SchemaFile(path: "schemas/registry.json", bytes: Array(registry.utf8))
        let catalogue = SchemaCatalogue(files: [registry] + schemas.map(\.file))
        try #require(catalogue.isUsable, "\(catalogue.findings)")
        return catalogue
    }

    /// Three minor versions, the next major version and a retired type.
    static func history() throws -> SchemaCatalogue {
        var second = Schema(minor: 1)
        second.body = """
            "properties": {"id": {"type": "string"}, "author": {"anyOf": [{"type": "null"}, {"$ref": "#/$defs/User"}],
             "default": null, "description": "Who wrote it."}},
            "required": ["id"],
            "$defs": {"User": {"type": "object", "properties":
              {"email": {"type": "string", "x-personal-data": true}}, "required": ["email"]}}
            """
        second.examples = #"[{"id": "17", "author": {"email": "ann@example.org"}}]"#
        var third = second
        third.minor = 2
        third.facts += #", "key": "id", "consumers": ["openedx/search"]"#
        var next = Schema(type: "org.openedx.learning.note.created.v2", title: "NoteCreated2")
        next.body = #""properties": {"note_id": {"type": "integer", "minimum": 1}}, "required": ["note_id"]"#
        next.examples = #"[{"note_id": 17}]"#
        var old = Schema(type: "org.openedx.learning.note.kept.v1", title: "NoteKept")
        old.status = "retired"
        old.facts += """
            , "retirement": {"since": "2026-01-01", "replacement": "org.openedx.learning.note.created.v1",
              "reason": "nobody read it"}
            """
        return try catalogue([Schema(), second, third, next, old])
    }
}

extension [GeneratedFile] {
    func text(_ path: String) throws -> String { try #require(first { $0.path == path }, "no \(path)").text }
}
