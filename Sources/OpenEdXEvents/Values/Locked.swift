#if THREAD_SANITIZER
#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// A value behind a lock that the thread sanitizer can see.
///
/// `Mutex` takes its slow path inside the standard library, which is not instrumented: under the sanitizer every
/// contended lock would look like a race. Built with `THREAD_SANITIZER`, as `make test-thread` does, a POSIX mutex stands
/// in for it.
package struct Locked<Value>: ~Copyable, Sendable {
    // Unchecked: the value is touched only between lock and unlock.
    private final class Storage: @unchecked Sendable {
        // Allocated, since a POSIX mutex must not move.
        let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
        var value: Value

        init(_ value: consuming sending Value) {
            self.value = value
            mutex.initialize(to: pthread_mutex_t())
            pthread_mutex_init(mutex, nil)
        }

        deinit {
            pthread_mutex_destroy(mutex)
            mutex.deallocate()
        }
    }

    private let storage: Storage

    package init(_ value: consuming sending Value) { storage = Storage(value) }

    package borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        pthread_mutex_lock(storage.mutex)
        defer { pthread_mutex_unlock(storage.mutex) }
        return try body(&storage.value)
    }
}
#else
package import Synchronization

/// A value behind a lock: the standard library's, except under the thread sanitizer.
package typealias Locked<Value: ~Copyable> = Mutex<Value>
#endif
