/// When to commit: at an interval and when asked, one commit at a time.
///
/// A state machine without effects. Whoever asks while a commit is under way gets the next one, which knows what was
/// finished meanwhile.
struct CommitSchedule<Waiter> {
    private let interval: Duration?
    private(set) var due: ContinuousClock.Instant?
    /// The number of the commit that is under way.
    private(set) var underWay: UInt64?
    private var lastNumber: UInt64 = 0
    private var answered: [Waiter] = []
    private var asking: [Waiter] = []

    /// - Parameter interval: How often to commit unasked; never if it is not positive.
    init(every interval: Duration, from now: ContinuousClock.Instant) {
        self.interval = interval > .zero ? interval : nil
        due = self.interval.map { now.advanced(by: $0) }
    }

    mutating func ask(_ waiter: Waiter) { asking.append(waiter) }

    /// Begins a commit if it is time and none is under way; returns its number.
    mutating func begin(now: ContinuousClock.Instant) -> UInt64? {
        let isDue = due.map { $0 <= now } ?? false
        guard underWay == nil, isDue || !asking.isEmpty else { return nil }
        if let interval { due = now.advanced(by: interval) }
        lastNumber += 1
        underWay = lastNumber
        answered = asking
        asking = []
        return lastNumber
    }

    /// A number for a commit beside the schedule, as when partitions are given up.
    mutating func number() -> UInt64 {
        lastNumber += 1
        return lastNumber
    }

    /// A commit is through; returns who waited for it, `nil` if it is not the scheduled one.
    mutating func end(_ number: UInt64) -> [Waiter]? {
        guard underWay == number else { return nil }
        underWay = nil
        defer { answered = [] }
        return answered
    }

    /// Gives up; returns everyone who waits.
    mutating func stop() -> [Waiter] {
        due = nil
        underWay = nil
        defer {
            answered = []
            asking = []
        }
        return answered + asking
    }
}
