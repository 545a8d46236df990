import EventSchemas
import Foundation
import OpenEdXEvents
import SchemaAuthoring
import Testing

/// The data that the tests read: real samples and Avro schemas of the running bus, and the schemas of the package.
enum SchemaFixtures {
    /// One event type as the Python packages have it.
    struct EventFixture: Sendable {
        let minorVersion: Int
        let keyPath: String
        /// The data of a sample with every field, as JSON that is equal for equal values.
        let sample: [UInt8]
        let avroSchemaText: String
        /// The names of the fields that must not be `null` or absent, with dots between them.
        let requiredPaths: [String]
        let optionalPaths: [String]
    }

    /// All 72 event types that the Python packages can send, by their names.
    static let events: [String: EventFixture] = {
        // Without its fixtures no test can say anything.
        guard
            let url = Bundle.module.url(forResource: "openedx-events", withExtension: "json", subdirectory: "Fixtures"),
            let data = try? Data(contentsOf: url),
            let object = try? JSONSerialization.jsonObject(with: data) as? [String: [String: Any]]
        else { fatalError("the fixtures cannot be read") }
        return object.compactMapValues { try? event($0) }
    }()

    /// The package's directory.
    static let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("../..").standardized.path

    /// The schemas of the package.
    static let catalogue: SchemaCatalogue = {
        do {
            return try SchemaCatalogue(directory: package + "/schemas")
        } catch {
            fatalError("the schemas cannot be read: \(error)")
        }
    }()

    static func event(_ type: String) throws -> EventFixture { try #require(events[type]) }

    private static func event(_ object: [String: Any]) throws -> EventFixture {
        let text = try #require(object["avro_schema_text"] as? String)
        var records: [String: [[String: Any]]] = [:]
        let paths = paths(of: try JSONSerialization.jsonObject(with: Data(text.utf8)), below: "", &records)
        return EventFixture(
            minorVersion: try #require(object["minorversion"] as? Int), keyPath: try #require(object["key"] as? String),
            sample: try canonical(#require(object["data"])), avroSchemaText: text,
            requiredPaths: paths.filter { !$0.isOptional }.map(\.path),
            optionalPaths: paths.filter(\.isOptional).map(\.path))
    }

    /// The JSON value as bytes that are equal for equal values.
    static func canonical(_ value: Any) throws -> [UInt8] {
        Array(try JSONSerialization.data(withJSONObject: value, options: [.sortedKeys, .withoutEscapingSlashes]))
    }

    static func canonical(_ json: [UInt8]) throws -> [UInt8] {
        try canonical(JSONSerialization.jsonObject(with: Data(json)))
    }

    /// The JSON object without one member, or with it `null`.
    static func changing(_ json: [UInt8], _ path: String, to value: Any?) throws -> [UInt8] {
        func change(_ object: [String: Any], _ parts: ArraySlice<String>) -> [String: Any] {
            guard let name = parts.first else { return object }
            var object = object
            if parts.count == 1 {
                object[name] = value
            } else if let inner = object[name] as? [String: Any] {
                object[name] = change(inner, parts.dropFirst())
            }
            return object
        }
        let object = try #require(try JSONSerialization.jsonObject(with: Data(json)) as? [String: Any])
        return try canonical(change(object, path.split(separator: ".").map { String($0) }[...]))
    }

    /// All fields of an Avro record, also those of the records within it.
    private static func paths(
        of schema: Any, below path: String, _ records: inout [String: [[String: Any]]]
    ) -> [(path: String, isOptional: Bool)] {
        var fields: [[String: Any]] = []
        if let record = schema as? [String: Any], let list = record["fields"] as? [[String: Any]] {
            fields = list
            if let name = record["name"] as? String { records[name] = list }
        } else if let name = schema as? String, let list = records[name] {
            fields = list
        }
        var paths: [(path: String, isOptional: Bool)] = []
        for field in fields {
            guard let name = field["name"] as? String, let type = field["type"] else { continue }
            let union = type as? [Any]
            let own = path.isEmpty ? name : "\(path).\(name)"
            paths.append((own, union != nil))
            paths += self.paths(of: union?.last ?? type, below: own, &records)
        }
        return paths
    }
}
