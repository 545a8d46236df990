import KafkaTransport
import OpenEdXEvents
import Testing

@Suite("The embedded broker")
struct DevelopmentBrokerTests {
    @Test("listens on the loopback interface only, one address for each broker")
    func addresses() throws {
        let broker = try DevelopmentBroker(brokers: 3)
        #expect(broker.bootstrapServers.count == 3)
        #expect(Set(broker.bootstrapServers).count == 3)
        #expect(broker.bootstrapServers.allSatisfy { $0.hasPrefix("127.0.0.1:") })
    }

    @Test("refuses a topic that is there already, and names that no topic can have")
    func topics() throws {
        let broker = try DevelopmentBroker(topics: ["enrollments": 3])
        #expect(throws: TransportError(.invalidArgument, "")) { try broker.createTopic("enrollments") }
        #expect(throws: TransportError(.invalidArgument, "")) { try broker.createTopic("no such/topic") }
        #expect(throws: TransportError(.invalidArgument, "")) { try broker.createTopic("grades", partitions: 0) }
        try broker.createTopic("grades", partitions: 1)
    }

    @Test("refuses everything once it is closed, and can be closed twice")
    func closed() throws {
        let broker = try DevelopmentBroker()
        broker.close()
        broker.close()
        #expect(throws: TransportError(.closed, "")) { try broker.createTopic("enrollments") }
        #expect(throws: TransportError(.closed, "")) { try broker.takeDown() }
    }

    @Test("can be asked for 1 to 32 brokers", arguments: [0, -1, 33])
    func brokers(_ count: Int) {
        #expect(throws: TransportError(.invalidArgument, "")) { try DevelopmentBroker(brokers: count) }
    }
}
