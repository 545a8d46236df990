import Foundation
import Testing

/// The data that the tests read: real samples, and the registry.
enum SchemaFixtures {
    /// One event type's fixture.
    struct EventFixture {
        let type: String
        let minorVersion: Int
        let keyPath: String
        /// The data of each sample, as JSON.
        let samples: [[UInt8]]
        /// The names of the fields that must not be `null` or absent, with dots between them.
        let requiredPaths: [String]
        let optionalPaths: [String]
    }

    static func event(_ type: String) throws -> EventFixture {
        let url = try #require(Bundle.module.url(forResource: type, withExtension: "json", subdirectory: "Fixtures"))
        let object = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
        let samples = try #require(object["samples"] as? [[String: Any]])
        let schema = try #require(object["avro_schema"] as? [String: Any])
        var records: [String: [[String: Any]]] = [:]
        let paths = paths(of: schema, below: "", &records)
        return EventFixture(
            type: try #require(object["event_type"] as? String),
            minorVersion: try #require(object["minorversion"] as? Int),
            keyPath: try #require(object["event_key_field"] as? String),
            samples: try samples.map { try canonical(#require($0["data"])) },
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
