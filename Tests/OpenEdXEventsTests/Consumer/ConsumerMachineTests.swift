import Testing

@testable import OpenEdXEvents

@Suite("What a consumer does next")
struct ConsumerMachineTests {
    private func item(_ offset: Int64) -> (item: WorkItem, key: [UInt8]?) {
        let message = IncomingMessage(
            delivery: Delivery(
                position: Position(topic: "t", partition: 0, offset: offset), assignment: AssignmentID(1)),
            key: [1], headers: [], value: [], timestamp: .distantPast)
        return (WorkItem(.arrived(ReceivedMessage(message))), [1])
    }

    @Test("what arrives after the stop is given back, like what waited before it for another attempt")
    func arrivesWhileDraining() throws {
        var machine = ConsumerMachine<Int, Int>(limit: 10, errorLimit: nil)
        _ = machine.add([item(5)])
        let next = machine.take()
        let work = try #require(next)
        _ = machine.putBack([work.first.item], to: work.first.lane, parked: true)
        #expect(machine.requestStop(.drain).abandon.map(\.message.position.offset) == [5])
        #expect(machine.add([item(6)]).abandon.map(\.message.position.offset) == [6])
        #expect(machine.count == 0)
    }
}
