/// Why an envelope cannot be read or may not be written: which rule, which attribute, where, never with which value.
public struct EnvelopeError: Error, Sendable {
    /// The kind of failure. The list may grow: a `switch` over it needs a `default`.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The name of the code.
        public let description: String

        package init(_ name: String) { description = name }

        /// The bytes are not UTF-8.
        public static let notUTF8 = Code("not UTF-8")
        /// The bytes are not a JSON document.
        public static let notJSON = Code("not JSON")
        /// The JSON document is not an object.
        public static let notAnObject = Code("not an object")
        /// The document is nested too deep.
        public static let tooDeep = Code("too deep")
        /// An attribute stands twice.
        public static let duplicate = Code("duplicate")
        /// An attribute that is required is absent or empty.
        public static let missing = Code("missing")
        /// An attribute breaks its rule.
        public static let invalid = Code("invalid")
        /// The event is larger than 65 536 bytes as structured JSON.
        public static let tooLarge = Code("too large")
        /// The message is in no format that is known.
        public static let unknownFormat = Code("unknown format")
    }

    private final class Storage: Sendable {
        let code: Code
        let rule: Rule
        let attribute: String?
        let offset: Int?
        let message: String

        init(code: Code, rule: Rule, attribute: String?, offset: Int?, message: String) {
            self.code = code
            self.rule = rule
            self.attribute = attribute
            self.offset = offset
            self.message = message
        }
    }

    // One reference, so that a call that may throw costs nothing where it does not.
    private let storage: Storage

    /// Creates an error. Put no value of an attribute or of the data into the message.
    public init(
        _ code: Code, rule: Rule, attribute: String? = nil, offset: Int? = nil, _ message: String
    ) {
        storage = Storage(code: code, rule: rule, attribute: attribute, offset: offset, message: message)
    }

    /// The kind of failure.
    public var code: Code { storage.code }
    /// The rule that is broken.
    public var rule: Rule { storage.rule }
    /// The attribute concerned; `nil` for the document as a whole.
    public var attribute: String? { storage.attribute }
    /// Where in the document, in bytes, if it is known.
    public var offset: Int? { storage.offset }
    /// What is wrong and what to do. Holds no value.
    public var message: String { storage.message }
}

extension EnvelopeError: CustomStringConvertible {
    /// One line: rule, attribute, offset, message.
    public var description: String {
        var line = rule.description
        if let attribute { line += " \(attribute)" }
        if let offset { line += " at byte \(offset)" }
        return line + ": " + message
    }
}

extension EnvelopeError: Equatable {
    /// Errors are equal if code, rule and attribute are.
    public static func == (left: EnvelopeError, right: EnvelopeError) -> Bool {
        left.code == right.code && left.rule == right.rule && left.attribute == right.attribute
    }
}

extension EnvelopeError {
    /// The error of a document that is not JSON.
    init(_ error: JSONError) {
        let (code, rule): (Code, Rule) =
            switch error.code {
            case .invalidUTF8: (.notUTF8, .messageSize)
            case .tooDeep: (.tooDeep, .jsonFormat)
            case .duplicateName: (.duplicate, .jsonFormat)
            case .tooLarge: (.tooLarge, .messageSize)
            default: (.notJSON, .messageSize)
            }
        self.init(code, rule: rule, offset: error.offset, "the document is not sound JSON: \(error.code)")
    }
}
