/// A strict reader of the part of OpenMetrics 1.0 that counters, gauges and histograms need.
struct OpenMetricsGrammar {
    struct Sample: Equatable {
        let name: String
        let labels: [String: String]
        let value: Double
    }

    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private(set) var samples: [Sample] = []
    private(set) var kinds: [String: String] = [:]

    /// Reads a whole exposition.
    init(_ text: String) throws {
        guard text.hasSuffix("\n# EOF\n") || text == "# EOF\n" else {
            throw Failure(description: "no # EOF at the end")
        }
        var family = ""
        var unit: String?
        var isOpen = false
        var isSampled = false
        for line in text.dropLast("# EOF\n".count).split(separator: "\n", omittingEmptySubsequences: false).dropLast() {
            if line.hasPrefix("# ") {
                let parts = line.split(separator: " ", maxSplits: 3, omittingEmptySubsequences: false).map(String.init)
                guard parts.count == 4 else { throw Failure(description: "metadata: \(line)") }
                if parts[2] != family {
                    guard kinds[parts[2]] == nil else { throw Failure(description: "family \(parts[2]) is scattered") }
                    (family, unit, isOpen, isSampled) = (parts[2], nil, true, false)
                    kinds[family] = "unknown"
                }
                guard isOpen, !isSampled else { throw Failure(description: "metadata behind samples: \(line)") }
                switch parts[1] {
                case "TYPE": kinds[family] = parts[3]
                case "UNIT": unit = parts[3]
                case "HELP": break
                default: throw Failure(description: "metadata: \(line)")
                }
                if let unit, !family.hasSuffix("_" + unit) { throw Failure(description: "unit of \(family)") }
                continue
            }
            isSampled = true
            let sample = try Self.sample(line)
            let suffixes: [String] =
                switch kinds[family] {
                case "counter": ["_total"]
                case "gauge": [""]
                case "histogram": ["_bucket", "_sum", "_count"]
                default: throw Failure(description: "kind of \(family)")
                }
            guard suffixes.contains(where: { family + $0 == sample.name }) else {
                throw Failure(description: "\(sample.name) in family \(family)")
            }
            guard !samples.contains(where: { $0.name == sample.name && $0.labels == sample.labels }) else {
                throw Failure(description: "twice: \(line)")
            }
            samples.append(sample)
        }
    }

    private static func sample(_ line: Substring) throws -> Sample {
        let failure = Failure(description: "sample: \(line)")
        func isName(_ text: Substring) -> Bool {
            guard let first = text.unicodeScalars.first, !("0"..."9").contains(first) else { return false }
            return text.unicodeScalars.allSatisfy {
                ("a"..."z").contains($0) || ("A"..."Z").contains($0) || ("0"..."9").contains($0) || $0 == "_"
            }
        }
        var rest = line
        let name = rest.prefix { $0 != "{" && $0 != " " }
        rest = rest.dropFirst(name.count)
        guard isName(name) else { throw failure }
        var labels: [String: String] = [:]
        if rest.first == "{" {
            repeat {
                rest = rest.dropFirst()
                let label = rest.prefix { $0 != "=" }
                rest = rest.dropFirst(label.count + 1)
                guard isName(label), rest.first == "\"" else { throw failure }
                rest = rest.dropFirst()
                var value = ""
                while let character = rest.first, character != "\"" {
                    rest = rest.dropFirst()
                    guard character == "\\" else {
                        value.append(character)
                        continue
                    }
                    switch rest.first {
                    case "\\", "\"": value.append(rest.removeFirst())
                    case "n":
                        rest = rest.dropFirst()
                        value.append("\n")
                    default: throw failure
                    }
                }
                guard rest.first == "\"", labels.updateValue(value, forKey: String(label)) == nil else { throw failure }
                rest = rest.dropFirst()
            } while rest.first == ","
            guard rest.first == "}" else { throw failure }
            rest = rest.dropFirst()
        }
        guard rest.first == " ", let value = Double(rest.dropFirst()) else { throw failure }
        return Sample(name: String(name), labels: labels, value: value)
    }
}
