import Foundation
import JSONSchema
import OpenEdXEvents
import SchemaAuthoring
import Testing

/// Small catalogues for tests.
enum SchemaMaker {
    static let registry = """
        {"prefixes": [{"name": "org.openedx", "summary": "Open edX"}],
        "subdomains": [{"name": "learning", "summary": "learners"}, {"name": "catalog", "summary": "courses"}],
        "owners": []}
        """

    /// The text of a schema file; its members `properties` and the rest are given as JSON.
    static func text(
        _ type: String = "org.openedx.learning.note.created.v1", minor: Int = 0, title: String = "NoteCreated",
        properties: String, required: [String] = [], definitions: String = ""
    ) -> String {
        let folder = type.split(separator: ".")[2]
        let names = required.map { "\"\($0)\"" }.joined(separator: ", ")
        return """
            {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": \
            "https://openedx.org/schemas/\(folder)/\(type).\(minor).json", "title": "\(title)",
            "description": "A note was made.", "x-event": {"type": "\(type)", "minorversion": \(minor), \
            "status": "published", "owner": "openedx/notes", "source": "/openedx/notes/web", "topic": "notes"},
            "type": "object", "properties": {
            \(properties)
            }, "required": [\(names)], "$defs": {\(definitions)}}
            """
    }

    static func file(_ type: String = "org.openedx.learning.note.created.v1", minor: Int = 0, _ text: String)
        -> SchemaFile
    {
        let folder = type.split(separator: ".")[2]
        return SchemaFile(path: "schemas/\(folder)/\(type).\(minor).json", bytes: Array(text.utf8))
    }

    /// A catalogue in which nothing is an error.
    static func catalogue(_ files: [SchemaFile]) throws -> SchemaCatalogue {
        let catalogue = SchemaCatalogue(
            files: files + [SchemaFile(path: "schemas/registry.json", bytes: Array(registry.utf8))])
        #expect(catalogue.findings.filter { $0.severity == .error } == [])
        return catalogue
    }

    /// The one event of a schema with these properties.
    static func event(properties: String, required: [String] = [], definitions: String = "") throws -> EventSchema {
        let text = text(properties: properties, required: required, definitions: definitions)
        let catalogue = SchemaCatalogue(
            files: [file(text), SchemaFile(path: "schemas/registry.json", bytes: Array(registry.utf8))])
        return try #require(catalogue.types.first?.latest)
    }
}

/// A directory that is gone with the test.
final class TemporaryDirectory {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appendingPathComponent("schemas-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func write(_ text: String, to name: String) throws {
        let url = URL(fileURLWithPath: path).appendingPathComponent(name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    func remove(_ name: String) throws { try FileManager.default.removeItem(atPath: path + "/" + name) }

    func read(_ name: String) -> String? { try? String(contentsOfFile: path + "/" + name, encoding: .utf8) }
}
