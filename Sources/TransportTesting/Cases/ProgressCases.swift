import OpenEdXEvents

/// The numbers that tell how far a group is.
enum ProgressCases {
    static let all: [ConformanceCase] = [
        ConformanceCase("progress tells what is committed, what comes next, and the end", numbers),
        ConformanceCase("progress of a new subscription tells what the group has committed", afterReturn),
        ConformanceCase("finished messages are committed on a timer, without being asked", asks: .passingTime, onTimer),
    ]

    static func numbers(_ stage: Stage) async throws {
        let topic = try await stage.topic(partitions: 2)
        let member = try await stage.join("A", topic)
        let positions = try await stage.publish(Sample.row(10).outgoing(to: topic, partition: 1))
        let empty = TopicPartition(topic: topic, partition: 0)
        let full = TopicPartition(topic: topic, partition: 1)
        let seen = try await member.read(through: positions)
        var progress = try await member.progress()
        try expectEqual(Set(progress.keys), [empty, full], "the assigned partitions")
        try expectEqual(progress[full]?.committed, nil, "committed before any commit")
        try expect(
            progress[full].map { $0.next > positions[9].offset && $0.end >= $0.next } ?? false,
            "next and end behind \(positions[9])", seen: "\(progress[full], default: "none")")
        try expectEqual(progress[empty].map { $0.end - $0.next }, 0, "what lies ahead in the empty partition")
        try expectEqual(progress[empty]?.lag, 0, "the lag of the empty partition")
        member.complete(seen.prefix(4))
        try await member.commit()
        progress = try await member.progress()
        try expectEqual(progress[full]?.committed, positions[4].offset, "committed: the first unfinished offset")
        try expect(
            progress[full]?.lag ?? 0 >= 6, "a lag of the six unfinished messages", seen: "\(progress[full]?.lag ?? 0)")
        member.complete(seen)
        try await member.commit()
        try expectEqual(try await member.progress(of: full).lag, 0, "the lag when all is finished")
        // Whoever has received a message knows that the end lies behind it.
        let more = try await stage.publish(Sample.row(3, from: 10).outgoing(to: topic, partition: 1))
        try await member.read(through: more)
        let lag = try await member.progress(of: full).lag
        try expect(lag >= 3, "a lag of the three new messages", seen: "\(lag)")
    }

    static func afterReturn(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let positions = try await stage.publish(Sample.row(10).outgoing(to: topic))
        let first = try await stage.join("A", topic)
        let seen = try await first.read(through: positions)
        first.complete(seen.prefix(7))
        try await first.close()
        let second = try await stage.join("B", topic)
        try await second.waitForPartitions(1)
        let progress = try await second.progress(of: positions[0].topicPartition)
        try expectEqual(progress.committed, positions[7].offset, "committed by the one before")
    }

    static func onTimer(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let interval = Duration.milliseconds(100)
        let member = try await stage.join("A", topic) { $0.commitInterval = interval }
        let positions = try await stage.publish(Sample.row(5).outgoing(to: topic))
        try await member.read(through: positions, completing: true)
        let partition = positions[0].topicPartition
        try await stage.passTime(interval, "all is committed by and by") {
            try await member.progress(of: partition).committed ?? 0 > positions[4].offset
        }
        let later = try await stage.publish(Sample.row(1, from: 5).outgoing(to: topic))
        try await member.read(through: later, completing: true)
        try await stage.passTime(interval, "what came later is committed too") {
            try await member.progress(of: partition).committed ?? 0 > later[0].offset
        }
    }
}
