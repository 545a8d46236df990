import OpenEdXEvents

/// Sends a range of a topic once more.
struct ReplayCommand: BusCommand {
    private static let topic = Option<String>.required(
        "topic", short: "t", ValueSpec("TOPIC", .text(suggestions: [])), "the topic to read, by its full name")
    private static let from = Option<String>.required("from", StartPoint.value, "where the range begins")
    private static let until = Option<String?>.text(
        "until", StartPoint.value, "where it ends, instead of the end as it is when the command begins")
    private static let into = Option<String?>.text(
        "into", ValueSpec("TOPIC", .text(suggestions: [])), "send copies to this topic")
    private static let group = Option<String?>.text(
        "group", short: "g", ValueSpec("GROUP", .text(suggestions: [])),
        "send copies to the same topic, marked for this consumer group alone")
    private static let handler = Option<String?>.text(
        "handler", ValueSpec("NAME", .text(suggestions: [])), "with --group: for this handler alone")
    private static let isDry = Option<Bool>.flag("dry-run", "count the events of the range, and send nothing")
    private static let format = Option<OutputFormat>.choice(
        "format", short: "f", "FORMAT", default: .text, "how to print the result")

    static let spec = CommandSpec(
        name: "replay",
        summary: "send a range of a topic once more, to another topic or to one group",
        details: [
            "With --into, copies go to another topic, with key, headers and value as they are; those of one key stay in "
                + "order.",
            "With --group, copies go to the end of the same partitions, marked for one consumer group: consumers made "
                + "with this library that are of other groups pass them over; other consumers see them again. The group "
                + "goes on meanwhile, and an inbox that remembers an event absorbs its copy. To read everything from a "
                + "place again instead, stop the group and use 'reset-offsets'.",
            "WHERE is \(StartPoint.forms); partitions that are not named are left out then.",
        ],
        options: [topic.spec, from.spec, until.spec, into.spec, group.spec, handler.spec] + FilterOptions.specs
            + [isDry.spec] + KafkaOptions.specs + [format.spec],
        examples: [
            .init(
                "replay -t course-enrollments --from 2026-03-14T10:00:00Z --until 2026-03-14T11:00:00Z --group search",
                "let one group handle an hour again"),
            .init("replay -t course-enrollments --from beginning --into course-enrollments-copy", "copy a topic"),
        ],
        exits: [
            .init(.success, "all events of the range were stored"),
            .init(.findings, "at least one was not stored; where to go on is told"),
            .init(.noInput, "there is no such topic"),
        ] + KafkaOptions.exits + [.init(.interrupted, "a signal came before the end; where to go on is told")])

    let kafka: KafkaOptions
    private let range: ReadingRange
    private let destination: ReplayJob.Destination
    private let filter: EventFilter
    private let isDry: Bool
    private let format: OutputFormat

    init(_ arguments: ParsedArguments) throws(UsageError) {
        kafka = try KafkaOptions(arguments)
        let topic = try KafkaOptions.topic(arguments[Self.topic], option: "topic")
        range = ReadingRange(
            topics: [topic], from: try StartPoint(arguments[Self.from], option: "from"),
            until: try arguments[Self.until].map { (text) throws(UsageError) in
                try StartPoint(text, option: "until")
            } ?? .end)
        switch (arguments[Self.into], arguments[Self.group]) {
        case (let into?, nil):
            guard into != topic else {
                throw UsageError(
                    "'--into' names the topic itself: every consumer would see each event once more",
                    hint: "'--group' sends them to one group alone.")
            }
            destination = .topic(try KafkaOptions.topic(into, option: "into"))
        case (nil, let group?): destination = .group(group, handler: arguments[Self.handler])
        case (nil, nil), (_?, _?): throw UsageError("either '--into' or '--group' must be given")
        }
        if arguments.has(Self.handler.spec), arguments[Self.group] == nil {
            throw UsageError("option '--handler' goes with '--group'")
        }
        filter = try FilterOptions.filter(arguments)
        isDry = arguments[Self.isDry]
        format = arguments[Self.format]
    }

    func run(on bus: any Bus, _ terminal: Terminal, until stop: StopSignal) async throws -> ExitStatus {
        let reader = try await stop.cancelling { () async throws(TransportError) in try await bus.read(range) }
        let job = ReplayJob(
            transport: bus.transport, destination: destination, filter: filter, isDry: isDry, terminal: terminal)
        let result = try await job.run(reader, until: stop)
        switch format {
        case .json: terminal.print(result.json)
        case .text: terminal.print(result.text(isDry: isDry))
        }
        if let failure = result.failure {
            throw CommandFailure(.findings, printable("\(failure)"), hint: result.continuation)
        }
        if stop.isGiven { throw CommandFailure(.interrupted, "interrupted", hint: result.continuation) }
        return .success
    }
}
