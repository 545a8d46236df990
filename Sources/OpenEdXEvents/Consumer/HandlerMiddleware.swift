/// Something that stands around every handler: it may measure, trace, hold a transaction, refuse.
///
/// The first that is registered is the outermost. What it throws counts as the handler's failure.
public protocol HandlerMiddleware: Sendable {
    /// Calls `next`, once, unless it refuses the event by throwing.
    func handle(_ context: HandlerContext, next: @Sendable () async throws -> Void) async throws
}

/// One call of a handler, as middleware sees it.
public struct HandlerContext: Sendable {
    /// The handler's name.
    public let handler: String
    /// The consumer group.
    public let group: String
    /// How often the handler was called for the event, this call included.
    public let attempt: Int
    /// How many events the call has; 1 except for handlers of batches.
    public let count: Int

    let received: ReceivedMessage

    /// The envelope of the event, of the first in a batch.
    public var metadata: ReceivedEnvelope { received.envelope }
    /// Where the event lies.
    public var position: Position { received.message.position }
    /// The message's headers.
    public var headers: [MessageHeader] { received.message.headers }
}

/// What a handler's own emissions inherit: how many handlers stand between them and the first event.
struct HandlingContext: Sendable {
    /// The header that counts.
    static let hopsHeader = "openedx-hops"

    @TaskLocal static var current: HandlingContext?

    /// How many handlers stand between the first event and the one that is being handled.
    let hops: Int

    /// The context of an event that no handler has emitted.
    static let beginning = HandlingContext([])

    init(_ headers: [MessageHeader]) {
        // An unreadable count counts as none: it comes from elsewhere, and must not stop the stream.
        hops = headers[Self.hopsHeader]?.text.flatMap { Int($0) }.map { max(0, min($0, 1 << 20)) } ?? 0
    }
}
