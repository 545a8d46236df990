/// What a run of the whole suite found.
public struct ConformanceReport: Sendable, CustomStringConvertible {
    /// The name of the transport.
    public let transport: String
    /// The names of the cases that passed.
    public internal(set) var passed: [String] = []
    /// One failure for each case that failed.
    public internal(set) var failures: [ConformanceFailure] = []
    /// The cases that did not run, and why.
    public internal(set) var notRun: [(name: String, reason: String)] = []

    init(transport: String) { self.transport = transport }

    /// Whether no case failed. Look at ``notRun`` too: what did not run is not shown.
    public var isConformant: Bool { failures.isEmpty }

    /// A line of counts, then each failure and each case that did not run.
    public var description: String {
        var lines = ["\(transport): \(passed.count) passed, \(failures.count) failed, \(notRun.count) not run"]
        lines += failures.map { "failed: \($0)" }
        lines += notRun.map { "not run: \($0.name), because \($0.reason)" }
        return lines.joined(separator: "\n")
    }
}
