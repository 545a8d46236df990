import OpenEdXEvents
import Synchronization
import Testing

@testable import KafkaTransport

@Suite("A subscription on the mock cluster", .timeLimit(.minutes(2)))
struct SubscriptionTests {
    /// Keeps facts, and lets one wait for one.
    final class Facts: BusObserver {
        private let stream: AsyncStream<BusFact>
        private let sink: AsyncStream<BusFact>.Continuation

        init() { (stream, sink) = AsyncStream.makeStream() }

        func record(_ fact: BusFact) { sink.yield(fact) }

        func first<Value>(_ pick: (BusFact) -> Value?) async throws -> Value {
            for await fact in stream { if let value = pick(fact) { return value } }
            throw CancellationError()
        }
    }

    static func transport(
        _ broker: DevelopmentBroker, observer: (any BusObserver)? = nil,
        adjust: (inout KafkaConfiguration) -> Void = { _ in }
    ) throws -> KafkaTransport {
        var configuration = KafkaConfiguration.forTests(broker.bootstrapServers, sessionTimeout: .seconds(6))
        adjust(&configuration)
        return try KafkaTransport(configuration, observer: observer)
    }

    static func message(_ topic: String, _ text: String, partition: Int32? = nil) -> OutgoingMessage {
        OutgoingMessage(topic: topic, partition: partition, value: Array(text.utf8))
    }

    /// Commits for a group as other software would.
    static func commit(
        _ metadata: String, offset: Int64, group: String, topic: String, partition: Int32 = 0,
        on broker: DevelopmentBroker
    ) throws {
        let properties = try KafkaConfiguration.forTests(broker.bootstrapServers).consumerProperties(
            SubscriptionOptions(group: group, topics: [topic]))
        let reports = ClientReports("other", label: "other", observer: nil, properties: [], libraryVersion: 0)
        let consumer = try RDKafkaConsumer(properties, reports: reports)
        defer { consumer.destroy() }
        let partition = TopicPartition(topic: topic, partition: partition)
        try consumer.commit([partition: CommittedPlace(offset: offset, metadata: metadata)], number: 1)
        while true {
            for case .committed(1, let result) in consumer.rest(milliseconds: 1_000) {
                if let error = result.error { throw error }
                return
            }
        }
    }

    @Test("with a pattern reads every topic whose name matches, and no other")
    func pattern() async throws {
        let broker = try DevelopmentBroker(topics: ["stage-grades": 1, "stage-enrollments": 1, "prod-grades": 1])
        let transport = try Self.transport(broker)
        let names = ["stage-grades", "stage-enrollments", "prod-grades"]
        _ = try await transport.publish(names.map { Self.message($0, $0) })
        let subscription = try await transport.subscribe(
            SubscriptionOptions(group: "g", topics: ["^stage-.*"])
        ) { _ in }
        var seen: Set<String> = []
        while seen.count < 2 {
            let batch = try #require(try await subscription.nextBatch(atMost: 10))
            seen.formUnion(batch.map(\.position.topic))
        }
        #expect(seen == ["stage-grades", "stage-enrollments"])
        #expect(try await subscription.progress().keys.map(\.topic).sorted() == ["stage-enrollments", "stage-grades"])
        await transport.shutDown(within: .seconds(5))
    }

    @Test("reads what can be read while a partition has no leader")
    func noLeader() async throws {
        let broker = try DevelopmentBroker(topics: ["t": 2])
        let transport = try Self.transport(broker)
        _ = try await transport.publish([0, 1].map { Self.message("t", "m", partition: $0) })
        for partition: Int32 in 0..<2 {
            try Self.commit("", offset: 0, group: "g", topic: "t", partition: partition, on: broker)
        }
        let silent = TopicPartition(topic: "t", partition: 1)
        try broker.setLeader(-1, of: silent)
        let subscription = try await transport.subscribe(SubscriptionOptions(group: "g", topics: ["t"])) { _ in }
        #expect(try await subscription.nextBatch(atMost: 10)?.map(\.position.partition) == [0])
        // Once it has one, it is read too.
        try broker.setLeader(1, of: silent)
        #expect(try await subscription.nextBatch(atMost: 10)?.map(\.position.partition) == [1])
        await transport.shutDown(within: .seconds(5))
    }

    @Test("that stands by goes on although its topic came late and the group gives it nothing")
    func standsBy() async throws {
        let broker = try DevelopmentBroker(topics: ["late": 1])
        try broker.setFault(.unknownTopic, ofTopic: "late")
        let patience = Duration.seconds(4)
        var transports: [KafkaTransport] = []
        var subscriptions: [any EventSubscription] = []
        let facts = [Facts(), Facts()]
        // Both wait at the same time: what one waits for the other is no part of its patience.
        for facts in facts {
            let transport = try Self.transport(broker, observer: facts) {
                $0.properties["topic.metadata.propagation.max.ms"] = "4000"
            }
            transports.append(transport)
            subscriptions.append(
                try await transport.subscribe(SubscriptionOptions(group: "g", topics: ["late"])) { _ in })
        }
        for facts in facts {
            _ = try await facts.first {
                if case .transport(let error) = $0, error.code == .unknownTopic { error } else { nil }
            }
        }
        let start = ContinuousClock.now
        try broker.setFault(nil, ofTopic: "late")
        // Each publish is awaited, until the topic might have been unknown for too long.
        while start.duration(to: .now) < patience {
            _ = try await transports[0].publish([Self.message("late", "m", partition: 0)])
        }
        var assigned = 0
        for subscription in subscriptions { assigned += try await subscription.progress().count }
        #expect(assigned == 1)
        for transport in transports { await transport.shutDown(within: .seconds(5)) }
    }

    @Test("passes over commit metadata of someone else, reports it, and repeats what it may have said")
    func foreignMetadata() async throws {
        let broker = try DevelopmentBroker(topics: ["t": 1])
        let facts = Facts()
        let transport = try Self.transport(broker, observer: facts)
        _ = try await transport.publish((0..<3).map { Self.message("t", "\($0)") })
        try Self.commit("someone else's", offset: 1, group: "g", topic: "t", on: broker)
        let subscription = try await transport.subscribe(SubscriptionOptions(group: "g", topics: ["t"])) { _ in }
        let batch = try #require(try await subscription.nextBatch(atMost: 10))
        #expect(batch.first?.position.offset == 1)
        let reason = try await facts.first { fact in
            if case .commitMetadataIgnored(let partition, let reason) = fact, partition.topic == "t" {
                reason
            } else {
                nil
            }
        }
        #expect(reason.contains("not written by this library"))
        await transport.shutDown(within: .seconds(5))
    }

    @Test("to a topic that does not exist ends with a typed error")
    func unknownTopic() async throws {
        let broker = try DevelopmentBroker()
        try broker.setFault(.unknownTopic, ofTopic: "nowhere")
        let transport = try Self.transport(broker) {
            $0.properties["topic.metadata.propagation.max.ms"] = "300"
        }
        let subscription = try await transport.subscribe(SubscriptionOptions(group: "g", topics: ["nowhere"])) { _ in }
        await #expect(throws: TransportError(.unknownTopic, "")) { try await subscription.nextBatch(atMost: 1) }
        await #expect(throws: TransportError(.unknownTopic, "")) { try await subscription.nextBatch(atMost: 1) }
        await transport.shutDown(within: .seconds(5))
    }

    @Test("holds a bounded part of what lies ahead of a reader that stopped, and loses none of it")
    func bounded() async throws {
        let broker = try DevelopmentBroker(topics: ["t": 2])
        let transport = try Self.transport(broker)
        let count = 12_000
        for first in stride(from: 0, to: count, by: 3_000) {
            _ = try await transport.publish(
                (first..<first + 3_000).map { Self.message("t", "\($0)", partition: Int32($0 % 2)) })
        }
        let subscription = try await transport.subscribe(
            SubscriptionOptions(group: "g", topics: ["t"], unsettledLimit: 600)
        ) { _ in }
        let client = try #require(transport.clients.consumers.first)
        var seen: [Int32: [Int64]] = [:]
        var total = 0
        while total < count {
            let batch = try #require(try await subscription.nextBatch(atMost: 500))
            for message in batch { seen[message.position.partition, default: []].append(message.position.offset) }
            total += batch.count
            // Partitions are paused while the reader does nothing, and must go on when it does.
            if total < 2_000 {
                try await waitUntil { client.reading.withLock { $0.partitions.contains { $0.isPaused } } }
            }
            subscription.complete(batch.map(\.delivery))
        }
        #expect(seen[0] == Array(0..<Int64(count / 2)))
        #expect(seen[1] == Array(0..<Int64(count / 2)))
        await transport.shutDown(within: .seconds(5))
    }

    @Test("of dead letters waits for its partitions before it looks")
    func letters() async throws {
        let broker = try DevelopmentBroker(topics: ["search-dead-letter": 2])
        let transport = try Self.transport(broker)
        _ = try await transport.publish([Self.message("search-dead-letter", "not a letter", partition: 1)])
        let queue = try DeadLetterQueue(transport: transport, group: "search")
        #expect(try await queue.letters().isEmpty)
        let report = try await queue.redrive()
        #expect(report.foreign == 1)
        #expect(report.redriven == 0)
        await transport.shutDown(within: .seconds(5))
    }
}
