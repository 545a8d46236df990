/// The numbers behind ``EventMetrics``: a value, without locks.
struct MetricTable {
    /// What stands for every label value beyond a limit.
    static let other = "other"
    /// The type of events that could not be read.
    static let unreadableType = "unreadable"
    /// How many values each label but the type may have.
    static let labelLimit = 1_000

    /// One series: a family, and the numbers of its label values.
    fileprivate struct Key: Hashable {
        let family: MetricFamily
        let first: UInt32
        let second: UInt32
        let third: UInt32
    }

    fileprivate struct Histogram {
        /// Not cumulative; the last is what lies above all bounds.
        var counts: [Int64]
        var sum: Double
    }

    private let bounds: [Duration]
    private var names: [NameTable]
    private var numbers: [Key: Int64] = [:]
    private var histograms: [Key: Histogram] = [:]

    init(typeLimit: Int, bounds: [Duration]) {
        self.bounds = Array(Set(bounds)).sorted()
        names = MetricFamily.Dimension.allCases.map {
            NameTable(limit: $0 == .type ? max(0, typeLimit) : Self.labelLimit)
        }
    }

    mutating func record(_ fact: BusFact) {
        switch fact {
        case .published(let event, let bytes, let duration):
            let type = number(of: event)
            add(1, .published, type, number(.outcome, "stored"))
            add(Int64(bytes), .publishedBytes, type)
            measure(duration, .publishDuration, type, number(.outcome, "stored"))
        case .publishFailed(let event, _, _, let duration):
            let type = number(of: event)
            add(1, .published, type, number(.outcome, "failed"))
            measure(duration, .publishDuration, type, number(.outcome, "failed"))
        case .handled(let event, let handler, _, let outcome, let duration):
            let labels = (number(of: event), number(.handler, handler), number(.outcome, outcome.rawValue))
            add(1, .handled, labels.0, labels.1, labels.2)
            measure(duration, .handlerDuration, labels.0, labels.1, labels.2)
        case .retried(let event, let handler, _, _, _):
            add(1, .retried, number(of: event), number(.handler, handler))
        case .deadLettered(let event, _, let handler, _, _):
            add(1, .deadLettered, number(of: event), number(.handler, handler ?? ""))
        case .settled(let event, let settlement):
            add(1, .settled, number(of: event), number(.outcome, settlement.rawValue))
        case .unreadable(let event, _):
            add(1, .unreadable, number(.topic, event.position?.topic ?? ""))
        case .commitMetadataIgnored(let partition, _):
            add(1, .commitMetadataIgnored, number(.topic, partition.topic))
        case .transport(let error):
            add(1, .transportErrors, number(.code, error.code.description))
        case .inFlight(let group, let count):
            set(Int64(count), Key(.inFlight, number(.group, group)))
        case .lag(let group, let partition, let messages):
            set(messages, lagKey(group, partition))
        case .measured(let client, let measurements):
            let client = number(.client, client)
            // What a client does not measure any more is gone.
            for (key, _) in numbers where key.family.isMeasured && key.first == client { numbers[key] = nil }
            for measurement in measurements {
                let broker = measurement.broker.map { number(.broker, $0) } ?? 0
                let family = MetricFamily(measurement.quantity)
                // A client's own numbers have no broker, which is not the same as one beyond the limit.
                if measurement.broker == nil || broker != 0, client != 0 {
                    numbers[Key(family, client, broker)] = measurement.value
                }
            }
        case .assigned(let group, let partitions):
            add(1, .rebalances, number(.group, group), number(.outcome, "assigned"))
            add(Int64(partitions.count), .assignedPartitions, number(.group, group))
        case .revoked(let group, let partitions, let lost):
            add(1, .rebalances, number(.group, group), number(.outcome, lost ? "lost" : "revoked"))
            add(-Int64(partitions.count), .assignedPartitions, number(.group, group))
            // Another member reports their lag now.
            for partition in partitions { numbers[lagKey(group, partition)] = nil }
        case .consumer: break
        }
    }

    private mutating func lagKey(_ group: String, _ partition: TopicPartition) -> Key {
        Key(
            .lag, number(.group, group), number(.topic, partition.topic),
            number(.partition, String(partition.partition)))
    }

    private mutating func number(of event: EventReference) -> UInt32 {
        number(.type, event.type.isEmpty ? Self.unreadableType : event.type)
    }

    private mutating func number(_ dimension: MetricFamily.Dimension, _ name: String) -> UInt32 {
        names[dimension.rawValue].number(of: name)
    }

    private mutating func add(
        _ count: Int64, _ family: MetricFamily, _ first: UInt32, _ second: UInt32 = 0, _ third: UInt32 = 0
    ) {
        numbers[Key(family, first, second, third), default: 0] &+= count
    }

    /// Sets a gauge; what falls under `other` is no one thing whose last value would mean anything.
    private mutating func set(_ value: Int64, _ key: Key) {
        let labels = [key.first, key.second, key.third].prefix(key.family.dimensions.count)
        if !labels.contains(0) { numbers[key] = value }
    }

    private mutating func measure(
        _ duration: Duration, _ family: MetricFamily, _ first: UInt32, _ second: UInt32, _ third: UInt32 = 0
    ) {
        let bucket = bounds.firstIndex { duration <= $0 } ?? bounds.count
        let seconds = max(0, duration.seconds)
        let empty = Histogram(counts: [], sum: 0)
        modify(&histograms[Key(family, first, second, third), default: empty]) { histogram in
            if histogram.counts.isEmpty { histogram.counts = Array(repeating: 0, count: bounds.count + 1) }
            histogram.counts[bucket] += 1
            histogram.sum += seconds
        }
    }

    private func modify(_ histogram: inout Histogram, _ change: (inout Histogram) -> Void) { change(&histogram) }

    // MARK: - Snapshot

    func snapshot() -> MetricSnapshot {
        var families: [MetricFamily: [MetricSnapshot.Series]] = [:]
        for (key, value) in numbers {
            families[key.family, default: []].append(
                MetricSnapshot.Series(labels: labels(of: key), value: value, histogram: nil))
        }
        let bounds = bounds.map(\.seconds)
        for (key, histogram) in histograms {
            var counts = histogram.counts
            for index in counts.indices.dropFirst() { counts[index] += counts[index - 1] }
            families[key.family, default: []].append(
                MetricSnapshot.Series(
                    labels: labels(of: key), value: counts.last ?? 0,
                    histogram: MetricSnapshot.Histogram(bounds: bounds, counts: counts, sum: histogram.sum)))
        }
        return MetricSnapshot(
            families: families.map { family, series in
                MetricSnapshot.Family(
                    name: family.name, help: family.help, unit: family.unit, kind: family.kind,
                    series: series.sorted { left, right in
                        left.labels.lexicographicallyPrecedes(right.labels) { $0.value < $1.value }
                    })
            }.sorted { $0.name < $1.name })
    }

    private func labels(of key: Key) -> [MetricSnapshot.Label] {
        zip(key.family.dimensions, [key.first, key.second, key.third]).map { entry, number in
            MetricSnapshot.Label(name: entry.label, value: names[entry.dimension.rawValue].name(number))
        }
    }

    /// The values of one label, numbered from 1; 0 is every value beyond the limit.
    private struct NameTable {
        let limit: Int
        private var names: [String] = []
        private var numbers: [String: UInt32] = [:]

        init(limit: Int) { self.limit = limit }

        mutating func number(of name: String) -> UInt32 {
            if let number = numbers[name] { return number }
            guard names.count < limit else { return 0 }
            names.append(name)
            numbers[name] = UInt32(names.count)
            return UInt32(names.count)
        }

        func name(_ number: UInt32) -> String { number == 0 ? MetricTable.other : names[Int(number) - 1] }
    }
}

extension MetricTable.Key {
    fileprivate init(_ family: MetricFamily, _ first: UInt32, _ second: UInt32 = 0, _ third: UInt32 = 0) {
        self.init(family: family, first: first, second: second, third: third)
    }
}
