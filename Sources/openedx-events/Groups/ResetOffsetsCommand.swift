import KafkaTransport
import OpenEdXEvents

/// Moves a consumer group.
struct ResetOffsetsCommand: AdminCommand {
    private static let group = Option<String>.required(
        "group", short: "g", ValueSpec("GROUP", .text(suggestions: [])), "the consumer group; it must be stopped")
    private static let topics = Option<[String]>.texts(
        "topic", short: "t", ValueSpec("TOPIC", .text(suggestions: [])), isRequired: true,
        "the topic; may be given several times")
    private static let to = Option<String>.required("to", StartPoint.value, "where the group is to go on")
    private static let execute = Option<Bool>.flag("execute", "do it, instead of showing what would be done")
    private static let format = Option<OutputFormat>.choice(
        "format", short: "f", "FORMAT", default: .text, "a table, or a line of JSON for each partition")

    static let spec = CommandSpec(
        name: "reset-offsets",
        summary: "move a consumer group to another place; shows first what would be done",
        details: [
            "Shows for each partition where the group is and where it would go on, and how many messages come again or "
                + "are passed over. Only with --execute is anything moved; stop the group's consumers before, since "
                + "their commits would undo it.",
            "WHERE is \(StartPoint.forms); partitions that are not named stay where they are.",
            "With --format json: group, topic, partition, from, to, again, passed_over, executed.",
        ],
        options: [group.spec, topics.spec, to.spec, execute.spec] + KafkaOptions.specs + [format.spec],
        examples: [
            .init(
                "reset-offsets --group search --topic course-enrollments --to 2h", "see what two hours again would be"),
            .init("reset-offsets -g search -t course-enrollments --to 2h --execute", "do it"),
            .init("reset-offsets -g search -t course-enrollments --to 0@1500,3@1420 --execute", "move two partitions"),
        ],
        exits: [
            .init(.success, "done, or shown"),
            .init(.findings, "the group has members, and nothing was moved"),
            .init(.noInput, "there is no such topic or partition"),
        ] + KafkaOptions.exits)

    /// Where a group is and where it is to go on in one partition.
    private struct Move {
        let partition: TopicPartition
        let from: Int64?
        let to: Int64
        /// How many offsets lie between, which come again or are passed over.
        let again: Int64
        let passedOver: Int64
    }

    let kafka: KafkaOptions
    private let group: String
    private let topics: [String]
    private let to: StartPoint
    private let executes: Bool
    private let format: OutputFormat

    init(_ arguments: ParsedArguments) throws(UsageError) {
        kafka = try KafkaOptions(arguments)
        group = arguments[Self.group]
        topics = arguments[Self.topics]
        to = try StartPoint(arguments[Self.to], option: "to")
        executes = arguments[Self.execute]
        format = arguments[Self.format]
    }

    func run(on admin: KafkaAdmin, _ terminal: Terminal) async throws -> ExitStatus {
        let moves = try await moves(admin)
        let members = try await admin.describe(group: group).members
        if executes {
            guard members.isEmpty else {
                throw CommandFailure(.findings, members.refusal(of: group), hint: "Nothing was moved.")
            }
            try await admin.alterOffsets(
                group: group, to: Dictionary(moves.map { ($0.partition, $0.to) }, uniquingKeysWith: { $1 }))
        }
        switch format {
        case .json: for move in moves { terminal.print(try line(move)) }
        case .text:
            var table = TextTable(
                .text("TOPIC"), .number("PARTITION"), .number("FROM"), .number("TO"), .text("MESSAGES"))
            for move in moves {
                let change =
                    move.again > 0
                    ? "\(move.again) come again" : move.passedOver > 0 ? "\(move.passedOver) are passed over" : "none"
                table.add(
                    printable(move.partition.topic), String(move.partition.partition),
                    move.from.map { String($0) } ?? "-", String(move.to), change)
            }
            for line in table.lines(terminal.style) { terminal.print(line) }
            if executes {
                terminal.print(terminal.style.green("Moved."))
            } else {
                if !members.isEmpty { terminal.print(terminal.style.yellow(members.refusal(of: group))) }
                terminal.print("Nothing was moved: add --execute to do it.")
            }
        }
        return .success
    }

    private func moves(_ admin: KafkaAdmin) async throws -> [Move] {
        let targets = try await admin.offsets(of: topics, at: to.target(topics: topics, now: .now()))
        let lags = try await admin.lag(group: group, topics: topics)
        return try lags.compactMap { lag throws(CommandFailure) -> Move? in
            guard let target = targets[lag.partition] else { return nil }
            guard (lag.beginning...max(lag.beginning, lag.end)).contains(target) else {
                throw CommandFailure(
                    .noInput, "there is no offset \(target) in \(lag.partition)",
                    hint: "It keeps \(lag.beginning) to \(lag.end).")
            }
            // A group that has committed nothing begins where its consumers are told to.
            let from = lag.committed.map { min(max($0, lag.beginning), lag.end) }
            return Move(
                partition: lag.partition, from: lag.committed, to: target,
                again: from.map { max(0, $0 - target) } ?? 0, passedOver: from.map { max(0, target - $0) } ?? 0)
        }
    }

    private func line(_ move: Move) throws(PayloadError) -> String {
        try JSONWriter.line { json throws(PayloadError) in
            try json.member("group", group)
            try json.member("topic", move.partition.topic)
            try json.member("partition", move.partition.partition)
            try json.nullable("from", move.from)
            try json.member("to", move.to)
            try json.member("again", move.again)
            try json.member("passed_over", move.passedOver)
            try json.member("executed", executes)
        }
    }
}

extension [ConsumerGroupDescription.Member] {
    /// Why a group with members is not moved.
    fileprivate func refusal(of group: String) -> String {
        let names = Set(map { "\(printable($0.clientID)) on \(printable($0.host))" }).sorted().joined(separator: ", ")
        return
            "group '\(printable(group))' has \(count) \(count == 1 ? "member" : "members"): stop them first (\(names))"
    }
}
