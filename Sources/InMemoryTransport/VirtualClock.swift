public import OpenEdXEvents
import Synchronization

/// A clock that stands still until a test moves it.
///
/// Give it to an ``InMemoryBroker`` and to what else waits, and no test has to sleep: ``waitForSleepers(_:)`` returns
/// when the code under test waits for the clock, and ``advance(by:)`` lets that wait end.
public final class VirtualClock: Clock, Sendable {
    /// A moment of the clock: how long it has run.
    public struct Instant: InstantProtocol {
        /// The time since the clock was made.
        public let elapsed: Duration

        /// Creates an instant so long after the start.
        public init(elapsed: Duration) { self.elapsed = elapsed }

        /// The instant so much later.
        public func advanced(by duration: Duration) -> Instant { Instant(elapsed: elapsed + duration) }
        /// How far it is to another instant.
        public func duration(to other: Instant) -> Duration { other.elapsed - elapsed }
        /// Whether the first comes before the second.
        public static func < (left: Instant, right: Instant) -> Bool { left.elapsed < right.elapsed }
    }

    private struct Sleeper {
        let number: UInt64
        let deadline: Instant
        let continuation: CheckedContinuation<Bool, Never>
    }

    private struct Watcher {
        let number: UInt64
        let count: Int
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var now = Instant(elapsed: .zero)
        var sleepers: [Sleeper] = []
        var watchers: [Watcher] = []
        var number: UInt64 = 0

        mutating func readyWatchers() -> [Watcher] {
            guard watchers.contains(where: { $0.count <= sleepers.count }) else { return [] }
            let ready = watchers.filter { $0.count <= sleepers.count }
            watchers.removeAll { $0.count <= sleepers.count }
            return ready
        }

        mutating func nextNumber() -> UInt64 {
            number += 1
            return number
        }
    }

    private let state = Locked(State())
    private let start: EventTime

    /// Creates a clock.
    ///
    /// - Parameter start: The time of day when the clock has not run yet.
    public init(startingAt start: EventTime = EventTime(seconds: 1_600_000_000, nanoseconds: 0)) {
        self.start = start
    }

    /// The moment that the clock shows.
    public var now: Instant { state.withLock { $0.now } }

    /// The time of day that the clock shows.
    public var time: EventTime { start.advanced(by: now.elapsed) }

    /// A nanosecond.
    public var minimumResolution: Duration { .nanoseconds(1) }

    /// How many tasks sleep.
    public var sleepers: Int { state.withLock { $0.sleepers.count } }

    /// Sleeps until the clock was moved to the deadline.
    ///
    /// - Throws: `CancellationError` as soon as the task is cancelled.
    public func sleep(until deadline: Instant, tolerance: Duration? = nil) async throws {
        let number = state.withLock { $0.nextNumber() }
        let isDue = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let (isDue, watchers) = state.withLock { state -> (Bool?, [Watcher]) in
                    if Task.isCancelled { return (false, []) }
                    if deadline <= state.now { return (true, []) }
                    state.sleepers.append(Sleeper(number: number, deadline: deadline, continuation: continuation))
                    return (nil, state.readyWatchers())
                }
                if let isDue { continuation.resume(returning: isDue) }
                for watcher in watchers { watcher.continuation.resume() }
            }
        } onCancel: {
            let sleeper = state.withLock { state in
                state.sleepers.firstIndex { $0.number == number }.map { state.sleepers.remove(at: $0) }
            }
            sleeper?.continuation.resume(returning: false)
        }
        if !isDue { throw CancellationError() }
    }

    /// Moves the clock on and wakes whoever slept until then, in the order of their deadlines.
    ///
    /// They run after this returned: use ``waitForSleepers(_:)`` to await that they sleep again.
    public func advance(by duration: Duration) {
        let due = state.withLock { state in
            state.now = state.now.advanced(by: duration)
            let due = state.sleepers.filter { $0.deadline <= state.now }
            state.sleepers.removeAll { $0.deadline <= state.now }
            return due
        }
        for sleeper in due.sorted(by: { ($0.deadline, $0.number) < ($1.deadline, $1.number) }) {
            sleeper.continuation.resume(returning: true)
        }
    }

    /// Waits until at least so many tasks sleep; returns early if the calling task is cancelled.
    public func waitForSleepers(_ count: Int) async {
        let number = state.withLock { $0.nextNumber() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if Task.isCancelled || state.sleepers.count >= count { return true }
                    state.watchers.append(Watcher(number: number, count: count, continuation: continuation))
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            let watcher = state.withLock { state in
                state.watchers.firstIndex { $0.number == number }.map { state.watchers.remove(at: $0) }
            }
            watcher?.continuation.resume()
        }
    }
}
