import OpenEdXEvents
import Synchronization

/// What librdkafka's statistics are handed to: one JSON document of a client, as it came.
package typealias StatisticsHandler = @Sendable ([UInt8]) -> Void

/// Tells a client's troubles to the observer, and remembers the last one that may explain what fails later.
final class ClientReports: Sendable {
    /// What the client is, for messages: `the producer`, `group “search”`.
    let client: String
    let onStatistics: StatisticsHandler?
    private let observer: (any BusObserver)?
    private let usesSCRAM: Bool
    private let libraryVersion: Int32
    private let trouble = Locked<TransportError?>(nil)
    private let hasTrouble = Atomic(false)
    private let success = Atomic(false)
    private let shutDown = Atomic(false)

    init(
        _ client: String, observer: (any BusObserver)?, onStatistics: StatisticsHandler?,
        properties: [(name: String, value: String)], libraryVersion: Int32
    ) {
        self.client = client
        self.observer = observer
        self.onStatistics = onStatistics
        self.libraryVersion = libraryVersion
        usesSCRAM = properties.contains {
            ($0.name == "sasl.mechanism" || $0.name == "sasl.mechanisms") && $0.value.hasPrefix("SCRAM")
        }
    }

    func record(_ fact: BusFact) { observer?.record(fact) }

    /// A warning of librdkafka, or worse; what is less is not told.
    func log(level: Int32, facility: String, _ text: String) {
        guard level <= 4, let observer else { return }
        observer.record(.transport(TransportError(.other, "\(client): \(facility): \(text)", isRetriable: true)))
    }

    /// Tells an error, and keeps it if it says why nothing gets through.
    func noting(_ error: TransportError) -> TransportError {
        let error = explained(error)
        if error.code == .authentication || error.code == .unavailable {
            trouble.withLock { last in
                // That brokers hang up follows from refused credentials, and says less.
                if last?.code != .authentication || error.code == .authentication { last = error }
            }
            hasTrouble.store(true, ordering: .relaxed)
        }
        record(.transport(error))
        return error
    }

    /// Whether anything ever got through.
    var hasSucceeded: Bool { success.load(ordering: .relaxed) }

    /// Something got through: the last trouble is over.
    func succeeded() {
        if !success.load(ordering: .relaxed) { success.store(true, ordering: .relaxed) }
        guard hasTrouble.load(ordering: .relaxed) else { return }
        hasTrouble.store(false, ordering: .relaxed)
        trouble.withLock { $0 = nil }
    }

    /// What is given up from now on is given up because the client shuts down.
    func beginShutDown() { shutDown.store(true, ordering: .relaxed) }

    var isShuttingDown: Bool { shutDown.load(ordering: .relaxed) }

    /// The last trouble that has not gone by.
    var lastTrouble: TransportError? { trouble.withLock { $0 } }

    /// Says of refused SCRAM credentials what may be the cause in this version of librdkafka.
    func explained(_ error: TransportError) -> TransportError {
        guard error.code == .authentication, usesSCRAM, libraryVersion < 0x0206_01ff else { return error }
        let version = [24, 16, 8].map { String(libraryVersion >> $0 & 0xFF) }.joined(separator: ".")
        return TransportError(
            .authentication,
            error.message
                + "; Kafka 4.x refuses the SCRAM of librdkafka before 2.6.1, and this is \(version): "
                + "use librdkafka 2.6.1 or newer, or another mechanism, if the user and password are right",
            isRetriable: error.isRetriable, isFatal: error.isFatal, underlyingCode: error.underlyingCode)
    }
}
