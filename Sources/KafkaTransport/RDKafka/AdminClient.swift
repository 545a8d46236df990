import OpenEdXEvents

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Runs administrative requests one after the other on a thread of their own, since librdkafka blocks meanwhile.
///
/// The client behind it is made with the first request, and freed when nothing refers to this any more.
final class AdminClient: Sendable {
    typealias Job = @Sendable (Result<AdminSession, TransportError>) -> Void

    /// How many requests may wait for those before them.
    static let limit = 1_000

    private let jobs = AdminJobs()

    init(properties: [(name: String, value: String)]) {
        let jobs = jobs
        ClientThread.start {
            var session: Result<AdminSession, TransportError>?
            while let job = jobs.next() {
                // One that could not be made is tried again by the next request: files may have come since.
                if case .success = session {} else { session = AdminSession.make(properties) }
                if let session { job(session) }
            }
            // Freed before those who wait for the end are told of it.
            session = nil
            jobs.end()
        }
    }

    deinit { _ = jobs.close(onEnd: nil) }

    /// Runs a request on the thread and returns what it returns.
    ///
    /// - Throws: what the request throws; ``OpenEdXEvents/TransportError/Code/full`` when too many wait;
    ///   ``OpenEdXEvents/TransportError/Code/closed`` after ``close()``;
    ///   ``OpenEdXEvents/TransportError/Code/cancelled`` when the task is cancelled before. A request that was begun is
    ///   answered all the same.
    func perform<Value: Sendable>(
        _ body: @escaping @Sendable (AdminSession) throws(TransportError) -> Value
    ) async throws(TransportError) -> Value {
        if Task.isCancelled { throw TransportError(.cancelled, "the task was cancelled; nothing was asked") }
        let result: Result<Value, TransportError> = await withCheckedContinuation { continuation in
            let refusal = jobs.add { session in
                do throws(TransportError) {
                    continuation.resume(returning: .success(try body(try session.get())))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
            if let refusal { continuation.resume(returning: .failure(refusal)) }
        }
        return try result.get()
    }

    /// Finishes the requests that wait, frees the client, and returns when its threads are gone.
    func close() async {
        await withCheckedContinuation { continuation in
            if !jobs.close(onEnd: { continuation.resume() }) { continuation.resume() }
        }
    }
}

/// The requests that wait for the thread.
// Unchecked: everything is touched under the mutex only. A condition is needed, which `Locked` has not.
private final class AdminJobs: @unchecked Sendable {
    // Allocated, since neither may move.
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
    private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
    private var waiting: [AdminClient.Job] = []
    private var isClosed = false
    private var hasEnded = false
    private var onEnd: [@Sendable () -> Void] = []

    init() {
        mutex.initialize(to: pthread_mutex_t())
        condition.initialize(to: pthread_cond_t())
        pthread_mutex_init(mutex, nil)
        pthread_cond_init(condition, nil)
    }

    deinit {
        pthread_cond_destroy(condition)
        pthread_mutex_destroy(mutex)
        condition.deallocate()
        mutex.deallocate()
    }

    /// Adds a request; returns why not, if it cannot be.
    func add(_ job: @escaping AdminClient.Job) -> TransportError? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        if isClosed { return TransportError(.closed, "the administration is closed") }
        guard waiting.count < AdminClient.limit else {
            return TransportError(
                .full, "\(AdminClient.limit) administrative requests wait already", isRetriable: true)
        }
        waiting.append(job)
        pthread_cond_signal(condition)
        return nil
    }

    /// Ends the thread once nothing waits any more. Returns whether the function will be called at the end: not if that
    /// is over.
    func close(onEnd body: (@Sendable () -> Void)?) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        isClosed = true
        if hasEnded { return false }
        if let body { onEnd.append(body) }
        pthread_cond_signal(condition)
        return true
    }

    /// Tells those who wait for the end.
    func end() {
        pthread_mutex_lock(mutex)
        hasEnded = true
        let bodies = onEnd
        onEnd = []
        pthread_mutex_unlock(mutex)
        for body in bodies { body() }
    }

    /// Waits for the next request; `nil` at the end.
    func next() -> AdminClient.Job? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while waiting.isEmpty, !isClosed { pthread_cond_wait(condition, mutex) }
        return waiting.isEmpty ? nil : waiting.removeFirst()
    }
}
