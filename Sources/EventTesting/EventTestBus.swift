public import InMemoryTransport
public import OpenEdXEvents
import Synchronization

/// A whole bus in memory for one test: emits to the handlers under test, waits until they are done, and throws what
/// they threw.
///
/// ```swift
/// try await EventTestBus.run(handlers) { bus in
///     try await bus.emit(CourseEnrollmentCreated(enrollment: enrollment))
///     try await bus.settle()
///     #expect(search.contains(course))
/// }
/// ```
///
/// Handlers are called once: what they throw fails the test, unless `retry` says otherwise. Each bus is by itself.
public final class EventTestBus: Sendable {
    /// The transport, for faults and for a look into topics.
    public let transport: InMemoryTransport
    private let watcher: Watcher
    private let source: EventSource

    /// The topic that everything is emitted to.
    public static let topic = "test-events"
    private static let group = "test"

    private init(_ watcher: Watcher) throws {
        transport = InMemoryTransport()
        source = try EventSource(service: "test", process: .web)
        self.watcher = watcher
    }

    /// Runs a bus with handlers for as long as the body runs and events are not settled.
    ///
    /// - Parameters:
    ///   - retry: When handlers are called again.
    ///   - body: The test; it gets the bus.
    /// - Throws: What the body throws; else ``HandlerFailures`` if a handler failed and ``settle()`` did not say so.
    public static func run(
        _ handlers: EventHandlers, retry: RetryPolicy = .never,
        _ body: (EventTestBus) async throws -> Void
    ) async throws {
        let watcher = Watcher()
        let bus = try EventTestBus(watcher)
        var handlers = handlers
        handlers.use(FailureRecorder(watcher: watcher))
        var configuration = EventConsumer.Configuration(group: group, topics: [topic])
        configuration.retry = retry
        configuration.onFailure = .skip
        configuration.observer = watcher
        let consumer = try EventConsumer(
            transport: bus.transport, handlers: handlers, configuration: configuration)
        let running = Task {
            // A handler may stop the consumer: nobody waits for it then.
            defer { watcher.end() }
            try await consumer.run()
        }
        do {
            try await body(bus)
        } catch {
            consumer.shutDown()
            try? await running.value
            throw error
        }
        // What was emitted last may not have been taken in yet.
        await watcher.settled()
        consumer.shutDown()
        do {
            try await running.value
        } catch {
            try watcher.throwFailures()
            throw error
        }
        try watcher.throwFailures()
    }

    /// Emits an event to the handlers.
    @discardableResult
    public func emit<E: Event>(
        _ event: E, at time: EventTime? = nil, key: String? = nil
    ) async throws -> EmitReceipt {
        let producer = try EventProducer(
            transport: transport,
            configuration: .init(source: source, routes: [Route(E.type, to: Self.topic)]))
        watcher.expectOne()
        do throws(EmitError) {
            return try await producer.emit(event, at: time, key: key)
        } catch {
            watcher.expectOneLess()
            throw error
        }
    }

    /// Waits until the handlers are done with everything that was emitted.
    ///
    /// - Throws: ``HandlerFailures`` if any of them failed.
    public func settle() async throws {
        await watcher.settled()
        try watcher.throwFailures()
    }
}

/// The errors that handlers threw, each with the handler's name.
public struct HandlerFailures: Error, CustomStringConvertible {
    /// The errors in the order in which they were thrown.
    public let failures: [(handler: String, error: any Error)]

    /// One failure a line. A test's own errors are shown whole.
    public var description: String {
        failures.map { "handler “\($0.handler)” failed: \($0.error)" }.joined(separator: "\n")
    }
}

/// Counts what was emitted against what was settled, and collects what handlers threw for good.
private final class Watcher: BusObserver {
    private struct State {
        var expected = 0
        var settled = 0
        var hasEnded = false
        var waiters: [CheckedContinuation<Void, Never>] = []
        var failures: [Position: [(handler: String, error: any Error)]] = [:]
        var order: [Position] = []
    }

    private let state = Locked(State())

    func expectOne() { state.withLock { $0.expected += 1 } }

    func expectOneLess() {
        resume(
            state.withLock { state in
                state.expected -= 1
                return Self.ready(&state)
            })
    }

    /// The consumer ends: nothing more will be settled.
    func end() {
        resume(
            state.withLock { state in
                state.hasEnded = true
                return Self.ready(&state)
            })
    }

    func record(_ fact: BusFact) {
        guard case .settled(let event, let settlement) = fact else { return }
        resume(
            state.withLock { state in
                state.settled += 1
                // A handler that succeeded in the end has not failed.
                if settlement == .handled, let position = event.position { state.failures[position] = nil }
                return Self.ready(&state)
            })
    }

    func failed(_ handler: String, _ error: any Error, at position: Position) {
        state.withLock { state in
            if state.failures[position] == nil { state.order.append(position) }
            state.failures[position, default: []].append((handler, error))
        }
    }

    func settled() async {
        await withCheckedContinuation { continuation in
            resume(
                state.withLock { state in
                    state.waiters.append(continuation)
                    return Self.ready(&state)
                })
        }
    }

    func throwFailures() throws {
        let failures = state.withLock { state in
            let failures = state.order.flatMap { state.failures[$0] ?? [] }
            state.failures = [:]
            state.order = []
            return failures
        }
        if !failures.isEmpty { throw HandlerFailures(failures: failures) }
    }

    private static func ready(_ state: inout State) -> [CheckedContinuation<Void, Never>] {
        guard state.settled >= state.expected || state.hasEnded else { return [] }
        defer { state.waiters = [] }
        return state.waiters
    }

    private func resume(_ waiters: [CheckedContinuation<Void, Never>]) {
        for waiter in waiters { waiter.resume() }
    }
}

/// Tells the watcher what a handler throws.
private struct FailureRecorder: HandlerMiddleware {
    let watcher: Watcher

    func handle(_ context: HandlerContext, next: @Sendable () async throws -> Void) async throws {
        do {
            try await next()
        } catch {
            watcher.failed(context.handler, error, at: context.position)
            throw error
        }
    }
}
