#if Metrics
public import Metrics
import Synchronization

/// Feeds swift-metrics with what happens on the bus.
///
/// Each metric is made once; types beyond a limit share the type `other`.
public final class MetricsObserver: BusObserver {
    private struct Cache {
        var types: Set<String> = []
        var counters: [[String]: Counter] = [:]
        var timers: [[String]: Timer] = [:]
        var gauges: [[String]: Gauge] = [:]
    }

    private let cache = Locked(Cache())
    private let factory: any MetricsFactory
    private let typeLimit: Int
    /// How many series there may be of each kind of metric.
    private static let seriesLimit = 10_000

    /// Creates an observer.
    ///
    /// - Parameters:
    ///   - factory: What makes the metrics; by default the one that the process is bootstrapped with.
    ///   - typeLimit: How many types are counted apart.
    public init(factory: any MetricsFactory = MetricsSystem.factory, typeLimit: Int = 1_000) {
        self.factory = factory
        self.typeLimit = typeLimit
    }

    /// Takes note of a fact.
    public func record(_ fact: BusFact) {
        switch fact {
        case .published(let event, _, let duration):
            let labels = [("type", type(of: event)), ("outcome", "stored")]
            count("openedx_events_published_total", labels)
            time("openedx_events_publish_duration", labels, duration)
        case .publishFailed(let event, _, _, let duration):
            let labels = [("type", type(of: event)), ("outcome", "failed")]
            count("openedx_events_published_total", labels)
            time("openedx_events_publish_duration", labels, duration)
        case .handled(let event, let handler, _, let outcome, let duration):
            let labels = [("type", type(of: event)), ("outcome", outcome.rawValue)]
            count("openedx_events_handled_total", labels)
            time("openedx_events_handler_duration", [("handler", handler)] + labels, duration)
        case .retried(let event, let handler, _, _, _):
            count("openedx_events_retried_total", [("type", type(of: event)), ("handler", handler)])
        case .deadLettered(let event, _, _, _, _):
            count("openedx_events_dead_lettered_total", [("type", type(of: event))])
        case .settled(let event, let settlement):
            count("openedx_events_settled_total", [("type", type(of: event)), ("settlement", settlement.rawValue)])
        case .unreadable(let event, _):
            count("openedx_events_unreadable_total", [("topic", event.position?.topic ?? "")])
        case .assigned(let group, _):
            count("openedx_events_rebalances_total", [("group", group), ("change", "assigned")])
        case .revoked(let group, _, let lost):
            count("openedx_events_rebalances_total", [("group", group), ("change", lost ? "lost" : "revoked")])
        case .commitMetadataIgnored(let partition, _):
            count("openedx_events_commit_metadata_ignored_total", [("topic", partition.topic)])
        case .lag(let group, let partition, let messages):
            gauge(
                "openedx_events_lag",
                [("group", group), ("topic", partition.topic), ("partition", String(partition.partition))], messages)
        case .inFlight(let group, let count):
            gauge("openedx_events_in_flight", [("group", group)], Int64(count))
        case .transport(let error):
            count("openedx_events_transport_errors_total", [("code", error.code.description)])
        case .measured(let client, let measurements):
            for measurement in measurements {
                var labels = [("client", client)]
                if let broker = measurement.broker { labels.append(("broker", broker)) }
                gauge("openedx_events_client_" + measurement.quantity.rawValue, labels, measurement.value)
            }
        case .consumer: break
        }
    }

    private func type(of event: EventReference) -> String {
        let name = event.type.isEmpty ? "unreadable" : event.type
        return cache.withLock { cache in
            if cache.types.contains(name) { return name }
            guard cache.types.count < typeLimit else { return "other" }
            cache.types.insert(name)
            return name
        }
    }

    private func count(_ label: String, _ dimensions: [(String, String)]) {
        metric(label, dimensions, in: \.counters) {
            Counter(label: label, dimensions: dimensions, factory: factory)
        }?.increment()
    }

    private func time(_ label: String, _ dimensions: [(String, String)], _ duration: Duration) {
        metric(label, dimensions, in: \.timers) {
            Timer(label: label, dimensions: dimensions, factory: factory)
        }?.recordNanoseconds(duration.clampedNanoseconds)
    }

    private func gauge(_ label: String, _ dimensions: [(String, String)], _ value: Int64) {
        metric(label, dimensions, in: \.gauges) {
            Gauge(label: label, dimensions: dimensions, factory: factory)
        }?.record(value)
    }

    /// The metric, made on first use; `nil` beyond the limit.
    private func metric<Metric: Sendable>(
        _ label: String, _ dimensions: [(String, String)], in path: WritableKeyPath<Cache, [[String]: Metric]>,
        make: () -> Metric
    ) -> Metric? {
        let key = [label] + dimensions.map(\.1)
        return cache.withLock { cache in
            if let metric = cache[keyPath: path][key] { return metric }
            guard cache[keyPath: path].count < Self.seriesLimit else { return nil }
            let metric = make()
            cache[keyPath: path][key] = metric
            return metric
        }
    }
}
#endif
