import OpenEdXEvents
import Testing

@testable import InMemoryTransport

@Suite("Group coordinator")
struct GroupCoordinatorTests {
    private func member(_ number: UInt64) -> MemberID { MemberID(number: number) }

    private func partition(_ number: Int32, of topic: String = "t") -> TopicPartition {
        TopicPartition(topic: topic, partition: number)
    }

    /// Plays a group: members release at once what is revoked, unless told otherwise.
    private struct Play {
        var coordinator = GroupCoordinator()
        var owned: [MemberID: Set<TopicPartition>] = [:]
        var revoking: [(MemberID, TopicPartition)] = []
        var moves = 0
        var clashes = 0

        mutating func apply(_ actions: [GroupCoordinator.Action]) {
            for action in actions {
                switch action {
                case .assign(let member, let partition):
                    if owned.values.contains(where: { $0.contains(partition) }) { clashes += 1 }
                    owned[member, default: []].insert(partition)
                    moves += 1
                case .revoke(let member, let partition): revoking.append((member, partition))
                }
            }
        }

        mutating func releaseAll() {
            while !revoking.isEmpty {
                let (member, partition) = revoking.removeFirst()
                owned[member]?.remove(partition)
                apply(coordinator.release(partition, by: member))
            }
        }

        mutating func join(_ member: MemberID, name: String? = nil, _ partitions: [String: Int32]) {
            let (replaced, actions) = coordinator.join(member, name: name, partitions: partitions)
            if let replaced { owned[replaced] = nil }
            apply(actions)
        }

        mutating func leave(_ member: MemberID) {
            owned[member] = nil
            revoking.removeAll { $0.0 == member }
            apply(coordinator.leave(member))
        }
    }

    @Test("the first member gets everything, the second one half, after it was revoked and released")
    func sharing() {
        var play = Play()
        play.join(member(1), ["t": 4])
        #expect(play.owned[member(1)]?.count == 4)
        play.join(member(2), ["t": 4])
        #expect(play.owned[member(2)] == nil)
        #expect(play.revoking.map(\.1) == [partition(3), partition(2)])
        play.releaseAll()
        #expect(play.owned[member(1)] == [partition(0), partition(1)])
        #expect(play.owned[member(2)] == [partition(2), partition(3)])
        #expect(play.clashes == 0)
    }

    @Test("a partition is sticky: whoever stays keeps what it has")
    func sticky() {
        var play = Play()
        for number in 1...3 as ClosedRange<UInt64> {
            play.join(member(number), ["t": 9])
            play.releaseAll()
        }
        let before = play.owned
        play.moves = 0
        play.leave(member(2))
        play.releaseAll()
        #expect(play.moves == 3)
        for number in [1, 3] as [UInt64] {
            #expect(play.owned[member(number)]?.isSuperset(of: before[member(number)] ?? []) == true)
        }
    }

    @Test("a name that comes back keeps its partitions, and nobody else is touched")
    func names() {
        var play = Play()
        play.join(member(1), name: "a", ["t": 4])
        play.join(member(2), name: "b", ["t": 4])
        play.releaseAll()
        let mine = play.owned[member(1)]
        play.coordinator.setAway(member(1))
        play.moves = 0
        play.join(member(3), name: "a", ["t": 4])
        #expect(play.owned[member(3)] == mine)
        #expect(play.owned[member(1)] == nil)
        #expect(play.moves == 2)
        #expect(play.revoking.isEmpty)
    }

    @Test("what an absent member owns waits for it until it leaves")
    func absent() {
        var play = Play()
        play.join(member(1), name: "a", ["t": 2])
        play.coordinator.setAway(member(1))
        play.join(member(2), ["t": 2])
        #expect(play.owned[member(2)] == nil && play.revoking.isEmpty)
        play.leave(member(1))
        #expect(play.owned[member(2)]?.count == 2)
    }

    @Test("members of different topics get only theirs")
    func topics() {
        var play = Play()
        play.join(member(1), ["t": 2, "u": 2])
        play.join(member(2), ["u": 2])
        play.releaseAll()
        #expect(play.owned[member(1)]?.isSuperset(of: [partition(0), partition(1)]) == true)
        #expect(play.owned[member(2)]?.allSatisfy { $0.topic == "u" } == true)
        #expect(play.owned[member(2)]?.isEmpty == false)
    }

    @Test("commits outlive all members")
    func commits() {
        var coordinator = GroupCoordinator()
        _ = coordinator.join(member(1), name: nil, partitions: ["t": 1])
        coordinator.committed[partition(0)] = .init(offset: 7, metadata: "m")
        _ = coordinator.leave(member(1))
        #expect(coordinator.committed[partition(0)]?.offset == 7)
    }

    @Test(
        "any storm of joins, leaves and late releases ends fair, and no partition ever has two owners",
        arguments: 0..<40)
    func storm(seed: Int) {
        var generator = SeededGenerator(seed: UInt64(seed))
        var play = Play()
        var present: [MemberID] = []
        let count = Int32.random(in: 1...24, using: &generator)
        for number in 1...80 as ClosedRange<UInt64> {
            switch Int.random(in: 0..<4, using: &generator) {
            case 0 where present.count > 1:
                let index = Int.random(in: 0..<present.count, using: &generator)
                play.leave(present.remove(at: index))
            case 1:
                if !play.revoking.isEmpty {
                    let index = Int.random(in: 0..<play.revoking.count, using: &generator)
                    let (member, partition) = play.revoking.remove(at: index)
                    play.owned[member]?.remove(partition)
                    play.apply(play.coordinator.release(partition, by: member))
                }
            default:
                play.join(member(number), ["t": count])
                present.append(member(number))
            }
            #expect(play.clashes == 0)
        }
        play.releaseAll()
        let loads = present.map { play.owned[$0]?.count ?? 0 }
        #expect(loads.reduce(0, +) == Int(count))
        #expect((loads.max() ?? 0) - (loads.min() ?? 0) <= 1)
    }
}
