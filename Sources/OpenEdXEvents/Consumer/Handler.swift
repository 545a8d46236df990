/// A registered handler without its type; a class, since every call of it hands it on.
@usableFromInline
final class Handler: Sendable {
    /// Calls the user's code for one event.
    @usableFromInline typealias Single = @Sendable (ReceivedMessage, _ attempt: Int) async throws -> Void
    /// Calls the user's code for those events that can be decoded, and returns the others with the reason.
    @usableFromInline typealias Batch =
        @Sendable ([ReceivedMessage], _ attempt: Int) async throws -> [(index: Int, error: PayloadError)]

    @usableFromInline
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
    /// Whether its body decodes the event first of all.
    let isTyped: Bool
    let body: Body

    init(
        number: Int, name: String, retry: RetryPolicy?, onFailure: FailureAction?, timeLimit: Duration?, isTyped: Bool,
        body: Body
    ) {
        self.number = number
        self.name = name
        self.retry = retry
        self.onFailure = onFailure
        self.timeLimit = timeLimit
        self.isTyped = isTyped
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
    /// No handlers.
    static let none = HandlerSet([])

    let handlers: [Handler]
    /// What is called if there is one handler, of single events and without a time limit.
    let direct: Handler.Single?

    init(_ handlers: [Handler]) {
        self.handlers = handlers
        if handlers.count == 1, handlers[0].timeLimit == nil, case .single(let body) = handlers[0].body {
            direct = body
        } else {
            direct = nil
        }
    }
}
