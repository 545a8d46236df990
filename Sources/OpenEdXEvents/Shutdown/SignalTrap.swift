import Dispatch
import Synchronization

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// Catches signals while it is set: the first is reported, any further one does what it would without the trap.
final class SignalTrap: Sendable {
    private struct State {
        var first: ProcessSignal?
        var isReleased = false
        var waiter: CheckedContinuation<ProcessSignal?, Never>?
    }

    private let state = Locked(State())
    private let onFurther: @Sendable (ProcessSignal) -> Void

    init(onFurther: @escaping @Sendable (ProcessSignal) -> Void = SignalTrap.fallBack) {
        self.onFurther = onFurther
    }

    /// Catches the signals while the body runs, and gives them back the disposition that they had.
    func whileSet(_ signals: [ProcessSignal], _ body: () async throws -> Void) async throws {
        let queue = DispatchQueue(label: "openedx-events.signals")
        var caught: [CaughtSignal] = []
        for signal in Set(signals) {
            caught.append(await CaughtSignal(signal, on: queue) { [self] in arrived(signal) })
        }
        let result: Result<Void, any Error>
        do {
            try await body()
            result = .success(())
        } catch {
            result = .failure(error)
        }
        for signal in caught { await signal.release() }
        return try result.get()
    }

    /// Waits for the first signal; `nil` if the task is cancelled before one arrives. For one task at a time.
    func first() async -> ProcessSignal? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let now: ProcessSignal?? = state.withLock { state in
                    if let first = state.first { return .some(first) }
                    if state.isReleased { return .some(nil) }
                    state.waiter = continuation
                    return nil
                }
                if let now { continuation.resume(returning: now) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.isReleased = true
                defer { state.waiter = nil }
                return state.waiter
            }
            waiter?.resume(returning: nil)
        }
    }

    /// Takes note of a signal.
    func arrived(_ signal: ProcessSignal) {
        let (isFirst, waiter) = state.withLock { state in
            guard state.first == nil else { return (false, CheckedContinuation<ProcessSignal?, Never>?.none) }
            state.first = signal
            defer { state.waiter = nil }
            return (true, state.waiter)
        }
        if isFirst { waiter?.resume(returning: signal) } else { onFurther(signal) }
    }

    /// Lets a signal do to the process what it does by default: for the ones in use here, end it.
    @Sendable private static func fallBack(_ signal: ProcessSignal) {
        // The queue's thread has every signal blocked, so the default would never be reached by raising alone.
        var mask = sigset_t()
        sigemptyset(&mask)
        sigaddset(&mask, signal.number)
        setDisposition(signal, SIG_DFL)
        pthread_sigmask(SIG_UNBLOCK, &mask, nil)
        raise(signal.number)
    }
}

/// One signal in the hands of a Dispatch source.
private final class CaughtSignal: @unchecked Sendable {
    // Dispatch objects may be used from any thread, but the protocol of signal sources does not say so everywhere.
    private let source: any DispatchSourceSignal
    private let former: FormerDisposition

    /// Returns once the signal is caught: Dispatch sets its handler some time after the source is activated.
    init(_ signal: ProcessSignal, on queue: DispatchQueue, _ body: @escaping @Sendable () -> Void) async {
        former = FormerDisposition(of: signal)
        #if canImport(Darwin)
        // The source only watches: the disposition would still end the process. On Linux it sets its own.
        setDisposition(signal, SIG_IGN)
        #endif
        source = DispatchSource.makeSignalSource(signal: signal.number, queue: queue)
        source.setEventHandler(handler: body)
        await withCheckedContinuation { continuation in
            source.setRegistrationHandler { continuation.resume() }
            source.activate()
        }
    }

    /// Ends the source, and then restores the disposition.
    func release() async {
        await withCheckedContinuation { continuation in
            source.setCancelHandler {
                self.former.restore()
                continuation.resume()
            }
            source.cancel()
        }
    }
}

/// What a signal did before it was caught.
private struct FormerDisposition: @unchecked Sendable {
    // `sigaction` holds a function pointer, which is not Sendable by itself; it is never changed here.
    private let signal: ProcessSignal
    private var action = sigaction()

    init(of signal: ProcessSignal) {
        self.signal = signal
        sigaction(signal.number, nil, &action)
    }

    func restore() {
        var action = action
        sigaction(signal.number, &action, nil)
    }
}

private func setDisposition(_ caught: ProcessSignal, _ handler: (@convention(c) (Int32) -> Void)?) {
    _ = signal(caught.number, handler)
}
