public import JSONSchema
import OpenEdXEvents

/// The compiled schemas of a catalogue, and what the compiler has to say of those that it does not take.
public struct CompiledCatalogue: Sendable {
    private var schemas: [String: CompiledSchema] = [:]
    private let catalogue: SchemaCatalogue
    /// What is wrong with the schemas beyond what the catalogue itself has found: values that a keyword does not take,
    /// regular expressions that are wrong or too large.
    public private(set) var findings: [SchemaFinding] = []

    /// Compiles every schema.
    public init(_ catalogue: SchemaCatalogue, options: SchemaOptions = SchemaOptions()) {
        self.catalogue = catalogue
        let names = Dictionary(catalogue.events.map { ($0.file, $0.versionedName) }) { first, _ in first }
        for document in catalogue.documents {
            do throws(SchemaErrors) {
                let schema = try CompiledSchema(document, options: options)
                if let name = names[document.file] { schemas[name] = schema }
            } catch {
                findings += error.errors.filter { !Self.foundBefore.contains($0.kind) }.map(SchemaFinding.init)
            }
        }
        findings.sort()
    }

    /// What the loader reports itself.
    private static let foundBefore: Set<SchemaError.Kind> = [
        .unknownKeyword, .unresolvedReference, .circularReference, .notASchema, .unsupportedDialect,
    ]

    /// The compiled schema of a version; `nil` if it did not compile.
    public subscript(_ schema: EventSchema) -> CompiledSchema? { schemas[schema.versionedName] }

    /// The schema for an event's data, and its version.
    ///
    /// That is the version of the event's own minor version; a later one than is known obeys the newest that is, as it
    /// only adds. `nil` if the type is not in the catalogue, or its schema did not compile.
    public func schema(for type: String, minorVersion: Int?) -> (version: EventSchema, schema: CompiledSchema)? {
        guard let history = catalogue[type] else { return nil }
        let version = minorVersion.flatMap { minor in history.versions.last { $0.minorVersion <= minor } }
        let chosen = version ?? history.latest
        return self[chosen].map { (chosen, $0) }
    }
}

extension SchemaFinding {
    /// What the compiler of schemas found.
    public init(_ error: SchemaError) {
        self.init(
            error.kind == .invalidPattern ? .invalidPattern : .invalidSchema, file: error.file, line: error.line,
            column: error.column, pointer: error.pointer, error.message, hint: error.hint.isEmpty ? nil : error.hint)
    }
}
