import JSONSchema
import OpenEdXEvents
import SchemaAuthoring

/// Holds events against the rules and their schemas, or instances against any schema.
struct ValidateCommand: Command {
    private static let file = Operand<String?>.file("FILE", "the file to read; '-' or nothing is standard input")
    private static let schema = Option<String?>.text(
        "schema", short: "s", ValueSpec("FILE", .file),
        "a JSON Schema 2020-12: the input is then one instance a line, and no events")
    private static let formats = Option<Bool>.flag("formats", "refuse strings that have not the 'format' of the schema")
    private static let resource = Option<[String]>.texts(
        "resource", ValueSpec("URI=FILE", .text(suggestions: [])), "a document that references may lead to, and its URI"
    )
    private static let resources = Option<[String]>.texts(
        "resources", ValueSpec("[URI=]DIR", .directory),
        "a directory of such documents, found by '$id' or by where they stand below the URI")

    static let spec = CommandSpec(
        name: "validate",
        summary: "hold events against the rules and their schemas, or instances against any schema",
        details: [
            "Reads structured CloudEvents, as 'inspect' does: one event, a batch, or one event a line. Each is held "
                + "against the rules of the envelope and against the schema of its type and minor version.",
            "With --schema each line is an instance, whatever it is. Nothing is fetched: what references lead to is "
                + "given by --resource and --resources.",
            "With --format json each event or instance is answered in order by one line: line, valid, findings (rule, "
                + "keyword, severity, pointer, line, column, schema, message), and for an event its type and id. No "
                + "value of an event or instance is ever shown.",
        ],
        options: [
            SchemaOptions.directory.spec, schema.spec, formats.spec, resource.spec, resources.spec,
            SchemaOptions.format.spec,
        ],
        operands: [file.spec],
        examples: [
            .init("validate events.jsonl", "hold events against the schemas in ./schemas"),
            .init("validate --schema user.json --formats --format json users.jsonl", "hold instances against a schema"),
        ],
        exits: [
            .init(.success, "all are valid; notes may have been printed"),
            .init(.findings, "at least one is invalid, or the schema is"),
            .init(.unreadable, "at least one cannot be read, or there is none"),
            .init(.noInput, "the file or the schemas are not there or may not be read"),
        ])

    /// How many bytes of one event or instance are kept.
    private static let limit = 16 << 20

    private let input: EventInput
    private let directory: String
    private let schema: String?
    private let resources: [String]
    private let directories: [String]
    private let format: FindingReport.Format
    private let options: JSONSchema.SchemaOptions

    init(_ arguments: ParsedArguments) throws(UsageError) {
        input = EventInput(path: arguments[Self.file])
        schema = arguments[Self.schema]
        directory = SchemaOptions.directory(arguments)
        resources = arguments[Self.resource]
        directories = arguments[Self.resources]
        format = arguments[SchemaOptions.format]
        options = JSONSchema.SchemaOptions(formats: arguments[Self.formats] ? .assertion : .annotation)
        guard schema == nil else { return }
        for option in [Self.resource.spec, Self.resources.spec] where arguments.has(option) {
            throw UsageError("option '--\(option.name)' goes with '--schema'")
        }
    }

    func run(_ terminal: Terminal) throws -> ExitStatus {
        guard let schema else { return try validateEvents(terminal) }
        let source = SchemaSource(path: schema, resources: resources, directories: directories)
        switch try source.compile(options) {
        case .success(let compiled): return try validateInstances(compiled, terminal)
        case .failure(let list):
            let report = FindingReport(list.findings)
            report.print(format, of: "'\(printable(schema))'", on: terminal)
            return .findings
        }
    }

    // MARK: Instances

    private func validateInstances(_ schema: CompiledSchema, _ terminal: Terminal) throws -> ExitStatus {
        let validator = InstanceValidator(schema: schema, limit: Self.limit)
        var splitter = LineSplitter(limit: Self.limit)
        var summary = ValidationSummary()
        let source = try input.open(terminal)
        while true {
            let chunk = try input.read(source)
            if chunk.isEmpty { break }
            try splitter.consume(chunk) { line in try report(validator.answer(line), &summary, terminal) }
        }
        try splitter.finish { line in try report(validator.answer(line), &summary, terminal) }
        if format == .text { terminal.print(terminal.style.bold(summary.text("instance"))) }
        return summary.status
    }

    // MARK: Events

    private func validateEvents(_ terminal: Terminal) throws -> ExitStatus {
        let catalogue = try SchemaOptions.catalogue(directory)
        let schemas = CompiledCatalogue(catalogue, options: options)
        let broken = (catalogue.findings + schemas.findings).count { $0.severity == .error }
        if broken > 0 {
            terminal.printError(
                "\(broken) \(broken == 1 ? "error" : "errors") in the schemas of '\(printable(directory))': "
                    + "'openedx-events lint' tells which.")
        }
        let validator = EventValidator(catalogue: catalogue, schemas: schemas, limit: Self.limit)
        var splitter = EventSplitter(limit: Self.limit)
        var summary = ValidationSummary()
        let source = try input.open(terminal)
        while true {
            let chunk = try input.read(source)
            if chunk.isEmpty { break }
            try splitter.consume(chunk) { piece in
                try report(validator.answer(summary.total, piece), &summary, terminal)
            }
        }
        try splitter.finish { piece in try report(validator.answer(summary.total, piece), &summary, terminal) }
        guard summary.total > 0 || splitter.foundBatch else { throw EventInput.holdsNoEvent }
        if format == .text { terminal.print(terminal.style.bold(summary.text("event"))) }
        return summary.status
    }

    private func report(
        _ answer: ValidationAnswer, _ summary: inout ValidationSummary, _ terminal: Terminal
    ) throws {
        summary.add(answer)
        switch format {
        case .text: terminal.print(answer.text(terminal.style))
        case .json: terminal.print(try answer.json())
        case .github: for line in answer.github(file: input.path ?? "-") { terminal.print(line) }
        }
    }
}
