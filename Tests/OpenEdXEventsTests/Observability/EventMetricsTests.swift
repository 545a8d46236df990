import Foundation
import Testing

@testable import OpenEdXEvents

@Suite("Event metrics")
struct EventMetricsTests {
    private func metrics(_ facts: [BusFact], typeLimit: Int = 1_000) -> EventMetrics {
        let metrics = EventMetrics(typeLimit: typeLimit)
        for fact in facts { metrics.record(fact) }
        return metrics
    }

    private func event(_ type: String) -> EventReference {
        EventReference(type: type, id: "1", position: nil, key: nil)
    }

    @Test("every kind of fact is counted")
    func counted() {
        let snapshot = metrics(SampleFacts.all).snapshot()
        let type = SampleFacts.event.type
        #expect(snapshot.sum("openedx_events_published", where: ["type": type, "outcome": "stored"]) == 1)
        #expect(snapshot.sum("openedx_events_published", where: ["outcome": "failed"]) == 1)
        #expect(snapshot.sum("openedx_events_published_bytes") == 1_300)
        #expect(snapshot.sum("openedx_events_publish_duration_seconds") == 2)
        #expect(
            snapshot.sum("openedx_events_handled", where: ["type": type, "handler": "index", "outcome": "succeeded"])
                == 1)
        #expect(snapshot.sum("openedx_events_handled", where: ["outcome": "timed_out"]) == 1)
        #expect(snapshot.sum("openedx_events_retried", where: ["handler": "index"]) == 1)
        #expect(snapshot.sum("openedx_events_dead_lettered", where: ["handler": "index"]) == 1)
        #expect(snapshot.sum("openedx_events_settled", where: ["settlement": "handled"]) == 1)
        #expect(snapshot.sum("openedx_events_settled") == 2)
        #expect(snapshot.sum("openedx_events_unreadable", where: ["topic": "notes"]) == 1)
        #expect(snapshot.sum("openedx_events_rebalances", where: ["change": "lost"]) == 1)
        #expect(snapshot.sum("openedx_events_rebalances") == 3)
        #expect(snapshot.sum("openedx_events_commit_metadata_ignored") == 1)
        #expect(snapshot.sum("openedx_events_lag_messages", where: ["group": "search", "partition": "3"]) == 17)
        #expect(snapshot.sum("openedx_events_in_flight", where: ["group": "search"]) == 5)
        #expect(snapshot.sum("openedx_events_transport_errors", where: ["code": "unavailable"]) == 1)
    }

    @Test("what a client measures stands until it measures anew, and is gone once the client is closed")
    func measured() {
        let broker = "kafka-1:9092"
        let first = BusFact.measured(
            client: "search",
            [
                TransportMeasurement(.receivedMessages, 10), TransportMeasurement(.brokerUp, broker: broker, 1),
                TransportMeasurement(.brokerUp, broker: "kafka-2:9092", 1),
            ])
        let other = BusFact.measured(client: "producer", [TransportMeasurement(.queuedMessages, 3)])
        let metrics = metrics([first, other])
        #expect(metrics.snapshot().sum("openedx_events_broker_up", where: ["client": "search"]) == 2)
        metrics.record(
            .measured(
                client: "search",
                [TransportMeasurement(.receivedMessages, 15), TransportMeasurement(.brokerUp, broker: broker, 0)]))
        #expect(metrics.snapshot().sum("openedx_events_client_received_messages") == 15)
        #expect(metrics.snapshot()["openedx_events_broker_up"]?.series.map(\.value) == [0])
        #expect(metrics.openMetrics().contains("openedx_events_client_received_messages_total{client=\"search\"} 15\n"))
        metrics.record(.measured(client: "search", []))
        #expect(metrics.snapshot()["openedx_events_broker_up"] == nil)
        #expect(metrics.snapshot().sum("openedx_events_client_queued_messages") == 3)
    }

    @Test("every quantity that a client may measure has a family of its own")
    func quantities() {
        let facts = [
            BusFact.measured(
                client: "c", TransportMeasurement.Quantity.allCases.map { TransportMeasurement($0, broker: "b:1", 1) })
        ]
        #expect(metrics(facts).snapshot().families.count == TransportMeasurement.Quantity.allCases.count)
    }

    @Test("without facts there are no families")
    func empty() throws {
        let metrics = EventMetrics()
        #expect(metrics.snapshot().families.isEmpty)
        #expect(metrics.openMetrics() == "# EOF\n")
    }

    @Test("gauges hold the last value, and the lag of a partition that was taken away is gone")
    func gauges() {
        let partition = SampleFacts.partition
        let metrics = metrics([
            .assigned(group: "g", [partition, TopicPartition(topic: "notes", partition: 4)]),
            .lag(group: "g", partition, messages: 5), .lag(group: "g", partition, messages: 3),
            .inFlight(group: "g", count: 9), .inFlight(group: "g", count: 0),
        ])
        #expect(metrics.snapshot().sum("openedx_events_lag_messages") == 3)
        #expect(metrics.snapshot().sum("openedx_events_assigned_partitions") == 2)
        #expect(metrics.snapshot()["openedx_events_in_flight"]?.series.map(\.value) == [0])
        metrics.record(.revoked(group: "g", [partition], lost: false))
        #expect(metrics.snapshot()["openedx_events_lag_messages"] == nil)
        #expect(metrics.snapshot().sum("openedx_events_assigned_partitions") == 1)
    }

    @Test("types beyond the limit are counted as other, and keep the number of series bounded")
    func bounded() {
        let metrics = metrics((0..<5_000).map { .settled(event("t\($0 % 500)"), .handled) }, typeLimit: 10)
        let series = metrics.snapshot()["openedx_events_settled"]?.series ?? []
        #expect(series.count == 11)
        #expect(metrics.snapshot().sum("openedx_events_settled", where: ["type": "other"]) == 4_900)
        #expect(metrics.snapshot().sum("openedx_events_settled", where: ["type": "t3"]) == 10)
        #expect(metrics.snapshot().sum("openedx_events_settled") == 5_000)
    }

    @Test("handlers, groups and partitions are bounded too, and a gauge of many things is not kept")
    func boundedLabels() {
        let metrics = metrics(
            (0..<3_000).map { .lag(group: "g", TopicPartition(topic: "t", partition: $0), messages: 1) }
                + (0..<3_000).map { .retried(event("t"), handler: "h\($0)", attempt: 1, delay: .zero, reason: "") })
        #expect(metrics.snapshot()["openedx_events_lag_messages"]?.series.count == 1_000)
        #expect(metrics.snapshot()["openedx_events_retried"]?.series.count == 1_001)
        #expect(metrics.snapshot().sum("openedx_events_retried", where: ["handler": "other"]) == 2_000)
    }

    @Test("a histogram counts up to and including each bound")
    func histogram() throws {
        let metrics = EventMetrics(bounds: [.seconds(1), .milliseconds(10), .seconds(1)])
        for duration: Duration in [.zero, .milliseconds(10), .milliseconds(11), .seconds(1), .seconds(2), .seconds(-1)]
        {
            metrics.record(.handled(event("t"), handler: "h", attempt: 1, outcome: .failed, duration: duration))
        }
        let series = try #require(metrics.snapshot()["openedx_events_handler_duration_seconds"]?.series.first)
        #expect(series.value == 6)
        #expect(series.histogram?.bounds == [0.01, 1])
        #expect(series.histogram?.counts == [3, 5, 6])
        #expect(abs((series.histogram?.sum ?? 0) - 3.021) < 1e-9)
    }

    @Test("the text is OpenMetrics 1.0, and says what the snapshot says")
    func openMetrics() throws {
        let metrics = metrics(SampleFacts.all)
        let parsed = try OpenMetricsGrammar(metrics.openMetrics())
        #expect(Set(parsed.kinds.keys) == Set(metrics.snapshot().families.map(\.name)))
        #expect(
            parsed.samples.contains(
                OpenMetricsGrammar.Sample(
                    name: "openedx_events_published_total",
                    labels: ["type": SampleFacts.unstored.type, "outcome": "failed"], value: 1)))
        let buckets = parsed.samples.filter {
            $0.name == "openedx_events_handler_duration_seconds_bucket" && $0.labels["outcome"] == "succeeded"
        }
        #expect(buckets.count == EventMetrics.standardBounds.count + 1)
        #expect(buckets.first?.labels["le"] == "0.001")
        #expect(buckets.last?.labels["le"] == "+Inf")
        #expect(buckets.allSatisfy { $0.value == 1 })
    }

    @Test("label values and help are escaped")
    func escaping() {
        let text = metrics([.settled(event("a\"b\\c\nd"), .handled)]).openMetrics()
        #expect(text.contains(#"{type="a\"b\\c\nd",settlement="handled"} 1"#))
    }

    @Test("an event without a type counts as unreadable")
    func untyped() {
        let snapshot = metrics([.settled(event(""), .deadLettered)]).snapshot()
        #expect(snapshot.sum("openedx_events_settled", where: ["type": "unreadable"]) == 1)
    }

    @Test("every family's name ends in its unit, and no name stands for two")
    func names() {
        for family in MetricFamily.allCases {
            #expect(family.unit.map { family.name.hasSuffix("_" + $0) } ?? true)
            #expect(!family.name.hasSuffix("_total") && family.dimensions.count <= 3)
            #expect(!family.help.isEmpty)
        }
        #expect(Set(MetricFamily.allCases.map(\.name)).count == MetricFamily.allCases.count)
    }

    @Test("a snapshot goes through Codable unchanged")
    func codable() throws {
        let snapshot = metrics(SampleFacts.all).snapshot()
        #expect(try JSONDecoder().decode(MetricSnapshot.self, from: JSONEncoder().encode(snapshot)) == snapshot)
    }

    @Test("facts from many tasks are all counted")
    func concurrent() async {
        let metrics = EventMetrics()
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { for _ in 0..<1_000 { metrics.record(SampleFacts.all[0]) } }
            }
        }
        #expect(metrics.snapshot().sum("openedx_events_published") == 8_000)
    }
}
