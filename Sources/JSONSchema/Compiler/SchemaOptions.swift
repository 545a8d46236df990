/// How schemas are compiled.
public struct SchemaOptions: Sendable {
    /// What `format` means.
    public enum FormatMode: Sendable {
        /// A remark, which refuses nothing: the default of JSON Schema 2020-12.
        case annotation
        /// An assertion: a string that has not the named form is refused. Formats that are not known refuse nothing.
        case assertion
    }

    /// What becomes of keywords that neither JSON Schema nor this package knows.
    public enum UnknownKeywords: Sendable {
        /// They are taken for annotations, as JSON Schema wants it, and listed in ``CompiledSchema/notes``.
        case noted
        /// They are errors: for schemas that are written here, where one is a slip of the pen.
        case refused
    }

    /// What `format` means. A schema whose meta-schema has the format-assertion vocabulary asserts in either case.
    public var formats: FormatMode
    /// What becomes of unknown keywords.
    public var unknownKeywords: UnknownKeywords
    /// Formats beyond those of JSON Schema, asserted in ``FormatMode/assertion``: each says whether a string has it.
    public var customFormats: [String: @Sendable (String) -> Bool]
    /// How many findings a validation reports at most, at least 1.
    public var maximumFindings: Int
    /// How many steps, one for each schema that meets a value, a validation may take before it is given up as invalid.
    public var maximumSteps: Int

    /// Creates options; what is not given has its default.
    public init(
        formats: FormatMode = .annotation, unknownKeywords: UnknownKeywords = .noted,
        customFormats: [String: @Sendable (String) -> Bool] = [:], maximumFindings: Int = 100,
        maximumSteps: Int = 20_000_000
    ) {
        self.formats = formats
        self.unknownKeywords = unknownKeywords
        self.customFormats = customFormats
        self.maximumFindings = max(maximumFindings, 1)
        self.maximumSteps = maximumSteps
    }
}

/// The documents that references may lead to, each under its absolute URI. Nothing is ever fetched.
///
/// The meta-schemas of JSON Schema 2020-12 need not be given.
public struct SchemaResources: Sendable {
    /// No documents.
    public static let none = SchemaResources()
    private var documents: [String: JSONDocument] = [:]

    /// Creates an empty collection.
    public init() {}

    /// Creates a collection of documents by their absolute URIs.
    public init(_ documents: [String: JSONDocument]) {
        for (uri, document) in documents { add(document, at: uri) }
    }

    /// Adds a document under an absolute URI, in place of one that is there. A fragment in the URI is ignored.
    public mutating func add(_ document: JSONDocument, at uri: String) {
        documents[SchemaURI(uri).withoutFragment] = document
    }

    /// Adds a document under its own `$id`; `false` if it has none.
    @discardableResult public mutating func add(_ document: JSONDocument) -> Bool {
        guard let id = document.root["$id"]?.string else { return false }
        add(document, at: id)
        return true
    }

    /// The document at a URI without fragment.
    func document(at uri: String) -> JSONDocument? { documents[uri] }

    /// The documents in the order of their URIs.
    var all: [(uri: String, document: JSONDocument)] {
        documents.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }
}
