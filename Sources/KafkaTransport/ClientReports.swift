import OpenEdXEvents
import Synchronization

/// Tells a client's troubles to the observer, and remembers the last one that may explain what fails later.
final class ClientReports: Sendable {
    /// What the client is, for messages: `the producer`, `group “search”`.
    let client: String
    /// What the client is in metrics: `producer`, or the name of its group.
    private let label: String
    private let observer: (any BusObserver)?
    private let usesSCRAM: Bool
    private let libraryVersion: Int32
    private let trouble = Locked<TransportError?>(nil)
    private let hasTrouble = Atomic(false)
    private let success = Atomic(false)
    private let hasMeasured = Atomic(false)
    private let shutDown = Atomic(false)

    init(
        _ client: String, label: String, observer: (any BusObserver)?,
        properties: [(name: String, value: String)], libraryVersion: Int32
    ) {
        self.client = client
        self.observer = observer
        self.label = label
        self.libraryVersion = libraryVersion
        usesSCRAM = properties.contains {
            ($0.name == "sasl.mechanism" || $0.name == "sasl.mechanisms") && $0.value.hasPrefix("SCRAM")
        }
    }

    func record(_ fact: BusFact) { observer?.record(fact) }

    /// Tells the observer what librdkafka measured: the client's numbers, and the lag of what a consumer reads.
    func note(statistics json: [UInt8]) {
        guard let observer else { return }
        hasMeasured.store(true, ordering: .relaxed)
        do throws(PayloadError) {
            let statistics: KafkaStatistics = try JSONReader.read(from: json)
            observer.record(.measured(client: label, statistics.measurements))
            for (partition, lag) in statistics.lags.sorted(by: { $0.key < $1.key }) {
                observer.record(.lag(group: label, partition, messages: lag))
            }
        } catch {
            observer.record(
                .transport(TransportError(.other, "\(client): its statistics cannot be read: \(error.message)")))
        }
    }

    /// The client is closed: what it measured holds no more.
    func forgetStatistics() {
        if hasMeasured.load(ordering: .relaxed) { observer?.record(.measured(client: label, [])) }
    }

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
