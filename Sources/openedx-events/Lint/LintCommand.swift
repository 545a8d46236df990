import OpenEdXEvents
import SchemaAuthoring

/// Checks the schemas against the rules about naming, ownership, routing and payloads.
struct LintCommand: Command {
    static let spec = CommandSpec(
        name: "lint",
        summary: "check the schemas of event types against the rules",
        details: [
            "Reads every file of the directory and reports all that is wrong: what is no schema, and what breaks a rule "
                + "of naming, ownership, routing or payloads. Each finding names its place, its rule, and what to do.",
            "What is as it must be is waived in its schema, with a reason: \"waivers\": [{\"rule\": \"OEP41-22\", "
                + "\"field\": \"certificate.download_url\", \"reason\": \"…\"}] in 'x-event'; 'field' may be left out, "
                + "and 'rule' may be the word behind the rule instead, such as 'missing-example'.",
            SchemaOptions.formats,
        ],
        options: [SchemaOptions.directory.spec, SchemaOptions.format.spec],
        examples: [
            .init("lint", "check the schemas in ./schemas"),
            .init("lint --schemas events --format github", "annotate a pull request"),
        ],
        exits: [
            .init(.success, "nothing is found but notes"),
            .init(.findings, "something is found"),
            .init(.unreadable, "a file cannot be read as JSON"),
            .init(.noInput, "the directory is not there or may not be read"),
        ])

    private let directory: String
    private let format: FindingReport.Format

    init(_ arguments: ParsedArguments) {
        directory = SchemaOptions.directory(arguments)
        format = arguments[SchemaOptions.format]
    }

    func run(_ terminal: Terminal) throws -> ExitStatus {
        let catalogue = try SchemaOptions.catalogue(directory)
        let report = FindingReport(catalogue.findings + SchemaLint.findings(in: catalogue))
        report.print(format, of: catalogue.size, on: terminal)
        return report.status
    }
}
