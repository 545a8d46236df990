import OpenEdXEvents
import SchemaAuthoring

/// Writes typed events in Swift, or says what has drifted.
struct GenerateCommand: Command {
    private static let output = Option<String?>.text(
        "output", short: "o", ValueSpec("DIR", .directory),
        "where the Swift files go (default: Sources/EventSchemas/Generated)")
    private static let access = Option<SwiftEmitter.Access>.choice(
        "access", "ACCESS", default: .public, "who may use the types")
    private static let check = Option<Bool>.flag("check", "write nothing; name the files that differ")

    static let spec = CommandSpec(
        name: "generate",
        summary: "write typed events in Swift from the schemas",
        details: [
            "Each event type becomes a structure with its own reader and writer, its coding keys and its schema; so does "
                + "each data class. The files belong into version control: the same schemas give the same text.",
            "Strings of the formats course-key, usage-key, library-key, container-key and collection-key become keys with "
                + "parts; times, dates and UUIDs stay the text that they are. Enumerations stay open: values that a later "
                + "minor version adds are kept.",
            "Files in the directory that were generated before and that no schema gives any more are removed; files "
                + "that were not generated are never touched. A service's own package needs the products OpenEdXEvents "
                + "and OpaqueKeys.",
        ],
        options: [SchemaOptions.directory.spec, output.spec, access.spec, check.spec, SchemaOptions.format.spec],
        examples: [
            .init("generate", "bring the generated files up to date"),
            .init("generate --check", "fail if they are not, as in continuous integration"),
            .init(
                "generate --output Sources/Notes/Events --access internal", "generate into a service's own package"),
        ],
        exits: [
            .init(.success, "the files are up to date"),
            .init(.findings, "with --check: files differ. Or a schema cannot be generated"),
            .init(.unreadable, "a schema cannot be read"),
            .init(.noInput, "the directory of schemas is not there"),
            .init(.inputOutput, "a file cannot be written"),
        ])

    private let schemas: String
    private let output: GeneratedDirectory
    private let access: SwiftEmitter.Access
    private let isCheck: Bool
    private let format: FindingReport.Format

    init(_ arguments: ParsedArguments) {
        schemas = SchemaOptions.directory(arguments)
        output = GeneratedDirectory(arguments[Self.output] ?? "Sources/EventSchemas/Generated")
        access = arguments[Self.access]
        isCheck = arguments[Self.check]
        format = arguments[SchemaOptions.format]
    }

    func run(_ terminal: Terminal) throws -> ExitStatus {
        let catalogue = try SchemaOptions.catalogue(schemas)
        let errors = catalogue.findings.filter { $0.severity == .error }
        let emitter = SwiftEmitter(catalogue, access: access)
        let findings = errors.isEmpty ? emitter.findings : errors
        guard findings.isEmpty else {
            let report = FindingReport(findings)
            report.print(format, of: "nothing was generated", on: terminal)
            return report.status
        }
        return isCheck ? try check(emitter.files, terminal) : try update(emitter.files, terminal)
    }

    private func check(_ files: [GeneratedFile], _ terminal: Terminal) throws -> ExitStatus {
        let differences: [GeneratedDirectory.Difference]
        do throws(SchemaDirectoryError) {
            differences = try output.differences(from: files)
        } catch {
            throw CommandFailure(.noInput, "cannot read \(printable(error.description))")
        }
        for difference in differences { terminal.print("\(difference.kind.rawValue): \(path(difference))") }
        guard differences.isEmpty else {
            terminal.printError("Run 'openedx-events generate' and commit what it writes.")
            return .findings
        }
        return .success
    }

    private func update(_ files: [GeneratedFile], _ terminal: Terminal) throws -> ExitStatus {
        do throws(SchemaDirectoryError) {
            let differences = try output.update(to: files)
            for difference in differences {
                switch difference.kind {
                case .missing: terminal.print("written: \(path(difference))")
                case .changed, .foreign: terminal.print("changed: \(path(difference))")
                case .stale: terminal.print("removed: \(path(difference))")
                }
            }
            let summary = differences.isEmpty ? "all as they were" : "\(differences.count) written or removed"
            terminal.print(terminal.style.bold("\(files.count) files: \(summary)"))
            return .success
        } catch {
            throw CommandFailure(.inputOutput, "cannot write \(printable(error.description))")
        }
    }

    private func path(_ difference: GeneratedDirectory.Difference) -> String {
        "\(printable(output.path))/\(printable(difference.path))"
    }
}
