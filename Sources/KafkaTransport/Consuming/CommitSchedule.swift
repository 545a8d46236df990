/// When to commit: at an interval and when asked, one commit at a time.
///
/// A state machine without effects. Whoever asks while a commit is under way gets the next one, which knows what was
/// finished meanwhile.
struct CommitSchedule<Waiter> {
    private let interval: Duration?
    private var due: ContinuousClock.Instant?
    /// When a commit that failed is tried again, and until when that goes on.
    private var retry: ContinuousClock.Instant?
    private var retryLimit: ContinuousClock.Instant?
    /// The number of the commit that is under way.
    private(set) var underWay: UInt64?
    private var lastNumber: UInt64 = 0
    private var answered: [Waiter] = []
    private var asking: [Waiter] = []
    /// Since when someone asks in vain.
    private var askedAt: ContinuousClock.Instant?

    /// - Parameter interval: How often to commit unasked; never if it is not positive.
    init(every interval: Duration, from now: ContinuousClock.Instant) {
        self.interval = interval > .zero ? interval : nil
        due = self.interval.map { now.advanced(by: $0) }
    }

    mutating func ask(_ waiter: Waiter, now: ContinuousClock.Instant) {
        asking.append(waiter)
        askedAt = askedAt ?? now
    }

    /// Takes out those who ask, if they have waited for so long that no commit was possible.
    mutating func giveUp(now: ContinuousClock.Instant, after limit: Duration) -> [Waiter] {
        guard let askedAt, now >= askedAt.advanced(by: limit) else { return [] }
        self.askedAt = nil
        defer { asking = [] }
        return asking
    }

    /// When there will be something to begin; `nil` for not before something else happens.
    var next: ContinuousClock.Instant? { underWay == nil ? retry ?? due : nil }

    /// Begins a commit if it is time and none is under way; returns its number.
    mutating func begin(now: ContinuousClock.Instant) -> UInt64? {
        let isDue = (retry ?? due).map { $0 <= now } ?? false
        guard underWay == nil, isDue || retry == nil && !asking.isEmpty else { return nil }
        if let interval { due = now.advanced(by: interval) }
        retry = nil
        lastNumber += 1
        underWay = lastNumber
        answered = asking
        asking = []
        askedAt = nil
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
        retryLimit = nil
        defer { answered = [] }
        return answered
    }

    /// The commit under way failed in a way that passes: those who wait for it get another, at the latest after a pause.
    ///
    /// - Returns: False if that went on for too long already: then the commit is to be ended.
    mutating func retry(
        _ number: UInt64, now: ContinuousClock.Instant, after pause: Duration, within limit: Duration
    ) -> Bool {
        guard underWay == number else { return false }
        let last = retryLimit ?? now.advanced(by: limit)
        guard now < last else { return false }
        underWay = nil
        retryLimit = last
        retry = now.advanced(by: pause)
        if !answered.isEmpty { askedAt = askedAt ?? now }
        asking = answered + asking
        answered = []
        return true
    }

    /// What made the last commit fail is over.
    mutating func retryNow(_ now: ContinuousClock.Instant) {
        if retry != nil { retry = now }
    }

    /// Gives up; returns everyone who waits.
    mutating func stop() -> [Waiter] {
        due = nil
        retry = nil
        underWay = nil
        defer {
            answered = []
            asking = []
        }
        return answered + asking
    }
}
