import Synchronization

/// A barrier between threads: what was written before ``send()`` is seen after a later ``receive()``.
final class HandOver: Sendable {
    private let count = Atomic<UInt64>(0)

    func send() { count.wrappingAdd(1, ordering: .releasing) }

    func receive() { _ = count.load(ordering: .acquiring) }
}
