import Synchronization

/// Counts and measures what happens on the bus, for ``snapshot()`` and for scrapers.
///
/// The number of series is bounded: types beyond a limit are counted together, under the type `other`.
public final class EventMetrics: BusObserver {
    // One lock: under it a few hashes and additions, and nothing else.
    private let table: Locked<MetricTable>

    /// The bounds of the duration histograms unless others are given: 1 ms to 10 s.
    public static let standardBounds: [Duration] = [
        .milliseconds(1), .microseconds(2_500), .milliseconds(5), .milliseconds(10), .milliseconds(25),
        .milliseconds(50), .milliseconds(100), .milliseconds(250), .milliseconds(500), .seconds(1),
        .milliseconds(2_500), .seconds(5), .seconds(10),
    ]

    /// Creates metrics in which nothing was counted.
    ///
    /// - Parameters:
    ///   - typeLimit: How many types are counted apart. Handlers, groups, topics and partitions have the limit of
    ///     1,000 each.
    ///   - bounds: The upper bounds of the duration histograms' buckets.
    public init(typeLimit: Int = 1_000, bounds: [Duration] = EventMetrics.standardBounds) {
        table = Locked(MetricTable(typeLimit: typeLimit, bounds: bounds))
    }

    /// Takes note of a fact.
    public func record(_ fact: BusFact) {
        table.withLock { $0.record(fact) }
    }

    /// What was counted and measured so far.
    public func snapshot() -> MetricSnapshot {
        // Copied under the lock, put into words outside.
        let table = table.withLock { $0 }
        return table.snapshot()
    }

    /// The snapshot as text in the format of OpenMetrics 1.0, to be served as
    /// ``MetricSnapshot/openMetricsContentType``.
    public func openMetrics() -> String { snapshot().openMetrics() }
}
