import Testing

@testable import OpenEdXEvents

@Suite("Finished messages")
struct FinishedMessagesTests {
    /// Keeps what it is told of, call by call.
    private struct Told: EventSubscription {
        let calls = Log<[Int64]>()

        func complete(_ delivery: Delivery) { calls.append([delivery.position.offset]) }
        func complete(_ deliveries: [Delivery]) { calls.append(deliveries.map(\.position.offset)) }
        func abandon(_ delivery: Delivery) {}
        func nextBatch(atMost limit: Int) async throws(TransportError) -> [IncomingMessage]? { nil }
        func commit() async throws(TransportError) {}
        func seek(to target: SeekTarget) async throws(TransportError) {}
        func progress() async throws(TransportError) -> [TopicPartition: PartitionProgress] { [:] }
        func close(within limit: Duration) async {}
    }

    private static func calls(_ count: Int64, expected: Int) -> [[Int64]] {
        let told = Told()
        var finished = FinishedMessages(told)
        finished.begin(expecting: expected)
        for offset in 0..<count {
            finished.append(
                IncomingMessage(
                    delivery: Delivery(
                        position: Position(topic: "t", partition: 0, offset: offset), assignment: AssignmentID(1)),
                    key: nil, headers: [], value: nil, timestamp: .distantPast))
        }
        finished.tell()
        finished.tell()
        return told.calls.all
    }

    @Test("of a short run are told of one by one")
    func short() {
        #expect(Self.calls(3, expected: FinishedMessages.most - 1) == [[0], [1], [2]])
    }

    @Test("of a long run are told of a few at a time, each once, and the rest at its end")
    func long() {
        #expect(Self.calls(19, expected: 32) == [Array(0..<8), Array(8..<16), [16, 17, 18]])
        #expect(Self.calls(16, expected: 32) == [Array(0..<8), Array(8..<16)])
    }
}
