/// Says of a message that it was sent back from a dead-letter topic: for whom, and for the how manieth time.
///
/// It stands in the headers `openedx-redrive-group`, `-handler` and `-count`. Consumers of other groups pass the
/// message over, and only the named handler is called.
public struct Redrive: Hashable, Sendable {
    /// The consumer group that the event failed in.
    public let group: String
    /// The handler that failed; `nil` if the event could not be read, or no handler was reached.
    public let handler: String?
    /// How often the event was redriven, this time included.
    public let count: Int

    static let groupHeader = "openedx-redrive-group"
    static let handlerHeader = "openedx-redrive-handler"
    static let countHeader = "openedx-redrive-count"
    package static let headerNames: Set<String> = [groupHeader, handlerHeader, countHeader]

    /// Creates a redrive from its parts.
    public init(group: String, handler: String?, count: Int) {
        self.group = group
        self.handler = handler
        self.count = count
    }

    /// Reads the headers; `nil` if the message was not redriven.
    public init?(_ headers: [MessageHeader]) {
        guard headers.count > 1, let group = headers[Self.groupHeader]?.text else { return nil }
        self.init(
            group: group, handler: headers[Self.handlerHeader]?.text,
            count: headers[Self.countHeader]?.text.flatMap { Int($0) } ?? 1)
    }

    /// The headers that say it.
    package var headers: [MessageHeader] {
        var headers = [MessageHeader(Self.groupHeader, group), MessageHeader(Self.countHeader, String(count))]
        if let handler { headers.append(MessageHeader(Self.handlerHeader, handler)) }
        return headers
    }
}
