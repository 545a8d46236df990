#if Metrics
import Metrics
import MetricsTestKit
import Testing

@testable import OpenEdXEvents

@Suite("swift-metrics bridge")
struct MetricsObserverTests {
    @Test("facts become counters, timers and gauges")
    func metrics() throws {
        let metrics = TestMetrics()
        let observer = MetricsObserver(factory: metrics)
        for fact in SampleFacts.all + SampleFacts.all { observer.record(fact) }
        let type = ("type", SampleFacts.event.type)
        #expect(
            try metrics.expectCounter("openedx_events_published_total", [type, ("outcome", "stored")]).totalValue == 2)
        #expect(
            try metrics.expectCounter("openedx_events_handled_total", [type, ("outcome", "timed_out")]).totalValue == 2)
        #expect(
            try metrics.expectCounter("openedx_events_settled_total", [type, ("settlement", "skipped")]).totalValue == 2
        )
        #expect(
            try metrics.expectTimer(
                "openedx_events_handler_duration", [("handler", "index"), type, ("outcome", "succeeded")]
            ).values == [700_000, 700_000])
        #expect(
            try metrics.expectGauge(
                "openedx_events_lag", [("group", "search"), ("topic", "notes"), ("partition", "3")]
            ).lastValue == 17)
        #expect(try metrics.expectGauge("openedx_events_in_flight", [("group", "search")]).lastValue == 5)
        #expect(
            try metrics.expectCounter("openedx_events_transport_errors_total", [("code", "unavailable")]).totalValue
                == 2)
    }

    @Test("types beyond the limit share one counter")
    func bounded() throws {
        let metrics = TestMetrics()
        let observer = MetricsObserver(factory: metrics, typeLimit: 2)
        for number in 0..<100 {
            let event = EventReference(type: "t\(number)", id: "1", position: nil, key: nil)
            observer.record(.settled(event, .handled))
        }
        #expect(metrics.counters.count == 3)
        let other = [("type", "other"), ("settlement", "handled")]
        #expect(try metrics.expectCounter("openedx_events_settled_total", other).totalValue == 98)
    }
}
#endif
