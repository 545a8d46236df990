import Testing

@testable import OpenEdXEvents

@Suite("What a consumer does next")
struct ConsumerMachineTests {
    private func message(_ offset: Int64) -> IncomingMessage {
        IncomingMessage(
            delivery: Delivery(
                position: Position(topic: "t", partition: 0, offset: offset), assignment: AssignmentID(1)),
            key: [1], headers: [], value: [], timestamp: .distantPast)
    }

    @Test("what arrives after the stop is given back, like what waited before it for another attempt")
    func arrivesWhileDraining() throws {
        var machine = ConsumerMachine<Int, Int>(limit: 10, errorLimit: nil)
        _ = machine.add([message(5)], inOrderOf: .key)
        let next = machine.take()
        let work = try #require(next)
        _ = machine.putBack(work.items, to: work.lanes[0].id, parked: true)
        #expect(machine.requestStop(.drain).abandon.map(\.message.position.offset) == [5])
        #expect(machine.add([message(6)], inOrderOf: .key).abandon.map(\.message.position.offset) == [6])
        #expect(machine.count == 0)
    }
}
