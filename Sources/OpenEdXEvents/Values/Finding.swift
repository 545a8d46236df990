/// A rule that an event breaks: which one, where, and what to do about it, never the value itself.
public struct Finding: Hashable, Sendable, Codable {
    /// How grave a finding is.
    public enum Severity: String, Sendable, Codable, CaseIterable, Comparable {
        /// The event follows the rules, but a reader should know.
        case note
        /// A rule that should be followed is broken.
        case warning
        /// A mandatory rule is broken: this library would not emit the event.
        case error

        /// Whether one severity is less grave than another.
        public static func < (left: Severity, right: Severity) -> Bool { left.rank < right.rank }

        private var rank: Int {
            switch self {
            case .note: 0
            case .warning: 1
            case .error: 2
            }
        }
    }

    /// The rule that is broken.
    public let rule: Rule
    /// How grave it is.
    public let severity: Severity
    /// The attribute concerned, in lower case; `nil` for the document as a whole.
    public let attribute: String?
    /// Where the value begins in the document, in bytes; `nil` where the attribute is absent or in a header.
    public let offset: Int?
    /// What is wrong and what to do. Holds no value.
    public let message: String

    /// Creates a finding; without a severity, a mandatory rule is an error and any other a warning.
    public init(
        _ rule: Rule, attribute: String? = nil, offset: Int? = nil, severity: Severity? = nil, _ message: String
    ) {
        self.rule = rule
        self.severity = severity ?? (rule.isMandatory ? .error : .warning)
        self.attribute = attribute
        self.offset = offset
        self.message = message
    }
}

extension Finding: CustomStringConvertible {
    /// One line: severity, rule, attribute, offset, message.
    public var description: String {
        var line = "\(severity.rawValue) \(rule)"
        if let attribute { line += " \(attribute)" }
        if let offset { line += " at byte \(offset)" }
        return line + ": " + message
    }
}
