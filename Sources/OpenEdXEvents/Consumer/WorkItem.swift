/// An event on its way through its handlers. It is handed on often, so it is small: what is not as it was at the beginning
/// is behind a reference.
struct WorkItem: Sendable {
    /// What the event is so far.
    enum Content: Sendable {
        /// Not looked at yet.
        case arrived(IncomingMessage)
        /// Read; handlers may have it.
        case received(ReceivedMessage)
        /// Not read yet: the format needs something first.
        indirect case waiting(IncomingMessage, FormatDependency)
        /// Cannot be read.
        indirect case unreadable(IncomingMessage, EnvelopeError)
    }

    /// An event that is to be stored in the dead-letter topic before anything else.
    final class Letter: Sendable {
        let handler: String?
        let attempts: Int
        let reason: String

        init(handler: String?, attempts: Int, reason: String) {
            self.handler = handler
            self.attempts = attempts
            self.reason = reason
        }
    }

    /// An event that was read, and whose data breaks its schema.
    final class Refusal: Sendable {
        let action: FailureAction
        let reference: EventReference

        init(action: FailureAction, reference: EventReference) {
            self.action = action
            self.reference = reference
        }
    }

    var content: Content
    private var progress: Progress?

    /// How far an event is.
    private final class Progress: Sendable {
        let values: Values

        init(_ values: Values) { self.values = values }
    }

    private struct Values: Sendable {
        var refusal: Refusal?
        var stage = 0
        var attempt = 1
        var isAlone = false
        var letter: Letter?
        var isClaimed = false
        var settlement = Settlement.handled

        static let initial = Values()
    }

    private var values: Values {
        get { progress?.values ?? .initial }
        set { progress = Progress(newValue) }
    }

    init(_ content: Content) { self.content = content }

    /// Set if the event could be read, and is not to be handled all the same.
    var refusal: Refusal? {
        get { progress?.values.refusal }
        set { values.refusal = newValue }
    }

    /// The index of the handler that is next.
    var stage: Int {
        get { progress?.values.stage ?? 0 }
        set { values.stage = newValue }
    }

    /// The attempt that is next, from 1, of the handler or of whatever comes before it.
    var attempt: Int {
        get { progress?.values.attempt ?? 1 }
        set { values.attempt = newValue }
    }

    /// Whether the event is tried alone, after its batch failed.
    var isAlone: Bool {
        get { progress?.values.isAlone ?? false }
        set { values.isAlone = newValue }
    }

    /// Set while a dead letter is due.
    var letter: Letter? {
        get { progress?.values.letter }
        set { values.letter = newValue }
    }

    /// Whether the inbox was asked.
    var isClaimed: Bool {
        get { progress?.values.isClaimed ?? false }
        set { values.isClaimed = newValue }
    }

    /// How it will be settled when it is through.
    var settlement: Settlement {
        get { progress?.values.settlement ?? .handled }
        set { values.settlement = newValue }
    }

    /// The event, with the next handler's first attempt next.
    func advanced() -> WorkItem {
        var item = self
        var values = values
        values.stage += 1
        values.attempt = 1
        values.isAlone = false
        item.values = values
        return item
    }

    var message: IncomingMessage {
        switch content {
        case .arrived(let message), .waiting(let message, _), .unreadable(let message, _): message
        case .received(let received): received.message
        }
    }

    /// The message, if nothing but its handler is to be done about it.
    var direct: ReceivedMessage? {
        guard case .received(let received) = content, received.isPlain, progress == nil else { return nil }
        return received
    }

    /// The handler that is next; `nil` if none is, or something else comes first.
    var nextHandler: Handler? {
        guard letter == nil, case .received(let received) = content, stage < received.handlers.handlers.count else {
            return nil
        }
        return received.handlers.handlers[stage]
    }

    /// The kind of events that are for one handler at a time.
    static let singleKind: Int32 = 0

    /// What may go with it: events for one handler at a time, one after another; those for a handler of batches, together;
    /// nothing, if it is tried alone.
    var kind: Int32 {
        if case .arrived = content { return Self.singleKind }
        guard let handler = nextHandler, case .batch = handler.body else { return Self.singleKind }
        return isAlone ? -1 : Int32(truncatingIfNeeded: handler.number) + 1
    }

    /// The event as facts name it.
    var reference: EventReference {
        if let refusal { return refusal.reference }
        return switch content {
        case .received(let received): received.reference
        case .arrived(let message), .waiting(let message, _), .unreadable(let message, _):
            EventReference(type: "", id: "", position: message.position, key: message.key)
        }
    }
}
