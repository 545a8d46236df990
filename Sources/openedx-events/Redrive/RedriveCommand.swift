import OpenEdXEvents

/// Sends dead letters back to where they came from.
struct RedriveCommand: BusCommand {
    private static let group = Option<String>.required(
        "group", short: "g", ValueSpec("GROUP", .text(suggestions: [])),
        "the consumer group whose dead letters they are")
    private static let topic = Option<String?>.text(
        "topic", short: "t", ValueSpec("TOPIC", .text(suggestions: [])),
        "the dead-letter topic, by its full name, instead of GROUP-dead-letter")
    private static let handlers = Option<[String]>.texts(
        "handler", ValueSpec("NAME", .text(suggestions: [])),
        "only what this handler failed on; may be given several times")
    private static let limit = Option<Int?>.number(
        "limit", short: "n", "N", in: 1...Int.max, "send back so many at the most")
    private static let isDry = Option<Bool>.flag("dry-run", "list the dead letters, and send nothing")
    private static let format = Option<OutputFormat>.choice(
        "format", short: "f", "FORMAT", default: .text, "how to print the result")

    static let spec = CommandSpec(
        name: "redrive",
        summary: "send dead letters back to the topics that they came from",
        details: [
            "Each goes back once, whole, to its topic and partition, marked for the group and the handler that failed: "
                + "consumers of other groups, and the handlers that did their work, pass it over. What was sent back is "
                + "not sent again by a later redrive; what was passed over stays. Works on what lies there when it "
                + "begins; run one redrive of a group at a time.",
            "Look first with --dry-run, which lists position, type, id, handler, attempts, reason and time, and no "
                + "value of any event.",
        ],
        options: [group.spec, topic.spec, handlers.spec] + FilterOptions.specs + [limit.spec, isDry.spec]
            + KafkaOptions.specs + [format.spec],
        examples: [
            .init("redrive --group search --dry-run", "see what lies there, and why"),
            .init("redrive --group search --handler index-enrollment", "send back what this handler failed on"),
        ],
        exits: [
            .init(.success, "done, even if there was nothing to send"),
            .init(.noInput, "there is no dead-letter topic"),
        ] + KafkaOptions.exits + [.init(.interrupted, "a signal came before the end; what was sent is told")])

    let kafka: KafkaOptions
    private let group: String
    private let topic: String?
    private let handlers: Set<String>
    private let filter: EventFilter
    private let limit: Int
    private let isDry: Bool
    private let format: OutputFormat

    init(_ arguments: ParsedArguments) throws(UsageError) {
        kafka = try KafkaOptions(arguments)
        group = arguments[Self.group]
        topic = arguments[Self.topic]
        if let topic { _ = try KafkaOptions.topic(topic, option: "topic") }
        handlers = Set(arguments[Self.handlers])
        filter = try FilterOptions.filter(arguments)
        limit = arguments[Self.limit] ?? Int.max
        isDry = arguments[Self.isDry]
        format = arguments[Self.format]
    }

    func run(on bus: any Bus, _ terminal: Terminal, until stop: StopSignal) async throws -> ExitStatus {
        let queue: DeadLetterQueue
        do throws(InvalidConfiguration) {
            queue = try DeadLetterQueue(transport: bus.transport, group: group, topic: topic)
        } catch {
            throw CommandFailure(.usage, printable("\(error)"), hint: "Name the topic with --topic.")
        }
        try await stop.cancelling { () async throws(TransportError) in try await bus.reach() }
        if isDry { return try await list(queue, terminal) }
        let (handlers, filter) = (handlers, filter)
        let report = try await queue.redrive(upTo: limit) { letter in
            !stop.isGiven && Self.matches(letter, handlers, filter)
        }
        switch format {
        case .json:
            terminal.print(
                "{\"redriven\":\(report.redriven),\"passed_over\":\(report.passedOver),\"foreign\":\(report.foreign)}")
        case .text:
            terminal.print(
                "\(report.redriven) sent back, \(report.passedOver) passed over"
                    + (report.foreign > 0 ? ", \(report.foreign) are no dead letters of this group" : ""))
        }
        return stop.isGiven ? .interrupted : .success
    }

    private static func matches(_ letter: DeadLetter, _ handlers: Set<String>, _ filter: EventFilter) -> Bool {
        if !handlers.isEmpty {
            guard let handler = letter.handler, handlers.contains(handler) else { return false }
        }
        return filter.isEmpty || filter.matches(ReadMessage(letter.original))
    }

    private func list(_ queue: DeadLetterQueue, _ terminal: Terminal) async throws -> ExitStatus {
        let letters = try await queue.letters(upTo: 100_000).filter { Self.matches($0, handlers, filter) }
        for letter in letters.prefix(limit) {
            let line = DeadLetterLine(letter)
            terminal.print(format == .json ? try line.json() : line.text(terminal.style))
        }
        if format == .text {
            let count = min(letters.count, limit)
            terminal.print(
                terminal.style.bold("\(count) dead \(count == 1 ? "letter" : "letters") would be sent back"))
        }
        return .success
    }
}
