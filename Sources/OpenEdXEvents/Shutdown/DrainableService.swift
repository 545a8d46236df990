#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Something that runs until it is asked to stop in good order, such as ``EventConsumer``.
public protocol DrainableService: Sendable {
    /// Runs; returns when it has stopped.
    func run() async throws

    /// Asks for a stop in good order and returns at once.
    func shutDown()
}

extension EventConsumer: DrainableService {}

/// A signal that the system sends to a process.
public struct ProcessSignal: Hashable, Sendable, CustomStringConvertible {
    /// The signal's number.
    public let number: Int32

    /// Creates a process signal from its parts.
    public init(_ number: Int32) { self.number = number }

    /// How orchestrators and service managers ask a process to end.
    public static let terminate = ProcessSignal(SIGTERM)
    /// How a person at a terminal does.
    public static let interrupt = ProcessSignal(SIGINT)

    /// The signal's name where it has one here, else its number.
    public var description: String {
        switch self {
        case .terminate: "SIGTERM"
        case .interrupt: "SIGINT"
        default: "signal \(number)"
        }
    }
}

/// Services did not stop within the limit and were cancelled.
public struct ShutdownLimitReached: Error, Hashable, Sendable, CustomStringConvertible {
    /// The limit.
    public let limit: Duration
    /// How many services were cancelled.
    public let services: Int

    /// What happened, and what to do.
    public var description: String {
        "\(services) of the services did not stop within \(limit.secondsText) s and were cancelled: "
            + "what they had not finished comes again; allow more time, or shorter handlers"
    }
}
