import Dispatch
import OpenEdXEvents
import Synchronization

/// Writes on a thread of its own, since a pipe that nobody reads blocks whoever writes.
final class BackgroundWriter: Sendable {
    /// What a write waits for: its end, or the cancellation of who waits.
    private struct Wait {
        var result: Result<Void, SystemFailure>?
        var waiter: CheckedContinuation<Result<Void, SystemFailure>, Never>?
    }

    private let sink: any ByteSink
    private let queue = DispatchQueue(label: "openedx-events.writer")

    init(_ sink: any ByteSink) { self.sink = sink }

    /// Writes the bytes behind all before them, and flushes.
    ///
    /// - Throws: ``SystemFailure`` if any write failed so far, or with `ECANCELED` if the task was cancelled meanwhile:
    ///   then the bytes may or may not be written.
    func write(_ bytes: [UInt8]) async throws(SystemFailure) {
        let wait = SharedWait()
        queue.async { [sink] in
            sink.write(bytes)
            wait.end(sink.flush().map { .failure($0) } ?? .success(()))
        }
        let result = await withTaskCancellationHandler {
            await wait.result()
        } onCancel: {
            wait.end(.failure(.cancelled))
        }
        try result.get()
    }

    private final class SharedWait: Sendable {
        private let state = Locked(Wait())

        func result() async -> Result<Void, SystemFailure> {
            await withCheckedContinuation { continuation in
                let result = state.withLock { state in
                    if state.result == nil { state.waiter = continuation }
                    return state.result
                }
                if let result { continuation.resume(returning: result) }
            }
        }

        func end(_ result: Result<Void, SystemFailure>) {
            let waiter = state.withLock { state -> CheckedContinuation<Result<Void, SystemFailure>, Never>? in
                guard state.result == nil else { return nil }
                state.result = result
                return state.waiter.take()
            }
            waiter?.resume(returning: result)
        }
    }
}
