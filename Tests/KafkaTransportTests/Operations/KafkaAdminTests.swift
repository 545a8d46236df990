import Foundation
import OpenEdXEvents
import Testing

@testable import KafkaTransport

@Suite("Administration on the embedded broker")
struct KafkaAdminTests {
    @Test("topics are listed with their partitions, and asking for one creates none")
    func topics() async throws {
        let broker = try DevelopmentBroker(brokers: 2, topics: ["b": 2, "a": 3])
        try await withAdmin(KafkaConfiguration(bootstrapServers: broker.bootstrapServers)) { admin async throws in
            #expect(try await admin.brokers().map(\.id) == [1, 2])
            #expect(try await admin.topics().map(\.name) == ["a", "b"])
            #expect(try await admin.topics().map(\.partitions.count) == [3, 2])
            await #expect(throws: TransportError(.unknownTopic, "")) { try await admin.describe(["c"]) }
            #expect(try await admin.topics().count == 2)
        }
    }

    @Test("a broker that is away is waited for within the limit, and the error says what was seen last")
    func away() async throws {
        let broker = try DevelopmentBroker()
        try broker.takeDown()
        try await withAdmin(KafkaConfiguration(bootstrapServers: broker.bootstrapServers), timeout: .milliseconds(700))
        { admin async throws in
            let error = await #expect(throws: TransportError.self) { try await admin.topics() }
            #expect(error?.code == .unavailable)
            #expect(error?.isRetriable == true)
            #expect(error?.message.contains("the last trouble was") == true, "\(String(describing: error))")
        }
    }

    @Test("a plan that is not possible is refused before a broker is asked")
    func impossiblePlans() async throws {
        try await withAdmin(KafkaConfiguration(bootstrapServers: ["127.0.0.1:1"])) { admin async throws in
            for plans in [
                [TopicPlan("no such/name", partitions: 1)], [TopicPlan("t", partitions: 0)],
                [TopicPlan("t", partitions: 1, replicas: 0)],
                [TopicPlan("t", partitions: 1), TopicPlan("t", partitions: 2)],
            ] {
                await #expect(throws: TransportError(.invalidArgument, "")) { try await admin.provision(plans) }
            }
        }
    }

    @Test("a wrong configuration is refused before a client is made")
    func wrongConfiguration() {
        #expect(throws: InvalidConfiguration.self) { try KafkaAdmin(KafkaConfiguration(bootstrapServers: [])) }
    }

    @Test("a group's lag is told, and only a group that has had no member is moved")
    func groups() async throws {
        let broker = try DevelopmentBroker(topics: ["t": 2, "other": 1])
        let place = TopicPartition(topic: "t", partition: 0)
        try await withAdmin(KafkaConfiguration(bootstrapServers: broker.bootstrapServers)) { admin async throws in
            await #expect(throws: TransportError(.unsupported, "")) { try await admin.groups() }
            #expect(try await admin.describe(group: "g").state == .unknown)
            #expect(try await admin.lag(group: "g").isEmpty)

            let transport = try SubscriptionTests.transport(broker)
            _ = try await transport.publish((0..<10).map { SubscriptionTests.message("t", "\($0)", partition: 0) })
            #expect(try await admin.lag(group: "g", topics: ["t"]).map(\.lag) == [10, 0])
            try await admin.alterOffsets(group: "g", to: [place: 4])
            #expect(try await admin.offsets(group: "g") == [place: 4])
            #expect(try await admin.lag(group: "g", topics: ["t"]).map(\.lag) == [6, 0])

            let subscription = try await transport.subscribe(.init(group: "g", topics: ["t"]), onChange: { _ in })
            let batch = try #require(try await subscription.nextBatch(atMost: 1))
            #expect(batch.first?.position.offset == 4)
            subscription.complete(batch.map(\.delivery))
            try await subscription.commit()
            #expect(try await admin.lag(group: "g").map(\.lag) == [5, 0])
            let refused = await #expect(throws: TransportError.self) {
                try await admin.alterOffsets(group: "g", to: [place: 0])
            }
            #expect(refused?.code == .unsupported && refused?.message.contains("has had a member") == true)
            #expect(try await admin.offsets(group: "g")[place] == 5)
            await transport.shutDown(within: .zero)
        }
    }

    @Test("a task that is cancelled asks nothing more")
    func cancelled() async throws {
        let broker = try DevelopmentBroker(topics: ["t": 1])
        try await withAdmin(KafkaConfiguration(bootstrapServers: broker.bootstrapServers)) { admin async throws in
            let error = await Task {
                withUnsafeCurrentTask { $0?.cancel() }
                return await #expect(throws: TransportError.self) { try await admin.topics() }
            }.value
            #expect(error?.code == .cancelled)
            #expect(try await admin.topics().map(\.name) == ["t"])
        }
    }

    @Test("requests of many tasks are answered one after the other")
    func many() async throws {
        let broker = try DevelopmentBroker(topics: ["t": 1])
        try await withAdmin(KafkaConfiguration(bootstrapServers: broker.bootstrapServers)) { admin async throws in
            try await withThrowingTaskGroup { group in
                for _ in 0..<50 { group.addTask { try await admin.topics().count } }
                for try await count in group { #expect(count == 1) }
            }
        }
    }
}

@Suite(
    "Administration on a real broker",
    .enabled(if: BrokerEnvironment.hasBroker, Comment(rawValue: BrokerEnvironment.missing)))
struct RealKafkaAdminTests {
    let configuration = KafkaConfiguration.forTests(BrokerEnvironment.servers)
    let names = TopicNames()

    func publish(_ count: Int, to topic: String, partition: Int32 = 0) async throws {
        let transport = try KafkaTransport(configuration)
        let outcomes = try await transport.publish(
            (0..<count).map { OutgoingMessage(topic: topic, partition: partition, value: Array("\($0)".utf8)) })
        for outcome in outcomes {
            if case .failed(let error) = outcome { throw error }
        }
        await transport.shutDown(within: .seconds(5))
    }

    @Test("missing topics are created as planned, and what is there is compared and left alone")
    func provision() async throws {
        try await withAdmin(configuration) { admin async throws in
            let name = names.next()
            let plan = TopicPlan(
                name, partitions: 3, retention: .seconds(3_600), settings: ["cleanup.policy": "delete"])
            let dry = try await admin.provision([plan], dryRun: true)
            #expect(dry.created == [name] && dry.isDryRun)
            #expect(try await !admin.topics().contains { $0.name == name })

            let report = try await admin.provision([plan])
            #expect(report.created == [name] && report.isAsPlanned)
            let topic = try #require(try await admin.describe([name]).first)
            #expect(topic.partitions.count == 3)
            #expect(topic.retention == .seconds(3_600))

            let again = try await admin.provision([plan])
            #expect(again.created.isEmpty && again.unchanged == [name] && again.isAsPlanned)
            let other = try await admin.provision([
                TopicPlan(name, partitions: 4, retention: .seconds(60)),
                TopicPlan(names.next(), partitions: 1, settings: ["retention.ms": "soon"]),
            ])
            #expect(other.findings.map(\.aspect) == ["partitions", "retention.ms"])
            #expect(other.findings.last?.found == "3600000")
            #expect(other.failures.count == 1)
            #expect(other.failures.values.first?.code == .invalidArgument, "\(other.failures)")
            #expect(!other.isAsPlanned)
        }
    }

    @Test("a group's lag is known by partition, with who reads it")
    func lag() async throws {
        try await withAdmin(configuration) { admin async throws in
            let name = names.next()
            let group = names.next()
            _ = try await admin.provision([TopicPlan(name, partitions: 2)])
            try await publish(10, to: name)
            #expect(try await admin.describe(group: group).state == .absent)
            #expect(try await admin.lag(group: group).isEmpty)
            #expect(try await admin.lag(group: group, topics: [name]).map(\.lag) == [10, 0])

            let transport = try KafkaTransport(configuration)
            let subscription = try await transport.subscribe(.init(group: group, topics: [name]), onChange: { _ in })
            var read = 0
            while read < 10, let batch = try await subscription.nextBatch(atMost: 10 - read) {
                read += batch.count
                subscription.complete(batch.filter { $0.position.offset < 4 }.map(\.delivery))
            }
            try await subscription.commit()
            let lag = try await admin.lag(group: group)
            #expect(lag.map(\.lag).first == 6)
            #expect(lag.first?.committed == 4)
            #expect(lag.first?.clientID == "openedx-events")
            #expect(try await admin.describe(group: group).state == .stable)
            #expect(try await admin.groups().contains(group))
            #expect(try await admin.offsets(group: group)[TopicPartition(topic: name, partition: 0)] == 4)

            let refused = await #expect(throws: TransportError.self) {
                try await admin.alterOffsets(group: group, to: [TopicPartition(topic: name, partition: 0): 0])
            }
            #expect(refused?.code == .invalidArgument)
            #expect(refused?.message.contains("has 1 members") == true)
            await subscription.close(within: .zero)
            await transport.shutDown(within: .zero)

            try await admin.alterOffsets(group: group, to: [TopicPartition(topic: name, partition: 0): 7])
            #expect(try await admin.describe(group: group).state == .empty)
            #expect(try await admin.lag(group: group, topics: [name]).map(\.lag) == [3, 0])
            await #expect(throws: TransportError(.unknownTopic, "")) {
                try await admin.alterOffsets(group: group, to: [TopicPartition(topic: name, partition: 2): 7])
            }
            await #expect(throws: TransportError(.invalidArgument, "")) {
                try await admin.alterOffsets(group: group, to: [TopicPartition(topic: name, partition: 0): -3])
            }
        }
    }

    @Test("the offsets of a place are found: beginning, end, time, positions")
    func offsets() async throws {
        try await withAdmin(configuration) { admin async throws in
            let name = names.next()
            _ = try await admin.provision([TopicPlan(name, partitions: 2)])
            let first = TopicPartition(topic: name, partition: 0)
            let second = TopicPartition(topic: name, partition: 1)
            try await publish(5, to: name)
            #expect(try await admin.offsets(of: [name], at: .beginning) == [first: 0, second: 0])
            #expect(try await admin.offsets(of: [name], at: .end) == [first: 5, second: 0])
            #expect(
                try await admin.offsets(of: [name], at: .time(EventTime(milliseconds: 0))) == [first: 0, second: 0])
            // Of a time to come there is no message: the end.
            let later = EventTime(milliseconds: EventTime.now().milliseconds + 3_600_000)
            #expect(try await admin.offsets(of: [name], at: .time(later)) == [first: 5, second: 0])
            let place = Position(topic: name, partition: 0, offset: 3)
            #expect(try await admin.offsets(of: [name], at: .positions([place])) == [first: 3])
            await #expect(throws: TransportError(.invalidArgument, "")) {
                try await admin.offsets(of: [name], at: .positions([Position(topic: name, partition: 9, offset: 3)]))
            }
            await #expect(throws: TransportError(.unknownTopic, "")) {
                try await admin.offsets(of: [names.next()], at: .end)
            }
        }
    }

    @Test("health says whether the topics are there")
    func health() async throws {
        try await withAdmin(configuration) { admin async throws in
            let name = names.next()
            #expect(await admin.health().isHealthy)
            #expect(await !admin.health(topics: [name]).isReady)
            _ = try await admin.provision([TopicPlan(name, partitions: 1)])
            #expect(await admin.health(topics: [name]).isHealthy)
        }
    }
}
