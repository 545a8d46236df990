/// One call of a handler: context, middleware, time limit, and the report of how it ended.
struct HandlerCall: Sendable {
    let settings: ConsumerSettings
    let handler: Handler
    let first: ReceivedMessage
    let count: Int
    let attempt: Int

    /// Calls and returns the error, if there was one.
    func run(_ body: @escaping @Sendable () async throws -> Void) async -> (any Error)? {
        guard settings.observer != nil else { return await call(body) }
        let start = ContinuousClock.now
        let failure = await call(body)
        let outcome: HandlingOutcome =
            switch failure {
            case nil: .succeeded
            case is HandlerTimedOut: .timedOut
            default: .failed
            }
        settings.observer?.record(
            .handled(
                first.reference, handler: handler.name, attempt: attempt, outcome: outcome,
                duration: start.duration(to: .now)))
        return failure
    }

    private func call(_ body: @escaping @Sendable () async throws -> Void) async -> (any Error)? {
        do {
            try await HandlingContext.$current.withValue(HandlingContext(first.message.headers)) {
                guard let trace = TraceContext.extract(from: first.message.headers) else {
                    return try await limited(body)
                }
                try await TraceContext.$current.withValue(trace) { try await limited(body) }
            }
            return nil
        } catch {
            return error
        }
    }

    private func limited(_ body: @escaping @Sendable () async throws -> Void) async throws {
        guard let limit = handler.timeLimit else {
            return settings.middleware.isEmpty ? try await body() : try await wrapped(settings.middleware[...], body)
        }
        try await withThrowingTaskGroup(of: Bool.self) { group in
            group.addTask {
                try await wrapped(settings.middleware[...], body)
                return true
            }
            group.addTask { [clock = settings.clock] in
                try await clock.sleep(for: limit, tolerance: nil)
                return false
            }
            let isInTime = try await group.next() ?? false
            group.cancelAll()
            guard !isInTime else { return }
            // The key waits until the handler has returned: two calls for one key must not run side by side.
            while await group.nextResult() != nil {}
            throw HandlerTimedOut(limit: limit)
        }
    }

    private func wrapped(
        _ middleware: ArraySlice<any HandlerMiddleware>, _ body: @escaping @Sendable () async throws -> Void
    ) async throws {
        guard let outermost = middleware.first else { return try await body() }
        let context = HandlerContext(
            handler: handler.name, group: settings.group, attempt: attempt, count: count, received: first)
        try await outermost.handle(context) { try await wrapped(middleware.dropFirst(), body) }
    }
}
