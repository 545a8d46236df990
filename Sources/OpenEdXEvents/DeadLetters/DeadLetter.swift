/// An event that could not be handled, kept whole: original key, value and headers, where it lay, and why it is here.
///
/// As a message it is the original with more headers, all of which begin with `openedx-dead-letter-`.
public struct DeadLetter: Sendable, Hashable {
    /// Where the event lay when it failed.
    public let origin: Position
    /// When the transport says that the event was stored there.
    public let originTimestamp: EventTime
    /// The consumer group in which it failed.
    public let group: String
    /// The handler that failed; `nil` if the event could not be read.
    public let handler: String?
    /// How often the handler was called.
    public let attempts: Int
    /// Why: the rule, the place, or the error's type; no payload values.
    public let reason: String
    /// When it was given up.
    public let time: EventTime
    /// How often it had been redriven before it failed.
    public let redrives: Int
    /// The original key.
    public let key: [UInt8]?
    /// The original headers, in order.
    public let headers: [MessageHeader]
    /// The original value.
    public let value: [UInt8]?

    /// Makes the dead letter of a message.
    init(
        _ message: IncomingMessage, group: String, handler: String?, attempts: Int, reason: String, time: EventTime
    ) {
        origin = message.position
        originTimestamp = message.timestamp
        self.group = group
        self.handler = handler
        self.attempts = attempts
        self.reason = reason
        self.time = time
        redrives = Redrive(message.headers)?.count ?? 0
        key = message.key
        headers = message.headers.filter { !Redrive.headerNames.contains($0.name) }
        value = message.value
    }

    private static let prefix = "openedx-dead-letter-"

    /// Reads a message of a dead-letter topic; `nil` if it is none.
    public init?(_ message: IncomingMessage) {
        var ours: [String: String] = [:]
        var original: [MessageHeader] = []
        for header in message.headers {
            if header.name.hasPrefix(Self.prefix) {
                ours[String(header.name.dropFirst(Self.prefix.count))] = header.text
            } else {
                original.append(header)
            }
        }
        guard let topic = ours["topic"], let partition = ours["partition"].flatMap({ Int32($0) }),
            let offset = ours["offset"].flatMap({ Int64($0) }), let group = ours["group"]
        else { return nil }
        origin = Position(topic: topic, partition: partition, offset: offset)
        originTimestamp = ours["timestamp"].flatMap { EventTime($0) } ?? message.timestamp
        self.group = group
        handler = ours["handler"]
        attempts = ours["attempts"].flatMap { Int($0) } ?? 0
        reason = ours["reason"] ?? ""
        time = ours["time"].flatMap { EventTime($0) } ?? message.timestamp
        redrives = ours["redrives"].flatMap { Int($0) } ?? 0
        key = message.key
        headers = original
        value = message.value
    }

    /// The message for the dead-letter topic.
    func message(topic: String) -> OutgoingMessage {
        var headers = headers
        func add(_ name: String, _ text: String) { headers.append(MessageHeader(Self.prefix + name, text)) }
        add("topic", origin.topic)
        add("partition", String(origin.partition))
        add("offset", String(origin.offset))
        add("timestamp", originTimestamp.description)
        add("group", group)
        if let handler { add("handler", handler) }
        add("attempts", String(attempts))
        add("reason", reason)
        add("time", time.description)
        add("redrives", String(redrives))
        return OutgoingMessage(topic: topic, key: key, headers: headers, value: value)
    }

    /// The message that goes back to where the event came from.
    func redriven() -> OutgoingMessage {
        let redrive = Redrive(group: group, handler: handler, count: redrives + 1)
        return OutgoingMessage(
            topic: origin.topic, partition: origin.partition, key: key, headers: headers + redrive.headers,
            value: value)
    }
}
