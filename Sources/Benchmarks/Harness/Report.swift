/// The table that is printed.
struct Report {
    let results: [BenchmarkResult]
    /// Whether ratios count for the gates.
    let countsTime: Bool

    /// The table's lines.
    var lines: [String] {
        var rows = [
            [
                "benchmark", "subject", "reference", "ratio", "of rounds", "processor", "allocations", "bytes", "gate",
                "",
            ]
        ]
        for result in results {
            let range = result.timing.ratioRange
            let missed = result.gate.missed(by: result, countsTime: countsTime)
            let gate = result.gate.description
            rows.append([
                result.name, Self.time(result.timing.subjectMedian), Self.time(result.timing.referenceMedian),
                Self.ratio(result.timing.ratio), "\(Self.ratio(range.lowerBound))–\(Self.ratio(range.upperBound))",
                Self.ratio(result.timing.processorRatio),
                result.allocations.map { Self.decimal($0, places: 2) } ?? "not counted",
                result.allocatedBytes.map { Self.decimal($0, places: 0) } ?? "", gate,
                gate.isEmpty ? "" : missed.isEmpty ? "met" : "MISSED: " + missed.joined(separator: ", "),
            ])
        }
        var lines = Self.aligned(rows, leading: [0, 8, 9])
        lines.append("")
        lines.append(
            "ratio: the reference's time divided by the subject's, so above 1 the subject is faster; medians of rounds")
        lines.append(
            "processor: the same of the processors' time on all threads; where one thread works it is the ratio")
        lines.append("")
        lines += results.map { "\($0.name): against \($0.against)" }
        return lines
    }

    /// Whether any gate is missed.
    var isMissed: Bool { results.contains { !$0.gate.missed(by: $0, countsTime: countsTime).isEmpty } }

    /// Pads the columns; those named in `leading` stand at the left, the others at the right.
    static func aligned(_ rows: [[String]], leading: Set<Int>) -> [String] {
        let widths = (rows.first ?? []).indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
        return rows.map { row in
            let cells = row.enumerated().map { column, cell in
                let padding = String(repeating: " ", count: widths[column] - cell.count)
                return leading.contains(column) ? cell + padding : padding + cell
            }
            var line = cells.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }
    }

    /// A time in the unit that suits it.
    static func time(_ nanoseconds: Double) -> String {
        switch nanoseconds {
        case ..<10_000: decimal(nanoseconds, places: 0) + " ns"
        case ..<10_000_000: decimal(nanoseconds / 1e3, places: 1) + " µs"
        default: decimal(nanoseconds / 1e6, places: 1) + " ms"
        }
    }

    private static func ratio(_ ratio: Double) -> String { decimal(ratio, places: ratio < 10 ? 2 : 1) + "×" }

    /// A number with so many decimal places.
    static func decimal(_ number: Double, places: Int) -> String {
        guard number.isFinite else { return "–" }
        var scale = 1.0
        for _ in 0..<places { scale *= 10 }
        let scaled = Int((number.magnitude * scale).rounded())
        let (whole, rest) = scaled.quotientAndRemainder(dividingBy: Int(scale))
        let sign = number < 0 && scaled != 0 ? "-" : ""
        guard places > 0 else { return sign + String(whole) }
        let digits = String(rest)
        return sign + "\(whole)." + String(repeating: "0", count: places - digits.count) + digits
    }
}
