import OpenEdXEvents

/// Reads events and reports every rule that they break.
struct InspectCommand: Command {
    private static let file = Operand<String?>.file("FILE", "the file to read; '-' or nothing is standard input")
    private static let format = Option<OutputFormat>.choice(
        "format", short: "f", "FORMAT", default: .text, "how to print what is found")

    static let spec = CommandSpec(
        name: "inspect",
        summary: "read events and report every rule that they break",
        details: [
            "Reads structured CloudEvents: one event, a batch (a JSON array), or one event a line. Each finding names "
                + "its rule, its severity and its place; values of attributes and of data are never shown.",
            "With --format json each event gives one line: index, line, status (valid, findings, unreadable), type, "
                + "id, findings, error. Offsets count bytes of the input from 0, lines and columns (in bytes) from 1.",
        ],
        options: [format.spec],
        operands: [file.spec],
        examples: [
            .init("inspect events.jsonl", "inspect a file with one event a line"),
            .init("inspect --format json - < event.json", "inspect standard input, for another program"),
        ],
        exits: [
            .init(.success, "all events are valid; notes may have been printed"),
            .init(.findings, "at least one event breaks a rule"),
            .init(.unreadable, "at least one event cannot be read, or there is none"),
            .init(.noInput, "the file is not there or may not be read"),
        ])

    /// How many bytes of one event are kept: far more than an event may have, so that what it is can be said.
    private static let limit = 16 << 20

    private let input: EventInput
    private let format: OutputFormat

    init(_ arguments: ParsedArguments) {
        input = EventInput(path: arguments[Self.file])
        format = arguments[Self.format]
    }

    func run(_ terminal: Terminal) throws -> ExitStatus {
        let source = try input.open(terminal)
        var splitter = EventSplitter(limit: Self.limit)
        var summary = InspectionSummary()
        var progress = ProgressMeter(terminal)
        var size = 0
        while true {
            let chunk = try input.read(source)
            if chunk.isEmpty { break }
            size += chunk.count
            try splitter.consume(chunk) { piece in try report(piece, &summary, terminal) }
            progress.update { "\(summary.events) events, \(size >> 20) MiB" }
        }
        try splitter.finish { piece in try report(piece, &summary, terminal) }
        progress.clear()
        guard summary.events > 0 || splitter.foundBatch else {
            throw EventInput.holdsNoEvent
        }
        if format == .text { terminal.print(terminal.style.bold(summary.text)) }
        return summary.status
    }

    private func report(
        _ piece: EventSplitter.Piece, _ summary: inout InspectionSummary, _ terminal: Terminal
    ) throws {
        let inspection = Inspection(index: summary.events, piece, limit: Self.limit)
        summary.add(inspection)
        switch format {
        case .text: terminal.print(inspection.text(terminal.style))
        case .json: terminal.print(try inspection.json())
        }
    }
}
