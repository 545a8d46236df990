import OpenEdXEvents
import Testing

@testable import KafkaTransport

@Suite("A consuming client of librdkafka", .timeLimit(.minutes(1)))
struct RDKafkaConsumerTests {
    private static func consumer(_ broker: DevelopmentBroker, group: String) throws -> RDKafkaConsumer {
        let properties = try KafkaConfiguration.forTests(broker.bootstrapServers).consumerProperties(
            SubscriptionOptions(group: group, topics: ["t"]))
        return try RDKafkaConsumer(
            properties,
            reports: ClientReports("member", label: "member", observer: nil, properties: [], libraryVersion: 0))
    }

    private static func leave(_ consumer: RDKafkaConsumer) {
        #expect(consumer.beginClose() == nil)
        while !consumer.isClosed { _ = consumer.rest(milliseconds: 10) }
    }

    @Test("that never got to know what is for it leaves without ending the process")
    func neverAssigned() throws {
        let broker = try DevelopmentBroker(topics: ["t": 1])
        // It is taken in again and again, and told nothing.
        try broker.fail(.syncGroup, with: Array(repeating: .rebalanceInProgress, count: 1_000))
        let consumer = try Self.consumer(broker, group: "g")
        try consumer.subscribe(to: ["t"])
        while !consumer.awaitsFirstAssignment { _ = consumer.rest(milliseconds: 10) }
        Self.leave(consumer)
        #expect(consumer.destroy() == (RDKafkaProducer.libraryVersion >= 0x0203_0000))
    }

    @Test("that never joined is freed, whatever the version")
    func neverJoined() throws {
        let broker = try DevelopmentBroker(topics: ["t": 1])
        let consumer = try Self.consumer(broker, group: "g")
        Self.leave(consumer)
        #expect(consumer.destroy())
    }

    @Test("asks the new leader for offsets when the one that it knew leads no more")
    func movedLeader() throws {
        let broker = try DevelopmentBroker(brokers: 2, topics: ["t": 1])
        let consumer = try Self.consumer(broker, group: "g")
        defer { consumer.destroy() }
        let partition = TopicPartition(topic: "t", partition: 0)
        for leader in [1, 2, 1] {
            try broker.setLeader(leader, of: partition)
            let ends = try consumer.offsets([partition], from: RDKafkaConsumer.end, milliseconds: 5_000)
            #expect(ends == [partition: 0])
        }
    }

    @Test("waits for its first assignment from the moment the group has taken it in, and only for the first")
    func states() {
        let target = CallbackTarget(
            ClientReports("member", label: "member", observer: nil, properties: [], libraryVersion: 0))
        var seen: [Bool] = []
        for state in [
            "init", "wait-join", "wait-metadata", "wait-sync", "init", "wait-join", "wait-sync", "wait-assign-call",
            "steady", "wait-join", "wait-sync",
        ] {
            target.note(joinState: Substring(state))
            seen.append(target.awaitsFirstAssignment)
        }
        #expect(seen == [false, false, true, true, true, true, true, false, false, false, false])
    }
}
