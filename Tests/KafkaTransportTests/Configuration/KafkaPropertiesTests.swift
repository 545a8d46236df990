import OpenEdXEvents
import Testing

@testable import KafkaTransport

@Suite("A configuration's properties")
struct KafkaPropertiesTests {
    func producer(_ change: (inout KafkaConfiguration) -> Void = { _ in }) throws -> [String: String] {
        var configuration = KafkaConfiguration(bootstrapServers: ["localhost:9092", "other:9092"])
        change(&configuration)
        return Dictionary(uniqueKeysWithValues: try configuration.producerProperties().map { ($0.name, $0.value) })
    }

    func consumer(
        _ options: SubscriptionOptions = .init(group: "search", topics: ["t"]),
        _ change: (inout KafkaConfiguration) -> Void = { _ in }
    ) throws -> [String: String] {
        var configuration = KafkaConfiguration(bootstrapServers: ["localhost:9092"])
        change(&configuration)
        return Dictionary(
            uniqueKeysWithValues: try configuration.consumerProperties(options).map { ($0.name, $0.value) })
    }

    @Test("a producer loses nothing by default, and puts keys where the Python services do (rule 42)")
    func producerDefaults() throws {
        let properties = try producer()
        #expect(properties["bootstrap.servers"] == "localhost:9092,other:9092")
        #expect(properties["acks"] == "all")
        #expect(properties["enable.idempotence"] == "true")
        #expect(properties["partitioner"] == "consistent_random")
        #expect(properties["log.connection.close"] == "false")
        #expect(properties["group.id"] == nil)
    }

    @Test("the Java client's partitioner is a choice")
    func murmur() throws {
        #expect(try producer { $0.producer.partitioner = .murmur2 }["partitioner"] == "murmur2_random")
    }

    @Test("a consumer commits nothing unasked and shares partitions cooperatively by default")
    func consumerDefaults() throws {
        let properties = try consumer()
        #expect(properties["enable.auto.commit"] == "false")
        #expect(properties["enable.auto.offset.store"] == "false")
        #expect(properties["partition.assignment.strategy"] == "cooperative-sticky")
        #expect(properties["group.id"] == "search")
        #expect(properties["group.instance.id"] == nil)
        #expect(properties["acks"] == nil)
    }

    @Test(
        "a group that has committed nothing begins where the options say",
        arguments: [
            (SeekTarget.beginning, "earliest"), (.end, "latest"), (.time(EventTime(milliseconds: 0)), "earliest"),
            (.positions([]), "earliest"),
        ])
    func start(_ target: SeekTarget, _ expected: String) throws {
        #expect(try consumer(.init(group: "g", topics: ["t"], start: target))["auto.offset.reset"] == expected)
    }

    @Test("a member's name makes it static")
    func memberName() throws {
        let properties = try consumer(.init(group: "g", topics: ["t"], memberName: "worker-1"))
        #expect(properties["group.instance.id"] == "worker-1")
    }

    @Test("pass-through properties stand over the typed options")
    func passThrough() throws {
        let properties = try producer { $0.properties["linger.ms"] = "17" }
        #expect(properties["linger.ms"] == "17")
    }
}
