import FaultWorker
import OpenEdXEvents
import Testing

@Suite("Delivery ledger")
struct DeliveryLedgerTests {
    private func problems(_ effects: [(String, Int)], of counts: [String: Int]) -> [DeliveryLedger.Problem] {
        var ledger = DeliveryLedger()
        for (key, number) in effects { ledger.record(key: key, number: number) }
        for (key, count) in counts { ledger.close(key: key, count: count) }
        return ledger.problems
    }

    @Test("Keys may mingle: each key's own order counts")
    func mingled() {
        #expect(problems([("a", 0), ("b", 0), ("b", 1), ("a", 1)], of: ["a": 2, "b": 2]).isEmpty)
    }

    @Test("A number that takes effect again is repeated")
    func repeated() {
        #expect(problems([("a", 0), ("a", 1), ("a", 0)], of: ["a": 2]) == [.repeated(key: "a", number: 0)])
    }

    @Test("A number before its time is out of order, once, and counts when the others have come")
    func outOfOrder() {
        #expect(
            problems([("a", 1), ("a", 0), ("a", 2), ("a", 1)], of: ["a": 3]) == [
                .outOfOrder(key: "a", number: 1, expected: 0), .repeated(key: "a", number: 1),
            ])
    }

    @Test("What never takes effect is missing, at the end, in the middle, and of a key that never came")
    func missing() {
        #expect(problems([("a", 0)], of: ["a": 3]) == [.missing(key: "a", from: 1, to: 2)])
        #expect(
            problems([("a", 0), ("a", 2)], of: ["a": 3]) == [
                .outOfOrder(key: "a", number: 2, expected: 1), .missing(key: "a", from: 1, to: 2),
            ])
        #expect(problems([], of: ["a": 1]) == [.missing(key: "a", from: 0, to: 0)])
    }

    @Test("The lanes send every event once, each key in one lane, with its numbers in order and an id of its own")
    func lanes() throws {
        var ledger = DeliveryLedger()
        var ids: Set<String> = []
        var laneOfKey: [String: Int] = [:]
        let lanes = (0..<Lane.count).map { Lane($0, keys: 37) }
        for (number, lane) in lanes.enumerated() {
            for index in 0..<lane.share(of: 1_003) {
                let event = lane.event(index)
                ledger.record(key: event.key, number: event.number)
                #expect(laneOfKey.updateValue(number, forKey: event.key) ?? number == number)
                let id = try #require(lane.emission(index).id)
                #expect(id.isVersion1 && id.hasRandomNode)
                #expect(ids.insert(id.description).inserted)
            }
        }
        #expect(ledger.problems.isEmpty)
        #expect(ledger.effects == 1_003)
        #expect(laneOfKey.count == 37)
    }
}
