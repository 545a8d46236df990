import Testing

@testable import OpenEdXEvents

@Suite("Work pace")
struct WorkPaceTests {
    private let start = ContinuousClock.now

    @Test("quick turns grow until the most, a slow one goes back to one event")
    func growth() {
        var pace = WorkPace(start)
        var runs = [pace.run]
        for _ in 0..<7 {
            pace.begin(start)
            pace.end(start.advanced(by: .microseconds(999)))
            runs.append(pace.run)
        }
        #expect(runs == [1, 2, 4, 8, 16, 32, 32, 32])
        pace.begin(start)
        pace.end(start.advanced(by: .milliseconds(1)))
        #expect(pace.run == 1)
    }

    @Test("a turn ends in the middle when its time is over")
    func interruption() {
        var pace = WorkPace(start)
        pace.end(start)
        pace.begin(start)
        let isInTime = pace.goesOn(start.advanced(by: .microseconds(999)))
        #expect(isInTime)
        #expect(pace.run == 2)
        let isLate = !pace.goesOn(start.advanced(by: .milliseconds(1)))
        #expect(isLate)
        #expect(pace.run == 1)
    }
}
