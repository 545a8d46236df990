import OpenEdXEvents
import SchemaAuthoring

/// What the commands that make files of a catalogue have in common.
enum SchemaOutput {
    /// What the output is called.
    static let title = Option<String?>.text(
        "title", ValueSpec("TEXT", .text(suggestions: [])), "what the catalogue is called (default: Event catalogue)")

    /// The title that was given, or the usual one.
    static func title(_ arguments: ParsedArguments) -> String { arguments[title] ?? "Event catalogue" }

    /// How these commands end.
    static let exits: [CommandSpec.Exit] = [
        .init(.success, "everything is written"),
        .init(.findings, "a schema is wrong, and nothing was written"),
        .init(.unreadable, "a schema cannot be read, and nothing was written"),
        .init(.noInput, "the directory of schemas is not there or may not be read"),
        .init(.inputOutput, "a file cannot be written"),
    ]

    /// Makes files of the catalogue in a directory, unless a schema is wrong, and writes them.
    static func write(
        to output: String, _ terminal: Terminal, from schemas: String, _ files: (SchemaCatalogue) -> [GeneratedFile]
    ) throws(CommandFailure) -> ExitStatus {
        try read(schemas, terminal) { catalogue throws(CommandFailure) in
            let files = files(catalogue)
            do throws(SchemaDirectoryError) {
                try OutputDirectory(output).write(files)
            } catch {
                throw CommandFailure(.inputOutput, "cannot write '\(printable(error.directory))': \(error.reason)")
            }
            terminal.print("\(catalogue.size): \(files.count) files in \(printable(output))")
        }
    }

    /// Reads the catalogue in a directory, and says what is wrong if no output can be made of it.
    static func read(
        _ schemas: String, _ terminal: Terminal, _ body: (SchemaCatalogue) throws(CommandFailure) -> Void
    ) throws(CommandFailure) -> ExitStatus {
        let catalogue = try SchemaOptions.catalogue(schemas)
        guard catalogue.isUsable else {
            let report = FindingReport(catalogue.findings.filter { $0.severity == .error })
            for finding in report.findings { terminal.printError(finding.text(terminal.errorStyle)) }
            terminal.printError("Nothing was written: \(report.summary).")
            return report.status
        }
        try body(catalogue)
        return .success
    }
}
