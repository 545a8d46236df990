import OpenEdXEvents
import Testing

@testable import KafkaTransport

@Suite("What a subscription reads")
struct ReadingStateTests {
    /// A state with partitions that are read from offset 0.
    static func make(
        partitions: Int = 1, unsettledLimit: Int = 1_000, messages: Int = 8, bytes: Int = 1 << 20,
        finished: [Range<Int64>] = []
    ) -> (state: Boxed<ReadingState>, assignments: [Assignment]) {
        let state = Boxed(
            ReadingState(unsettledLimit: unsettledLimit, gate: IntakeGate(messages: messages, bytes: bytes)))
        let assignments = (0..<partitions).map { number in
            let assignment = state.run { $0.nextAssignment(TopicPartition(topic: "t", partition: Int32(number))) }
            state.run { $0.assign(PartitionReading(assignment, at: 0, finished: finished, end: 0, committed: 0)) }
            return assignment
        }
        state.run { $0.begin(assignments) }
        return (state, assignments)
    }

    static func messages(_ offsets: some Sequence<Int64>, of assignment: Assignment, bytes: Int = 10)
        -> [IncomingMessage]
    {
        offsets.map {
            IncomingMessage(
                delivery: Delivery(
                    position: Position(
                        topic: assignment.partition.topic, partition: assignment.partition.partition, offset: $0),
                    assignment: assignment.id),
                key: nil, headers: [], value: [UInt8](repeating: 0, count: bytes), timestamp: .distantPast)
        }
    }

    static func fetch(_ state: Boxed<ReadingState>, atMost limit: Int = 100) -> [Int64] {
        if case .batch(let batch) = state.run({ $0.fetch(atMost: limit) }).fetched {
            batch.map(\.position.offset)
        } else {
            []
        }
    }

    @discardableResult
    static func add(_ offsets: some Sequence<Int64>, to assignment: Assignment, _ state: Boxed<ReadingState>) -> Int {
        let messages = messages(offsets, of: assignment)
        state.run { $0.add(messages, bytes: messages.count * 10, to: assignment.id) }
        return messages.count
    }

    @Test("is delivered in order, at most as many as asked for and as may be unsettled")
    func limits() {
        let (state, assignments) = Self.make(unsettledLimit: 5)
        Self.add(0..<8, to: assignments[0], state)
        #expect(Self.fetch(state, atMost: 3) == [0, 1, 2])
        #expect(Self.fetch(state) == [3, 4])
        #expect(Self.fetch(state) == [])
        let position = Position(topic: "t", partition: 0, offset: 1)
        state.run { $0.settle(position.offset, under: assignments[0].id, isFinished: true) }
        #expect(Self.fetch(state) == [5])
        #expect(state.value.unsettled == 5)
    }

    @Test("comes from all partitions in turn")
    func turns() {
        let (state, assignments) = Self.make(partitions: 3)
        for assignment in assignments { Self.add(0..<4, to: assignment, state) }
        var seen: [Int32] = []
        for _ in 0..<3 {
            if case .batch(let batch) = state.run({ $0.fetch(atMost: 2) }).fetched {
                seen += batch.map(\.position.partition)
            }
        }
        #expect(seen == [0, 0, 1, 1, 2, 2])
    }

    @Test("goes on when partitions are lost with all that was unsettled")
    func roomByLoss() {
        let (state, assignments) = Self.make(partitions: 2, unsettledLimit: 2)
        for assignment in assignments { Self.add(0..<4, to: assignment, state) }
        #expect(Self.fetch(state) == [0, 1])
        func signal() -> Int? {
            if case .nothing(let signal) = state.run({ $0.fetch(atMost: 10) }).fetched { signal } else { nil }
        }
        let before = signal()
        state.run { $0.remove([assignments[0].id]) }
        _ = state.run { $0.wakeForRoom() }
        #expect(Self.fetch(state) == [0, 1])
        // Whoever found nothing before looks again instead of waiting.
        #expect(before != nil && signal() == before.map { $0 + 1 })
    }

    @Test("leaves out what is finished beyond the place where it begins, and what comes twice")
    func leftOut() {
        let (state, assignments) = Self.make(finished: [2..<4, 5..<6])
        Self.add(0..<3, to: assignments[0], state)
        // After a pause librdkafka may begin a little before the place where it stopped.
        Self.add(1..<8, to: assignments[0], state)
        #expect(Self.fetch(state) == [0, 1, 4, 6, 7])
        #expect(state.value.waitingLoad == Load())
    }

    @Test("is nothing before the subscriber was told, nor once the partition is taken away")
    func phases() {
        let state = Boxed(ReadingState(unsettledLimit: 10, gate: IntakeGate(messages: 8, bytes: 100)))
        let assignment = state.run { $0.nextAssignment(TopicPartition(topic: "t", partition: 0)) }
        state.run { $0.assign(PartitionReading(assignment, at: 0, end: 0, committed: nil)) }
        Self.add(0..<4, to: assignment, state)
        #expect(Self.fetch(state) == [])
        state.run { $0.begin([assignment]) }
        #expect(Self.fetch(state, atMost: 2) == [0, 1])
        #expect(state.run { $0.revoke([assignment.partition]) } == [assignment])
        #expect(state.run { $0.revoke([assignment.partition]) } == [])
        #expect(Self.fetch(state) == [])
        #expect(state.value.assignment(of: assignment.partition) == nil)
        #expect(!state.value.isSettled([assignment]))
        let first = Delivery(position: Position(topic: "t", partition: 0, offset: 0), assignment: assignment.id)
        let second = Delivery(position: Position(topic: "t", partition: 0, offset: 1), assignment: assignment.id)
        #expect(!state.run { $0.settle(first.position.offset, under: first.assignment, isFinished: true) }.wakesClient)
        #expect(
            state.run { $0.settle(second.position.offset, under: second.assignment, isFinished: false) }.wakesClient)
        #expect(state.value.isSettled([assignment]))
        #expect(state.value.commitEntries().map(\.place.offset) == [1])
        #expect(state.run { $0.remove([assignment.id]) }.map(\.tracker.unsettled) == [0])
        #expect(
            !state.run { $0.settle(second.position.offset, under: second.assignment, isFinished: true) }.wakesClient)
    }

    @Test("full, is paused where it is heavy, cut to a share, and goes on where it was cut")
    func pausing() {
        let (state, assignments) = Self.make(partitions: 2, messages: 8)
        Self.add(0..<7, to: assignments[0], state)
        #expect(!state.value.isFull)
        Self.add(0..<1, to: assignments[1], state)
        #expect(state.value.isFull)
        #expect(state.run { $0.pause() } == [assignments[0].partition])
        #expect(!state.value.isFull)
        #expect(state.run { $0.resume() }.isEmpty)
        #expect(Self.fetch(state, atMost: 3) == [0, 1, 2])
        #expect(state.run { $0.resume() } == [assignments[0].partition: 4])
        // Five to six were dropped, and come again.
        Self.add(4..<9, to: assignments[0], state)
        var rest: [Int64] = []
        while case let more = Self.fetch(state), !more.isEmpty { rest += more }
        #expect(rest.sorted() == [0, 3, 4, 5, 6, 7, 8])
        #expect(state.value.waitingLoad == Load())
    }

    @Test("full of one great message, is paused all the same")
    func greatMessage() {
        let (state, assignments) = Self.make(partitions: 4, messages: 100, bytes: 5)
        Self.add(0..<1, to: assignments[2], state)
        #expect(state.value.isFull)
        #expect(state.run { $0.pause() } == [assignments[2].partition])
        #expect(Self.fetch(state) == [0])
        #expect(state.run { $0.resume() } == [assignments[2].partition: 1])
    }

    @Test("wakes the resting thread when half is read, not before")
    func resting() {
        let (state, assignments) = Self.make(messages: 8)
        Self.add(0..<8, to: assignments[0], state)
        state.run { $0.isResting = true }
        #expect(!state.run { $0.fetch(atMost: 3) }.wakesClient)
        #expect(state.run { $0.fetch(atMost: 1) }.wakesClient)
        #expect(!state.value.isResting)
        #expect(!state.run { $0.fetch(atMost: 4) }.wakesClient)
    }

    @Test("knows what comes next, also behind what is not there any more")
    func next() {
        let (state, assignments) = Self.make()
        Self.add([3, 7], to: assignments[0], state)
        #expect(state.value.partitions[0].next == 3)
        _ = Self.fetch(state)
        #expect(state.value.partitions[0].next == 8)
        state.run { $0.reach(end: 12, of: assignments[0].partition) }
        #expect(state.value.partitions[0].next == 12)
        #expect(state.value.partitions[0].end == 12)
    }

    @Test("is committed again only when something was finished since, or the place is new")
    func commits() throws {
        let (state, assignments) = Self.make()
        #expect(state.value.commitEntries().isEmpty)
        Self.add(0..<3, to: assignments[0], state)
        _ = Self.fetch(state)
        let delivery = Delivery(position: Position(topic: "t", partition: 0, offset: 0), assignment: assignments[0].id)
        state.run { $0.settle(delivery.position.offset, under: delivery.assignment, isFinished: true) }
        let entry = try #require(state.value.commitEntries().first)
        #expect(entry.place == CommittedPlace(offset: 1, metadata: ""))
        state.run { $0.noteCommitted(entry) }
        #expect(state.value.commitEntries().isEmpty)
        #expect(state.value.partitions[0].committed == 1)
        let moved = state.run { $0.nextAssignment(TopicPartition(topic: "t", partition: 9)) }
        state.run { $0.assign(PartitionReading(moved, at: 5, end: 9, committed: nil)) }
        #expect(state.value.commitEntries().map(\.place.offset) == [5])
    }
}
