import InMemoryTransport
import KafkaTransport
import OpenEdXEvents

/// Shows the main job: events are emitted, handled, retried, dead-lettered and redriven.
struct DemoCommand: Command {
    /// Which part of the demonstration a process plays.
    private enum Role: String, CaseIterable, Sendable {
        case all
        case lms
        case services
    }

    private static let events = Option<Int>.integer(
        "events", short: "n", "N", in: DemoServices.fewest...100_000_000, default: 30_000,
        "how many events the LMS emits")
    private static let role = Option<Role>.choice(
        "role", "ROLE", default: .all, "on Kafka: play one part, and leave the others to other processes")
    private static let run = Option<String?>.text(
        "run", ValueSpec("NAME", .text(suggestions: [])),
        "on Kafka: what the names of topics and groups hold, the same for all parts; instead of one made up")
    private static let format = Option<OutputFormat>.choice(
        "format", short: "f", "FORMAT", default: .text, "how to print the result")

    static let spec = CommandSpec(
        name: "demo",
        summary: "show events being emitted, handled, retried, dead-lettered and redriven",
        details: [
            "An LMS emits enrollments, grades and certificates; credentials and search handle them. One handler fails "
                + "twice and is retried; one event goes through the dead-letter topic and is redriven. It ends with a "
                + "table that counts every event.",
            "It all happens in memory, or on Kafka if one is named; there each run has topics of its own, whose names "
                + "begin with 'demo-'.",
        ],
        options: [events.spec, role.spec, run.spec] + KafkaOptions.specs + [format.spec],
        examples: [
            .init("demo", "see it work"),
            .init("demo --events 1000000 --format json", "a longer run, for another program"),
            .init("demo --bootstrap-servers localhost:9092", "the same on Kafka"),
            .init("demo -b localhost:9092 --role services --run one", "only handle, while another process emits"),
        ],
        exits: [.init(.success, "nothing was lost"), .init(.findings, "an event was lost")] + KafkaOptions.exits
            + [.init(.interrupted, "a signal came before the end")])

    private let events: Int
    private let role: Role
    private let run: String?
    private let kafka: KafkaOptions
    private let format: OutputFormat

    init(_ arguments: ParsedArguments) throws(UsageError) {
        events = arguments[Self.events]
        role = arguments[Self.role]
        run = try arguments[Self.run].map { (name) throws(UsageError) in
            try KafkaOptions.topic(name, option: "run")
        }
        kafka = try KafkaOptions(arguments)
        format = arguments[Self.format]
        if role != .all {
            guard kafka.isNamed else {
                throw UsageError("'--role' needs a Kafka", hint: "Name one with '--bootstrap-servers'.")
            }
            guard run != nil else { throw UsageError("'--role' needs a name for the run", hint: "Give '--run NAME'.") }
        }
    }

    func run(_ terminal: Terminal) async throws -> ExitStatus {
        guard kafka.isNamed else {
            return try await play(InMemoryTransport(), DemoStage(run: nil), terminal)
        }
        let configuration = try kafka.configuration(terminal)
        let stage = DemoStage(run: run ?? String(EventID().description.prefix(8)))
        let stop = StopSignal()
        let work = StoppableWork(stop) {
            try await stop.cancelling {
                let admin = try KafkaAdmin(configuration, timeout: kafka.timeout)
                try await admin.closing { try await Self.provision(stage, $0) }
                return try await play(try kafka.open(terminal).transport, stage, terminal)
            }
        }
        do {
            try await ShutdownSignals.run(work, limit: .seconds(10))
        } catch {
            if stop.isGiven { return .interrupted }
            if let error = error as? TransportError { throw CommandFailure(error) }
            throw error
        }
        return work.value ?? .interrupted
    }

    /// Makes the topics, so that nobody looks for one that is not there yet.
    private static func provision(_ stage: DemoStage, _ admin: KafkaAdmin) async throws {
        let found = Set(try await admin.topics().map(\.name))
        let missing = stage.topics.filter { !found.contains($0) }
        guard !missing.isEmpty else { return }
        if try await admin.isEmbedded() { return }
        let report = try await admin.provision(missing.map { TopicPlan($0, partitions: 4) })
        // Another part of the same run may have been faster.
        if let failure = report.failures.values.first(where: { !$0.message.contains("already exists") }) {
            throw failure
        }
    }

    private func play(
        _ transport: any EventTransport, _ stage: DemoStage, _ terminal: Terminal
    ) async throws -> ExitStatus {
        var meter = ProgressMeter(terminal)
        let start = ContinuousClock.now
        let report: DemoReport
        switch role {
        case .all:
            report = try await Demo(events: events, transport: transport, stage: stage).run { emitted in
                meter.update { "\(emitted) of \(events) events emitted" }
            }
            meter.clear()
        case .lms:
            let emitted = try await DemoLMS(events: events, transport: transport, stage: stage).run { emitted in
                meter.update { "\(emitted) of \(events) events emitted" }
            }
            meter.clear()
            await transport.shutDown(within: .seconds(5))
            let rate = DemoReport.rate(emitted.total, start.duration(to: .now))
            terminal.print(
                format == .json
                    ? "{\"emitted\":\(emitted.total),\"emitted_per_second\":\(rate)}"
                    : "\(emitted.total) events emitted, \(rate) a second.")
            return .success
        case .services:
            let events = events
            let outcome = try await DemoServices(transport: transport, stage: stage, patience: .seconds(60)).run {
                DemoReport.Emitted(of: events)
            }
            await transport.shutDown(within: .seconds(5))
            report = DemoReport(
                emitted: .init(of: events), emitting: nil, handling: start.duration(to: outcome.handledAt),
                services: outcome.counts, redriven: outcome.redriven)
        }
        switch format {
        case .text: terminal.print(report.text(terminal.style))
        case .json: terminal.print(report.json)
        }
        return report.isComplete ? .success : .findings
    }
}
