import Foundation
import OpenEdXEvents
import SchemaAuthoring

/// Writes the schemas in another format.
struct ExportCommand: Command {
    private static let target = Operand<ExportFormat>.choice("FORMAT", "the format")
    private static let types = Operand<[String]>.texts(
        "TYPE", "the event types; all of the schemas if none is named")
    private static let output = Option<String?>.text(
        "output", short: "o", ValueSpec("DIR", .directory), "where the files go; standard output if left out")

    static let spec = CommandSpec(
        name: "export",
        summary: "write the schemas in another format",
        details: [
            "avro gives the schema of each event type's data as the running Open edX bus registers it, a file each. "
                + "Of each type the newest minor version is written.",
            "asyncapi gives one AsyncAPI 3.0 document: topics are channels, events are messages, and what owners send "
                + "and consumers receive are operations. Drafts are left out.",
            "markdown gives a page for each event type, and an index of several.",
            "Without --output everything is printed, one document behind the other.",
        ],
        options: [
            SchemaOptions.directory.spec, output.spec, SchemaOutput.title.spec, SchemaOptions.format.spec,
        ],
        operands: [target.spec, types.spec],
        examples: [
            .init(
                "export avro org.openedx.learning.course.enrollment.created.v1", "print one event type's Avro schema"),
            .init("export avro --output build/avro", "write a file for each event type"),
            .init("export asyncapi > asyncapi.json", "describe all topics and messages to AsyncAPI's tools"),
            .init("export markdown --output docs/events", "write pages for a repository"),
        ],
        exits: [
            .init(.success, "everything was written"),
            .init(.findings, "the format cannot say what a schema says"),
            .init(.unreadable, "a schema cannot be read"),
            .init(.noInput, "the directory of schemas is not there, or has no such type"),
            .init(.inputOutput, "a file cannot be written"),
        ])

    private let target: ExportFormat
    private let types: [String]
    private let schemas: String
    private let output: String?
    private let title: String
    private let format: FindingReport.Format

    init(_ arguments: ParsedArguments) {
        target = arguments[Self.target]
        types = arguments[Self.types]
        schemas = SchemaOptions.directory(arguments)
        title = SchemaOutput.title(arguments)
        format = arguments[SchemaOptions.format]
        output = arguments[Self.output]
    }

    func run(_ terminal: Terminal) throws -> ExitStatus {
        let catalogue = try SchemaOptions.catalogue(schemas)
        let errors = catalogue.findings.filter { $0.severity == .error }
        guard errors.isEmpty else { return refuse(errors, terminal) }
        let events = try events(of: catalogue)
        let files: [GeneratedFile]
        do throws(AvroFailure) {
            files = try target.files(events, of: catalogue, title: title)
        } catch {
            return refuse(error.findings, terminal)
        }
        guard let output else {
            for file in files { terminal.print(file.text.hasSuffix("\n") ? String(file.text.dropLast()) : file.text) }
            return .success
        }
        for file in files { try write(file, to: output) }
        terminal.print("\(files.count) \(files.count == 1 ? "file" : "files") in \(printable(output)).")
        return .success
    }

    private func refuse(_ findings: [SchemaFinding], _ terminal: Terminal) -> ExitStatus {
        let report = FindingReport(findings)
        report.print(format, of: "nothing was exported", on: terminal)
        return report.status
    }

    private func events(of catalogue: SchemaCatalogue) throws(CommandFailure) -> [EventSchema] {
        guard !types.isEmpty else { return catalogue.types.map(\.latest) }
        var events: [EventSchema] = []
        for type in types {
            guard let history = catalogue[type] else {
                throw CommandFailure(
                    .noInput, "there is no event type '\(printable(type))' in '\(printable(schemas))'",
                    hint: UsageError.didYouMean(printable(type), among: catalogue.types.map(\.type.name)))
            }
            events.append(history.latest)
        }
        return events
    }

    private func write(_ file: GeneratedFile, to directory: String) throws(CommandFailure) {
        let url = URL(fileURLWithPath: directory).appendingPathComponent(file.path)
        do {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(file.text.utf8).write(to: url, options: .atomic)
        } catch {
            throw CommandFailure(
                .inputOutput,
                "cannot write '\(printable(directory))/\(printable(file.path))': "
                    + printable((error as NSError).localizedDescription))
        }
    }
}

/// The formats that schemas can be written in.
enum ExportFormat: String, CaseIterable, Sendable {
    case avro
    case asyncapi
    case markdown

    /// The files of these events; the title is for formats that have one.
    func files(
        _ events: [EventSchema], of catalogue: SchemaCatalogue, title: String
    ) throws(AvroFailure) -> [GeneratedFile] {
        let types = events.compactMap { catalogue[$0.type.name] }
        switch self {
        case .asyncapi: return [AsyncAPIExport(types, title: title).file]
        case .markdown: return MarkdownExport(types, registry: catalogue.registry, title: title).files
        case .avro:
            var files: [GeneratedFile] = []
            for event in events { files.append(try AvroSchema.file(of: event)) }
            return files
        }
    }
}
