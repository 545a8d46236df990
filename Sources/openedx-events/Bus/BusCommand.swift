import KafkaTransport
import OpenEdXEvents

/// A command that works on the bus, and that SIGINT and SIGTERM end in good order.
protocol BusCommand: Command {
    /// Which Kafka it works on.
    var kafka: KafkaOptions { get }

    /// Does its work on a bus.
    ///
    /// - Parameter stop: Asks it to end early.
    /// - Throws: ``CommandFailure`` for what the user is to be told; a `TransportError` becomes one.
    func run(on bus: any Bus, _ terminal: Terminal, until stop: StopSignal) async throws -> ExitStatus
}

extension BusCommand {
    func run(_ terminal: Terminal) async throws -> ExitStatus {
        let bus = try kafka.open(terminal)
        return try await run(on: bus, terminal, transports: [bus.transport]) { stop in
            try await run(on: bus, terminal, until: stop)
        }
    }

    /// Runs work until it ends or a signal has stopped it, and tells transport errors to the user.
    func run(
        on bus: any Bus, _ terminal: Terminal, transports: [any EventTransport],
        _ body: @escaping @Sendable (StopSignal) async throws -> ExitStatus
    ) async throws -> ExitStatus {
        BrokenPipe.isAnError()
        let stop = StopSignal()
        let work = StoppableWork(stop) { try await body(stop) }
        return try await work.status {
            try await ShutdownSignals.run($0, transports: transports, limit: .seconds(10))
        }
    }
}

extension StoppableWork where Value == ExitStatus {
    /// Has the work run, and returns the status that the process ends with.
    ///
    /// - Throws: ``CommandFailure`` for what the user is to be told, and whatever else was thrown.
    func status(running: (Self) async throws -> Void) async throws -> ExitStatus {
        do {
            try await running(self)
        } catch let error as TransportError {
            if stop.isGiven, error.code == .cancelled { return .interrupted }
            throw CommandFailure(error)
        } catch let error as ShutdownLimitReached {
            throw CommandFailure(.interrupted, "\(error)")
        }
        return value ?? .interrupted
    }
}

extension CommandFailure {
    /// What the user is told of a transport's error.
    init(_ error: TransportError, hint: String? = nil) {
        let (status, standard): (ExitStatus, String?) =
            switch error.code {
            case .unavailable, .timedOut:
                (.unavailable, "Check the addresses, and that the broker runs: 'openedx-events dev-broker' starts one.")
            case .unknownTopic: (.noInput, "'openedx-events topics' lists what there is.")
            case .authentication:
                (.noPermission, "The user name or secret is wrong, or the broker wants another mechanism.")
            case .authorization: (.noPermission, "The broker's administrator grants permissions for topics and groups.")
            case .invalidArgument: (.configuration, nil)
            case .unsupported:
                (
                    .unavailable,
                    "The embedded broker does not answer this: use a real Kafka, such as the one of 'compose.yaml'."
                )
            default: (.software, nil)
            }
        self.init(status, printable("\(error)"), hint: hint ?? standard)
    }
}
