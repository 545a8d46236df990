import OpenEdXEvents
import Testing

@testable import KafkaTransport

@Suite("A topic's plan")
struct TopicPlanTests {
    func topic(
        partitions: Int32 = 2, replicas: [Int32] = [1], settings: [String: TopicDescription.Setting] = [:]
    ) -> TopicDescription {
        TopicDescription(
            name: "t",
            partitions: (0..<partitions).map {
                TopicDescription.Partition(number: $0, leader: 1, replicas: replicas, inSync: replicas)
            }, settings: settings)
    }

    @Test("what is as planned has no differences")
    func same() {
        let plan = TopicPlan("t", partitions: 2, replicas: 1, retention: .seconds(60))
        let found = topic(settings: ["retention.ms": .init(value: "60000", isDefault: false)])
        #expect(plan.differences(from: found).isEmpty)
    }

    @Test("what the plan leaves open is not compared")
    func open() {
        let found = topic(replicas: [1, 2, 3], settings: ["retention.ms": .init(value: "1", isDefault: false)])
        #expect(TopicPlan("t", partitions: 2).differences(from: found).isEmpty)
    }

    @Test("more and fewer partitions are told apart, with what to do")
    func partitions() {
        let few = TopicPlan("t", partitions: 3).differences(from: topic())
        #expect(few.map(\.aspect) == ["partitions"])
        #expect(few.first?.advice.contains("moves keys") == true)
        let many = TopicPlan("t", partitions: 1).differences(from: topic())
        #expect(many.first?.advice.contains("cannot be taken away") == true)
        #expect(many.first?.description.hasPrefix("t: partitions is 2, planned is 1: ") == true)
    }

    @Test("copies and settings are compared by their values")
    func settings() {
        let plan = TopicPlan(
            "t", partitions: 2, replicas: 3, retention: .seconds(1),
            settings: ["cleanup.policy": "compact", "no.such.setting": "1"])
        let found = topic(settings: [
            "retention.ms": .init(value: "604800000", isDefault: true),
            "cleanup.policy": .init(value: "delete", isDefault: false),
        ])
        let differences = plan.differences(from: found)
        #expect(differences.map(\.aspect) == ["replicas", "cleanup.policy", "no.such.setting", "retention.ms"])
        #expect(differences.last?.advice.contains("the cluster's default") == true)
    }

    @Test("partitions without a leader or with too few copies are named")
    func trouble() {
        let topic = TopicDescription(
            name: "t",
            partitions: [
                .init(number: 0, leader: 1, replicas: [1, 2], inSync: [1, 2]),
                .init(number: 1, leader: nil, replicas: [1, 2], inSync: []),
                .init(number: 2, leader: 2, replicas: [1, 2], inSync: [2]),
            ], settings: ["retention.ms": .init(value: "-1", isDefault: false)])
        #expect(topic.leaderless == [1])
        #expect(topic.underReplicated == [1, 2])
        #expect(topic.retention == nil)
    }

    @Test("lag counts what is kept and not read, and tells apart what was dropped unread")
    func lag() {
        func lag(_ committed: Int64?, _ beginning: Int64, _ end: Int64) -> PartitionLag {
            PartitionLag(
                partition: .init(topic: "t", partition: 0), committed: committed, beginning: beginning, end: end,
                clientID: nil)
        }
        #expect((lag(10, 0, 15).lag, lag(10, 0, 15).lost) == (5, 0))
        #expect((lag(nil, 3, 15).lag, lag(nil, 3, 15).lost) == (12, 0))
        #expect((lag(2, 7, 15).lag, lag(2, 7, 15).lost) == (8, 5))
        #expect((lag(20, 0, 15).lag, lag(20, 0, 15).lost) == (0, 0))
    }
}
