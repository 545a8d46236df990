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
        }
    }

    deinit { jobs.close() }

    /// Runs a request on the thread and returns what it returns.
    ///
    /// - Throws: what the request throws; ``OpenEdXEvents/TransportError/Code/full`` when too many wait.
    func perform<Value: Sendable>(
        _ body: @escaping @Sendable (AdminSession) throws(TransportError) -> Value
    ) async throws(TransportError) -> Value {
        let result: Result<Value, TransportError> = await withCheckedContinuation { continuation in
            let isTaken = jobs.add { session in
                do throws(TransportError) {
                    continuation.resume(returning: .success(try body(try session.get())))
                } catch {
                    continuation.resume(returning: .failure(error))
                }
            }
            if !isTaken {
                let error = TransportError(
                    .full, "\(Self.limit) administrative requests wait already", isRetriable: true)
                continuation.resume(returning: .failure(error))
            }
        }
        return try result.get()
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

    /// Adds a request, unless too many wait.
    func add(_ job: @escaping AdminClient.Job) -> Bool {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        guard waiting.count < AdminClient.limit else { return false }
        waiting.append(job)
        pthread_cond_signal(condition)
        return true
    }

    /// Ends the thread once nothing waits any more.
    func close() {
        pthread_mutex_lock(mutex)
        isClosed = true
        pthread_cond_signal(condition)
        pthread_mutex_unlock(mutex)
    }

    /// Waits for the next request; `nil` at the end.
    func next() -> AdminClient.Job? {
        pthread_mutex_lock(mutex)
        defer { pthread_mutex_unlock(mutex) }
        while waiting.isEmpty, !isClosed { pthread_cond_wait(condition, mutex) }
        return waiting.isEmpty ? nil : waiting.removeFirst()
    }
}
