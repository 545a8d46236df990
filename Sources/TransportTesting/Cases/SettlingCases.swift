import OpenEdXEvents

/// What is finished is not repeated, and what is not finished is.
enum SettlingCases {
    static let all: [ConformanceCase] = [
        ConformanceCase("what was committed is not delivered to the next subscription", commitSurvives),
        ConformanceCase("closing commits what is finished, without being asked", closeCommits),
        ConformanceCase("what was given back or not settled is delivered to the next owner", redelivery),
        ConformanceCase("one unfinished message holds back the committed prefix", holdsBack),
        ConformanceCase(
            "what is finished beyond an unfinished message is not repeated", needs: .finishedBeyondPrefix,
            finishedBeyond),
        ConformanceCase(
            "what is finished beyond is kept through a second take-over", needs: .finishedBeyondPrefix,
            finishedBeyondTwice),
        ConformanceCase("settling twice changes nothing", settlingTwice),
        ConformanceCase("what was given back cannot be finished any more", completeAfterAbandon),
        ConformanceCase("settling after closing changes nothing", settlingAfterClose),
        ConformanceCase("two groups each receive everything and commit on their own", twoGroups),
    ]

    /// What a new member of the group receives up to a mark published now.
    static func rest(
        _ stage: Stage, _ topic: String, partitions: Int32 = 1, line: Int = #line
    ) async throws -> [Sample] {
        let next = try await stage.join("next", topic, line: line)
        let marks = try await stage.mark(topic, partitions: partitions, line: line)
        let seen = try await next.read(through: marks, line: line)
        try await next.close(line: line)
        return seen.samples
    }

    static func commitSurvives(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let positions = try await stage.publish(Sample.row(10).outgoing(to: topic))
        let member = try await stage.join("A", topic)
        let seen = try await member.read(through: positions)
        member.complete(seen.prefix(6))
        try await member.commit()
        try await member.close()
        try expectEqual(try await rest(stage, topic), Sample.row(4, from: 6), "what was not finished")
    }

    static func closeCommits(_ stage: Stage) async throws {
        let topic = try await stage.topic(partitions: 2)
        let batch = (0..<2).flatMap { Sample.row(5).outgoing(to: topic, partition: Int32($0)) }
        let positions = try await stage.publish(batch)
        let member = try await stage.join("A", topic)
        try await member.read(through: positions, completing: true)
        try await member.close(within: stage.harness.limit)
        try expectEqual(try await rest(stage, topic, partitions: 2), [], "nothing, as all is finished")
    }

    static func redelivery(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let positions = try await stage.publish(Sample.row(4).outgoing(to: topic))
        let member = try await stage.join("A", topic)
        let seen = try await member.read(through: positions)
        member.complete(seen.prefix(1))
        member.abandon(seen[1...2])
        try await member.commit()
        try await member.close()
        try expectEqual(try await rest(stage, topic), Sample.row(3, from: 1), "all but the finished one")
    }

    static func holdsBack(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let positions = try await stage.publish(Sample.row(10).outgoing(to: topic))
        let member = try await stage.join("A", topic)
        let partition = positions[0].topicPartition
        let seen = try await member.read(through: positions)
        member.complete(seen[1...])
        try await member.commit()
        let before = try await member.progress(of: partition).committed
        try expect(
            before ?? 0 <= positions[0].offset, "nothing committed beyond the unfinished \(positions[0])",
            seen: "\(before ?? 0)")
        member.complete(seen.prefix(1))
        try await member.commit()
        let after = try await member.progress(of: partition).committed
        try expect(
            after ?? 0 > positions[9].offset, "all committed, beyond \(positions[9])",
            seen: after.map(String.init) ?? "nothing committed")
    }

    static func finishedBeyond(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let positions = try await stage.publish(Sample.row(100).outgoing(to: topic))
        let member = try await stage.join("A", topic)
        let seen = try await member.read(through: positions)
        let unfinished = [0, 3, 4, 50, 98]
        member.complete(seen.indices.filter { !unfinished.contains($0) }.reversed().map { seen[$0] })
        try await member.commit()
        try await member.close()
        try expectEqual(
            try await rest(stage, topic), unfinished.map { Sample("k", $0) }, "only what was not finished")
    }

    static func finishedBeyondTwice(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let positions = try await stage.publish(Sample.row(30).outgoing(to: topic))
        let first = try await stage.join("A", topic)
        let seen = try await first.read(through: positions)
        first.complete(seen.indices.filter { $0 % 3 != 0 }.map { seen[$0] })
        try await first.close()
        let second = try await stage.join("B", topic)
        let repeated = try await second.read(count: 10)
        try expectEqual(
            repeated.samples, (0..<10).map { Sample("k", $0 * 3) }, "what the first has not finished")
        second.complete(repeated.indices.filter { $0 % 2 == 1 }.map { repeated[$0] })
        try await second.close()
        try expectEqual(
            try await rest(stage, topic), (0..<5).map { Sample("k", $0 * 6) }, "what neither has finished")
    }

    static func settlingTwice(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let positions = try await stage.publish(Sample.row(6).outgoing(to: topic))
        let member = try await stage.join("A", topic)
        let seen = try await member.read(through: positions)
        for _ in 0..<3 { member.complete(seen.prefix(3)) }
        member.abandon(seen.prefix(3))
        try await member.commit()
        member.complete(seen.prefix(3))
        try await member.commit()
        try await member.close()
        try expectEqual(try await rest(stage, topic), Sample.row(3, from: 3), "what was not finished")
    }

    static func completeAfterAbandon(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let positions = try await stage.publish(Sample.row(3).outgoing(to: topic))
        let member = try await stage.join("A", topic)
        let seen = try await member.read(through: positions)
        member.abandon(seen.prefix(1))
        member.complete(seen.prefix(1))
        try await member.commit()
        try await member.close()
        try expectEqual(try await rest(stage, topic).first, Sample("k", 0), "what was given back")
    }

    static func settlingAfterClose(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let positions = try await stage.publish(Sample.row(3).outgoing(to: topic))
        let member = try await stage.join("A", topic)
        let seen = try await member.read(through: positions)
        try await member.close()
        member.complete(seen)
        member.abandon(seen)
        try expectEqual(try await rest(stage, topic), Sample.row(3), "all, as nothing was finished in time")
    }

    static func twoGroups(_ stage: Stage) async throws {
        let topic = try await stage.topic(partitions: 2)
        let samples = (0..<10).flatMap { Sample.row(5, key: "key\($0)") }
        let positions = try await stage.publish(samples.outgoing(to: topic))
        let first = try await stage.join("A", topic)
        let second = try await stage.join("B", topic, group: "other")
        let seen = try await first.read(through: positions, completing: true)
        try expectSame(seen.samples, samples, "everything for the first group")
        try await first.close(within: stage.harness.limit)
        let other = try await second.read(through: positions)
        try expectSame(other.samples, samples, "everything for the second group")
        try await second.close()
        try expectEqual(try await rest(stage, topic, partitions: 2), [], "nothing new for the first group")
    }
}
