import Foundation

/// How long a round took, in nanoseconds for each operation.
struct RoundTime {
    /// The time that passed: right for work of several threads.
    let wall: Double
    /// The time that processors spent on the process: right for work of one thread, and blind to whatever else runs
    /// on the machine.
    let processor: Double

    static func measure(_ work: Benchmark.Work, _ operations: Int) async throws -> RoundTime {
        let (wall, processor) = (now(CLOCK_MONOTONIC), now(CLOCK_PROCESS_CPUTIME_ID))
        try await work(operations)
        return RoundTime(
            wall: Double(now(CLOCK_MONOTONIC) - wall) / Double(operations),
            processor: Double(now(CLOCK_PROCESS_CPUTIME_ID) - processor) / Double(operations))
    }

    static func now(_ clock: clockid_t) -> Int {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
    }
}
