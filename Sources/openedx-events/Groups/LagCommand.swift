import KafkaTransport
import OpenEdXEvents

/// Shows how far consumer groups are.
struct LagCommand: AdminCommand {
    private static let groups = Option<[String]>.texts(
        "group", short: "g", ValueSpec("GROUP", .text(suggestions: [])),
        "the consumer group, instead of all; may be given several times")
    private static let topics = Option<[String]>.texts(
        "topic", short: "t", ValueSpec("TOPIC", .text(suggestions: [])),
        "only this topic, also where nothing is committed yet; may be given several times")
    private static let most = Option<Int?>.number(
        "max", "N", in: 0...Int.max, "end with 1 if a group is further behind than so many messages")
    private static let format = Option<OutputFormat>.choice(
        "format", short: "f", "FORMAT", default: .text, "a table, or a line of JSON for each partition")

    static let spec = CommandSpec(
        name: "lag",
        summary: "show how far consumer groups are behind",
        details: [
            "For each partition: the offset that the group has committed, the one behind the newest message, how many "
                + "lie between, and who reads it. 'LOST' counts what was dropped before the group had read it.",
            "With --format json: group, topic, partition, committed, beginning, end, lag, lost, client.",
        ],
        options: [groups.spec, topics.spec, most.spec] + KafkaOptions.specs + [format.spec],
        examples: [
            .init("lag", "show all groups"),
            .init("lag --group search --max 10000 > /dev/null", "let a monitor know"),
        ],
        exits: [
            .init(.success, "done; no group is further behind than --max"),
            .init(.findings, "a group is further behind than --max"),
            .init(.noInput, "there is no such group or topic"),
        ] + KafkaOptions.exits)

    let kafka: KafkaOptions
    private let groups: [String]
    private let topics: [String]
    private let most: Int?
    private let format: OutputFormat

    init(_ arguments: ParsedArguments) throws(UsageError) {
        kafka = try KafkaOptions(arguments)
        groups = arguments[Self.groups]
        topics = arguments[Self.topics]
        most = arguments[Self.most]
        format = arguments[Self.format]
    }

    func run(on admin: KafkaAdmin, _ terminal: Terminal) async throws -> ExitStatus {
        let names = groups.isEmpty ? try await all(admin) : groups
        var table = TextTable(
            .text("GROUP"), .text("TOPIC"), .number("PARTITION"), .number("COMMITTED"), .number("END"), .number("LAG"),
            .number("LOST"), .text("CLIENT"))
        var isBehind = false
        for group in names {
            let lags = try await admin.lag(group: group, topics: topics.isEmpty ? nil : topics)
            if lags.isEmpty, !groups.isEmpty {
                throw CommandFailure(
                    .noInput, "group '\(printable(group))' has committed nothing and has no members",
                    hint: "'openedx-events lag' lists all groups.")
            }
            if let most, lags.reduce(0, { $0 + $1.lag }) > most { isBehind = true }
            for lag in lags {
                switch format {
                case .json: terminal.print(try Self.line(group, lag))
                case .text:
                    table.add(
                        printable(group), printable(lag.partition.topic), String(lag.partition.partition),
                        lag.committed.map { String($0) } ?? "-", String(lag.end), String(lag.lag), String(lag.lost),
                        lag.clientID.map { printable($0) } ?? "-")
                }
            }
        }
        if format == .text { for line in table.lines(terminal.style) { terminal.print(line) } }
        return isBehind ? .findings : .success
    }

    private func all(_ admin: KafkaAdmin) async throws -> [String] {
        do throws(TransportError) {
            return try await admin.groups()
        } catch {
            guard error.code == .unsupported else { throw error }
            throw CommandFailure(error, hint: "Name the groups with --group.")
        }
    }

    private static func line(_ group: String, _ lag: PartitionLag) throws(PayloadError) -> String {
        try JSONWriter.line { json throws(PayloadError) in
            try json.member("group", group)
            try json.member("topic", lag.partition.topic)
            try json.member("partition", lag.partition.partition)
            try json.nullable("committed", lag.committed)
            try json.member("beginning", lag.beginning)
            try json.member("end", lag.end)
            try json.member("lag", lag.lag)
            try json.member("lost", lag.lost)
            try json.nullable("client", lag.clientID)
        }
    }
}
