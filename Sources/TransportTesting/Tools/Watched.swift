import OpenEdXEvents
import Synchronization

/// A value that many change and that can be awaited to become what is needed.
final class Watched<Value: Sendable>: Sendable {
    private struct Waiter: Sendable {
        let number: UInt64
        let condition: @Sendable (Value) -> Bool
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State: Sendable {
        var value: Value
        var waiters: [Waiter] = []
        var number: UInt64 = 0
    }

    private let state: Locked<State>

    init(_ value: Value) { state = Locked(State(value: value)) }

    var value: Value { state.withLock { $0.value } }

    /// Changes the value and wakes whoever waited for what it is now.
    func update(_ change: (inout Value) -> Void) {
        let ready = state.withLock { state -> [Waiter] in
            change(&state.value)
            let ready = state.waiters.filter { $0.condition(state.value) }
            if !ready.isEmpty {
                let numbers = Set(ready.map(\.number))
                state.waiters.removeAll { numbers.contains($0.number) }
            }
            return ready
        }
        for waiter in ready { waiter.continuation.resume() }
    }

    /// Waits until the condition holds and returns the value of that moment or a later one.
    func wait(
        _ expected: @autoclosure () -> String, within limits: Limits, fileID: String, line: Int,
        until condition: @escaping @Sendable (Value) -> Bool
    ) async throws -> Value {
        try await limits.run(expected(), fileID: fileID, line: line, seen: "\(value)") {
            await self.wait(until: condition)
            return self.value
        }
    }

    /// Waits until the condition holds, or the task is cancelled.
    private func wait(until condition: @escaping @Sendable (Value) -> Bool) async {
        let number = state.withLock { state in
            state.number += 1
            return state.number
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    if Task.isCancelled || condition(state.value) { return true }
                    state.waiters.append(Waiter(number: number, condition: condition, continuation: continuation))
                    return false
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiters.firstIndex { $0.number == number }.map { state.waiters.remove(at: $0) }
            }
            waiter?.continuation.resume()
        }
    }
}
