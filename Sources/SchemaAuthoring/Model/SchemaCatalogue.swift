package import JSONSchema
public import OpenEdXEvents

/// All event types of a directory of schemas, each with its minor versions, and everything that is wrong with the files.
public struct SchemaCatalogue: Sendable {
    /// An event type with its minor versions.
    public struct History: Sendable {
        /// The type.
        public let type: EventType
        /// Its minor versions, ascending: at least one.
        public let versions: [EventSchema]

        /// The newest minor version.
        public var latest: EventSchema { versions[versions.count - 1] }
        /// The newest minor version that is no draft.
        public var published: EventSchema? { versions.last { $0.status != .draft } }
    }

    /// The registered names.
    public let registry: SchemaRegistry
    /// Every type, in the order of the names.
    public let types: [History]
    /// What is wrong with the files themselves, sorted by place; lint finds more.
    public let findings: [SchemaFinding]
    /// Every file that is JSON, but for the registry.
    package let documents: [JSONDocument]

    /// Every minor version of every type.
    public var events: [EventSchema] { types.flatMap(\.versions) }
    /// Whether nothing is wrong with the files that would keep others from working with them.
    public var isUsable: Bool { !findings.contains { $0.severity == .error } }

    /// The history of a type; `nil` if it is not in the catalogue.
    public subscript(_ type: String) -> History? {
        var (low, high) = (0, types.count)
        while low < high {
            let middle = (low + high) / 2
            if types[middle].type.name < type { low = middle + 1 } else { high = middle }
        }
        return low < types.count && types[low].type.name == type ? types[low] : nil
    }

    /// Reads a directory and everything below it.
    ///
    /// - Throws: ``SchemaDirectoryError`` if it is no directory, or may not be read. Whatever is wrong with its files is
    ///   among ``findings``.
    public init(directory: String) throws(SchemaDirectoryError) {
        self.init(files: try SchemaFile.files(in: directory), directory: directory)
    }

    /// Reads files.
    ///
    /// - Parameters:
    ///   - files: The files, `registry.json` among them.
    ///   - directory: What a finding about a missing file names.
    public init(files: [SchemaFile], directory: String = "") {
        var findings: [SchemaFinding] = []
        var documents: [JSONDocument] = []
        var registry: JSONDocument?
        for file in files {
            guard let document = Self.parse(file, &findings) else { continue }
            if file.isRegistry, registry == nil { registry = document } else { documents.append(document) }
        }
        if let registry {
            self.registry = SchemaRegistry(registry, findings: &findings)
        } else {
            self.registry = .standard
            if !files.contains(where: \.isRegistry) {
                findings.append(
                    SchemaFinding(
                        .missingRegistry, rule: .oneHome, severity: .error,
                        file: directory.isEmpty ? "registry.json" : directory + "/registry.json",
                        "there is no registry of prefixes, subdomains and owners",
                        hint: "Begin one with 'openedx-events new', or copy the one of Open edX."))
            }
        }
        let prefixes =
            self.registry.prefixes.isEmpty
            ? EventType.registeredPrefixes : self.registry.prefixes.map(\.name)
        var schemas: [EventSchema] = []
        for document in documents {
            let reader = EventSchemaReader(document, prefixes: prefixes)
            findings += reader.findings
            if let schema = reader.schema { schemas.append(schema) }
        }
        types = Self.histories(schemas, &findings)
        self.documents = documents
        self.findings = findings.sorted()
    }

    private static func parse(_ file: SchemaFile, _ findings: inout [SchemaFinding]) -> JSONDocument? {
        switch file.content {
        case .bytes(let bytes):
            do throws(JSONDocumentError) {
                return try JSONDocument(parsing: bytes, file: file.path)
            } catch {
                findings.append(
                    SchemaFinding(
                        .notJSON, file: file.path, line: error.line, column: error.column, error.message,
                        hint: "Nothing else of the file can be checked until this is mended."))
            }
        case .tooLarge(let size):
            findings.append(
                SchemaFinding(
                    .tooLarge, file: file.path, "the file has \(size) bytes, and \(SchemaFile.limit) at most",
                    hint: "No event of 64 KB needs so much to be said: is it a sample or an export?"))
        case .unreadable(let reason):
            findings.append(SchemaFinding(.unreadable, file: file.path, "the file cannot be read: \(reason)"))
        }
        return nil
    }

    /// Groups the schemas by type; two files of one version, and versions that are missing between others, are findings.
    private static func histories(_ schemas: [EventSchema], _ findings: inout [SchemaFinding]) -> [History] {
        var histories: [History] = []
        for (_, versions) in Dictionary(grouping: schemas, by: \.type.name).sorted(by: { $0.key < $1.key }) {
            var kept: [EventSchema] = []
            for schema in versions.sorted(by: { ($0.minorVersion, $0.file) < ($1.minorVersion, $1.file) }) {
                let place = schema.document.root["x-event"]?["minorversion"]
                if let last = kept.last, last.minorVersion == schema.minorVersion {
                    findings.append(
                        SchemaFinding(
                            .duplicateVersion, rule: .oneHome, severity: .error, in: schema.document,
                            at: place?.offset ?? 0, pointer: "/x-event/minorversion",
                            "'\(last.file)' is minor version \(last.minorVersion) of this type too",
                            hint: "Keep one of them."))
                    continue
                }
                let expected = kept.last.map { $0.minorVersion + 1 } ?? 0
                if schema.minorVersion != expected {
                    findings.append(
                        SchemaFinding(
                            .minorGap, rule: .minorVersion, in: schema.document, at: place?.offset ?? 0,
                            pointer: "/x-event/minorversion",
                            "minor version \(expected) is missing before \(schema.minorVersion)",
                            hint: "Minor versions begin at 0 and grow by 1, and every one that was published stays."))
                }
                kept.append(schema)
            }
            histories.append(History(type: kept[0].type, versions: kept))
        }
        return histories
    }
}
