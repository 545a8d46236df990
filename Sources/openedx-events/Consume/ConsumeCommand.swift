import OpenEdXEvents

/// Hands the events of topics to another program, as a member of a consumer group.
struct ConsumeCommand: BusCommand {
    private static let topics = Option<[String]>.texts(
        "topic", short: "t", ValueSpec("TOPIC", .text(suggestions: [])), isRequired: true,
        "the topic, by its full name, or a pattern behind '^'; may be given several times")
    private static let group = Option<String>.required(
        "group", short: "g", ValueSpec("GROUP", .text(suggestions: [])),
        "the consumer group; its members share the partitions")
    private static let from = Option<String?>.text(
        "from", StartPoint.value, "where a group begins that has committed nothing, instead of the beginning")
    private static let count = Option<Int?>.number(
        "count", short: "n", "N", in: 1...Int.max, "end after so many messages")
    private static let member = Option<String?>.text(
        "member", ValueSpec("NAME", .text(suggestions: [])),
        "a name that outlives a restart: a member that comes back in time keeps its partitions")
    private static let format = Option<OutputFormat>.choice(
        "format", short: "f", "FORMAT", default: .json, "one structured event a line, or laid out for people")

    static let spec = CommandSpec(
        name: "consume",
        summary: "hand the events of a topic to another program, at least once",
        details: [
            "Prints one structured event a line, in order per partition; personal data is not masked, but with --format "
                + "text. A position is committed only after its line was written and flushed: what the next program did "
                + "not get comes again. A signal ends it in good order: what was written is committed, and the "
                + "partitions go to other members at once.",
            "WHERE is 'beginning', 'end', a time, or an age such as 15m.",
            "A message that holds no event is named on the errors with its position and reason, and committed.",
        ],
        options: [topics.spec, group.spec, from.spec, count.spec, member.spec] + KafkaOptions.specs + [format.spec],
        examples: [
            .init("consume --topic course-enrollments --group search | ./index", "feed another program"),
            .init("consume -t course-enrollments -g audit -n 100 > first.jsonl", "keep the next hundred events"),
        ],
        exits: [
            .init(.success, "the count was reached, or a signal came"),
            .init(.unreadable, "the same, and at least one message could not be read"),
            .init(.noInput, "there is no such topic"),
        ] + KafkaOptions.exits)

    let kafka: KafkaOptions
    private let options: SubscriptionOptions
    private let count: Int?
    private let format: OutputFormat

    init(_ arguments: ParsedArguments) throws(UsageError) {
        kafka = try KafkaOptions(arguments)
        var topics: [String] = []
        for topic in arguments[Self.topics] {
            // A pattern is matched against the names of all topics, also of those that come later.
            topics.append(TopicName.isPattern(topic) ? topic : try KafkaOptions.topic(topic, option: "topic"))
        }
        var start = SeekTarget.beginning
        if let from = arguments[Self.from] {
            let point = try StartPoint(from, option: "from")
            if case .offsets = point {
                throw UsageError(
                    "a group does not begin at single offsets",
                    hint: "'openedx-events reset-offsets' moves a group to any place.")
            }
            start = point.target(topics: topics, now: .now())
        }
        options = SubscriptionOptions(
            group: arguments[Self.group], topics: topics, start: start, memberName: arguments[Self.member])
        count = arguments[Self.count]
        format = arguments[Self.format]
    }

    func run(on bus: any Bus, _ terminal: Terminal, until stop: StopSignal) async throws -> ExitStatus {
        let text = EventText(
            format: format, style: terminal.style, personalData: format == .text ? PersonalData() : nil)
        try await stop.cancelling { () async throws(TransportError) in try await bus.reach() }
        let job = ConsumeJob(
            subscription: try await bus.transport.subscribe(options, onChange: { _ in }), terminal: terminal,
            text: text)
        let unreadable = try await job.run(count: count, until: stop)
        return unreadable > 0 ? .unreadable : .success
    }
}
