import KafkaTransport
import OpenEdXEvents
import Synchronization
import Testing

@Suite("Statistics of a transport's clients")
struct ClientStatisticsTests {
    /// Metrics that also let a test wait for a client's statistics.
    final class Watch: BusObserver {
        let metrics = EventMetrics()
        private let measured: AsyncStream<(client: String, isEmpty: Bool)>.Continuation
        let measurements: AsyncStream<(client: String, isEmpty: Bool)>

        init() { (measurements, measured) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1_000)) }

        func record(_ fact: BusFact) {
            metrics.record(fact)
            if case .measured(let client, let numbers) = fact { measured.yield((client, numbers.isEmpty)) }
        }
    }

    @Test("become metrics while the clients live, and are gone with them", .timeLimit(.minutes(1)))
    func metrics() async throws {
        let broker = try DevelopmentBroker(topics: ["t": 1])
        var configuration = KafkaConfiguration.forTests(broker.bootstrapServers)
        configuration.statisticsInterval = .seconds(1)
        let watch = Watch()
        let transport = try KafkaTransport(configuration, observer: watch)
        _ = try await transport.publish((0..<5).map { _ in OutgoingMessage(topic: "t", value: [1]) })
        let subscription = try await transport.subscribe(.init(group: "search", topics: ["t"]), onChange: { _ in })
        _ = try await subscription.nextBatch(atMost: 5)
        var waiting: Set<String> = ["producer", "search"]
        for await (client, _) in watch.measurements {
            waiting.remove(client)
            // A consumer knows the end of its partitions only with its second statistics.
            if waiting.isEmpty, watch.metrics.snapshot()["openedx_events_lag_messages"] != nil { break }
        }
        let snapshot = watch.metrics.snapshot()
        #expect(snapshot.sum("openedx_events_client_sent_messages", where: ["client": "producer"]) == 5)
        #expect(snapshot.sum("openedx_events_client_received_messages", where: ["client": "search"]) >= 1)
        let address = try #require(broker.bootstrapServers.first)
        #expect(snapshot.sum("openedx_events_broker_up", where: ["client": "producer", "broker": address]) == 1)
        #expect(snapshot["openedx_events_lag_messages"]?.series.first?["group"] == "search")

        await subscription.close(within: .zero)
        await transport.shutDown(within: .seconds(5))
        #expect(watch.metrics.snapshot()["openedx_events_client_sent_messages"] == nil)
        #expect(watch.metrics.snapshot()["openedx_events_broker_up"] == nil)
    }

    @Test("are not taken unless they are asked for")
    func none() async throws {
        let broker = try DevelopmentBroker(topics: ["t": 1])
        let watch = Watch()
        let transport = try KafkaTransport(.forTests(broker.bootstrapServers), observer: watch)
        _ = try await transport.publish([OutgoingMessage(topic: "t", value: [1])])
        await transport.shutDown(within: .seconds(5))
        #expect(watch.metrics.snapshot()["openedx_events_client_sent_messages"] == nil)
    }
}
