import OpenEdXEvents

/// Shows the events of topics.
struct TailCommand: BusCommand {
    private static let topics = Option<[String]>.texts(
        "topic", short: "t", ValueSpec("TOPIC", .text(suggestions: [])), isRequired: true,
        "the topic, by its full name; may be given several times")
    private static let from = Option<String?>.text("from", StartPoint.value, "where to begin, instead of the end")
    private static let until = Option<String?>.text("until", StartPoint.value, "where to end, instead of never")
    private static let stops = Option<Bool>.flag(
        "no-follow", "end where the topics end now, instead of waiting for new events")
    private static let count = Option<Int?>.number(
        "count", short: "n", "N", in: 1...Int.max, "end after so many events were shown")
    private static let showsAll = Option<Bool>.flag("show-personal-data", "show personal data too")
    private static let format = Option<OutputFormat>.choice(
        "format", short: "f", "FORMAT", default: .text, "laid out for people, or one structured event a line")

    static let spec = CommandSpec(
        name: "tail",
        summary: "show the events of a topic as they come",
        details: [
            "Reads without joining a consumer group and commits nothing: nobody else is disturbed.",
            "WHERE is \(StartPoint.forms).",
            "Personal data is masked: values of members such as email, username, name or pii, and those that schemas "
                + "mark. What is no event that can be read is shown as such; with --format json it is named on the "
                + "errors instead.",
        ],
        options: [topics.spec, from.spec, until.spec, stops.spec, count.spec] + FilterOptions.specs
            + [showsAll.spec] + KafkaOptions.specs + [format.spec],
        examples: [
            .init("tail --topic course-enrollments", "show what comes from now on"),
            .init("tail -t course-enrollments --from 15m --no-follow", "show the last quarter of an hour"),
            .init(
                "tail -t course-enrollments --from beginning --type '*.enrollment.created.v1' "
                    + "--field data.enrollment.mode=verified -n 10",
                "show the first ten verified enrollments"),
            .init("tail -t course-enrollments --from 0@1500 -n 1", "show the event at offset 1500 of partition 0"),
        ],
        exits: [
            .init(.success, "the end was reached, or a signal came"),
            .init(.noInput, "there is no such topic"),
        ] + KafkaOptions.exits)

    let kafka: KafkaOptions
    private let range: ReadingRange
    private let count: Int?
    private let filter: EventFilter
    private let format: OutputFormat
    private let showsAll: Bool

    init(_ arguments: ParsedArguments) throws(UsageError) {
        kafka = try KafkaOptions(arguments)
        var topics: [String] = []
        for topic in arguments[Self.topics] { topics.append(try KafkaOptions.topic(topic, option: "topic")) }
        var end: StartPoint? = arguments[Self.stops] ? .end : nil
        if let until = arguments[Self.until] { end = try StartPoint(until, option: "until") }
        range = ReadingRange(
            topics: topics,
            from: try arguments[Self.from].map { (text) throws(UsageError) in try StartPoint(text, option: "from") }
                ?? .end, until: end)
        count = arguments[Self.count]
        filter = try FilterOptions.filter(arguments)
        format = arguments[Self.format]
        showsAll = arguments[Self.showsAll]
    }

    func run(on bus: any Bus, _ terminal: Terminal, until stop: StopSignal) async throws -> ExitStatus {
        let text = EventText(
            format: format, style: terminal.style, personalData: showsAll ? nil : PersonalData())
        let writer = BackgroundWriter(terminal.output)
        let reader = try await stop.cancelling { () async throws(TransportError) in try await bus.read(range) }
        var left = count ?? Int.max
        try await reader.readAll(until: stop) { batch in
            var output: [UInt8] = []
            for message in batch {
                let read = ReadMessage(message)
                guard filter.matches(read) else { continue }
                if format == .text {
                    output += text.block(read)
                } else if let line = text.line(read) {
                    output += line + [UInt8(ascii: "\n")]
                } else if case .unreadable(let error) = read.content {
                    terminal.complain("openedx-events tail", EventText.unreadable(message, error))
                }
                left -= 1
                if left == 0 { break }
            }
            if !output.isEmpty {
                do throws(SystemFailure) {
                    try await writer.write(output)
                } catch {
                    // Whoever read has seen enough, as with any filter.
                    guard error.isBrokenPipe else {
                        throw CommandFailure(.inputOutput, "cannot write the output: \(error)")
                    }
                    return false
                }
            }
            return left > 0
        }
        return .success
    }
}

extension TopicReader {
    /// Calls the body with one batch after the other until it returns false, the range ends, or the signal is given;
    /// then closes.
    func readAll(until stop: StopSignal, _ body: ([IncomingMessage]) async throws -> Bool) async throws {
        let registration = stop.onGiven { Task { await close() } }
        defer { registration.cancel() }
        do {
            while !stop.isGiven, let batch = try await next(atMost: 500) {
                guard try await body(batch) else { break }
            }
        } catch {
            await close()
            // What closing does to a reader is no failure.
            if stop.isGiven, error is TransportError { return }
            throw error
        }
        await close()
    }
}
