extension MetricSnapshot {
    /// The media type of ``openMetrics()``, for the answer to a scraper.
    public static let openMetricsContentType = "application/openmetrics-text; version=1.0.0; charset=utf-8"

    /// The snapshot as text in the format of OpenMetrics 1.0.
    public func openMetrics() -> String {
        var text = ""
        for family in families {
            text += "# TYPE \(family.name) \(family.kind.rawValue)\n"
            if let unit = family.unit { text += "# UNIT \(family.name) \(unit)\n" }
            text += "# HELP \(family.name) \(Self.escaped(family.help))\n"
            for series in family.series { Self.write(series, of: family, to: &text) }
        }
        return text + "# EOF\n"
    }

    private static func write(_ series: Series, of family: Family, to text: inout String) {
        let labels = series.labels.map { $0.name + "=\"" + escaped($0.value) + "\"" }
        func line(_ suffix: String, _ labels: [String], _ value: String) {
            text += family.name + suffix
            if !labels.isEmpty { text += "{" + labels.joined(separator: ",") + "}" }
            text += " " + value + "\n"
        }
        switch family.kind {
        case .counter: line("_total", labels, String(series.value))
        case .gauge: line("", labels, String(series.value))
        case .histogram:
            guard let histogram = series.histogram else { return }
            for (index, count) in histogram.counts.enumerated() {
                let bound = index < histogram.bounds.count ? "\(histogram.bounds[index])" : "+Inf"
                line("_bucket", labels + ["le=\"\(bound)\""], String(count))
            }
            line("_sum", labels, "\(histogram.sum)")
            line("_count", labels, String(series.value))
        }
    }

    private static func escaped(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\\", "\"":
                escaped.append("\\")
                escaped.append(scalar)
            case "\n":
                escaped.append("\\")
                escaped.append("n")
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}
