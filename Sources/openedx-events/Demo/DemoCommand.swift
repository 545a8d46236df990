import InMemoryTransport
import OpenEdXEvents

/// Shows the main job: events are emitted, handled, retried, dead-lettered and redriven.
struct DemoCommand: Command {
    private static let events = Option<Int>.integer(
        "events", short: "n", "N", in: DemoServices.fewest...100_000_000, default: 30_000,
        "how many events the LMS emits")
    private static let format = Option<OutputFormat>.choice(
        "format", short: "f", "FORMAT", default: .text, "how to print the result")

    static let spec = CommandSpec(
        name: "demo",
        summary: "show events being emitted, handled, retried, dead-lettered and redriven",
        details: [
            "An LMS emits enrollments, grades and certificates; credentials and search handle them. One handler fails "
                + "twice and is retried; one event goes through the dead-letter topic and is redriven. It all happens "
                + "in memory, and ends with a table that counts every event."
        ],
        options: [events.spec, format.spec],
        examples: [
            .init("demo", "see it work"),
            .init("demo --events 1000000 --format json", "a longer run, for another program"),
        ],
        exits: [.init(.success, "nothing was lost"), .init(.findings, "an event was lost")])

    private let events: Int
    private let format: OutputFormat

    init(_ arguments: ParsedArguments) {
        events = arguments[Self.events]
        format = arguments[Self.format]
    }

    func run(_ terminal: Terminal) async throws -> ExitStatus {
        var meter = ProgressMeter(terminal)
        let report = try await Demo(events: events, transport: InMemoryTransport()).run { emitted in
            meter.update { "\(emitted) of \(events) events emitted" }
        }
        meter.clear()
        switch format {
        case .text: terminal.print(report.text(terminal.style))
        case .json: terminal.print(report.json)
        }
        return report.isComplete ? .success : .findings
    }
}
