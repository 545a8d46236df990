import Testing

@testable import KafkaTransport

@Suite("When to commit")
struct CommitScheduleTests {
    let start = ContinuousClock.now

    func after(_ milliseconds: Int) -> ContinuousClock.Instant { start.advanced(by: .milliseconds(milliseconds)) }

    @Test("gives up those who asked for a commit that met a rebalance, too")
    func givingUpRetried() throws {
        let schedule = Boxed(CommitSchedule<Int>(every: .zero, from: start))
        schedule.run { $0.ask(1, now: start) }
        let number = try #require(schedule.run { $0.begin(now: start) })
        #expect(schedule.run { $0.retry(number, now: after(100), after: .seconds(3), within: .seconds(10)) })
        #expect(schedule.run { $0.giveUp(now: after(10_099), after: .seconds(10)) } == [])
        #expect(schedule.run { $0.giveUp(now: after(10_100), after: .seconds(10)) } == [1])
    }

    @Test("is at each interval, and not before")
    func interval() throws {
        let schedule = Boxed(CommitSchedule<Int>(every: .milliseconds(100), from: start))
        #expect(schedule.value.next == after(100))
        #expect(schedule.run { $0.begin(now: after(99)) } == nil)
        let first = try #require(schedule.run { $0.begin(now: after(100)) })
        #expect(schedule.value.next == nil)
        #expect(schedule.run { $0.end(first) } == [])
        #expect(schedule.value.next == after(200))
        #expect(schedule.run { $0.begin(now: after(150)) } == nil)
    }

    @Test("is never unasked without an interval")
    func noInterval() {
        let schedule = Boxed(CommitSchedule<Int>(every: .zero, from: start))
        #expect(schedule.value.next == nil)
        #expect(schedule.run { $0.begin(now: after(1_000_000)) } == nil)
        schedule.run { $0.ask(1, now: start) }
        #expect(schedule.run { $0.begin(now: start) } != nil)
    }

    @Test("is at once for who asks, and after the one under way for who asks meanwhile")
    func asking() throws {
        let schedule = Boxed(CommitSchedule<Int>(every: .seconds(10), from: start))
        schedule.run { $0.ask(1, now: start) }
        schedule.run { $0.ask(2, now: start) }
        let first = try #require(schedule.run { $0.begin(now: start) })
        schedule.run { $0.ask(3, now: start) }
        #expect(schedule.run { $0.begin(now: after(1)) } == nil)
        #expect(schedule.run { $0.end(first) } == [1, 2])
        let second = try #require(schedule.run { $0.begin(now: after(1)) })
        #expect(second != first)
        #expect(schedule.run { $0.end(first) } == nil)
        #expect(schedule.run { $0.end(second) } == [3])
    }

    @Test("is later for a commit that met a rebalance, at once when that is over, and no more after the limit")
    func retry() throws {
        let schedule = Boxed(CommitSchedule<Int>(every: .seconds(10), from: start))
        schedule.run { $0.ask(1, now: start) }
        let first = try #require(schedule.run { $0.begin(now: start) })
        #expect(schedule.run { $0.retry(first, now: start, after: .seconds(3), within: .seconds(5)) })
        schedule.run { $0.ask(2, now: after(1)) }
        #expect(schedule.run { $0.begin(now: after(1)) } == nil)
        #expect(schedule.value.next == after(3_000))
        schedule.run { $0.retryNow(after(2)) }
        let second = try #require(schedule.run { $0.begin(now: after(2)) })
        #expect(schedule.run { $0.retry(second, now: after(4_999), after: .seconds(3), within: .seconds(5)) })
        let third = try #require(schedule.run { $0.begin(now: after(7_999)) })
        #expect(!schedule.run { $0.retry(third, now: after(8_000), after: .seconds(3), within: .seconds(5)) })
        #expect(schedule.run { $0.end(third) } == [1, 2])
        schedule.run { $0.ask(3, now: after(8_001)) }
        let fourth = try #require(schedule.run { $0.begin(now: after(8_001)) })
        #expect(schedule.run { $0.retry(fourth, now: after(8_002), after: .seconds(3), within: .seconds(5)) })
    }

    @Test("is given up for who asked too long ago, while none is possible")
    func givingUp() {
        let schedule = Boxed(CommitSchedule<Int>(every: .zero, from: start))
        #expect(schedule.run { $0.giveUp(now: after(99_999), after: .seconds(10)) } == [])
        schedule.run { $0.ask(1, now: start) }
        schedule.run { $0.ask(2, now: after(9_000)) }
        #expect(schedule.run { $0.giveUp(now: after(9_999), after: .seconds(10)) } == [])
        #expect(schedule.run { $0.giveUp(now: after(10_000), after: .seconds(10)) } == [1, 2])
        #expect(schedule.run { $0.begin(now: after(10_000)) } == nil)
    }

    @Test("is never again once stopped, and everyone who waits is told")
    func stopping() throws {
        let schedule = Boxed(CommitSchedule<Int>(every: .milliseconds(1), from: start))
        schedule.run { $0.ask(1, now: start) }
        _ = try #require(schedule.run { $0.begin(now: start) })
        schedule.run { $0.ask(2, now: start) }
        #expect(schedule.run { $0.stop() } == [1, 2])
        #expect(schedule.run { $0.begin(now: after(10)) } == nil)
    }
}
