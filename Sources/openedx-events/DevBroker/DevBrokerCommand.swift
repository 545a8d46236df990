import KafkaTransport
import OpenEdXEvents

/// Runs an embedded Kafka for development until it is told to end.
struct DevBrokerCommand: Command {
    private static let topics = Option<[String]>.texts(
        "topic", short: "t", ValueSpec("NAME[:PARTITIONS]", .text(suggestions: [])),
        "create a topic, with 4 partitions unless said otherwise; may be given several times")
    private static let brokers = Option<Int>.integer(
        "brokers", "N", in: 1...32, default: 1, "how many brokers the cluster has")
    private static let format = Option<OutputFormat>.choice(
        "format", short: "f", "FORMAT", default: .text, "how to print the address and the limits")

    static let spec = CommandSpec(
        name: "dev-broker",
        summary: "run an embedded Kafka for development, without installing one",
        details: [
            "Prints its address once it answers, and runs until a signal or Ctrl-C ends it. Clients of any language may "
                + "use it, on this machine. For what it cannot do, see the list that it prints, and 'compose.yaml' for "
                + "a real Kafka.",
            "With --format json: bootstrap_servers, topics, limits, on one line.",
        ],
        options: [topics.spec, brokers.spec, format.spec],
        examples: [
            .init("dev-broker", "run it; topics are created when they are first used"),
            .init("dev-broker --topic course-enrollments:8 --topic notes", "create topics at once"),
        ],
        exits: [
            .init(.success, "a signal ended it"),
            .init(.unavailable, "it could not be started"),
        ])

    private static let standardPartitions = 4

    private let topics: [(name: String, partitions: Int)]
    private let brokers: Int
    private let format: OutputFormat

    init(_ arguments: ParsedArguments) throws(UsageError) {
        var topics: [(name: String, partitions: Int)] = []
        for text in arguments[Self.topics] {
            let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let name = try KafkaOptions.topic(String(parts[0]), option: "topic")
            var partitions = Self.standardPartitions
            if parts.count > 1 {
                guard let number = Int(parts[1]), (1...10_000).contains(number) else {
                    throw UsageError(
                        "'\(printable(text))' is no value for option '--topic'",
                        hint: "Behind the colon stands the number of partitions, 1 to 10000.")
                }
                partitions = number
            }
            guard !topics.contains(where: { $0.name == name }) else {
                throw UsageError("the topic '\(printable(name))' is given twice")
            }
            topics.append((name, partitions))
        }
        self.topics = topics
        brokers = arguments[Self.brokers]
        format = arguments[Self.format]
    }

    func run(_ terminal: Terminal) async throws -> ExitStatus {
        let broker: DevelopmentBroker
        do throws(TransportError) {
            broker = try DevelopmentBroker(
                brokers: brokers,
                topics: Dictionary(topics.map { ($0.name, $0.partitions) }, uniquingKeysWith: { first, _ in first }))
        } catch {
            throw CommandFailure(.unavailable, printable("\(error)"))
        }
        let stop = StopSignal()
        let work = StoppableWork(stop) { [self] in
            // Signals are caught by now: whoever read the address may send one.
            terminal.print(format == .json ? try json(broker) : text(broker, terminal.style))
            if let failure = terminal.output.flush() {
                throw CommandFailure(.inputOutput, "cannot write the address: \(failure)")
            }
            await stop.wait()
        }
        try await ShutdownSignals.run(work)
        broker.close()
        return .success
    }

    private func text(_ broker: DevelopmentBroker, _ style: TextStyle) -> String {
        let address = broker.bootstrapServers.joined(separator: ",")
        let made = topics.map { "  \($0.name), \($0.partitions) partitions" }
        return """
            \(style.bold("An embedded Kafka answers at \(address)"))
            \(made.isEmpty ? "" : "Its topics:\n" + made.joined(separator: "\n") + "\n")
            In another terminal:
              export KAFKA_BOOTSTRAP_SERVERS=\(address)

            It is for development:
            \(DevelopmentBroker.limits.map { "  - " + $0 }.joined(separator: "\n"))

            Ctrl-C ends it.
            """
    }

    private func json(_ broker: DevelopmentBroker) throws(PayloadError) -> String {
        var json = JSONWriter()
        json.beginObject()
        try json.member("bootstrap_servers", broker.bootstrapServers.joined(separator: ","))
        json.key("topics")
        json.beginObject()
        for topic in topics {
            json.key(topic.name)
            json.write(topic.partitions)
        }
        json.endObject()
        try json.member("limits", DevelopmentBroker.limits)
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
