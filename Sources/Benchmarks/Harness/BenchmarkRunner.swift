import CAllocationCounter
import Foundation

/// Runs a benchmark: warms both sides up, counts the subject's allocations, then times both in turns.
struct BenchmarkRunner {
    /// How many rounds each side has; odd, so that one is the middle.
    var rounds = 31
    /// How long a calibrated round is to take.
    var roundLength = Duration.milliseconds(12)
    /// Quick mode: fewer and shorter rounds.
    let isQuick: Bool

    init(isQuick: Bool) {
        self.isQuick = isQuick
        if isQuick {
            rounds = 5
            roundLength = .milliseconds(2)
        }
    }

    func run(_ benchmark: Benchmark) async throws -> BenchmarkResult {
        let sides = try await benchmark.prepare()
        let counts: (subject: Int, reference: Int)
        var rounds = rounds
        let usesWallTime: Bool
        switch benchmark.roundSize {
        case .calibrated:
            usesWallTime = false
            counts = (try await operations(sides.subject), try await operations(sides.reference))
        case .fixed(let operations):
            let operations = isQuick ? operations / 10 : operations
            counts = (operations, operations)
            usesWallTime = true
            // Long rounds: fewer serve.
            rounds = isQuick ? 3 : 15
            try await sides.subject(operations)
            try await sides.reference(operations)
        }
        let allocated = try await allocations(of: sides.subject, operations: min(counts.subject, 10_000))
        var timing = PairedTiming()
        for _ in 0..<rounds {
            let subject = try await RoundTime.measure(sides.subject, counts.subject)
            timing.subject.append(usesWallTime ? subject.wall : subject.processor)
            timing.subjectProcessor.append(subject.processor)
            let reference = try await RoundTime.measure(sides.reference, counts.reference)
            timing.reference.append(usesWallTime ? reference.wall : reference.processor)
            timing.referenceProcessor.append(reference.processor)
        }
        try await sides.finish()
        return BenchmarkResult(
            name: benchmark.name, against: benchmark.against, gate: benchmark.gate,
            timing: timing, allocations: allocated?.count, allocatedBytes: allocated?.bytes)
    }

    /// How many operations fill a round.
    private func operations(_ work: Benchmark.Work) async throws -> Int {
        let target = Double(roundLength / .nanoseconds(1))
        var operations = 1
        while true {
            let elapsed = try await RoundTime.measure(work, operations).processor * Double(operations)
            if elapsed >= target { return operations }
            // A short run is a poor guide: grow by ten at the most.
            let factor = min(max(target / max(elapsed, 1) * 1.05, 1.2), 10)
            operations = max(operations + 1, Int(Double(operations) * factor))
        }
    }

    /// Allocations and bytes for each operation, in a round that is not timed.
    ///
    /// A run of twice as many operations is compared with a single one, so what a run allocates once is left out.
    private func allocations(
        of work: Benchmark.Work, operations: Int
    ) async throws -> (count: Double, bytes: Double)? {
        guard CAllocationCounterIsAvailable() else { return nil }
        func counted(_ operations: Int) async throws -> CAllocationCount {
            CAllocationCounterStart()
            do {
                try await work(operations)
            } catch {
                _ = CAllocationCounterStop()
                throw error
            }
            return CAllocationCounterStop()
        }
        let once = try await counted(operations)
        let twice = try await counted(operations * 2)
        func each(_ field: KeyPath<CAllocationCount, UInt64>) -> Double {
            max(Double(twice[keyPath: field]) - Double(once[keyPath: field]), 0) / Double(operations)
        }
        return (each(\.allocations), each(\.bytes))
    }
}

/// How long a round took, in nanoseconds for each operation.
private struct RoundTime {
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

    private static func now(_ clock: clockid_t) -> Int {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int(time.tv_sec) * 1_000_000_000 + Int(time.tv_nsec)
    }
}

/// Takes a number so that the work that made it cannot be left out.
@inline(never)
@_optimize(none)
func keep(_ number: Int) {}
