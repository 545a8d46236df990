import Foundation
import SchemaAuthoring

/// A schema file that obeys every rule, and copies of it that do not.
struct SchemaSample {
    private(set) var type = "org.openedx.learning.thing.made.v1"
    private(set) var minor = 0
    private(set) var text = """
        {
          "$schema": "https://json-schema.org/draft/2020-12/schema",
          "$id": "https://example.org/schemas/learning/org.openedx.learning.thing.made.v1.0.json",
          "title": "ThingMade",
          "description": "A thing was made.",
          "x-event": {
            "type": "org.openedx.learning.thing.made.v1",
            "minorversion": 0,
            "status": "published",
            "owner": "openedx/edx-platform",
            "source": "/openedx/lms/web",
            "topic": "learning-thing-lifecycle",
            "key": "thing_uuid"
          },
          "type": "object",
          "properties": {
            "thing_uuid": {"type": "string", "format": "uuid", "description": "The thing."}
          },
          "required": ["thing_uuid"],
          "examples": [{"thing_uuid": "5eed002e-c0de-11f1-8000-0342ac120002"}]
        }

        """

    /// Where the file belongs below the directory of schemas.
    var path: String { "learning/\(type).\(minor).json" }
    var file: SchemaFile { SchemaFile(path: path, bytes: Array(text.utf8)) }

    /// A copy with another text in place of one that is there.
    func replacing(_ old: String, _ new: String) -> SchemaSample {
        precondition(text.contains(old), "\(old) is not in the sample")
        var copy = self
        copy.text = text.replacing(old, with: new)
        return copy
    }

    /// A copy of another type of the same subdomain.
    func with(type: String) -> SchemaSample {
        var copy = replacing(self.type, type)
        copy.type = type
        return copy
    }

    func with(minor: Int) -> SchemaSample {
        var copy = replacing("\"minorversion\": \(self.minor)", "\"minorversion\": \(minor)")
            .replacing(".\(self.minor).json", ".\(minor).json")
        copy.minor = minor
        return copy
    }

    func with(status: String) -> SchemaSample {
        let old = ["published", "draft", "retired"].first { text.contains("\"status\": \"\($0)\"") } ?? ""
        return replacing("\"status\": \"\(old)\"", "\"status\": \"\(status)\"")
    }

    func with(owners: [String]) -> SchemaSample {
        let list = owners.map { "\"\($0)\"" }.joined(separator: ", ")
        return replacing(#""owner": "openedx/edx-platform","#, "\"owners\": [\(list)],")
    }

    func with(retirement: String) -> SchemaSample { fact("retirement", retirement) }

    /// A copy with a further member of `x-event`.
    func fact(_ name: String, _ value: String) -> SchemaSample {
        replacing(#""topic":"#, "\"\(name)\": \(value),\n    \"topic\":")
    }

    /// A copy with a further field, first of all.
    func adding(_ name: String, _ schema: String) -> SchemaSample {
        replacing(#""properties": {"#, "\"properties\": {\n    \"\(name)\": \(schema),")
    }

    func write(to directory: URL) throws {
        let url = directory.appendingPathComponent(path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    /// A registry that names what the sample needs.
    static let registry = SchemaFile(
        path: "registry.json",
        bytes: Array(
            """
            {"prefixes": [{"name": "org.openedx", "summary": "Open edX"}],
             "subdomains": [{"name": "learning", "summary": "Learning"}, {"name": "authz", "summary": "Roles"}],
             "owners": [{"name": "openedx/edx-platform", "services": ["lms"], "subdomains": ["learning"]},
                        {"name": "openedx/openedx-authz", "services": ["lms"], "subdomains": ["authz"]}]}
            """.utf8))

    /// A catalogue of samples beside the registry.
    static func catalogue(_ samples: SchemaSample...) -> SchemaCatalogue {
        SchemaCatalogue(files: samples.map(\.file) + [registry])
    }
}
