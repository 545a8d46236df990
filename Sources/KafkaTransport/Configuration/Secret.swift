/// A value that is used but never shown: a password, a key, a token.
///
/// Its description is `***` everywhere: in text, in `dump`, and in a debugger's mirror. Equal if the values are.
public struct Secret: Sendable, Hashable, ExpressibleByStringLiteral {
    /// The value itself, for the one place that needs it.
    package let value: String

    /// Keeps a value.
    public init(_ value: String) { self.value = value }

    /// Keeps a literal, for tests and examples.
    public init(stringLiteral value: String) { self.value = value }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// `***`, whatever the value.
    public var description: String { "***" }

    /// `***`, whatever the value.
    public var debugDescription: String { "***" }

    /// A mirror without children.
    public var customMirror: Mirror { Mirror(self, children: []) }
}
