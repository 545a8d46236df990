/// A case that a transport does not pass: what was expected, what was seen, and where in the suite.
public struct ConformanceFailure: Error, Sendable, CustomStringConvertible {
    /// The name of the case; empty outside a case.
    public var caseName: String
    /// What the transport owes.
    public let expected: String
    /// What it did instead.
    public let seen: String
    /// The file of the suite that found it.
    public let fileID: String
    /// The line in that file.
    public let line: Int

    /// Creates a conformance failure from its parts.
    public init(
        expected: String, seen: String, caseName: String = "", fileID: String = #fileID, line: Int = #line
    ) {
        self.caseName = caseName
        self.expected = expected
        self.seen = seen
        self.fileID = fileID
        self.line = line
    }

    /// Three lines: case and place, what was expected, what was seen.
    public var description: String {
        "\(caseName.isEmpty ? "conformance" : caseName) (\(fileID):\(line))\n  expected: \(expected)\n  seen: \(seen)"
    }
}

/// Throws a failure unless the condition holds.
func expect(
    _ condition: Bool, _ expected: @autoclosure () -> String, seen: @autoclosure () -> String = "the opposite",
    fileID: String = #fileID, line: Int = #line
) throws(ConformanceFailure) {
    guard condition else {
        throw ConformanceFailure(expected: expected(), seen: seen(), fileID: fileID, line: line)
    }
}

/// Throws a failure unless both are the same.
func expectEqual<Value: Equatable>(
    _ seen: Value, _ expected: Value, _ what: @autoclosure () -> String, fileID: String = #fileID, line: Int = #line
) throws(ConformanceFailure) {
    guard seen == expected else {
        throw ConformanceFailure(
            expected: "\(what()): \(expected)", seen: "\(seen)", fileID: fileID, line: line)
    }
}
