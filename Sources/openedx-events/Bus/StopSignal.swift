import OpenEdXEvents
import Synchronization

/// Asks work that runs to stop in good order: once, from any thread.
final class StopSignal: Sendable {
    private struct State {
        var isGiven = false
        var lastNumber = 0
        var actions: [Int: @Sendable () -> Void] = [:]
    }

    private let state = Locked(State())

    /// Whether the work is to stop.
    var isGiven: Bool { state.withLock { $0.isGiven } }

    /// Asks for the stop. Only the first call does anything.
    func give() {
        let actions = state.withLock { state in
            state.isGiven = true
            defer { state.actions = [:] }
            return state.actions.sorted { $0.key < $1.key }.map(\.value)
        }
        for action in actions { action() }
    }

    /// Calls the action when the signal is given, at once if it was; until the result is cancelled.
    func onGiven(_ action: @escaping @Sendable () -> Void) -> Registration {
        let number = state.withLock { state -> Int? in
            guard !state.isGiven else { return nil }
            state.lastNumber += 1
            state.actions[state.lastNumber] = action
            return state.lastNumber
        }
        if number == nil { action() }
        return Registration(signal: self, number: number)
    }

    /// An action that waits for the signal.
    struct Registration: Sendable {
        fileprivate let signal: StopSignal
        fileprivate let number: Int?

        /// Forgets the action.
        func cancel() {
            guard let number else { return }
            signal.state.withLock { $0.actions[number] = nil }
        }
    }

    /// Does some work that is cancelled when the signal is given.
    func cancelling<Value: Sendable, Failure: Error>(
        _ work: @escaping @Sendable () async throws(Failure) -> Value
    ) async throws(Failure) -> Value {
        let task = Task { () async -> Result<Value, Failure> in
            do throws(Failure) {
                return .success(try await work())
            } catch {
                return .failure(error)
            }
        }
        let registration = onGiven { task.cancel() }
        defer { registration.cancel() }
        return try await task.value.get()
    }

    /// Waits until the signal is given.
    func wait() async {
        await withCheckedContinuation { continuation in
            let isGiven = state.withLock { state in
                guard !state.isGiven else { return true }
                state.lastNumber += 1
                state.actions[state.lastNumber] = { continuation.resume() }
                return false
            }
            if isGiven { continuation.resume() }
        }
    }
}

/// Work that runs until it is done or asked to stop, as `ShutdownSignals` wants it.
struct StoppableWork<Value: Sendable>: DrainableService {
    private final class Result: Sendable {
        let value = Locked<Value?>(nil)
    }

    let stop: StopSignal
    private let result = Result()
    private let body: @Sendable () async throws -> Value

    init(_ stop: StopSignal, _ body: @escaping @Sendable () async throws -> Value) {
        self.stop = stop
        self.body = body
    }

    /// What the work gave; `nil` until it has ended well.
    var value: Value? { result.value.withLock { $0 } }

    func run() async throws {
        let value = try await body()
        result.value.withLock { $0 = value }
    }

    func shutDown() { stop.give() }
}
