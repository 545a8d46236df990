import EventSchemas
import JSONSchema
import OpenEdXEvents
import Synchronization

/// What schemas mark as personal data with `x-personal-data`, by event type: looked up once for each type that is met.
final class SchemaMarks: Sendable {
    /// Those of the typed events of Open edX.
    static let known = SchemaMarks(
        Dictionary(EventCatalogue.events.map { ($0.type.name, $0.schemaText) }, uniquingKeysWith: { first, _ in first })
    )

    private let schemas: [String: StaticString]
    private let found = Locked<[String: Set<[String]>]>([:])

    init(_ schemas: [String: StaticString]) { self.schemas = schemas }

    /// The paths into the data of a type that are marked; elements of an array have the array's own path.
    func paths(of type: String) -> Set<[String]> {
        // A type without a schema costs nothing, and what is kept is bounded by the schemas.
        guard let text = schemas[type] else { return [] }
        if let known = found.withLock({ $0[type] }) { return known }
        let bytes = text.withUTF8Buffer { Array($0) }
        var paths: Set<[String]> = []
        if let document = try? JSONDocument(parsing: bytes, file: type) {
            Self.collect(document.root, [], from: document.root, depth: 0, into: &paths)
        }
        found.withLock { $0[type] = paths }
        return paths
    }

    /// Schemas may refer to themselves; no event's own parts are that deep.
    private static let deepest = 32

    private static func collect(
        _ schema: JSONNode, _ path: [String], from root: JSONNode, depth: Int, into paths: inout Set<[String]>
    ) {
        guard depth < deepest else { return }
        if schema["x-personal-data"]?.bool == true {
            paths.insert(path)
            return
        }
        if let reference = schema["$ref"]?.string, reference.hasPrefix("#/$defs/"),
            let target = root["$defs"]?[String(reference.dropFirst("#/$defs/".count))]
        {
            collect(target, path, from: root, depth: depth + 1, into: &paths)
        }
        for keyword in ["allOf", "anyOf", "oneOf"] {
            for part in schema[keyword]?.array ?? [] {
                collect(part, path, from: root, depth: depth + 1, into: &paths)
            }
        }
        for member in schema["properties"]?.members ?? [] {
            collect(member.node, path + [member.name], from: root, depth: depth + 1, into: &paths)
        }
        if let items = schema["items"] { collect(items, path, from: root, depth: depth + 1, into: &paths) }
    }
}
