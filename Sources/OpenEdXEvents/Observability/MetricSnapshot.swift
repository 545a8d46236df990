/// What was counted and measured up to a moment.
public struct MetricSnapshot: Sendable, Hashable, Codable {
    /// What a family of metrics is.
    public enum Kind: String, Sendable, Codable, CaseIterable {
        case counter
        case gauge
        case histogram
    }

    /// All metrics of one name.
    public struct Family: Sendable, Hashable, Codable {
        /// The name, without the suffixes `_total`, `_bucket`, `_sum` and `_count`; it ends in the unit.
        /// The label's name.
        public let name: String
        /// What is counted or measured.
        public let help: String
        /// The unit, such as `seconds`; `nil` for plain counts.
        public let unit: String?
        /// What it counts or measures.
        public let kind: Kind
        /// One for each combination of labels, in the order of the labels.
        public let series: [Series]
    }

    /// One metric of a family.
    public struct Series: Sendable, Hashable, Codable {
        /// The labels, such as `type` and `outcome`.
        public let labels: [Label]
        /// The count, or the gauge's last value; of a histogram, how many were measured.
        public let value: Int64
        /// The histogram; `nil` for counters and gauges.
        public let histogram: Histogram?

        /// The value of a label.
        public subscript(label: String) -> String? { labels.first { $0.name == label }?.value }
    }

    /// A label and its value.
    public struct Label: Sendable, Hashable, Codable {
        /// The label's name.
        public let name: String
        /// The label's value.
        public let value: String
    }

    /// A distribution.
    public struct Histogram: Sendable, Hashable, Codable {
        /// The upper bounds of the buckets but the last, in the family's unit, ascending; each bound is included.
        public let bounds: [Double]
        /// How many were measured at or below each bound; the last count, one more than there are bounds, is of all.
        public let counts: [Int64]
        /// The sum of what was measured, in the family's unit.
        public let sum: Double
    }

    /// The families in which anything was counted, by name.
    public let families: [Family]

    /// The family of a name.
    public subscript(family: String) -> Family? { families.first { $0.name == family } }

    /// The sum over all series of a family that have these labels; of histograms, how many were measured.
    public func sum(_ family: String, where labels: [String: String] = [:]) -> Int64 {
        var sum: Int64 = 0
        for series in self[family]?.series ?? [] where labels.allSatisfy({ series[$0.key] == $0.value }) {
            sum += series.value
        }
        return sum
    }
}
