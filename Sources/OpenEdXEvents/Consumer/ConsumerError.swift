/// Why a consumer stopped before it was asked to.
public enum ConsumerError: Error, Sendable {
    /// ``EventConsumer/run()`` was called twice.
    case alreadyRunning
    /// The transport cannot go on.
    case transport(TransportError)
    /// A handler failed for good, and the policy is to stop. The event is not committed.
    case handlerFailed(handler: String, position: Position, attempts: Int, underlying: any Error)
    /// An event could not be read, and the policy is to stop. The event is not committed.
    case unreadable(position: Position, EnvelopeError)
    /// The dead-letter topic refuses an event for good. The event is not committed.
    case deadLetterRefused(position: Position, TransportError)
    /// As many events in a row failed as are allowed.
    case errorLimit(Int)
    /// The kill switch was thrown, with its reason.
    case killed(reason: String)
    /// The task that runs the consumer was cancelled.
    case cancelled
}

extension ConsumerError: CustomStringConvertible {
    /// What happened, where, and what to do. Holds no payload value.
    public var description: String {
        switch self {
        case .alreadyRunning: "the consumer runs already, or has run: make another"
        case .transport(let error): error.description
        case .handlerFailed(let handler, let position, let attempts, let error):
            "handler “\(handler)” failed \(attempts) times on \(position): \(reason(of: error))"
        case .unreadable(let position, let error): "the event at \(position) cannot be read: \(error)"
        case .deadLetterRefused(let position, let error):
            "the event at \(position) can be neither handled nor stored as a dead letter: \(error)"
        case .errorLimit(let limit): "\(limit) events in a row failed: something other than the events is wrong"
        case .killed(let reason): "the kill switch was thrown: \(reason)"
        case .cancelled: "the task was cancelled"
        }
    }
}
