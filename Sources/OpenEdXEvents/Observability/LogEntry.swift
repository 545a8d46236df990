/// A fact as a log line says it: level, message and fields, bounded, without payload values.
///
/// A record key may be a user name, so it is masked (rule 28). Only ``AuditLog`` shows keys.
package struct LogEntry: Sendable, Equatable {
    /// The value of a field.
    package enum Value: Sendable, Equatable {
        case text(String)
        case integer(Int64)
        case seconds(Duration)
        case flag(Bool)
    }

    /// One field.
    package struct Field: Sendable, Equatable {
        package let key: LogKey
        package let value: Value
    }

    /// What stands for a key.
    package static let mask = "***"
    /// How many bytes of a text are shown.
    package static let textLimit = 512

    package let level: LogLevel
    package let message: String
    package private(set) var fields: [Field] = []

    /// Puts a fact into words.
    package init(_ fact: BusFact) {
        level = Self.level(of: fact)
        message = Self.message(of: fact)
        fields.reserveCapacity(10)
        switch fact {
        case .published, .publishFailed, .unreadable, .settled, .deadLettered: addEventFact(fact)
        case .handled, .retried: addHandlerFact(fact)
        default: addGroupFact(fact)
        }
    }

    /// How grave a fact is. What is in order is at ``LogLevel/info`` or below.
    package static func level(of fact: BusFact) -> LogLevel {
        switch fact {
        case .inFlight, .measured: .trace
        case .published, .handled(_, _, _, .succeeded, _), .lag: .debug
        case .settled(_, let settlement): settlement == .skipped ? .warning : .debug
        case .handled, .retried, .deadLettered, .unreadable, .commitMetadataIgnored: .warning
        case .assigned: .info
        case .revoked(_, _, let lost): lost ? .warning : .info
        case .consumer(_, .stopped(.some)): .error
        case .consumer: .info
        case .transport(let error): error.isFatal ? .error : .warning
        case .publishFailed: .error
        }
    }

    private static func message(of fact: BusFact) -> String {
        switch fact {
        case .published: "event published"
        case .publishFailed: "event not published"
        case .handled(_, _, _, .succeeded, _): "event handled"
        case .handled: "handler failed"
        case .retried: "handler will be called again"
        case .deadLettered: "event dead-lettered"
        case .settled: "event settled"
        case .unreadable: "event unreadable"
        case .assigned: "partitions assigned"
        case .revoked(_, _, let lost): lost ? "partitions lost" : "partitions revoked"
        case .commitMetadataIgnored: "commit metadata ignored"
        case .lag: "lag"
        case .inFlight: "events in flight"
        case .measured: "client measured"
        case .consumer(_, let state): "consumer \(state.name)"
        case .transport: "transport trouble"
        }
    }

    private mutating func addEventFact(_ fact: BusFact) {
        switch fact {
        case .published(let event, let bytes, let duration):
            add(event)
            add(.bytes, bytes)
            add(.duration, .seconds(duration))
        case .publishFailed(let event, let topic, let error, let duration):
            add(event)
            if event.position == nil { add(.topic, topic) }
            add(error)
            add(.duration, .seconds(duration))
        case .unreadable(let event, let reason):
            add(event)
            add(.reason, reason)
        case .settled(let event, let settlement):
            add(event)
            add(.settlement, settlement.rawValue)
        case .deadLettered(let event, let letter, let handler, let attempts, let reason):
            add(event)
            add(.deadLetterTopic, letter.topic)
            add(.deadLetterPartition, Int(letter.partition))
            add(.deadLetterOffset, .integer(letter.offset))
            if let handler { add(.handler, handler) }
            add(.attempts, attempts)
            add(.reason, reason)
        default: break
        }
    }

    private mutating func addHandlerFact(_ fact: BusFact) {
        switch fact {
        case .handled(let event, let handler, let attempt, let outcome, let duration):
            add(event)
            add(.handler, handler)
            add(.attempt, attempt)
            add(.outcome, outcome.rawValue)
            add(.duration, .seconds(duration))
        case .retried(let event, let handler, let attempt, let delay, let reason):
            add(event)
            add(.handler, handler)
            add(.attempt, attempt)
            add(.delay, .seconds(delay))
            add(.reason, reason)
        default: break
        }
    }

    private mutating func addGroupFact(_ fact: BusFact) {
        switch fact {
        case .assigned(let group, let partitions):
            add(.group, group)
            add(.partitions, Self.list(partitions))
        case .revoked(let group, let partitions, let lost):
            add(.group, group)
            add(.partitions, Self.list(partitions))
            add(.lost, .flag(lost))
        case .commitMetadataIgnored(let partition, let reason):
            add(partition)
            add(.reason, reason)
        case .lag(let group, let partition, let messages):
            add(.group, group)
            add(partition)
            add(.lag, .integer(messages))
        case .inFlight(let group, let count):
            add(.group, group)
            add(.inFlight, count)
        case .measured(let client, let measurements):
            add(.client, client)
            // Brokers may be many: the client's own numbers are shown.
            for measurement in measurements where measurement.broker == nil {
                if let key = LogKey(rawValue: measurement.quantity.rawValue) { add(key, .integer(measurement.value)) }
            }
        case .consumer(let group, let state):
            add(.group, group)
            add(.state, state.name)
            if case .stopped(let reason?) = state { add(.reason, reason) }
        case .transport(let error):
            add(error)
        default: break
        }
    }

    private mutating func add(_ event: EventReference) {
        if !event.type.isEmpty { add(.type, event.type) }
        if !event.id.isEmpty { add(.id, event.id) }
        if let position = event.position {
            add(position.topicPartition)
            add(.offset, .integer(position.offset))
        }
        if event.key != nil { add(.key, Self.mask) }
    }

    private mutating func add(_ partition: TopicPartition) {
        add(.topic, partition.topic)
        add(.partition, Int(partition.partition))
    }

    private mutating func add(_ error: TransportError) {
        add(.errorCode, error.code.description)
        add(.reason, error.message)
    }

    private mutating func add(_ key: LogKey, _ text: String) { add(key, .text(Self.bounded(text))) }

    private mutating func add(_ key: LogKey, _ number: Int) { add(key, .integer(Int64(number))) }

    private mutating func add(_ key: LogKey, _ value: Value) { fields.append(Field(key: key, value: value)) }

    private static func list(_ partitions: [TopicPartition]) -> String {
        let shown = partitions.prefix(16).map(\.description).joined(separator: " ")
        return partitions.count > 16 ? shown + " and \(partitions.count - 16) more" : shown
    }

    /// The text, cut between two scalars and marked with “…” if it is longer than the limit.
    package static func bounded(_ text: String, to limit: Int = textLimit) -> String {
        guard text.utf8.count > limit else { return text }
        var shown = String.UnicodeScalarView()
        var size = 0
        for scalar in text.unicodeScalars {
            size += UTF8.width(scalar)
            if size > limit { break }
            shown.append(scalar)
        }
        return String(shown) + "…"
    }
}

extension ConsumerState {
    /// The state in one word.
    package var name: String {
        switch self {
        case .running: "running"
        case .paused: "paused"
        case .draining: "draining"
        case .stopped: "stopped"
        }
    }
}
