/// The kinds of findings about a file and what it says of its event. Lint and gate have kinds of their own.
extension SchemaFinding.Kind {
    // Files
    static let unreadable = Self("unreadable-file")
    static let notJSON = Self("not-json")
    static let tooLarge = Self("too-large")
    static let notAnObject = Self("not-an-object")
    static let fileName = Self("file-name")
    static let duplicateVersion = Self("duplicate-version")
    static let minorGap = Self("minor-gap")
    static let missingRegistry = Self("missing-registry")
    static let registry = Self("registry")

    // Schemas
    static let dialect = Self("dialect")
    static let identifier = Self("identifier")
    static let notASchema = Self("not-a-schema")
    static let unknownKeyword = Self("unknown-keyword")
    static let wrongValue = Self("wrong-value")
    static let foreignReference = Self("foreign-reference")
    static let danglingReference = Self("dangling-reference")
    static let circularReference = Self("circular-reference")
    static let tooComplex = Self("too-complex")
    /// A keyword whose value it does not take.
    static let invalidSchema = Self("invalid-schema")
    /// A regular expression that is wrong, or too large.
    static let invalidPattern = Self("invalid-pattern")

    // The event's own facts
    static let missingMember = Self("missing-member")
    static let unknownMember = Self("unknown-member")
    static let typeName = Self("type-name")

    /// Whether a finding of the kind means that the file could not be read as JSON at all.
    package var isUnreadable: Bool { self == .unreadable || self == .notJSON || self == .tooLarge }
}
