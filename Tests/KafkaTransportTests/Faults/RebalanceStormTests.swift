import FaultWorker
import KafkaTransport
import OpenEdXEvents
import Testing

/// Members of a group that come and go all the time.
@Suite("Rebalance storm", .serialized, .enabled(if: FaultTests.areOn), .timeLimit(.minutes(10)))
struct RebalanceStormTests {
    private static let changes = 30
    private static let events = 60_000
    private static let keys = 200

    @Test("Nothing is lost and order is kept per key while consumers join and leave")
    func storm() async throws {
        try await RealBroker.with { broker in
            try await broker.makeTopic(FaultClient.topic, partitions: 8)
            let client = try FaultClient(broker.bootstrapServers)
            let inbox = MemoryInbox(capacity: Self.events)
            let emitting = Task { try await emit(through: client.producer) }
            var members: [Member] = []
            for change in 0..<Self.changes {
                // Up to four members; the longest there leaves. The group is never empty.
                if members.count > 1, members.count == 4 || change % 3 == 2 {
                    try await members.removeFirst().leave()
                } else {
                    members.append(try Member(client.consumer(inbox: inbox), client.log))
                }
                let due = Self.events * (change + 1) / (Self.changes + 1)
                #expect(await client.log.handled.wait(for: due))
            }
            try await emitting.value
            #expect(await client.log.handled.wait(for: Self.events))
            for member in members { try await member.leave() }
            var ledger = client.log.ledger
            for key in 0..<Self.keys { ledger.close(key: "key-\(key)", count: Self.events / Self.keys) }
            FaultTests.say(
                "rebalance storm: \(Self.changes) changes, \(client.log.taken.count) partitions moved, "
                    + "\(ledger.effects) handled, \(client.log.absorbed) duplicates absorbed")
            #expect(ledger.problems.isEmpty)
            #expect(ledger.effects == Self.events)
            await client.close()
        }
    }

    private func emit(through producer: EventProducer) async throws {
        for begin in stride(from: 0, to: Self.events, by: Self.keys) {
            let batch = (0..<Self.keys).map { NumberPassed(key: "key-\($0)", number: begin / Self.keys) }
            for outcome in await producer.emit(contentsOf: batch) { _ = try outcome.get() }
        }
    }

    private struct Member {
        private let consumer: EventConsumer
        private let running: Task<Void, any Error>

        init(_ consumer: EventConsumer, _ log: FaultLog) {
            self.consumer = consumer
            running = Task {
                do {
                    try await consumer.run()
                } catch {
                    log.handled.end()
                    throw error
                }
            }
        }

        func leave() async throws {
            consumer.shutDown()
            try await running.value
        }
    }
}
