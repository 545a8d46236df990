import OpenEdXEvents
import Synchronization

/// The limit of each wait, and the clock that measures it.
struct Limits: Sendable {
    let limit: Duration
    let clock: any Clock<Duration>

    /// Runs an operation that has to end within the limit.
    ///
    /// One that does not is cancelled and left alone, so that a transport that ignores cancellation cannot hang the
    /// suite.
    ///
    /// - Parameter seen: What to report if time runs out.
    func run<Value: Sendable>(
        _ expected: @autoclosure () -> String, fileID: String, line: Int, seen: @autoclosure () -> String = "nothing",
        _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        let race = Race<Value>()
        let work = Task.immediate {
            do { race.finish(.success(try await operation())) } catch { race.finish(.failure(error)) }
        }
        let timer = Task { [limit, clock] in
            do { try await clock.sleep(for: limit) } catch { return }
            race.finish(nil)
        }
        let result = await withTaskCancellationHandler {
            await race.result()
        } onCancel: {
            work.cancel()
            race.finish(.failure(CancellationError()))
        }
        timer.cancel()
        work.cancel()
        switch result {
        case .success(let value): return value
        case .failure(let failure as ConformanceFailure): throw failure
        case .failure(let error):
            throw ConformanceFailure(expected: expected(), seen: "\(error)", fileID: fileID, line: line)
        case nil:
            throw ConformanceFailure(
                expected: expected(), seen: seen() + ", until the limit of \(limit)", fileID: fileID, line: line)
        }
    }
}

/// Keeps the first of several results; `nil` is the limit.
private final class Race<Value: Sendable>: Sendable {
    private enum State {
        case running
        case awaited(CheckedContinuation<Result<Value, any Error>?, Never>)
        case finished(Result<Value, any Error>?)
    }

    private let state = Locked(State.running)

    func finish(_ result: Result<Value, any Error>?) {
        let continuation = state.withLock { state -> CheckedContinuation<Result<Value, any Error>?, Never>? in
            switch state {
            case .running:
                state = .finished(result)
                return nil
            case .awaited(let continuation):
                state = .finished(result)
                return continuation
            case .finished:
                return nil
            }
        }
        continuation?.resume(returning: result)
    }

    func result() async -> Result<Value, any Error>? {
        await withCheckedContinuation { continuation in
            let finished = state.withLock { state -> Result<Value, any Error>?? in
                if case .finished(let result) = state { return .some(result) }
                state = .awaited(continuation)
                return .none
            }
            if let finished { continuation.resume(returning: finished) }
        }
    }
}
