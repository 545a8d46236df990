import Foundation
import OpenEdXEvents
import SchemaAuthoring

/// Compares the schemas with what was published, and refuses what would break those who rely on it.
struct CheckCommand: Command {
    private static let against = Option<String>.required(
        "against", ValueSpec("REF|DIR", .directory),
        "what was published: a commit, tag or branch of git, or a directory of schemas")

    static let spec = CommandSpec(
        name: "check",
        summary: "compare the schemas with what was published, and refuse what breaks",
        details: [
            "Within a major version every change is a compatible addition, in a new file with the next minor version. "
                + "What is removed, renamed, retyped, newly required, narrowed or closed, another key path, topic or "
                + "owner, a dropped mark of personal data, and an edit of what was published is a break: it needs a new "
                + "major version beside the old one. Drafts may change freely; so may descriptions, examples, comments, "
                + "order and formatting.",
            "Each finding names its place, its rule, and what to do. " + SchemaOptions.formats,
        ],
        options: [against.spec, SchemaOptions.directory.spec, SchemaOptions.format.spec],
        examples: [
            .init("check --against origin/main", "compare ./schemas with what the main branch has"),
            .init("check --against v1.4.0 --schemas events", "compare ./events with what a release had"),
            .init("check --against ../published/schemas", "compare with a directory"),
        ],
        exits: [
            .init(.success, "nothing is found but notes"),
            .init(.findings, "something is found that is no break"),
            .init(.breaking, "a change breaks what was published"),
            .init(.unreadable, "a file cannot be read as JSON"),
            .init(.noInput, "the schemas, or what was published, cannot be read"),
        ])

    private let against: String
    private let directory: String
    private let format: FindingReport.Format

    init(_ arguments: ParsedArguments) {
        against = arguments[Self.against]
        directory = SchemaOptions.directory(arguments)
        format = arguments[SchemaOptions.format]
    }

    func run(_ terminal: Terminal) throws -> ExitStatus {
        let working = try SchemaOptions.catalogue(directory)
        let published = try published()
        if let broken = published.findings.first(where: \.kind.isUnreadable) {
            throw CommandFailure(
                .noInput, "cannot read what was published: \(printable(broken.description))",
                hint: "Name another commit or directory: without it, nothing can be said of the changes.")
        }
        let gate = SchemaGate.findings(from: published, to: working)
        let report = FindingReport(working.findings + CompiledCatalogue(working).findings + gate)
        report.print(format, of: "\(working.size) against \(published.size)", on: terminal)
        if published.types.isEmpty {
            terminal.printError("Nothing was published at '\(printable(against))': there is nothing to break.")
        }
        return gate.contains(where: SchemaGate.isBreak) ? .breaking : report.status
    }

    /// What a directory of the name holds, else what git has by that name.
    private func published() throws(CommandFailure) -> SchemaCatalogue {
        var isDirectory: ObjCBool = false
        if FileManager.default.fileExists(atPath: against, isDirectory: &isDirectory), isDirectory.boolValue {
            return try SchemaOptions.catalogue(against)
        }
        do throws(GitSchemas.Failure) {
            return SchemaCatalogue(files: try GitSchemas.files(in: directory, at: against))
        } catch {
            throw CommandFailure(.noInput, printable(error.message), hint: error.hint)
        }
    }
}
