/// How many events a worker takes at a time. Pure: it is told the time.
///
/// Several under one lock save time while handlers are quick. Where they are not, a worker that held several would keep
/// others waiting: it goes back to one, and lanes take turns event by event.
struct WorkPace: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// How long a worker may stay with a lane while others wait.
    static let turn = Duration.milliseconds(1)
    /// How many events are taken at the most.
    static let most = 32

    /// What a worker takes at a time.
    struct Share: Hashable, Sendable {
        /// How many events at the most, of one lane.
        let events: Int
        /// Whether it takes other lanes along, if the one has fewer: only who is quickest, since they might else go to
        /// other workers at once.
        let crossesLanes: Bool

        /// One event.
        static let one = Share(events: 1, crossesLanes: false)
    }

    /// What is taken next.
    var share: Share { Share(events: run, crossesLanes: run == Self.most) }

    /// How many events are taken next.
    private(set) var run = 1
    private var start: Instant

    init(_ now: Instant) { start = now }

    /// A lane's events are taken.
    mutating func begin(_ now: Instant) { start = now }

    /// Whether there is time for another event of the lane; if not, fewer are taken from now on.
    mutating func goesOn(_ now: Instant) -> Bool {
        guard start.duration(to: now) < Self.turn else {
            run = 1
            return false
        }
        return true
    }

    /// All that was taken is through.
    mutating func end(_ now: Instant) {
        run = start.duration(to: now) < Self.turn ? min(run * 2, Self.most) : 1
    }
}
