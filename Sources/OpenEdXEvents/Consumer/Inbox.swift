/// What remembers which events were handled, so that a re-sent or redelivered one is absorbed (rule 35).
///
/// The consumer claims an event before its handlers run, and finishes the claim when all succeeded. An inbox in the
/// service's own database makes handling effectively once: record the key in the handler's transaction.
public protocol Inbox: Sendable {
    /// Claims an event, unless it was handled before, or somebody holds a claim on it now.
    ///
    /// - Throws: Any error if the inbox cannot answer: the event waits and is claimed again.
    func claim(_ event: InboxKey) async throws -> InboxClaim

    /// Remembers an event as handled.
    ///
    /// - Throws: Any error if it cannot: it is tried again.
    func finish(_ event: InboxKey) async throws

    /// Gives a claim back: the event was not handled.
    func release(_ event: InboxKey) async
}

/// What an inbox answers to a claim.
public enum InboxClaim: Sendable, Hashable {
    /// The event is new, and claimed from now on until it is finished or released.
    case granted
    /// The event was handled before: it is passed over.
    case handled
    /// The event is being handled, by another delivery of it, which may still fail: it waits, and is claimed again.
    case underWay
}

/// What identifies an event: source and id together (rule 35).
public struct InboxKey: Hashable, Sendable {
    /// The event's source.
    public let source: String
    /// The event's id.
    public let id: String
    /// Which redrive this is, from 1, with the handler it is for; `nil` for an event that was not redriven.
    public let redrive: Redrive?

    /// Creates an inbox key from its parts.
    public init(source: String, id: String, redrive: Redrive? = nil) {
        self.source = source
        self.id = id
        self.redrive = redrive
    }
}
