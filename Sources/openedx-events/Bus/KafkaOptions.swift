import KafkaTransport
import OpenEdXEvents

/// The options by which a command finds Kafka, the same for every command.
struct KafkaOptions: Sendable {
    private static let servers = Option<String?>.text(
        "bootstrap-servers", short: "b", ValueSpec("HOST:PORT[,...]", .text(suggestions: [])),
        variable: "KAFKA_BOOTSTRAP_SERVERS", "the brokers to begin with, over what the file says")
    private static let config = Option<String?>.text(
        "config", short: "c", ValueSpec("FILE", .file),
        "a configuration in JSON: addresses, security, properties of librdkafka")
    private static let timeout = Option<Int>.integer(
        "timeout", "SECONDS", in: 1...3_600, default: 10,
        "how long a broker may take to be found and to answer a question")

    static let specs = [servers.spec, config.spec, timeout.spec]

    static let exits: [CommandSpec.Exit] = [
        .init(.unavailable, "no broker answers"),
        .init(.inputOutput, "the output cannot be written"),
        .init(.noPermission, "the broker refuses the credentials, or what is asked of it"),
        .init(.configuration, "the configuration is wrong, or no broker is named"),
    ]

    private let servers: String?
    private let file: String?
    /// How long to wait for an answer.
    let timeout: Duration

    init(_ arguments: ParsedArguments) throws(UsageError) {
        servers = arguments[Self.servers]
        file = arguments[Self.config]
        timeout = .seconds(arguments[Self.timeout])
    }

    /// Whether an option or variable names a Kafka.
    var isNamed: Bool { servers != nil || file != nil }

    /// Checks a topic's name as the broker would.
    static func topic(_ name: String, option: String) throws(UsageError) -> String {
        if case .failure(let problem) = TopicName.make(name, environment: nil) {
            throw UsageError(
                "'\(printable(name))' is no topic for option '--\(option)'", hint: printable(problem.message))
        }
        return name
    }

    /// Puts the configuration together: the file, over it the variables, over them the options.
    func configuration(_ terminal: Terminal) throws(CommandFailure) -> KafkaConfiguration {
        var configuration: KafkaConfiguration
        do throws(InvalidConfiguration) {
            configuration = try KafkaConfiguration.load(file: file, environment: terminal.environment())
        } catch {
            throw CommandFailure(error)
        }
        if let servers {
            configuration.bootstrapServers = servers.split(separator: ",").map(String.init)
        }
        guard !configuration.bootstrapServers.isEmpty else {
            throw CommandFailure(
                .configuration, "no broker is named",
                hint: "Give --bootstrap-servers HOST:PORT, or --config FILE, or set KAFKA_BOOTSTRAP_SERVERS; "
                    + "'openedx-events dev-broker' runs a broker.")
        }
        return configuration
    }

    /// Makes a bus of the configuration; nothing is sent yet.
    func open(_ terminal: Terminal) throws(CommandFailure) -> any Bus {
        let configuration = try configuration(terminal)
        do throws(InvalidConfiguration) {
            return try KafkaBus(configuration, timeout: timeout, terminal: terminal)
        } catch {
            throw CommandFailure(error)
        }
    }
}

extension CommandFailure {
    /// What the user is told of a configuration that cannot work: all that is wrong, a line each.
    init(_ error: InvalidConfiguration) {
        let lines = error.problems.map { printable("\($0)") }
        self.init(
            .configuration, lines.count == 1 ? lines[0] : "\(lines.count) settings are wrong",
            hint: lines.count == 1 ? nil : lines.map { "  " + $0 }.joined(separator: "\n"))
    }
}
