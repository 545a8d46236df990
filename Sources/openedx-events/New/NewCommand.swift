import Foundation
import OpenEdXEvents
import SchemaAuthoring

/// Begins the schema of an event type, or of its next version.
struct NewCommand: Command {
    private static let type = Operand<String?>.text(
        "TYPE", "the event type, such as org.openedx.learning.note.created.v1; asked for at a terminal")
    private static let summary = Option<String?>.text(
        "summary", ValueSpec("TEXT", .text(suggestions: [])), "what the event states, in a sentence")
    private static let owner = Option<String?>.text(
        "owner", ValueSpec("REPOSITORY", .text(suggestions: [])), "the repository of the service that emits it")
    private static let source = Option<String?>.text(
        "source", ValueSpec("SOURCE", .text(suggestions: [])), "the source of its events, such as /openedx/lms/web")
    private static let topic = Option<String?>.text(
        "topic", ValueSpec("TOPIC", .text(suggestions: [])), "the topic, without the environment's prefix")
    private static let key = Option<String?>.text(
        "key", ValueSpec("PATH", .text(suggestions: [])), "the path in the data to the key, such as note.note_uuid")
    private static let field = Option<[String]>.texts(
        "field", ValueSpec("NAME:TYPE", .text(suggestions: [])),
        "a field, with ',optional' and ',personal' where it is; may be given several times")
    private static let output = Option<String?>.text(
        "output", short: "o", ValueSpec("DIR", .directory),
        "where generated Swift files go (default: Sources/EventSchemas/Generated, with the usual schemas)")

    static let spec = CommandSpec(
        name: "new",
        summary: "begin the schema of an event type, or its next version",
        details: [
            "Writes a schema file that obeys the rules, with an example, and generates its typed event in Swift. It is "
                + "a draft, which may change freely until it is published. What is not given is derived, or asked for "
                + "at a terminal.",
            "For a type that is published it begins the next minor version, to which fields are added as optional ones; "
                + "for the next major version (….v2) it begins with what the one before has. An event of a subject "
                + "that others are about begins with their data.",
            "The types of fields are \(ScaffoldField.types.joined(separator: ", ")); more can be written into the file.",
        ],
        options: [
            summary.spec, owner.spec, source.spec, topic.spec, key.spec, field.spec, SchemaOptions.directory.spec,
            output.spec,
        ],
        operands: [type.spec],
        examples: [
            .init("new", "be asked for everything"),
            .init(
                "new org.openedx.learning.note.shared.v1 --owner openedx/edx-notes-api --field note_uuid:uuid "
                    + "--field text:string,optional,personal", "begin a new event type"),
            .init("new org.openedx.learning.badge.awarded.v1 --field level:integer", "begin its next minor version"),
        ],
        exits: [
            .init(.success, "the files are written"),
            .init(.findings, "the schemas that are there have errors, which come first"),
            .init(.inputOutput, "a file cannot be written"),
        ])

    private let arguments: ParsedArguments
    private let directory: String
    private let fields: [ScaffoldField]

    init(_ arguments: ParsedArguments) throws(UsageError) {
        self.arguments = arguments
        directory = SchemaOptions.directory(arguments)
        var fields: [ScaffoldField] = []
        for text in arguments[Self.field] {
            do throws(ScaffoldProblem) {
                fields.append(try ScaffoldField(text))
            } catch {
                throw UsageError(printable(error.message), hint: error.hint)
            }
        }
        self.fields = fields
    }

    func run(_ terminal: Terminal) throws -> ExitStatus {
        let catalogue = try catalogue()
        let errors = catalogue.findings.filter { $0.severity == .error && $0.kind.rawValue != "missing-registry" }
        guard errors.isEmpty else {
            FindingReport(errors).print(.text, of: catalogue.size, on: terminal)
            terminal.printError("Mend these first: nothing was written.")
            return .findings
        }
        let request = try request(catalogue, terminal)
        let scaffold: SchemaScaffold
        do throws(ScaffoldProblem) {
            scaffold = try SchemaScaffold(request, in: catalogue)
        } catch {
            throw CommandFailure(.usage, printable(error.message), hint: error.hint)
        }
        let isFirst = catalogue.registry.document == nil
        if isFirst { try write(Self.registry(scaffold, request), to: "registry.json", terminal) }
        try write(scaffold.bytes, to: scaffold.path, terminal)
        let output = try generate(terminal)
        terminal.print(NextSteps(scaffold: scaffold, directory: directory, output: output).text(terminal.style))
        return .success
    }

    // MARK: What is asked for

    private func request(_ catalogue: SchemaCatalogue, _ terminal: Terminal) throws -> SchemaScaffold.Request {
        var questions = Questions(terminal)
        let isAsking = terminal.isInputInteractive
        var type = arguments[Self.type]
        if type == nil, isAsking {
            terminal.print(
                "An event type is named {reverse DNS}.{subdomain}.{subject}.{action}.v{N}, the action in the past tense."
            )
            type = try questions.ask("Event type")
        }
        guard let type else {
            throw CommandFailure(
                .usage, "the argument TYPE is missing", hint: "Such as org.openedx.learning.note.created.v1.")
        }
        var request = SchemaScaffold.Request(type: type)
        request.summary = arguments[Self.summary]
        request.owner = arguments[Self.owner]
        request.source = arguments[Self.source]
        request.topic = arguments[Self.topic]
        request.key = arguments[Self.key]
        request.fields = fields
        guard isAsking, arguments[Self.type] == nil, catalogue[type] == nil else { return request }
        if request.summary == nil { request.summary = try questions.ask("What it states, in a sentence") }
        if request.owner == nil {
            let owners = (try? EventType(type)).map { SchemaScaffold.candidates(for: $0, in: catalogue.registry) } ?? []
            request.owner = try questions.ask("The repository of the service that emits it", standard: owners.first)
        }
        if request.fields.isEmpty {
            terminal.print("Fields, one a line as NAME:TYPE[,optional][,personal]; an empty line ends.")
            for text in try questions.askAll("Field") {
                do throws(ScaffoldProblem) {
                    request.fields.append(try ScaffoldField(text))
                } catch {
                    terminal.printError(printable(error.message) + (error.hint.map { "\n" + $0 } ?? ""))
                }
            }
        }
        return request
    }

    // MARK: Files

    /// What is there; in a directory that is not, nothing, with the names that every catalogue may use.
    private func catalogue() throws(CommandFailure) -> SchemaCatalogue {
        guard FileManager.default.fileExists(atPath: directory) else { return SchemaCatalogue(files: []) }
        return try SchemaOptions.catalogue(directory)
    }

    /// A registry for the first type of a directory: Open edX's names, and the owner.
    private static func registry(_ scaffold: SchemaScaffold, _ request: SchemaScaffold.Request) -> [UInt8] {
        SchemaRegistry.beginning(with: scaffold.type, owner: request.owner ?? "")
    }

    private func write(_ bytes: [UInt8], to path: String, _ terminal: Terminal) throws(CommandFailure) {
        let url = URL(fileURLWithPath: directory).appendingPathComponent(path)
        do {
            try FileManager.default.createDirectory(
                at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
            try Data(bytes).write(to: url, options: .withoutOverwriting)
        } catch {
            throw CommandFailure(
                .inputOutput,
                "cannot write '\(printable(directory))/\(path)': \((error as NSError).localizedDescription)")
        }
        terminal.print("wrote \(printable(directory))/\(path)")
    }

    /// Generates the typed events anew, where it is known where they go.
    ///
    /// - Returns: the directory; `nil` if none is known.
    private func generate(_ terminal: Terminal) throws -> String? {
        let standard = "Sources/EventSchemas/Generated"
        // The usual directory belongs to the usual schemas: types of others would replace what is there.
        let isUsual = directory == "schemas" && FileManager.default.fileExists(atPath: standard)
        guard let output = arguments[Self.output] ?? (isUsual ? standard : nil) else { return nil }
        let emitter = SwiftEmitter(try SchemaOptions.catalogue(directory))
        guard emitter.findings.isEmpty else {
            FindingReport(emitter.findings).print(.text, of: "nothing was generated", on: terminal)
            return output
        }
        do throws(SchemaDirectoryError) {
            for difference in try GeneratedDirectory(output).update(to: emitter.files) {
                let verb = difference.kind == .stale ? "removed" : "wrote"
                terminal.print("\(verb) \(printable(output))/\(difference.path)")
            }
        } catch {
            throw CommandFailure(.inputOutput, "cannot write \(printable(error.description))")
        }
        return output
    }
}

/// What an author does next, in words.
struct NextSteps {
    let scaffold: SchemaScaffold
    let directory: String
    let output: String?

    func text(_ style: TextStyle) -> String {
        let options = directory == "schemas" ? "" : " --schemas \(printable(directory))"
        let file = "\(printable(directory))/\(scaffold.path)"
        let generate =
            "openedx-events generate\(options)" + (output.map { " --output \(printable($0))" } ?? " --output DIR")
        var steps: [(String, String)] = []
        switch scaffold.kind {
        case .newType:
            steps.append(
                ("Open \(file): say what the event states and what each field holds, and fill the example.", ""))
        case .nextMinor(let last):
            steps.append(
                (
                    "Open \(file): add fields, each optional, nullable and with \"default\": null. Minor version \(last) "
                        + "stays as it is.", ""
                ))
        case .nextMajor(let old):
            steps.append(
                (
                    "Open \(file): change what has to change. '\(old)' is emitted beside it for a time, with the same time "
                        + "(OEP41-16).", ""
                ))
        }
        steps += [
            ("See whether it obeys the rules:", "openedx-events lint\(options)"),
            ("Bring the typed event '\(scaffold.title)' up to date with the schema:", generate),
            ("Hold an event that your service emits against it:", "openedx-events validate\(options) event.json"),
            ("See it documented beside the others:", "openedx-events catalogue\(options)"),
            (
                "When others may rely on it, set \"status\" to \"published\", and see that nothing breaks:",
                "openedx-events check\(options) --against HEAD"
            ),
        ]
        let lines = steps.enumerated().flatMap { index, step in
            ["  \(index + 1). \(step.0)"] + (step.1.isEmpty ? [] : ["       \(style.cyan(step.1))"])
        }
        return ([style.bold("Next:")] + lines).joined(separator: "\n")
    }
}
