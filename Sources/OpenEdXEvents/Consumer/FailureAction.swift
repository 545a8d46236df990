/// What a consumer does with an event that a handler cannot handle, after the last attempt.
public enum FailureAction: String, Sendable, Codable, CaseIterable {
    /// Stop the consumer; the event is not committed and comes again.
    case stop
    /// Go on without it. The observer is told.
    case skip
    /// Store it whole in the dead-letter topic, with the reason, and go on.
    case deadLetter = "dead_letter"
}

/// An error with which a handler decides at once, without further attempts, what becomes of the event.
///
/// ```swift
/// guard let course = catalog[event.payload.courseKey] else {
///     throw HandlerRejection(.deadLetter, because: "the course is not in the catalog")
/// }
/// ```
public struct HandlerRejection: Error, ExplainedError {
    /// What to do with the event.
    public let action: FailureAction
    /// Why, for the dead letter and the observer: no payload values.
    public let reason: String

    /// Creates a handler rejection from its parts.
    public init(_ action: FailureAction, because reason: String) {
        self.action = action
        self.reason = reason
    }
}

/// An error whose author vouches that its reason holds no payload values, so that it may stand in logs and dead letters.
///
/// Of any other error only the type's name is shown.
public protocol ExplainedError: Error {
    /// Why, without payload values.
    var reason: String { get }
}

/// A handler took longer than its time limit and was cancelled.
public struct HandlerTimedOut: ExplainedError, Hashable {
    /// The handler's time limit.
    public let limit: Duration

    /// The reason with the limit.
    public var reason: String { "the handler took longer than its limit of \(limit)" }
}

/// The reason that may be told of an error.
func reason(of error: any Error) -> String {
    switch error {
    case let error as any ExplainedError: error.reason
    case let error as PayloadError: error.description
    case let error as EnvelopeError: error.description
    case let error as EmitError: error.description
    case let error as TransportError: error.description
    case is CancellationError: "the handler was cancelled"
    default: String(reflecting: Swift.type(of: error))
    }
}
