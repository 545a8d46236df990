/// The handlers of a consumer, by event type: a value that is built before the consumer runs.
///
/// ```swift
/// var handlers = EventHandlers()
/// handlers.on(CourseEnrollmentCreated.self) { event in
///     try await search.index(event.payload.enrollment)
/// }
/// ```
///
/// A type may have several handlers: each is retried and, if it fails for good, dead-lettered by itself. Major
/// versions are types of their own and stand side by side; a minor version higher than the handler's is handled. There
/// is no way to register by source (rule 07).
public struct EventHandlers: Sendable {
    private(set) var byType: [(type: EventType, handler: Handler)] = []
    private(set) var unrecognized: [Handler] = []
    private(set) var middleware: [any HandlerMiddleware] = []
    private var count = 0

    /// Creates an event handlers.
    public init() {}

    /// Registers a handler that is called with one event at a time.
    ///
    /// - Parameters:
    ///   - type: The event type to handle.
    ///   - name: A name, unique in the consumer, which dead letters keep: redriving finds the handler by it. Without
    ///     one it is the payload's type name.
    ///   - retry: When to call it again; without it as the consumer's configuration says.
    ///   - onFailure: What to do after the last attempt; without it as the consumer's configuration says.
    ///   - timeLimit: How long one call may take. A call that takes longer is cancelled and has failed; its key waits
    ///     until it has returned, so a handler should heed cancellation.
    ///   - perform: The handler. It may be called more than once for one event.
    @inlinable
    public mutating func on<E: Event>(
        _ type: E.Type, name: String? = nil, retry: RetryPolicy? = nil, onFailure: FailureAction? = nil,
        timeLimit: Duration? = nil, perform: @escaping @Sendable (ReceivedEvent<E>) async throws -> Void
    ) {
        let body: Handler.Single = { received, attempt in
            try await perform(
                ReceivedEvent(
                    payload: try received.decode(E.self), attempt: attempt, received: received))
        }
        add(E.type, name ?? "\(E.self)", retry, onFailure, timeLimit, .single(body))
    }

    /// Registers a handler that is called with several events of a type at once, as many as wait.
    ///
    /// Order per key holds within and between batches. If the call fails, its events are tried again; after the last
    /// attempt each is tried once alone, so that only the bad ones are dead-lettered.
    ///
    /// - Parameters:
    ///   - type: The event type to handle.
    ///   - limit: How many events a call gets at the most; at least 1.
    ///   - name: A name, unique in the consumer; without one it is the payload's type name.
    ///   - retry: When to call it again; without it as the consumer's configuration says.
    ///   - onFailure: What to do after the last attempt; without it as the consumer's configuration says.
    ///   - timeLimit: How long one call may take.
    ///   - perform: The handler, with at least one event.
    @inlinable
    public mutating func onBatch<E: Event>(
        of type: E.Type, upTo limit: Int, name: String? = nil, retry: RetryPolicy? = nil,
        onFailure: FailureAction? = nil, timeLimit: Duration? = nil,
        perform: @escaping @Sendable ([ReceivedEvent<E>]) async throws -> Void
    ) {
        let body: Handler.Batch = { batch, attempt in
            var events: [ReceivedEvent<E>] = []
            events.reserveCapacity(batch.count)
            var undecodable: [(index: Int, error: PayloadError)] = []
            for (index, received) in batch.enumerated() {
                do throws(PayloadError) {
                    let payload = try received.decode(E.self)
                    events.append(ReceivedEvent(payload: payload, attempt: attempt, received: received))
                } catch {
                    undecodable.append((index, error))
                }
            }
            if !events.isEmpty { try await perform(events) }
            return undecodable
        }
        add(E.type, name ?? "\(E.self)", retry, onFailure, timeLimit, .batch(limit: limit, body))
    }

    /// Registers a handler for every event of a type that no other handler is registered for.
    public mutating func onUnrecognized(
        name: String = "unrecognized", retry: RetryPolicy? = nil, onFailure: FailureAction? = nil,
        timeLimit: Duration? = nil, perform: @escaping @Sendable (UnrecognizedEvent) async throws -> Void
    ) {
        let body: Handler.Single = { received, attempt in
            try await perform(UnrecognizedEvent(attempt: attempt, received: received))
        }
        add(nil, name, retry, onFailure, timeLimit, .single(body))
    }

    /// Puts a middleware around every handler; the first is the outermost.
    public mutating func use(_ middleware: some HandlerMiddleware) {
        self.middleware.append(middleware)
    }

    @usableFromInline
    mutating func add(
        _ type: EventType?, _ name: String, _ retry: RetryPolicy?, _ onFailure: FailureAction?,
        _ timeLimit: Duration?, _ body: Handler.Body
    ) {
        let handler = Handler(
            number: count, name: name, retry: retry, onFailure: onFailure, timeLimit: timeLimit, isTyped: type != nil,
            body: body)
        count += 1
        if let type { byType.append((type, handler)) } else { unrecognized.append(handler) }
    }

    /// Whether a handler takes several events in one call.
    var hasBatches: Bool {
        byType.contains { if case .batch = $0.handler.body { true } else { false } }
    }

    /// Everything that is wrong with the registrations.
    func problems() -> [ConfigurationProblem] {
        var problems: [ConfigurationProblem] = []
        var names: Set<String> = []
        for handler in byType.map(\.handler) + unrecognized {
            let setting = "handler “\(handler.name)”"
            if !names.insert(handler.name).inserted {
                problems.append(
                    ConfigurationProblem(nil, setting, "two handlers have this name: give each its own with name:"))
            }
            if handler.batchLimit < 1 {
                problems.append(ConfigurationProblem(nil, setting, "upTo is \(handler.batchLimit), must be at least 1"))
            }
            if let limit = handler.timeLimit, limit <= .zero {
                problems.append(ConfigurationProblem(nil, setting, "timeLimit must be longer than nothing"))
            }
            problems += handler.retry?.problems(in: setting + " retry") ?? []
        }
        return problems
    }
}
