import OpenEdXEvents
import Testing

@testable import InMemoryTransport

@Suite("Partition log")
struct PartitionLogTests {
    private func message(_ second: Int64, bytes: Int = 10) -> StoredMessage {
        StoredMessage(
            OutgoingMessage(topic: "t", value: [UInt8](repeating: 1, count: bytes)),
            timestamp: EventTime(seconds: second, nanoseconds: 0))
    }

    @Test("offsets count from zero and go on when the oldest are dropped")
    func offsets() {
        var log = PartitionLog(messages: 3, bytes: 1_000)
        for number: Int64 in 0..<10 {
            log.dropOldest(toFit: 10)
            let offset = log.append(message(number), size: 10)
            #expect(offset == number)
        }
        #expect(log.start == 7 && log.end == 10)
        #expect(log[7].timestamp.seconds == 7)
        #expect(log.bytes == 30)
    }

    @Test("bytes are bounded, and a message of any size fits an empty log")
    func bytes() {
        var log = PartitionLog(messages: 100, bytes: 25)
        #expect(log.hasRoom(for: 1_000))
        _ = log.append(message(0), size: 10)
        _ = log.append(message(0), size: 10)
        #expect(!log.hasRoom(for: 6) && log.hasRoom(for: 5))
        log.dropOldest(toFit: 20)
        #expect(log.start == 2)
    }

    @Test("room is made only of what is done with, and more than for one message")
    func room() {
        var log = PartitionLog(messages: 80, bytes: .max)
        for number: Int64 in 0..<80 { _ = log.append(message(number), size: 10) }
        log.makeRoom(for: 10, before: 4)
        #expect(log.start == 4)
        log.makeRoom(for: 10, before: 80)
        #expect(log.start == 11)
    }

    @Test("a time finds the first message stored then or later")
    func times() {
        var log = PartitionLog(messages: 80, bytes: .max)
        for second: Int64 in [5, 5, 9, 12] { _ = log.append(message(second), size: 10) }
        let found = [0, 5, 6, 9, 13].map { log.offset(from: EventTime(seconds: $0, nanoseconds: 0)) }
        #expect(found == [0, 0, 2, 2, 4])
    }

    @Test("a ring keeps order while it grows and shrinks")
    func ring() {
        var generator = SeededGenerator(seed: 5)
        var ring = Ring<Int>()
        var model: [Int] = []
        for number in 0..<5_000 {
            if Int.random(in: 0..<5, using: &generator) < 3 {
                ring.append(number)
                model.append(number)
            } else {
                let removed = ring.removeFirst()
                #expect(removed == (model.isEmpty ? nil : model.removeFirst()))
            }
            if number % 500 == 0 {
                ring.removeAll { $0 % 3 == 0 }
                model.removeAll { $0 % 3 == 0 }
            }
            #expect(ring.count == model.count && ring.first == model.first)
        }
        #expect((0..<ring.count).map { ring[$0] } == model)
    }
}
