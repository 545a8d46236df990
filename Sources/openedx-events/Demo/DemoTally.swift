import OpenEdXEvents
import Synchronization

/// Counts what a service of the demonstration does, by event type.
final class DemoTally: BusObserver {
    /// What became of one type's events.
    struct Counts {
        var handled = 0
        var retried = 0
        var deadLettered = 0
    }

    private struct State {
        var counts: [String: Counts] = [:]
        var settled = 0
        var hasGivenUp = false
        var waiter: (count: Int, continuation: CheckedContinuation<Void, Never>)?
    }

    private let state = Locked(State())

    var counts: [String: Counts] { state.withLock { $0.counts } }

    func record(_ fact: BusFact) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, Never>? in
            switch fact {
            case .retried(let event, _, _, _, _): state.counts[event.type, default: Counts()].retried += 1
            case .settled(let event, let settlement):
                state.settled += 1
                switch settlement {
                case .handled: state.counts[event.type, default: Counts()].handled += 1
                case .deadLettered: state.counts[event.type, default: Counts()].deadLettered += 1
                default: break
                }
            default: return nil
            }
            guard let waiter = state.waiter, state.settled >= waiter.count else { return nil }
            state.waiter = nil
            return waiter.continuation
        }
        waiter?.resume()
    }

    /// Waits until so many events were settled, in whatever way.
    ///
    /// Gives up when nothing more was settled for as long as its patience lasts: something is lost then, and the
    /// report says so.
    func waitForSettled(_ count: Int, patience: Duration, clock: any Clock<Duration>) async {
        state.withLock { $0.hasGivenUp = false }
        let watch = Task {
            var last = -1
            while true {
                let settled = state.withLock { $0.settled }
                if settled == last { return giveUp() }
                last = settled
                try await clock.sleep(for: patience)
            }
        }
        defer { watch.cancel() }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isDone = state.withLock { state in
                    if state.settled >= count || state.hasGivenUp { return true }
                    state.waiter = (count, continuation)
                    return false
                }
                if isDone { continuation.resume() }
            }
        } onCancel: {
            giveUp()
        }
    }

    private func giveUp() {
        let waiter = state.withLock { state in
            // Before anyone waits, too.
            state.hasGivenUp = true
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.continuation.resume()
    }
}

extension Clock<Duration> {
    /// Sleeps for a time, also where the clock's own type is not known.
    fileprivate func sleep(for duration: Duration) async throws {
        try await sleep(until: now.advanced(by: duration), tolerance: nil)
    }
}
