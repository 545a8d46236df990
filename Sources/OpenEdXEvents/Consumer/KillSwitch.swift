import Synchronization

/// Stops, with one call, every consumer that was given it: what was begun is finished, nothing more is taken in.
///
/// Once thrown it stays thrown; consumers started later stop at once.
public final class KillSwitch: Sendable {
    private struct State {
        var reason: String?
        var listeners: [UInt64: @Sendable (String) -> Void] = [:]
        var next: UInt64 = 0
    }

    private let state = Locked(State())

    /// Creates a kill switch.
    public init() {}

    /// The reason, if the switch was thrown.
    public var reason: String? { state.withLock { $0.reason } }

    /// Throws the switch. The first reason holds.
    public func engage(reason: String) {
        let listeners = state.withLock { state in
            guard state.reason == nil else { return [@Sendable (String) -> Void]() }
            state.reason = reason
            return Array(state.listeners.values)
        }
        for listener in listeners { listener(reason) }
    }

    /// Calls the listener when the switch is thrown, at once if it was; returns a number to remove it by.
    func listen(_ listener: @escaping @Sendable (String) -> Void) -> UInt64 {
        let (number, reason) = state.withLock { state in
            state.next += 1
            state.listeners[state.next] = listener
            return (state.next, state.reason)
        }
        if let reason { listener(reason) }
        return number
    }

    func remove(_ number: UInt64) {
        state.withLock { _ = $0.listeners.removeValue(forKey: number) }
    }
}
