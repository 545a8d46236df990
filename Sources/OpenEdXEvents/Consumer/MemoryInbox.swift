import Synchronization

/// An inbox in memory, bounded by count and by age: the oldest are forgotten first.
public final class MemoryInbox: Inbox {
    private let state: Locked<MemoryInboxState>
    private let now: @Sendable () -> EventTime

    /// - Parameters:
    ///   - capacity: How many handled events are remembered at the most; at least 1.
    ///   - maximumAge: How long an event is remembered.
    ///   - now: Reads the clock.
    public init(
        capacity: Int = 100_000, maximumAge: Duration = .seconds(86_400),
        now: @escaping @Sendable () -> EventTime = { EventTime.now() }
    ) {
        state = Locked(MemoryInboxState(capacity: max(1, capacity), maximumAge: maximumAge))
        self.now = now
    }

    /// Claims an event, unless it was handled or is claimed.
    public func claim(_ event: InboxKey) -> InboxClaim {
        let now = now()
        return state.withLock { $0.claim(event, now: now) }
    }

    /// Remembers an event as handled.
    public func finish(_ event: InboxKey) {
        let now = now()
        state.withLock { $0.finish(event, now: now) }
    }

    /// Gives a claim back.
    public func release(_ event: InboxKey) {
        state.withLock { $0.release(event) }
    }

    /// How many handled events are remembered.
    public var count: Int { state.withLock { $0.count } }
}

/// What an inbox in memory remembers: pure.
struct MemoryInboxState {
    private let capacity: Int
    private let maximumAge: Duration
    private var claimed: Set<InboxKey> = []
    private var handled: Set<InboxKey> = []
    /// The handled events in the order in which they were finished: a ring once it is full.
    private var order: [(key: InboxKey, time: EventTime)] = []
    private var oldest = 0

    init(capacity: Int, maximumAge: Duration) {
        self.capacity = capacity
        self.maximumAge = maximumAge
    }

    var count: Int { handled.count }

    mutating func claim(_ key: InboxKey, now: EventTime) -> InboxClaim {
        forget(before: now.advanced(by: .zero - maximumAge))
        guard !handled.contains(key) else { return .handled }
        return claimed.insert(key).inserted ? .granted : .underWay
    }

    mutating func finish(_ key: InboxKey, now: EventTime) {
        claimed.remove(key)
        guard handled.insert(key).inserted else { return }
        if handled.count > capacity { forgetOldest() }
        order.append((key, now))
    }

    mutating func release(_ key: InboxKey) {
        claimed.remove(key)
    }

    private mutating func forget(before limit: EventTime) {
        while oldest < order.count, order[oldest].time < limit { forgetOldest() }
    }

    private mutating func forgetOldest() {
        guard oldest < order.count else { return }
        handled.remove(order[oldest].key)
        oldest += 1
        // Half of the array is spent: move the rest down, at a cost that is spread over as many events.
        if oldest > order.count / 2, oldest > 64 {
            order.removeFirst(oldest)
            oldest = 0
        }
    }
}
