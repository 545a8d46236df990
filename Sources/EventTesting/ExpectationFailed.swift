/// What a test expected of the bus, and what it saw instead. Thrown, so that any test framework reports it.
public struct ExpectationFailed: Error, Sendable, CustomStringConvertible {
    /// What was expected, what was seen, and where the expectation stands.
    public let description: String

    package init(_ message: String, file: StaticString, line: UInt) {
        description = "\(message) (\(file):\(line))"
    }
}
