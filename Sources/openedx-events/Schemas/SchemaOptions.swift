import OpenEdXEvents
import SchemaAuthoring

/// What the commands about schemas have in common.
enum SchemaOptions {
    /// Where the schemas are.
    static let directory = Option<String?>.text(
        "schemas", ValueSpec("DIR", .directory), "the directory of schemas (default: schemas)")
    /// How findings are printed.
    static let format = Option<FindingReport.Format>.choice(
        "format", short: "f", "FORMAT", default: .text, "how to print what is found")

    /// What help says of the formats.
    static let formats =
        "With --format json each finding is one line with kind, rule, severity, file, line, column, pointer, message and "
        + "hint; with --format github it is an annotation of a workflow. Notes leave the exit status 0."

    /// The directory that was named, or the usual one.
    static func directory(_ arguments: ParsedArguments) -> String { arguments[directory] ?? "schemas" }

    /// Reads the catalogue of a directory.
    static func catalogue(_ directory: String) throws(CommandFailure) -> SchemaCatalogue {
        do throws(SchemaDirectoryError) {
            return try SchemaCatalogue(directory: directory)
        } catch {
            throw CommandFailure(
                .noInput, "cannot read the schemas in '\(printable(directory))': \(error.reason)",
                hint: "Name their directory with --schemas, or begin one with 'openedx-events new TYPE'.")
        }
    }
}

extension FindingReport {
    /// Prints the findings, and behind them in text what was looked at and how many there are.
    func print(_ format: Format, of subject: String, on terminal: Terminal) {
        switch format {
        case .json: for line in jsonLines { terminal.print(line) }
        case .github: for line in githubLines { terminal.print(line) }
        case .text:
            for finding in findings { terminal.print(finding.text(terminal.style)) }
            terminal.print(terminal.style.bold("\(subject): \(summary)"))
        }
    }

    /// How a command ends that found this: a file that cannot be read weighs more than what is wrong in one.
    var status: ExitStatus {
        if findings.contains(where: \.kind.isUnreadable) { return .unreadable }
        return isClean ? .success : .findings
    }
}

extension SchemaFinding {
    /// The finding as lines for a person: its place, as terminals and editors make it a link, and what to do.
    func text(_ style: TextStyle) -> String {
        let word =
            switch severity {
            case .note: style.blue(severity.rawValue)
            case .warning: style.yellow(severity.rawValue)
            case .error: style.red(severity.rawValue)
            }
        let name = rule.map { "\($0) \(kind)" } ?? kind.rawValue
        let place = style.bold("\(printable(file)):\(line):\(column):")
        let lines = "\(place) \(word): \(printable(message)) \(style.dim("[\(name)]"))"
        return hint.map { "\(lines)\n    \(printable($0))" } ?? lines
    }
}

extension SchemaCatalogue {
    /// How much there is, for a summary.
    var size: String {
        let versions = events.count
        return "\(types.count) event \(types.count == 1 ? "type" : "types"), "
            + "\(versions) \(versions == 1 ? "version" : "versions")"
    }
}
