import OpenEdXEvents
import Synchronization

/// Keeps the facts of a test, and lets the test wait for one without sleeping.
final class FactRecorder: BusObserver {
    private struct State {
        var facts: [BusFact] = []
        var settled = 0
        /// Who waits for so many settled events: counted, as looking through all facts each time would be slow.
        var countWaiters: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []
        typealias Waiter = (condition: @Sendable ([BusFact]) -> Bool, continuation: CheckedContinuation<Void, Never>)
        var waiters: [Waiter] = []
    }

    private let state = Locked(State())

    var facts: [BusFact] { state.withLock { $0.facts } }

    func record(_ fact: BusFact) {
        let ready = state.withLock { state in
            state.facts.append(fact)
            var ready: [CheckedContinuation<Void, Never>] = []
            if case .settled = fact {
                state.settled += 1
                let settled = state.settled
                ready += state.countWaiters.filter { $0.count <= settled }.map(\.continuation)
                state.countWaiters.removeAll { $0.count <= settled }
            }
            guard !state.waiters.isEmpty else { return ready }
            var waiting: [State.Waiter] = []
            for waiter in state.waiters {
                if waiter.condition(state.facts) { ready.append(waiter.continuation) } else { waiting.append(waiter) }
            }
            state.waiters = waiting
            return ready
        }
        for continuation in ready { continuation.resume() }
    }

    /// Waits until the facts so far meet the condition; the suite's time limit ends a wait in vain.
    func wait(until condition: @escaping @Sendable ([BusFact]) -> Bool) async {
        await withCheckedContinuation { continuation in
            let isMet = state.withLock { state in
                if condition(state.facts) { return true }
                state.waiters.append((condition, continuation))
                return false
            }
            if isMet { continuation.resume() }
        }
    }

    /// Waits until so many events were settled.
    func waitForSettled(_ count: Int) async {
        await withCheckedContinuation { continuation in
            let isMet = state.withLock { state in
                if state.settled < count { state.countWaiters.append((count, continuation)) }
                return state.settled >= count
            }
            if isMet { continuation.resume() }
        }
    }

    var settlements: [Settlement] { facts.settlements }

    var retries: Int {
        facts.count { if case .retried = $0 { true } else { false } }
    }

    var deadLetterReasons: [String] {
        facts.compactMap { if case .deadLettered(_, _, _, _, let reason) = $0 { reason } else { nil } }
    }
}

extension [BusFact] {
    var settlements: [Settlement] {
        compactMap { if case .settled(_, let settlement) = $0 { settlement } else { nil } }
    }
}
