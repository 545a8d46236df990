import Dispatch
import OpenEdXEvents
import Synchronization

/// Reads on a thread of its own, since reading blocks, and hands on what it read through a queue with a bound.
///
/// One task takes. A reader that is stopped ends at its next element; one that waits for input for ever is left to the
/// end of the process.
final class BackgroundReader<Element: Sendable>: Sendable {
    private struct State {
        var elements: [(element: Element, cost: Int)] = []
        var cost = 0
        var isEnded = false
        var isStopped = false
        var failure: (any Error)?
        /// The reading thread waits for room.
        var isBlocked = false
        var waiter: CheckedContinuation<Void, Never>?
    }

    private let state = Locked(State())
    private let room = DispatchSemaphore(value: 0)
    private let limit: Int

    /// - Parameters:
    ///   - limit: How much of what was read may wait, by its cost. One element more is always taken.
    ///   - read: Reads, and calls its argument with each element and its cost; that returns false if reading is to end.
    init(
        limit: Int, _ read: @escaping @Sendable (_ push: (Element, _ cost: Int) -> Bool) throws -> Void
    ) {
        self.limit = limit
        DispatchQueue(label: "openedx-events.reader").async { [self] in
            do {
                try read { element, cost in push(element, cost) }
                end(nil)
            } catch {
                end(error)
            }
        }
    }

    /// Waits for elements and returns at least one, in order; `nil` at the end, or when it is stopped.
    ///
    /// - Throws: What reading threw, behind all that was read before.
    func next(atMost count: Int) async throws -> [Element]? {
        while true {
            let (elements, isOver, failure) = state.withLock { state in
                if state.isStopped { return ([Element](), true, (any Error)?.none) }
                let taken = state.elements.prefix(count)
                state.elements.removeFirst(taken.count)
                state.cost -= taken.reduce(0) { $0 + $1.cost }
                unblock(&state)
                return (taken.map(\.element), state.isEnded, state.failure)
            }
            if !elements.isEmpty { return elements }
            if let failure { throw failure }
            if isOver { return nil }
            await waitForElement()
        }
    }

    /// Ends the reading: what was read and not taken is dropped.
    func stop() {
        let waiter = state.withLock { state in
            state.isStopped = true
            state.elements = []
            state.cost = 0
            unblock(&state)
            return state.waiter.take()
        }
        waiter?.resume()
    }

    private func waitForElement() async {
        await withCheckedContinuation { continuation in
            let isWaiting = state.withLock { state in
                guard state.elements.isEmpty, !state.isEnded, !state.isStopped else { return false }
                state.waiter = continuation
                return true
            }
            if !isWaiting { continuation.resume() }
        }
    }

    private func push(_ element: Element, _ cost: Int) -> Bool {
        let (waiter, isFull) = state.withLock { state -> (CheckedContinuation<Void, Never>?, Bool) in
            guard !state.isStopped else { return (nil, false) }
            state.elements.append((element, cost))
            state.cost += cost
            state.isBlocked = state.cost >= limit
            return (state.waiter.take(), state.isBlocked)
        }
        waiter?.resume()
        if isFull { room.wait() }
        return state.withLock { !$0.isStopped }
    }

    private func unblock(_ state: inout State) {
        guard state.isBlocked, state.cost < limit else { return }
        state.isBlocked = false
        room.signal()
    }

    private func end(_ failure: (any Error)?) {
        let waiter = state.withLock { state in
            state.isEnded = true
            state.failure = failure
            return state.waiter.take()
        }
        waiter?.resume()
    }
}
