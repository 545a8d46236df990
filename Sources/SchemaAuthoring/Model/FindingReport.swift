public import OpenEdXEvents

/// Findings as text for people, as JSON for programs, or as annotations for GitHub's checks.
public struct FindingReport: Sendable {
    /// A way to write findings.
    public enum Format: String, Sendable, CaseIterable {
        case text
        case json
        case github
    }

    /// The findings, in the order in which they are written.
    public let findings: [SchemaFinding]

    /// Takes findings; they are sorted by place.
    public init(_ findings: [SchemaFinding]) { self.findings = findings.sorted() }

    /// How many findings there are of a severity.
    public func count(_ severity: Finding.Severity) -> Int { findings.count { $0.severity == severity } }

    /// Whether there is nothing but notes.
    public var isClean: Bool { !findings.contains { $0.severity > .note } }

    /// The numbers in a few words, such as `2 errors, 1 warning`; `no findings` if there are none.
    public var summary: String {
        let parts = Finding.Severity.allCases.reversed().compactMap { severity -> String? in
            let count = count(severity)
            return count == 0 ? nil : "\(count) \(severity.rawValue)\(count == 1 ? "" : "s")"
        }
        return parts.isEmpty ? "no findings" : parts.joined(separator: ", ")
    }

    /// One JSON object a finding, each on a line.
    public var jsonLines: [String] {
        findings.map { finding in
            // The writer fails for a number that is not finite alone, of which a finding has none.
            String(decoding: (try? JSONWriter.write(finding)) ?? [], as: UTF8.self)
        }
    }

    /// One workflow command of GitHub a finding.
    public var githubLines: [String] {
        findings.map { finding in
            let command =
                switch finding.severity {
                case .note: "notice"
                case .warning: "warning"
                case .error: "error"
                }
            let title = finding.rule.map { "\($0) \(finding.kind)" } ?? finding.kind.rawValue
            let text = finding.message + (finding.hint.map { "\n" + $0 } ?? "")
            return "::\(command) file=\(Self.property(finding.file)),line=\(finding.line),col=\(finding.column),"
                + "title=\(Self.property(title))::\(Self.message(text))"
        }
    }

    private static func message(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }

    private static func property(_ text: String) -> String {
        message(text).replacing(":", with: "%3A").replacing(",", with: "%2C")
    }
}
