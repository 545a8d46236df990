/// A text that cannot be the value, or the name, of an attribute: which rule it breaks and where, never the text.
public struct InvalidAttribute: Error, Hashable, Sendable {
    /// The rule that is broken.
    public let rule: Rule
    /// The attribute, in lower case.
    public let attribute: String
    /// Where in the text the trouble is, in bytes of UTF-8; `nil` if it is the text as a whole.
    public let offset: Int?
    /// What is wrong and what to do. Holds no value.
    public let message: String

    /// Creates an error. Put no value into the message.
    public init(_ rule: Rule, attribute: String, offset: Int? = nil, _ message: String) {
        self.rule = rule
        self.attribute = attribute
        self.offset = offset
        self.message = message
    }
}

extension InvalidAttribute: CustomStringConvertible {
    /// One line: rule, attribute, offset, message.
    public var description: String {
        "\(rule) \(attribute)" + (offset.map { " at byte \($0)" } ?? "") + ": " + message
    }
}
