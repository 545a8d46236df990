import KafkaTransport
import OpenEdXEvents

/// Lists topics, and creates what is missing.
struct TopicsCommand: AdminCommand {
    private static let topics = Option<[String]>.texts(
        "topic", short: "t", ValueSpec("TOPIC", .text(suggestions: [])),
        "only this topic, with its settings; may be given several times")
    private static let created = Option<[String]>.texts(
        "create", ValueSpec("TOPIC", .text(suggestions: [])),
        "create this topic unless it is there, and check it if it is; may be given several times")
    private static let partitions = Option<Int>.integer(
        "partitions", "N", in: 1...10_000, default: 4, "with --create: how many partitions")
    private static let replicas = Option<Int?>.number(
        "replicas", "N", in: 1...100, "with --create: how many brokers keep a copy")
    private static let retention = Option<String?>.text(
        "retention", ValueSpec("AGE", .text(suggestions: ["7d"])), "with --create: how long messages are kept")
    private static let settings = Option<[String]>.texts(
        "set", ValueSpec("NAME=VALUE", .text(suggestions: [])),
        "with --create: a setting by Kafka's name; may be given several times")
    private static let isDry = Option<Bool>.flag("dry-run", "with --create: ask whether it would be possible")
    private static let format = Option<OutputFormat>.choice(
        "format", short: "f", "FORMAT", default: .text, "a table, or a line of JSON for each topic")

    private static let forCreation = [partitions.spec, replicas.spec, retention.spec, settings.spec, isDry.spec]

    static let spec = CommandSpec(
        name: "topics",
        summary: "list topics, or create what is missing and check the rest",
        details: [
            "Lists each topic with its partitions, copies, and what is wrong with them: partitions that nobody leads, or "
                + "that have too few complete copies. With --topic, settings that are not the cluster's defaults are "
                + "shown too.",
            "With --create, topics that are missing are created, and for the others it says how they differ from what "
                + "was asked. Nothing is changed about a topic that is there.",
        ],
        options: [topics.spec, created.spec] + forCreation + KafkaOptions.specs + [format.spec],
        examples: [
            .init("topics", "list all topics"),
            .init("topics --topic course-enrollments", "look at one"),
            .init(
                "topics --create stage-course-enrollments --partitions 12 --replicas 3 --retention 7d",
                "provision a topic"),
        ],
        exits: [
            .init(.success, "all is well"),
            .init(.findings, "a topic has something wrong, cannot be created, or differs from what was asked"),
            .init(.noInput, "there is no such topic"),
        ] + KafkaOptions.exits)

    let kafka: KafkaOptions
    private let topics: [String]
    private let plans: [TopicPlan]
    private let isDry: Bool
    private let format: OutputFormat

    init(_ arguments: ParsedArguments) throws(UsageError) {
        kafka = try KafkaOptions(arguments)
        topics = arguments[Self.topics]
        isDry = arguments[Self.isDry]
        format = arguments[Self.format]
        let names = arguments[Self.created]
        if names.isEmpty, let stray = Self.forCreation.first(where: arguments.has) {
            throw UsageError("option '--\(stray.name)' goes with '--create'")
        }
        if !names.isEmpty, !topics.isEmpty { throw UsageError("options '--topic' and '--create' exclude each other") }
        var settings: [String: String] = [:]
        for text in arguments[Self.settings] {
            let parts = text.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw UsageError(
                    "'\(printable(text))' is no value for option '--set'", hint: "It takes NAME=VALUE.")
            }
            settings[parts[0]] = parts[1]
        }
        var retention: Duration?
        if let text = arguments[Self.retention] {
            guard case .ago(let age) = try StartPoint(text, option: "retention") else {
                throw UsageError(
                    "'\(printable(text))' is no value for option '--retention'",
                    hint: "It takes an age such as 90m, 12h or 7d.")
            }
            retention = age
        }
        var plans: [TopicPlan] = []
        for name in names {
            plans.append(
                TopicPlan(
                    try KafkaOptions.topic(name, option: "create"), partitions: arguments[Self.partitions],
                    replicas: arguments[Self.replicas], retention: retention, settings: settings))
        }
        self.plans = plans
    }

    func run(on admin: KafkaAdmin, _ terminal: Terminal) async throws -> ExitStatus {
        if !plans.isEmpty { return try await create(admin, terminal) }
        let found = topics.isEmpty ? try await admin.topics() : try await describe(admin, terminal)
        switch format {
        case .json: for topic in found { terminal.print(try topic.line()) }
        case .text: print(found, terminal)
        }
        return found.allSatisfy { $0.leaderless.isEmpty && $0.underReplicated.isEmpty } ? .success : .findings
    }

    /// The topics with their settings, or without where these are not told.
    private func describe(_ admin: KafkaAdmin, _ terminal: Terminal) async throws -> [TopicDescription] {
        do throws(TransportError) {
            return try await admin.describe(topics)
        } catch {
            guard [.timedOut, .unsupported, .authorization].contains(error.code) else { throw error }
            let found = try await admin.topics().filter { topics.contains($0.name) }
            guard !found.isEmpty else { throw error }
            terminal.printError(terminal.errorStyle.yellow("The settings are not known: " + printable("\(error)")))
            return found
        }
    }

    private func print(_ found: [TopicDescription], _ terminal: Terminal) {
        var table = TextTable(.text("TOPIC"), .number("PARTITIONS"), .number("COPIES"), .text("STATE"))
        for topic in found {
            let copies = Set(topic.partitions.map(\.replicas.count)).sorted().map(String.init)
            table.add(
                printable(topic.name), String(topic.partitions.count), copies.joined(separator: "-"), topic.state)
        }
        for line in table.lines(terminal.style) { terminal.print(line) }
        for topic in found {
            let set = topic.settings.filter { !$0.value.isDefault }.sorted { $0.key < $1.key }
            guard !set.isEmpty else { continue }
            terminal.print("\n" + terminal.style.bold("Settings of \(printable(topic.name)):"))
            for (name, setting) in set { terminal.print("  \(name) = \(printable(setting.value))") }
        }
    }

    /// Creates, and says of a broker that does not know how that it does not.
    private func provision(_ admin: KafkaAdmin) async throws -> ProvisionReport {
        do throws(TransportError) {
            return try await admin.provision(plans, dryRun: isDry)
        } catch {
            guard error.code == .timedOut, (try? await admin.isEmbedded()) == true else { throw error }
            throw TransportError(.unsupported, "creating topics: the broker leaves the request without an answer")
        }
    }

    private func create(_ admin: KafkaAdmin, _ terminal: Terminal) async throws -> ExitStatus {
        let report = try await provision(admin)
        for plan in plans {
            let findings = report.findings.filter { $0.topic == plan.name }
            let failure = report.failures[plan.name]
            let word =
                failure != nil
                ? "failed"
                : report.created.contains(plan.name) ? "created" : findings.isEmpty ? "unchanged" : "differs"
            switch format {
            case .json:
                terminal.print(
                    try JSONWriter.line { json throws(PayloadError) in
                        try json.member("topic", plan.name)
                        try json.member("status", word)
                        try json.member("dry_run", isDry)
                        try json.member("findings", findings.map(\.description))
                        try json.nullable("error", failure?.description)
                    })
            case .text:
                let wording = isDry && word == "created" ? "would be created" : word
                terminal.print("\(printable(plan.name)): \(wording)")
                for finding in findings { terminal.print("  " + printable(finding.description)) }
                if let failure { terminal.print("  " + printable(failure.description)) }
            }
        }
        return report.isAsPlanned ? .success : .findings
    }
}

extension TopicDescription {
    /// What is wrong with it, in a few words.
    fileprivate var state: String {
        var parts: [String] = []
        if !leaderless.isEmpty { parts.append("\(leaderless.count) without a leader") }
        if !underReplicated.isEmpty { parts.append("\(underReplicated.count) with too few copies") }
        return parts.isEmpty ? "well" : parts.joined(separator: ", ")
    }

    /// One line of JSON.
    fileprivate func line() throws(PayloadError) -> String {
        try JSONWriter.line { json throws(PayloadError) in
            try json.member("topic", name)
            try json.member("partitions", partitions.count)
            try json.member("copies", partitions.map(\.replicas.count).min() ?? 0)
            try json.member("leaderless", leaderless)
            try json.member("under_replicated", underReplicated)
            try json.member("settings", settings.filter { !$0.value.isDefault }.mapValues(\.value))
        }
    }
}
