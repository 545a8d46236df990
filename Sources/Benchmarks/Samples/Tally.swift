import Synchronization

/// Counts events on one side of a bus and tells the other side when all have come.
final class Tally: Sendable {
    private let count = Atomic<Int>(0)
    private let target = Atomic<Int>(.max)
    private let signals: AsyncStream<Void>
    private let signal: AsyncStream<Void>.Continuation

    init() {
        (signals, signal) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    /// Expects so many events more; to be called before they are sent, with none under way.
    func expect(_ events: Int) {
        target.store(count.load(ordering: .acquiring) + events, ordering: .releasing)
    }

    /// Counts an event.
    func add() {
        let count = count.add(1, ordering: .acquiringAndReleasing).newValue
        if count == target.load(ordering: .acquiring) { signal.yield() }
    }

    /// Waits until all events that are expected have come.
    func wait() async {
        for await _ in signals { return }
    }
}
