/// Something that is wrong in a schema, and where it stands.
public struct SchemaError: Error, Hashable, Sendable {
    /// The kind of error. The list may grow: a `switch` over it needs a `default`.
    public struct Kind: Hashable, Sendable, CustomStringConvertible {
        /// The name of the kind.
        public let description: String

        /// A schema that is neither an object nor `true` or `false`.
        public static let notASchema = Kind(description: "not a schema")
        /// A keyword that nobody knows.
        public static let unknownKeyword = Kind(description: "unknown keyword")
        /// A keyword's value that the keyword does not take.
        public static let invalidKeyword = Kind(description: "invalid keyword value")
        /// A reference that leads to nothing.
        public static let unresolvedReference = Kind(description: "unresolved reference")
        /// References that lead back to themselves at the same place of the instance.
        public static let circularReference = Kind(description: "circular reference")
        /// A regular expression that is wrong, not supported, or too large.
        public static let invalidPattern = Kind(description: "invalid pattern")
        /// A URI or an anchor that stands for two schemas.
        public static let ambiguousName = Kind(description: "ambiguous name")
        /// A dialect or vocabulary that is required and not supported.
        public static let unsupportedDialect = Kind(description: "unsupported dialect")
    }

    /// The kind of error.
    public let kind: Kind
    /// The file it stands in.
    public let file: String
    /// The line, counted from 1.
    public let line: Int
    /// The column in characters, counted from 1.
    public let column: Int
    /// Where in the document, as a JSON Pointer (RFC 6901).
    public let pointer: String
    /// What is wrong.
    public let message: String
    /// What to do about it.
    public let hint: String
}

extension SchemaError: CustomStringConvertible {
    /// The value as text, for people.
    public var description: String { "\(file):\(line):\(column): \(message)" + (hint.isEmpty ? "" : "; \(hint)") }
}

/// Everything that is wrong in a schema, in the order of files, lines and columns.
public struct SchemaErrors: Error, Hashable, Sendable, CustomStringConvertible {
    /// The errors, at least one.
    public let errors: [SchemaError]

    init(_ errors: [SchemaError]) { self.errors = Self.sorted(errors) }

    static func sorted(_ errors: [SchemaError]) -> [SchemaError] {
        errors.sorted { ($0.file, $0.line, $0.column, $0.message) < ($1.file, $1.line, $1.column, $1.message) }
    }

    /// The errors as text, one a line.
    public var description: String { errors.map(\.description).joined(separator: "\n") }
}
