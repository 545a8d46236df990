import OpenEdXEvents

/// Partitions move while messages are being handled.
enum RebalanceCases {
    static let all: [ConformanceCase] = [
        ConformanceCase(
            "a rebalance while handling loses nothing and repeats nothing that was settled", needs: .groups, handling),
        ConformanceCase("settling under an assignment that is gone does nothing", needs: .groups, stale),
        ConformanceCase(
            "a member that does not settle in time loses the partition, and settling does nothing any more",
            needs: .groups, asks: .passingTime, tooLate),
        ConformanceCase("members that come and go while messages flow lose none", needs: .groups, storm),
        ConformanceCase("the order of a key is kept while its partition moves", needs: .groups, orderWhileMoving),
    ]

    /// A topic of four partitions, all with one member, who has received five messages of each.
    private static func loaded(
        _ stage: Stage, adjust: (inout SubscriptionOptions) -> Void = { _ in }
    ) async throws -> (topic: String, member: Member, received: [TopicPartition: [IncomingMessage]]) {
        let topic = try await stage.topic(partitions: 4)
        let member = try await stage.join("A", topic, on: try await stage.newTransport(), adjust: adjust)
        try await member.waitForPartitions(4)
        let samples = (0..<4).flatMap { Sample.row(5, key: "p\($0)") }
        let positions = try await stage.publish(
            samples.enumerated().map { $1.outgoing(to: topic, partition: Int32($0 / 5)) })
        let seen = try await member.read(through: positions)
        return (topic, member, Dictionary(grouping: seen, by: \.position.topicPartition))
    }

    static func handling(_ stage: Stage) async throws {
        let (topic, first, received) = try await loaded(stage)
        for messages in received.values { first.complete(messages.prefix(2)) }
        let second = try await stage.join("B", topic, on: try await stage.newTransport())
        let revoked = try await first.wait("is told which partitions are taken away") { !$0.firstRevoked.isEmpty }
            .firstRevoked
        var givenBack: [Sample] = []
        for (partition, messages) in received {
            if revoked.contains(partition) {
                // What was begun is finished; what was not is given back.
                first.complete(messages[2...2])
                first.abandon(messages[3...4])
                givenBack += Array(messages[3...4]).samples
            } else {
                first.complete(messages[2...])
            }
        }
        let board = Watched(Board())
        for member in [first, second] { _ = stage.startReading(member, onto: board) }
        try await GroupCases.settle([first, second], partitions: 4, stage)
        let marks = Set(try await stage.mark(topic, partitions: 4))
        let seen = try await board.wait(for: "the marks of all partitions", within: stage.limits) {
            marks.isSubset(of: Set($0.messages.positions))
        }
        try expectSame(seen.messages.samples, givenBack, "what was given back, once, and nothing that was finished")
    }

    static func stale(_ stage: Stage) async throws {
        let (topic, first, received) = try await loaded(stage)
        let second = try await stage.join("B", topic, on: try await stage.newTransport())
        let revoked = try await first.wait("is told which partitions are taken away") { !$0.firstRevoked.isEmpty }
            .firstRevoked
        for (partition, messages) in received {
            if revoked.contains(partition) { first.abandon(messages) } else { first.complete(messages) }
        }
        try await second.wait("is assigned what was taken away") { revoked.isSubset(of: $0.partitions) }
        let positions = revoked.flatMap { (received[$0] ?? []).positions }
        try await second.read(through: positions)
        for partition in revoked { first.complete(received[partition] ?? []) }
        try await first.commit()
        try await second.commit()
        for partition in revoked {
            let committed = try await second.progress(of: partition).committed ?? 0
            let oldest = received[partition]?.first?.position.offset ?? 0
            try expect(
                committed <= oldest, "nothing committed in \(partition) by a member that lost it",
                seen: "\(committed)")
        }
    }

    static func tooLate(_ stage: Stage) async throws {
        let limit = Duration.milliseconds(200)
        let (topic, first, received) = try await loaded(stage) { $0.rebalanceLimit = limit }
        let second = try await stage.join("B", topic, on: try await stage.newTransport())
        let revoked = try await first.wait("is told which partitions are taken away") { !$0.firstRevoked.isEmpty }
            .firstRevoked
        // Nothing is settled: the limit passes.
        try await stage.passTime(limit, "the partitions go to the other member all the same") {
            revoked.isSubset(of: second.assignments.value.partitions)
        }
        for partition in revoked { first.complete(received[partition] ?? []) }
        try await first.commit()
        let wanted = revoked.flatMap { received[$0] ?? [] }
        let again = try await second.read(through: wanted.positions)
        try expectSame(again.samples, wanted.samples, "what was not settled in time, once")
        try await second.commit()
        for partition in revoked {
            let committed = try await second.progress(of: partition).committed ?? 0
            let oldest = received[partition]?.first?.position.offset ?? 0
            try expect(committed <= oldest, "nothing committed by settling too late", seen: "\(committed)")
        }
    }

    static func storm(_ stage: Stage) async throws {
        let topic = try await stage.topic(partitions: 4)
        let board = Watched(Board())
        let lasting = try await stage.join("lasting", topic, on: try await stage.newTransport())
        _ = stage.startReading(lasting, onto: board)
        var positions: Set<Position> = []
        for round in 0..<stage.rounds {
            positions.formUnion(try await publish(stage, topic, round: round * 2))
            let guest = try await stage.join("guest\(round)", topic, on: try await stage.newTransport())
            let reader = stage.startReading(guest, onto: board)
            positions.formUnion(try await publish(stage, topic, round: round * 2 + 1))
            try await GroupCases.settle([lasting, guest], partitions: 4, stage)
            try await reader.stop()
            try await guest.close(within: stage.harness.limit)
        }
        let seen = try await board.wait(for: "all \(positions.count) messages", within: stage.limits) {
            [positions] in positions.isSubset(of: Set($0.messages.positions))
        }
        let wanted = (0..<4).flatMap { Sample.row(stage.rounds * 20, key: "p\($0)") }
        try expect(
            Set(wanted).isSubset(of: Set(seen.messages.samples)), "every message at least once",
            seen: "some never")
    }

    private static func publish(_ stage: Stage, _ topic: String, round: Int) async throws -> [Position] {
        let samples = (0..<4).flatMap { Sample.row(10, key: "p\($0)", from: round * 10) }
        return try await stage.publish(
            samples.enumerated().map { $1.outgoing(to: topic, partition: Int32($0 / 10)) })
    }

    static func orderWhileMoving(_ stage: Stage) async throws {
        let topic = try await stage.topic(partitions: 2)
        let board = Watched(Board())
        let first = try await stage.join("A", topic, on: try await stage.newTransport())
        let reader = stage.startReading(first, onto: board)
        var positions: Set<Position> = []
        for batch in 0..<10 {
            let rows = (0..<2).flatMap { partition in
                Sample.row(10, key: "p\(partition)", from: batch * 10)
                    .outgoing(to: topic, partition: Int32(partition))
            }
            positions.formUnion(try await stage.publish(rows))
            if batch == 3 {
                let second = try await stage.join("B", topic, on: try await stage.newTransport())
                _ = stage.startReading(second, onto: board)
                try await GroupCases.settle([first, second], partitions: 2, stage)
            }
            if batch == 7 {
                try await reader.stop()
                try await first.close(within: stage.harness.limit)
            }
        }
        let seen = try await board.wait(for: "all \(positions.count) messages", within: stage.limits) {
            [positions] in positions.isSubset(of: Set($0.messages.positions))
        }
        // All were finished at once and each partition was handed over, so none had to come twice.
        try expectOrder(seen.messages.samples, "growing numbers of each key over both members")
    }
}
