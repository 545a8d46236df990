public import OpenEdXEvents

/// Validates events against their schemas as they are emitted and read, and knows who owns which type.
///
/// ```swift
/// let validator = try EventSchemaValidator(events: EventCatalogue.events)
/// let producer = try EventProducer(
///     transport: transport,
///     configuration: .init(
///         source: source, routes: routes,
///         validation: .init(validator, service: "openedx/edx-platform", share: .oneIn(100))))
/// ```
///
/// A schema is a JSON Schema of an event's data with an `x-event` object that holds `type`, `minorversion` and `owner`
/// or `owners`. An event is validated against the schema of its minor version; if that is not known, against the
/// highest known one below it, which a compatible addition may have followed, or else the lowest.
public struct EventSchemaValidator: EventValidating {
    private struct Entry: Sendable {
        let minorVersion: Int
        let schema: CompiledSchema
        let mask: PersonalDataMask
    }

    /// By type, in the order of minor versions.
    private let entries: [String: [Entry]]
    private let owners: [String: [String]]

    /// Compiles the schemas of events. They may refer to each other by `$id`.
    ///
    /// Throws everything that is wrong in any of them. A document without `x-event` is only there to be referred to.
    public init(
        _ documents: [JSONDocument], resources: SchemaResources = .none, options: SchemaOptions = SchemaOptions()
    ) throws(SchemaErrors) {
        var resources = resources
        for document in documents { resources.add(document) }
        var errors: [SchemaError] = []
        var entries: [String: [Entry]] = [:]
        var owners: [String: (minorVersion: Int, names: [String])] = [:]
        for document in documents {
            guard let event = document.root["x-event"] else { continue }
            guard let type = event["type"]?.string, let minorVersion = event["minorversion"]?.int else {
                let (line, column) = document.position(of: event.offset)
                errors.append(
                    SchemaError(
                        kind: .invalidKeyword, file: document.file, line: line, column: column, pointer: "/x-event",
                        message: "`x-event` says no type or no minor version", hint: "add \"type\" and \"minorversion\""
                    ))
                continue
            }
            do throws(SchemaErrors) {
                let schema = try CompiledSchema(document, resources: resources, options: options)
                let mask = PersonalDataMask(document, resources: resources)
                entries[type, default: []].append(Entry(minorVersion: minorVersion, schema: schema, mask: mask))
            } catch {
                errors += error.errors
            }
            let several = event["owners"]?.array?.compactMap(\.string) ?? []
            let names = event["owner"]?.string.map { [$0] } ?? several
            // The newest minor version says who owns the type.
            if !names.isEmpty, owners[type].map({ $0.minorVersion < minorVersion }) ?? true {
                owners[type] = (minorVersion, names)
            }
        }
        guard errors.isEmpty else { throw SchemaErrors(errors) }
        self.entries = entries.mapValues { $0.sorted { $0.minorVersion < $1.minorVersion } }
        self.owners = owners.mapValues(\.names)
    }

    /// Compiles schemas that are embedded in the program: each a file's name and its text.
    ///
    /// Throws everything that is wrong in any of them.
    public init(
        texts: KeyValuePairs<String, [UInt8]>, resources: SchemaResources = .none,
        options: SchemaOptions = SchemaOptions()
    ) throws(SchemaErrors) {
        try self.init(Self.parse(texts.map { ($0.key, $0.value) }), resources: resources, options: options)
    }

    /// Compiles the schemas that typed events bring along: those of `EventCatalogue.events`, or a service's own.
    ///
    /// Throws everything that is wrong in any of them.
    public init(
        events: [any SchemaDescribed.Type], options: SchemaOptions = SchemaOptions()
    ) throws(SchemaErrors) {
        let texts = events.map { event in
            (file: "\(event.type).\(event.minorVersion).json", bytes: Array("\(event.schemaText)".utf8))
        }
        try self.init(Self.parse(texts), options: options)
    }

    static func parse(_ texts: [(file: String, bytes: [UInt8])]) throws(SchemaErrors) -> [JSONDocument] {
        var documents: [JSONDocument] = []
        var errors: [SchemaError] = []
        for (file, bytes) in texts {
            do throws(JSONDocumentError) {
                documents.append(try JSONDocument(parsing: bytes, file: file))
            } catch {
                errors.append(
                    SchemaError(
                        kind: .notASchema, file: file, line: error.line, column: error.column, pointer: "",
                        message: error.message, hint: ""))
            }
        }
        guard errors.isEmpty else { throw SchemaErrors(errors) }
        return documents
    }

    /// The types that have a schema.
    public var types: [String] { entries.keys.sorted() }

    private func entry(of type: String, _ minorVersion: Int?) -> Entry? {
        guard let known = entries[type] else { return nil }
        guard let minorVersion else { return known.first }
        return known.last { $0.minorVersion <= minorVersion } ?? known.first
    }

    /// The schema that events of a type and minor version are validated against; `nil` if the type is not known.
    public func schema(of type: String, minorVersion: Int?) -> CompiledSchema? { entry(of: type, minorVersion)?.schema }

    /// What covers the personal data of events of a type in logs; `nil` if the type is not known.
    public func mask(of type: String, minorVersion: Int?) -> PersonalDataMask? { entry(of: type, minorVersion)?.mask }

    /// What an event's data breaks in its schema; empty if it is valid, or no schema of the type is known.
    public func findings(in data: ArraySlice<UInt8>, of type: String, minorVersion: Int?) -> [Finding] {
        guard let entry = entry(of: type, minorVersion) else { return [] }
        return data.withUnsafeBufferPointer { bytes in
            if entry.schema.isValid(bytes) { return [] }
            return entry.schema.validate(bytes).findings.map { finding in
                // What is required, and what may be null, is rule 25; every other form of a value is rule 23.
                let isOptionality = finding.keyword == "required" || finding.keyword == "type"
                return Finding(
                    isOptionality ? .optionalIsNullable : .payloadTypes, attribute: "data", severity: .error,
                    "\(finding)")
            }
        }
    }

    /// The services that may emit a type (rule 20); `nil` if the type, or its owner, is not known.
    public func producers(of type: EventType) -> [String]? { owners[type.name] }
}
