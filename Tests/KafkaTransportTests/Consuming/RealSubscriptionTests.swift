import KafkaTransport
import OpenEdXEvents
import Testing

@Suite(
    "A subscription on a real broker",
    .enabled(if: BrokerEnvironment.hasBroker, Comment(rawValue: BrokerEnvironment.missing)), .timeLimit(.minutes(2)))
struct RealSubscriptionTests {
    @Test("whose name another living member takes ends, says why, and loses nothing to it")
    func sameName() async throws {
        let topic = TopicNames().next()
        let configuration = KafkaConfiguration.forTests(BrokerEnvironment.servers)
        try await withAdmin(configuration) { admin async throws in
            _ = try await admin.provision([TopicPlan(topic, partitions: 1)])
        }
        let transport = try KafkaTransport(configuration)
        _ = try await transport.publish((0..<2).map { OutgoingMessage(topic: topic, value: [$0]) })
        let options = SubscriptionOptions(group: topic, topics: [topic], memberName: "worker-1")
        let first = try await transport.subscribe(options) { _ in }
        #expect(try await first.nextBatch(atMost: 1)?.map(\.value) == [[0]])
        let second = try await transport.subscribe(options) { _ in }
        #expect(try await second.nextBatch(atMost: 2)?.map(\.value) == [[0], [1]])
        // What the group took away ends the wait; a message that was fetched before may still be there.
        let error = await #expect(throws: TransportError.self) {
            while try await first.nextBatch(atMost: 1) != nil {}
        }
        #expect(error?.isFatal == true && error?.message.contains("instance") == true, "\(String(describing: error))")
        await transport.shutDown(within: .seconds(5))
    }
}
