/// An event on its way through its handlers. It is handed on often: what is rare, or large, is behind a reference.
struct WorkItem: Sendable {
    /// What the event is so far.
    enum Content: Sendable {
        /// Not looked at yet.
        case arrived(ReceivedMessage)
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
    /// Set if the event could be read, and is not to be handled all the same.
    var refusal: Refusal?
    /// The index of the handler that is next.
    var stage = 0
    /// The attempt that is next, from 1, of the handler or of whatever comes before it.
    var attempt = 1
    /// Whether the event is tried alone, after its batch failed.
    var isAlone = false
    /// Set while a dead letter is due.
    var letter: Letter?
    /// Whether the inbox was asked.
    var isClaimed = false
    /// How it will be settled when it is through.
    var settlement = Settlement.handled

    init(_ content: Content) { self.content = content }

    var message: IncomingMessage {
        switch content {
        case .arrived(let received), .received(let received): received.message
        case .waiting(let message, _), .unreadable(let message, _): message
        }
    }

    /// The message, if nothing but its handler is to be done about it.
    var direct: ReceivedMessage? {
        guard case .received(let received) = content, received.isPlain, letter == nil, stage == 0, attempt == 1 else {
            return nil
        }
        return received
    }

    /// The handler that is next; `nil` if none is, or something else comes first.
    var nextHandler: Handler? {
        guard letter == nil, case .received(let received) = content, stage < received.handlers.handlers.count else {
            return nil
        }
        return received.handlers.handlers[stage]
    }

    /// The event as facts name it.
    var reference: EventReference {
        if let refusal { return refusal.reference }
        return switch content {
        case .arrived(let received), .received(let received): received.reference
        case .waiting(let message, _), .unreadable(let message, _):
            EventReference(type: "", id: "", position: message.position, key: message.key)
        }
    }
}
