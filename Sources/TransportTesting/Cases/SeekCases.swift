import OpenEdXEvents

/// Moving a subscription: replay and skipping.
enum SeekCases {
    static let all: [ConformanceCase] = [
        ConformanceCase(
            "seeking to the beginning replays everything, finished or not", needs: .seekByPosition, beginning),
        ConformanceCase("seeking to the end skips what has not been received", needs: .seekByPosition, end),
        ConformanceCase("seeking to positions moves the partitions that they name", needs: .seekByPosition, positions),
        ConformanceCase(
            "seeking to a time delivers what was stored from then on", needs: .seekByTime, asks: .passingTime, time),
        ConformanceCase("what was delivered before a seek cannot be settled after it", needs: .seekByPosition, stale),
        ConformanceCase("a seek does not hold on to what was unsettled before it", needs: .seekByPosition, freesRoom),
        ConformanceCase("a replay that is committed is not repeated", needs: .seekByPosition, commitAfter),
    ]

    static func beginning(_ stage: Stage) async throws {
        let topic = try await stage.topic(partitions: 2)
        let samples = (0..<2).flatMap { Sample.row(10, key: "key\($0)") }
        let positions = try await stage.publish(
            samples.map { $0.outgoing(to: topic, partition: $0.key == "key0" ? 0 : 1) })
        let member = try await stage.join("A", topic)
        let first = try await member.read(through: positions)
        member.complete(first.prefix(13))
        try await member.commit()
        try await member.seek(to: .beginning)
        let marks = try await stage.mark(topic, partitions: 2)
        let again = try await member.read(through: marks)
        try expectSame(again.samples, samples, "everything once more")
        try expectOrder(again.samples, "growing numbers of each key")
    }

    static func end(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let member = try await stage.join("A", topic)
        try await member.waitForPartitions(1)
        try await stage.publish(Sample.row(300).outgoing(to: topic))
        _ = try await member.read(count: 1, atMost: 1)
        try await member.seek(to: .end)
        let mark = try await stage.mark(topic)
        try expectEqual(try await member.read(through: mark).samples, [], "nothing before the mark")
    }

    static func positions(_ stage: Stage) async throws {
        let topic = try await stage.topic(partitions: 2)
        let first = try await stage.publish(Sample.row(5, key: "a").outgoing(to: topic, partition: 0))
        let second = try await stage.publish(Sample.row(5, key: "b").outgoing(to: topic, partition: 1))
        let member = try await stage.join("A", topic)
        try await member.read(through: first + second)
        try await member.seek(to: .positions([first[2]]))
        let marks = try await stage.mark(topic, partitions: 2)
        let again = try await member.read(through: marks)
        try expectEqual(
            again.samples, Sample.row(3, key: "a", from: 2), "the rest of the one partition, nothing of the other")
        let third = try await stage.publish(Sample.row(3, key: "b", from: 5).outgoing(to: topic, partition: 1))
        try await member.seek(to: .positions([third[2], first[4]]))
        let seen = try await member.read(through: [first[4], third[2]])
        try expectEqual(
            seen.of(third[2].topicPartition).samples, [Sample("b", 7)], "forward: nothing of what was skipped")
        try expectEqual(seen.of(first[4].topicPartition).samples.first, Sample("a", 4), "back: the message there")
    }

    /// Publishes numbers 0 to 2, lets time pass, publishes 3 to 5, and returns the time of number 3.
    static func twoTimes(_ stage: Stage, _ topic: String) async throws -> EventTime {
        var positions = try await stage.publish(Sample.row(3).outgoing(to: topic))
        try await stage.harness.letTimePass(.milliseconds(50))
        positions += try await stage.publish(Sample.row(3, from: 3).outgoing(to: topic))
        let reader = try await stage.join("reader", topic, group: "reader")
        let times = try await reader.read(through: positions).map(\.timestamp)
        try await reader.close()
        try expect(
            times[2] < times[3], "the time of storing has passed on", seen: "\(times[2]) and then \(times[3])")
        return times[3]
    }

    static func time(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let middle = try await twoTimes(stage, topic)
        let member = try await stage.join("A", topic)
        _ = try await member.read(count: 6)
        try await member.seek(to: .time(middle))
        var mark = try await stage.mark(topic)
        try expectEqual(
            try await member.read(through: mark).samples, Sample.row(3, from: 3), "all from that time on")
        // A time just before, at which nothing was stored: the next message is the same.
        try await member.seek(to: .time(middle.advanced(by: .milliseconds(-1))))
        mark = try await stage.mark(topic)
        try expectEqual(
            try await member.read(through: mark).samples, Sample.row(3, from: 3), "all from just before it on")
        try await member.seek(to: .time(middle.advanced(by: .seconds(86_400))))
        mark = try await stage.mark(topic)
        try expectEqual(
            try await member.read(through: mark).positions, mark, "nothing older, for a time later than all")
    }

    static func stale(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let positions = try await stage.publish(Sample.row(5).outgoing(to: topic))
        let partition = positions[0].topicPartition
        let member = try await stage.join("A", topic)
        let old = try await member.read(through: positions)
        try await member.seek(to: .beginning)
        let new = try await member.read(through: positions)
        try expect(
            Set(new.map(\.delivery.assignment)).isDisjoint(with: old.map(\.delivery.assignment)),
            "deliveries after a seek belong to a new assignment", seen: "the one from before")
        member.complete(old)
        try await member.commit()
        let committed = try await member.progress(of: partition).committed
        try expect(
            committed ?? 0 <= positions[0].offset, "nothing committed by settling what was delivered before the seek",
            seen: "\(committed ?? 0)")
        member.complete(new)
        try await member.commit()
        let after = try await member.progress(of: partition).committed ?? 0
        try expect(after > positions[4].offset, "all committed by settling what came after it", seen: "\(after)")
    }

    static func freesRoom(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let positions = try await stage.publish(Sample.row(10).outgoing(to: topic))
        let member = try await stage.join("A", topic) { $0.unsettledLimit = 4 }
        for _ in 0..<3 {
            let seen = try await member.read(count: 4)
            try expectEqual(seen.samples, Sample.row(4), "as many as may be unsettled")
            try await member.seek(to: .positions([positions[0]]))
        }
    }

    static func commitAfter(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let positions = try await stage.publish(Sample.row(6).outgoing(to: topic))
        let member = try await stage.join("A", topic)
        try await member.read(through: positions, completing: true)
        try await member.commit()
        try await member.seek(to: .positions([positions[2]]))
        let again = try await member.read(through: [positions[5]])
        try expectEqual(again.samples, Sample.row(4, from: 2), "the replay")
        member.complete(again)
        try await member.close(within: stage.harness.limit)
        try expectEqual(try await SettlingCases.rest(stage, topic), [], "nothing after the replay is finished")
    }
}
