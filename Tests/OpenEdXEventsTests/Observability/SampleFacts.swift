import OpenEdXEvents

/// One fact of each kind, with a key that must not be shown and texts that try to break lines.
enum SampleFacts {
    static let secret = "jane.doe@example.org"

    static let event = EventReference(
        type: "org.openedx.learning.note.created.v1", id: "6aee1f28-0c8f-11f1-8a3d-0f2b5a6c7d8e",
        position: Position(topic: "notes", partition: 3, offset: 42), key: Array(secret.utf8))
    static let unstored = EventReference(
        type: "a \"b\" c=d\nE\u{1B}[0m", id: "", position: nil, key: Array(secret.utf8))
    static let partition = TopicPartition(topic: "notes", partition: 3)

    static let all: [BusFact] = [
        .published(event, bytes: 1_300, duration: .milliseconds(4)),
        .publishFailed(
            unstored, topic: "notes", error: TransportError(.timedOut, "no answer\nfrom \"broker\""),
            duration: .seconds(2)),
        .handled(event, handler: "index", attempt: 1, outcome: .succeeded, duration: .microseconds(700)),
        .handled(event, handler: "index", attempt: 2, outcome: .timedOut, duration: .seconds(30)),
        .retried(event, handler: "index", attempt: 1, delay: .seconds(1), reason: "TestFailure"),
        .deadLettered(
            event, deadLetter: Position(topic: "search-dead-letter", partition: 0, offset: 1), handler: "index",
            attempts: 3, reason: "TestFailure"),
        .settled(event, .handled),
        .settled(event, .skipped),
        .unreadable(event, reason: "OEP41-37: not JSON at byte 3"),
        .assigned(group: "search", [partition]),
        .revoked(group: "search", [partition], lost: false),
        .revoked(group: "search", [partition], lost: true),
        .commitMetadataIgnored(partition, reason: "another format"),
        .lag(group: "search", partition, messages: 17),
        .inFlight(group: "search", count: 5),
        .measured(
            client: "producer",
            [
                TransportMeasurement(.queuedMessages, 12), TransportMeasurement(.brokerUp, broker: "kafka-1:9092", 1),
                TransportMeasurement(.brokerRoundTrip, broker: "kafka-1:9092", 700),
            ]),
        .consumer(group: "search", .running),
        .consumer(group: "search", .paused),
        .consumer(group: "search", .draining),
        .consumer(group: "search", .stopped(reason: nil)),
        .consumer(group: "search", .stopped(reason: "the kill switch was thrown: drill")),
        .transport(TransportError(.unavailable, "a broker went away", isRetriable: true)),
        .transport(TransportError(.other, "beyond repair", isFatal: true)),
    ]
}

/// Keeps lines.
struct LineRecorder {
    private let log = Log<String>()

    var output: LineOutput { LineOutput { [log] in log.append(String(decoding: $0, as: UTF8.self)) } }
    var lines: [String] { log.all }
}
