import KafkaTransport
import OpenEdXEvents
import Synchronization

/// The bus on Kafka.
struct KafkaBus: Bus {
    let configuration: KafkaConfiguration
    /// How long a broker may take for an answer.
    let timeout: Duration
    let transport: any EventTransport
    private let observer: TroubleObserver

    private static let propagation = "topic.metadata.propagation.max.ms"

    init(_ configuration: KafkaConfiguration, timeout: Duration, terminal: Terminal) throws(InvalidConfiguration) {
        var configuration = configuration
        // A topic that is not there is to be told soon; one that the broker makes when it is first used is there by then.
        if configuration.properties[Self.propagation] == nil {
            configuration.properties[Self.propagation] = String(Int(timeout / .milliseconds(1)))
        }
        self.configuration = configuration
        self.timeout = timeout
        observer = TroubleObserver(terminal)
        transport = try KafkaTransport(configuration, observer: observer)
    }

    func reach() async throws(TransportError) {
        try await KafkaReader.reachBroker(configuration, timeout: timeout)
        observer.begin()
    }

    func read(_ range: ReadingRange) async throws(TransportError) -> any TopicReader {
        let now = EventTime.now()
        let start: KafkaReader.Start =
            switch range.start {
            case .beginning: .beginning
            case .end: .end
            case .time(let time): .time(time)
            case .ago: .time(range.start.time(now: now) ?? now)
            case .offsets(let offsets): .offsets(offsets)
            }
        // What goes wrong before reading begins is thrown; from then on it is told.
        let reader = try await KafkaReader(
            configuration, topics: range.topics, from: start, timeout: timeout, observer: observer)
        observer.begin()
        let end = range.end.map { end in
            RangeEnd(end, next: reader.starts, logEnds: reader.ends, now: now)
        }
        return KafkaTopicReader(reader, end: end)
    }
}

/// A range of topics, read without a group.
private final class KafkaTopicReader: TopicReader {
    private let reader: KafkaReader
    private let end: Locked<RangeEnd?>

    init(_ reader: KafkaReader, end: RangeEnd?) {
        self.reader = reader
        self.end = Locked(end)
    }

    func next(atMost limit: Int) async throws(TransportError) -> [IncomingMessage]? {
        while true {
            if end.withLock({ $0?.isReached ?? false }) { return nil }
            guard let step = try await reader.next(atMost: limit) else { return nil }
            let taken = end.withLock { end in
                let taken = end?.take(step.messages) ?? step.messages
                end?.advance(to: step.next)
                return taken
            }
            if !taken.isEmpty { return taken }
        }
    }

    func close() async { await reader.close() }
}

/// Tells on the errors what the client reports: brokers that are away, credentials that are refused.
final class TroubleObserver: BusObserver {
    private let terminal: Terminal
    /// What was told last: the same again tells nothing. `nil` until there is reason to tell anything.
    private let last = Locked<String?>(nil)

    init(_ terminal: Terminal) { self.terminal = terminal }

    /// Tells what comes from now on.
    func begin() { last.withLock { $0 = $0 ?? "" } }

    func record(_ fact: BusFact) {
        // What the client cannot live with is thrown, and told then.
        guard case .transport(let error) = fact, error.isRetriable, error.code != .other else { return }
        let text = printable("\(error)")
        // librdkafka adds in brackets for how long and how often.
        let gist = String(text.prefix { $0 != "(" })
        let isNew = last.withLock { last in
            guard last != nil else { return false }
            defer { last = gist }
            return last != gist
        }
        if isNew { terminal.printError(terminal.errorStyle.yellow(text)) }
    }
}
