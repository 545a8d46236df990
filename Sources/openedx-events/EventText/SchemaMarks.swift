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
        let document = try? JSONDocument(parsing: bytes, file: type)
        let paths = document.map { PersonalDataMask($0).markedPaths } ?? []
        found.withLock { $0[type] = paths }
        return paths
    }
}
