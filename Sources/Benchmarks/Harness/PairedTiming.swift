/// The times of subject and reference, in nanoseconds for each operation, taken in turns.
struct PairedTiming {
    /// One entry for each round.
    var subject: [Double] = []
    var reference: [Double] = []
    /// The processor time of the same rounds, of all threads together.
    var subjectProcessor: [Double] = []
    var referenceProcessor: [Double] = []

    var subjectMedian: Double { Self.median(subject) }
    var referenceMedian: Double { Self.median(reference) }

    /// How often the subject's median fits into the reference's: above 1 the subject is the faster one.
    var ratio: Double { referenceMedian / subjectMedian }

    /// How much longer the subject's median is than the reference's, in nanoseconds.
    var difference: Double { subjectMedian - referenceMedian }

    /// The same of processor time: less disturbed by what else runs on the machine.
    var processorRatio: Double { Self.median(referenceProcessor) / Self.median(subjectProcessor) }

    /// The smallest and the largest ratio of one round.
    var ratioRange: ClosedRange<Double> {
        let ratios = zip(reference, subject).map { $0 / $1 }.sorted()
        guard let first = ratios.first, let last = ratios.last else { return 0...0 }
        return first...last
    }

    /// The middle of the numbers; the mean of the middle two of an even number; 0 of none.
    static func median(_ numbers: [Double]) -> Double {
        guard !numbers.isEmpty else { return 0 }
        let sorted = numbers.sorted()
        let middle = sorted.count / 2
        return sorted.count.isMultiple(of: 2) ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]
    }
}
