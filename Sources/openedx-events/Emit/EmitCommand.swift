import OpenEdXEvents

/// Sends events to a topic.
struct EmitCommand: BusCommand {
    private static let topic = Option<String>.required(
        "topic", short: "t", ValueSpec("TOPIC", .text(suggestions: [])), "the topic, by its full name")
    private static let keyPath = Option<String?>.text(
        "key-path", short: "k", ValueSpec("PATH", .text(suggestions: ["subject", "data."])),
        "take each key from an attribute, or from a path into the data that begins with 'data.'")
    private static let key = Option<String?>.text(
        "key", ValueSpec("TEXT", .text(suggestions: [])), "give every event this key")
    private static let mode = Option<EmitPlan.Mode>.choice(
        "mode", short: "m", "MODE", default: .structured, "one JSON document, or attributes as headers (rule 40)")
    private static let rules = Option<EmitPlan.Rules>.choice(
        "rules", "RULES", default: .openedx,
        "what is not sent: what breaks a mandatory rule of Open edX, or only CloudEvents' own")
    private static let type = Option<String?>.text(
        "type", ValueSpec("TYPE", .text(suggestions: [])), "make one event of this type, with --data")
    private static let data = Option<String?>.text(
        "data", short: "d", ValueSpec("JSON", .text(suggestions: [])), "the data of that event, or @FILE that holds it")
    private static let source = Option<String?>.text(
        "source", ValueSpec("SOURCE", .text(suggestions: [])), "its source, instead of \(SingleEvent.standardSource)")
    private static let minorVersion = Option<Int>.integer(
        "minor-version", "N", in: 0...Int(Int32.max), default: 0, "its minor version")
    private static let subject = Option<String?>.text(
        "subject", ValueSpec("TEXT", .text(suggestions: [])), "what it is about")
    private static let time = Option<String?>.text(
        "time", ValueSpec("TIME", .text(suggestions: [])), "when it happened, instead of now")
    private static let format = Option<OutputFormat>.choice(
        "format", short: "f", "FORMAT", default: .text, "how to print the outcomes")
    private static let file = Operand<String?>.file("FILE", "the file to read; '-' or nothing is standard input")

    private static let single = [type.spec, data.spec, source.spec, minorVersion.spec, subject.spec, time.spec]

    static let spec = CommandSpec(
        name: "emit",
        summary: "send events to a topic",
        details: [
            "Reads structured CloudEvents, one a line (one laid out over several lines, or a JSON array, will do too), "
                + "and sends each as it stands; or makes one event of --type and --data. What breaks a mandatory rule "
                + "is not sent. The input is read as it is sent, in bounded memory, however long it is.",
            "Prints one outcome a line, in the order of the input: 'stored' with topic[partition]@offset, 'failed' with "
                + "the rule or the broker's reason, 'unreadable' with the place. With --format json: index, line, "
                + "status, type, id, topic, partition, offset, error. An interrupt lets what is under way end, and "
                + "tells what was not sent.",
            "Events of one key stay in order. Without a key they are spread over the partitions.",
        ],
        options: [topic.spec, keyPath.spec, key.spec, mode.spec, rules.spec] + single + KafkaOptions.specs
            + [format.spec],
        operands: [file.spec],
        examples: [
            .init(
                "emit --topic course-enrollments --key-path data.enrollment.course.course_key events.jsonl",
                "send a file of events, those of one course in order"),
            .init(
                "emit -t notes --type org.openedx.learning.note.created.v1 --data '{\"note_id\":\"7\"}'",
                "make one event and send it"),
            .init(
                "tail -t old --from beginning --no-follow --format json --show-personal-data | "
                    + "openedx-events emit -t new --rules cloudevents",
                "copy events, also those of services that break Open edX's rules"),
        ],
        exits: [
            .init(.success, "every event was acknowledged"),
            .init(.findings, "at least one event was not stored"),
            .init(.unreadable, "at least one event cannot be read, or there is none; the others were sent"),
            .init(.noInput, "the file is not there or may not be read"),
        ] + KafkaOptions.exits + [.init(.interrupted, "a signal came before the end of the input")])

    let kafka: KafkaOptions
    private let plan: EmitPlan
    private let event: SingleEvent?
    private let input: EventInput
    private let format: OutputFormat

    init(_ arguments: ParsedArguments) throws(UsageError) {
        kafka = try KafkaOptions(arguments)
        format = arguments[Self.format]
        input = EventInput(path: arguments[Self.file])
        var plan = EmitPlan(
            topic: try KafkaOptions.topic(arguments[Self.topic], option: "topic"), mode: arguments[Self.mode],
            rules: arguments[Self.rules])
        plan.key = try Self.key(arguments)
        self.plan = plan
        event = try Self.event(arguments)
    }

    private static func key(_ arguments: ParsedArguments) throws(UsageError) -> EmitPlan.Key {
        switch (arguments[key], arguments[keyPath]) {
        case (nil, nil): return .none
        case (_?, _?): throw UsageError("options '--key' and '--key-path' exclude each other")
        case (let text?, nil): return .text(text)
        case (nil, let path?):
            guard !path.contains(".") || path.hasPrefix("data.") else {
                throw UsageError(
                    "'\(printable(path))' is no attribute", hint: "A path into the data begins with 'data.'.")
            }
            do throws(InvalidAttribute) {
                return .path(try JSONKeyPath(path))
            } catch {
                throw UsageError("'\(printable(path))' is no key path: \(error.message)")
            }
        }
    }

    private static func event(_ arguments: ParsedArguments) throws(UsageError) -> SingleEvent? {
        guard arguments.has(type.spec) || arguments.has(data.spec) else {
            if let stray = single.first(where: arguments.has) {
                throw UsageError(
                    "option '--\(stray.name)' belongs to a single event", hint: "Give --type and --data too.")
            }
            return nil
        }
        guard let type = arguments[type], let data = arguments[data] else {
            throw UsageError("options '--type' and '--data' go together")
        }
        guard arguments[file] == nil else {
            throw UsageError("a single event is made of its options: there is no use for a file")
        }
        return try SingleEvent(
            type: type, data: data, source: arguments[source], minorVersion: arguments[minorVersion],
            subject: arguments[subject], time: arguments[time])
    }

    func run(on bus: any Bus, _ terminal: Terminal, until stop: StopSignal) async throws -> ExitStatus {
        let lines = try lines(terminal)
        try await stop.cancelling { () async throws(TransportError) in try await bus.reach() }
        let job = EmitJob(transport: bus.transport, terminal: terminal, format: format)
        let result = try await job.run(lines, until: stop)
        if format == .text, result.summary.events > 1 { terminal.print(terminal.style.bold(result.summary.text)) }
        if let failure = result.failure { throw failure }
        return result.summary.status
    }

    /// The events, read and made into messages on a thread of their own.
    private func lines(_ terminal: Terminal) throws(CommandFailure) -> BackgroundReader<EmitLine> {
        if let event {
            let document = try event.document(terminal)
            let line = plan.line(
                0, EventSplitter.Piece(offset: 0, line: 1, column: 1, content: .document(document)))
            return BackgroundReader(limit: 1) { push in _ = push(line, 1) }
        }
        let source = try input.open(terminal)
        let (plan, input) = (plan, input)
        return BackgroundReader(limit: EmitJob.readAhead) { push in
            var splitter = EventSplitter(limit: EmitPlan.limit)
            var count = 0
            func take(_ piece: EventSplitter.Piece) throws(EndOfReading) {
                let line = plan.line(count, piece)
                count += 1
                guard push(line, line.cost) else { throw EndOfReading() }
            }
            do {
                while true {
                    let chunk = try input.read(source)
                    if chunk.isEmpty { break }
                    try splitter.consume(chunk, take)
                }
                try splitter.finish(take)
            } catch is EndOfReading {
                return
            }
            if count == 0, !splitter.foundBatch { throw EventInput.holdsNoEvent }
        }
    }
}

/// Nobody wants more.
private struct EndOfReading: Error {}
