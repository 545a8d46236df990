import OpenEdXEvents

/// Members of a group share its partitions.
enum GroupCases {
    static let all: [ConformanceCase] = [
        ConformanceCase("members of a group share the partitions, each with some", needs: .groups, share),
        ConformanceCase("each message goes to one member of a group", needs: .groups, eachToOne),
        ConformanceCase("members on one transport share as those on several do", needs: .groups, sameTransport),
        ConformanceCase("more members than partitions: the others wait and take over", needs: .groups, spare),
        ConformanceCase("members that read different topics get those of their own", needs: .groups, differentTopics),
        ConformanceCase("a named member that comes back gets its partitions again", needs: .groups, named),
        ConformanceCase("a delivery belongs to an assignment that was announced", needs: .groups, announced),
    ]

    /// Lets members read in the background until they own all partitions between them, each at least one.
    static func settle(
        _ members: [Member], partitions: Int, _ stage: Stage, fileID: String = #fileID, line: Int = #line
    ) async throws {
        let smallest = partitions / members.count
        let share = smallest...(partitions % members.count == 0 ? smallest : smallest + 1)
        // Partitions move more than once while members join one after the other: all have their share at once, or
        // someone is waited for again.
        while let member = members.first(where: { !share.contains($0.assignments.value.current.count) }) {
            try await member.wait("has its share of \(partitions) partitions", fileID: fileID, line: line) {
                share.contains($0.current.count)
            }
        }
        let owned = members.flatMap(\.assignments.value.partitions)
        try expect(
            owned.count == partitions && Set(owned).count == partitions,
            "\(members.count) members own \(partitions) partitions between them",
            seen: "\(owned.sorted())", fileID: fileID, line: line)
    }

    static func share(_ stage: Stage) async throws {
        let topic = try await stage.topic(partitions: 4)
        let first = try await stage.join("A", topic)
        try await first.waitForPartitions(4)
        let second = try await stage.join("B", topic, on: try await stage.newTransport())
        try await settle([first, second], partitions: 4, stage)
    }

    static func eachToOne(_ stage: Stage) async throws {
        let topic = try await stage.topic(partitions: 6)
        var members: [Member] = []
        for name in ["A", "B", "C"] {
            members.append(try await stage.join(name, topic, on: try await stage.newTransport()))
        }
        try await settle(members, partitions: 6, stage)
        let board = Watched(Board())
        for member in members { _ = stage.startReading(member, onto: board) }
        let samples = (0..<60).map { Sample("key\($0 % 6)", $0) }
        let positions = try await stage.publish(samples.map { $0.outgoing(to: topic, partition: Int32($0.number % 6)) })
        let wanted = Set(positions)
        let seen = try await board.wait(for: "all 60 messages", within: stage.limits) {
            wanted.isSubset(of: Set($0.messages.positions))
        }
        try expectSame(seen.messages.samples, samples, "each message once, at one member")
        for member in members {
            let own = member.assignments.value.partitions
            let received = Set(seen.messages(of: member.name).map(\.position.topicPartition))
            try expectEqual(received, own, "the partitions from which \(member.name) receives")
        }
    }

    static func sameTransport(_ stage: Stage) async throws {
        let topic = try await stage.topic(partitions: 2)
        let first = try await stage.join("A", topic)
        let second = try await stage.join("B", topic)
        try await settle([first, second], partitions: 2, stage)
        let marks = try await stage.mark(topic, partitions: 2)
        for member in [first, second] {
            let own = member.assignments.value.partitions
            let mine = marks.filter { own.contains($0.topicPartition) }
            try expectEqual(try await member.read(through: mine).positions, mine, "what \(member.name) receives")
        }
    }

    static func spare(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let first = try await stage.join("A", topic)
        try await first.waitForPartitions(1)
        let second = try await stage.join("B", topic, on: try await stage.newTransport())
        let positions = try await stage.publish(Sample.row(5).outgoing(to: topic))
        // A rebalance may move the partition, but only one of the two has it at a time.
        let board = Watched(Board())
        let reader = stage.startReading(first, onto: board)
        _ = stage.startReading(second, onto: board)
        var wanted = Set(positions)
        try await board.wait(for: "all five messages", within: stage.limits) { [wanted] in
            wanted.isSubset(of: Set($0.messages.positions))
        }
        try await reader.stop()
        try await first.close(within: stage.harness.limit)
        wanted = Set(try await stage.publish(Sample.row(5, from: 5).outgoing(to: topic)))
        let seen = try await board.wait(for: "the next five, at the member that is left", within: stage.limits) {
            [wanted] in wanted.isSubset(of: Set($0.messages(of: "B").positions))
        }
        try expectSame(seen.messages.samples, Sample.row(10), "each message once")
    }

    static func differentTopics(_ stage: Stage) async throws {
        let topics = [try await stage.topic(partitions: 2), try await stage.topic(partitions: 2)]
        let first = try await stage.join("A", topics[0])
        // The group's name comes from the first topic, which both name, in another order.
        let both = try await stage.join("B", topics[0], topics[1], on: try await stage.newTransport())
        let foreign = Set((0..<2).map { TopicPartition(topic: topics[1], partition: $0) })
        try await both.wait("is assigned the topic that it alone reads") {
            foreign.isSubset(of: $0.partitions)
        }
        let marks = try await stage.mark(topics[1], partitions: 2)
        let seen = try await both.read(through: marks)
        try expectSame(seen.samples, [], "nothing but the marks")
        let own = first.assignments.value.partitions
        try expect(
            own.isDisjoint(with: foreign), "no partition for a member that does not read its topic",
            seen: "\(own.sorted())")
    }

    static func named(_ stage: Stage) async throws {
        let topic = try await stage.topic(partitions: 4)
        let first = try await stage.join("A", topic, on: try await stage.newTransport()) { $0.memberName = "first" }
        let second = try await stage.join("B", topic, on: try await stage.newTransport()) { $0.memberName = "second" }
        try await settle([first, second], partitions: 4, stage)
        let owned = first.assignments.value.partitions
        let other = second.assignments.value.changes
        try await first.close()
        let back = try await stage.join("A again", topic, on: try await stage.newTransport()) {
            $0.memberName = "first"
        }
        let partitions = try await back.waitForPartitions(owned.count)
        try expectEqual(partitions, owned, "the partitions of the member that came back")
        try expectEqual(second.assignments.value.changes, other, "what the other was told")
    }

    static func announced(_ stage: Stage) async throws {
        let topic = try await stage.topic(partitions: 4)
        let member = try await stage.join("A", topic)
        let batch = (0..<40).map { Sample("k", $0).outgoing(to: topic, partition: Int32($0 % 4)) }
        let positions = try await stage.publish(batch)
        let seen = try await member.read(through: positions)
        let announced = member.assignments.value.announced
        for message in seen {
            let assignment = Assignment(message.position.topicPartition, message.delivery.assignment)
            try expect(
                announced.contains(assignment), "the assignment of \(message.position) was announced",
                seen: "\(assignment.id.number), of \(announced.map { "\($0.partition)#\($0.id.number)" }.sorted())")
        }
    }
}
