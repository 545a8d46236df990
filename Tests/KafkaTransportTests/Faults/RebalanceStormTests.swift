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
            let client = try FaultClient(broker.bootstrapServers) { $0.consumer.heartbeatInterval = .seconds(1) }
            let inbox = MemoryInbox(capacity: Self.events)
            var members: [Member] = []
            for change in 0..<Self.changes {
                let emitting = Task { try await emit(part: change, through: client.producer) }
                let assigned = client.log.assigned.reached
                // Up to four members; the longest there leaves. The group is never empty.
                if members.count > 1, members.count == 4 || change % 3 == 2 {
                    try await members.removeFirst().leave()
                } else {
                    members.append(try Member(client.consumer(inbox: inbox), client.log))
                }
                // Every other change is made before the group has settled the one before.
                if change.isMultiple(of: 2) { await client.log.assigned.wait(for: assigned + 1) }
                try await emitting.value
                #expect(await client.log.handled.wait(for: Self.events / Self.changes * change))
            }
            #expect(await client.log.handled.wait(for: Self.events))
            for member in members { try await member.leave() }
            var ledger = client.log.ledger
            for key in 0..<Self.keys { ledger.close(key: "key-\(key)", count: Self.events / Self.keys) }
            FaultTests.say(
                "rebalance storm: \(Self.changes) changes, \(client.log.taken.count) partitions moved, "
                    + "\(ledger.effects) handled, \(client.log.absorbed) duplicates absorbed")
            #expect(client.log.taken.count > 0)
            #expect(ledger.problems.isEmpty)
            #expect(ledger.effects == Self.events)
            await client.close()
        }
    }

    /// Emits one of as many parts as there are changes.
    private func emit(part: Int, through producer: EventProducer) async throws {
        let numbers = Self.events / Self.changes / Self.keys
        for number in part * numbers..<(part + 1) * numbers {
            let batch = (0..<Self.keys).map { NumberPassed(key: "key-\($0)", number: number) }
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
