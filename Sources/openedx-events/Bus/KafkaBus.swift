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

    init(_ configuration: KafkaConfiguration, timeout: Duration, terminal: Terminal) throws(InvalidConfiguration) {
        self.configuration = configuration
        self.timeout = timeout
        observer = TroubleObserver(terminal)
        transport = try KafkaTransport(configuration, observer: observer)
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
        let reader = try await KafkaReader(
            configuration, topics: range.topics, from: start, timeout: timeout, observer: observer)
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
    /// What was told last: the same again tells nothing.
    private let last = Locked("")

    init(_ terminal: Terminal) { self.terminal = terminal }

    func record(_ fact: BusFact) {
        guard case .transport(let error) = fact, error.code != .other else { return }
        let text = printable("\(error)")
        let isNew = last.withLock { last in
            defer { last = text }
            return last != text
        }
        if isNew { terminal.printError(terminal.errorStyle.yellow(text)) }
    }
}
