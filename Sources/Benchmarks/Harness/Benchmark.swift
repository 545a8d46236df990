/// A subject measured against a reference that does the same work, or the same work on less.
struct Benchmark {
    /// Does so many operations.
    typealias Work = (_ operations: Int) async throws -> Void

    /// Does so many operations and says how long they took.
    typealias TimedWork = (_ operations: Int) async throws -> RoundTime

    /// The two sides, ready to run.
    struct Sides {
        let subject: TimedWork
        let reference: TimedWork
        /// Stops whatever the sides keep running.
        let finish: () async throws -> Void
        /// Why there is no reference on this machine; then only the subject is measured.
        var unavailable: String?

        /// Sides that the harness times.
        init(
            subject: @escaping Work, reference: @escaping Work, unavailable: String? = nil,
            finish: @escaping () async throws -> Void = {}
        ) {
            self.init(
                timedSubject: { try await RoundTime.measure(subject, $0) },
                timedReference: { try await RoundTime.measure(reference, $0) }, finish: finish)
            self.unavailable = unavailable
        }

        /// Sides that time themselves: another process, or work whose beginning is not to be counted.
        init(
            timedSubject: @escaping TimedWork, timedReference: @escaping TimedWork,
            finish: @escaping () async throws -> Void = {}
        ) {
            subject = timedSubject
            reference = timedReference
            self.finish = finish
        }
    }

    /// How many operations a round has.
    enum RoundSize {
        /// As many as fill the harness' round, found for each side. Processor time is taken: the work has one thread.
        case calibrated
        /// The same number for both sides; a tenth of it in quick mode. Wall time is taken, of so many rounds.
        case fixed(Int, rounds: Int = 15)
    }

    /// The name in the table and in the result file.
    let name: String
    /// What the reference is.
    let against: String
    var roundSize = RoundSize.calibrated
    var gate = Gate()
    /// What else is to be said of the times; it follows the reference's description.
    var note: (PairedTiming) -> String? = { _ in nil }
    /// Makes the sides.
    let prepare: () async throws -> Sides
}

/// What a benchmark has to reach; whatever is `nil` is only reported.
struct Gate {
    /// The reference's time divided by the subject's.
    var ratio: ClosedRange<Double>?
    /// Allocations of the subject for each operation, at the most.
    var allocations: Double?
    /// How much longer than the reference the subject may take, in nanoseconds.
    var difference: Double?

    /// A ratio of at least the number.
    static func atLeast(_ ratio: Double, allocations: Double? = nil) -> Gate {
        Gate(ratio: ratio...(.infinity), allocations: allocations)
    }

    /// The gate in words.
    var description: String {
        var parts: [String] = []
        if let ratio {
            parts.append(
                ratio.upperBound == .infinity
                    ? "≥ \(text(ratio.lowerBound))×" : "\(text(ratio.lowerBound)) to \(text(ratio.upperBound))×")
        }
        if let difference { parts.append("≤ \(Report.time(difference)) more") }
        if let allocations { parts.append("≤ \(text(allocations)) allocations") }
        return parts.joined(separator: ", ")
    }

    private func text(_ number: Double) -> String {
        number == number.rounded() ? String(Int(number)) : String(number)
    }

    /// What is missed, in words; empty if nothing is.
    ///
    /// - Parameter countsTime: Whether the ratio matters.
    func missed(by result: BenchmarkResult, countsTime: Bool) -> [String] {
        var missed: [String] = []
        if countsTime, let ratio, !ratio.contains(result.timing.ratio) { missed.append("ratio") }
        if countsTime, let difference, result.timing.difference > difference { missed.append("difference") }
        // Counts are exact but for what the runtime does once: half a per cent of an operation forgives that.
        if let allocations, let counted = result.allocations, counted > allocations + 0.005 {
            missed.append("allocations")
        }
        return missed
    }
}

/// What was measured for one benchmark.
struct BenchmarkResult {
    let name: String
    let against: String
    let gate: Gate
    let timing: PairedTiming
    /// Allocations of the subject for each operation; `nil` where they cannot be counted.
    let allocations: Double?
    /// Bytes that these allocations asked for, for each operation.
    let allocatedBytes: Double?
}
