/// Why a text is no event type name: the rule it breaks, and where.
public struct InvalidEventType: Error, Hashable, Sendable {
    /// The rule that is broken.
    public let rule: Rule
    /// Where in the name the trouble is, in bytes from 0; the name's length if something is missing at its end.
    public let offset: Int
    /// What is wrong and what to do.
    public let message: String

    init(_ rule: Rule = .typeName, at offset: Int, _ message: String) {
        self.rule = rule
        self.offset = offset
        self.message = message
    }
}

extension InvalidEventType: CustomStringConvertible {
    /// One line: rule, offset, message.
    public var description: String { "\(rule) type at byte \(offset): \(message)" }
}
