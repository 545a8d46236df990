import OpenEdXEvents
import Synchronization

/// Keeps the facts of a test, and lets the test wait for one without sleeping.
final class FactRecorder: BusObserver {
    private struct State {
        var facts: [BusFact] = []
        var waiters: [(condition: @Sendable ([BusFact]) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []
    }

    private let state = Locked(State())

    var facts: [BusFact] { state.withLock { $0.facts } }

    func record(_ fact: BusFact) {
        let ready = state.withLock { state in
            state.facts.append(fact)
            let ready = state.waiters.filter { $0.condition(state.facts) }
            state.waiters.removeAll { $0.condition(state.facts) }
            return ready
        }
        for waiter in ready { waiter.continuation.resume() }
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
        await wait { $0.settlements.count >= count }
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
