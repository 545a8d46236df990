import OpenEdXEvents
import Synchronization

/// A number that grows, and those who wait until it is large enough.
final class Milestones: Sendable {
    private struct State {
        var reached = 0
        var waiting: [(number: Int, resume: CheckedContinuation<Bool, Never>)] = []
        var isOver = false
    }

    private let state = Locked(State())

    var reached: Int { state.withLock { $0.reached } }

    /// Takes note of a number; a smaller one than before changes nothing.
    func report(_ number: Int) { update { max($0, number) } }

    /// Adds one to the number.
    func add() { update { $0 + 1 } }

    private func update(_ change: (Int) -> Int) {
        let due = state.withLock { state in
            state.reached = change(state.reached)
            let due = state.waiting.filter { $0.number <= state.reached }
            state.waiting.removeAll { $0.number <= state.reached }
            return due.map(\.resume)
        }
        for continuation in due { continuation.resume(returning: true) }
    }

    /// Waits for a number; `false` if it will not be reached.
    @discardableResult
    func wait(for number: Int) async -> Bool {
        await withCheckedContinuation { continuation in
            let answer: Bool? = state.withLock { state in
                if state.reached >= number { return true }
                if state.isOver { return false }
                state.waiting.append((number, continuation))
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    /// Ends all waits, now and later.
    func end() {
        let waiting = state.withLock { state in
            state.isOver = true
            defer { state.waiting = [] }
            return state.waiting.map(\.resume)
        }
        for continuation in waiting { continuation.resume(returning: false) }
    }
}
