#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A thread of its own for a client: a poll that waits would else hold one of the few threads that tasks share.
enum ClientThread {
    private final class Box {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs the body on a new thread, which ends with it.
    static func start(_ body: @escaping @Sendable () -> Void) {
        let code = create(Unmanaged.passRetained(Box(body)).toOpaque())
        // Without threads nothing works, and there is no one to tell it to.
        precondition(code == 0, "no thread can be started for a Kafka client (\(code))")
    }

    private static func create(_ box: UnsafeMutableRawPointer) -> Int32 {
        #if canImport(Darwin)
        var thread: pthread_t?
        let code = pthread_create(&thread, nil, entry, box)
        if let thread { pthread_detach(thread) }
        #else
        var thread = pthread_t()
        let code = pthread_create(&thread, nil, entry, box)
        if code == 0 { pthread_detach(thread) }
        #endif
        return code
    }

    private static let entry: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { box in
        if let box { Unmanaged<Box>.fromOpaque(box).takeRetainedValue().body() }
        return nil
    }
}
