/// A registered handler without its type; a class, since every call of it hands it on.
final class Handler: Sendable {
    /// Calls the user's code for one event.
    typealias Single = @Sendable (ReceivedMessage, _ attempt: Int) async throws -> Void
    /// Calls the user's code for those events that can be decoded, and returns the others with the reason.
    typealias Batch = @Sendable ([ReceivedMessage], _ attempt: Int) async throws -> [(index: Int, error: PayloadError)]

    enum Body: Sendable {
        case single(Single)
        case batch(limit: Int, Batch)
    }

    /// The number of the handler within its consumer.
    let number: Int
    let name: String
    let retry: RetryPolicy?
    let onFailure: FailureAction?
    let timeLimit: Duration?
    let body: Body

    init(
        number: Int, name: String, retry: RetryPolicy?, onFailure: FailureAction?, timeLimit: Duration?, body: Body
    ) {
        self.number = number
        self.name = name
        self.retry = retry
        self.onFailure = onFailure
        self.timeLimit = timeLimit
        self.body = body
    }

    var batchLimit: Int {
        switch body {
        case .single: 1
        case .batch(let limit, _): limit
        }
    }
}

/// The handlers of one event type, in the order of their registration.
final class HandlerSet: Sendable {
    let handlers: [Handler]

    init(_ handlers: [Handler]) { self.handlers = handlers }
}
