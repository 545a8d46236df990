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
        case .fixed(let operations, let longRounds):
            let operations = isQuick ? operations / 10 : operations
            counts = (operations, operations)
            usesWallTime = true
            // Long rounds: fewer serve.
            rounds = isQuick ? 3 : longRounds
            _ = try await sides.subject(operations)
            _ = try await sides.reference(operations)
        }
        let allocated = try await allocations(of: sides.subject, operations: min(counts.subject, 10_000))
        var timing = PairedTiming()
        for _ in 0..<rounds {
            let subject = try await sides.subject(counts.subject)
            timing.subject.append(usesWallTime ? subject.wall : subject.processor)
            timing.subjectProcessor.append(subject.processor)
            if sides.unavailable != nil { continue }
            let reference = try await sides.reference(counts.reference)
            timing.reference.append(usesWallTime ? reference.wall : reference.processor)
            timing.referenceProcessor.append(reference.processor)
        }
        try await sides.finish()
        var gate = benchmark.gate
        let missing = sides.unavailable.map { "NOT MEASURED on this machine: \($0)" }
        // Without a reference there is no ratio to reach.
        if missing != nil { gate.ratio = nil }
        let against = [benchmark.against, missing, missing == nil ? benchmark.note(timing) : nil]
            .compactMap(\.self).joined(separator: "; ")
        return BenchmarkResult(
            name: benchmark.name, against: against, gate: gate,
            timing: timing, allocations: allocated?.count, allocatedBytes: allocated?.bytes)
    }

    /// How many operations fill a round.
    private func operations(_ work: Benchmark.TimedWork) async throws -> Int {
        let target = Double(roundLength / .nanoseconds(1))
        var operations = 1
        while true {
            let elapsed = try await work(operations).processor * Double(operations)
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
        of work: Benchmark.TimedWork, operations: Int
    ) async throws -> (count: Double, bytes: Double)? {
        guard CAllocationCounterIsAvailable() else { return nil }
        func counted(_ operations: Int) async throws -> CAllocationCount {
            CAllocationCounterStart()
            do {
                _ = try await work(operations)
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

/// Takes a number so that the work that made it cannot be left out.
@inline(never)
@_optimize(none)
func keep(_ number: Int) {}
