import OpenEdXEvents

/// Where a group begins.
enum StartCases {
    static let all: [ConformanceCase] = [
        ConformanceCase("a group without a commit begins at the beginning if told so", beginning),
        ConformanceCase("a group without a commit begins at the end if told so", end),
        ConformanceCase(
            "a group without a commit begins at the positions it is told", needs: .seekByPosition, positions),
        ConformanceCase(
            "a group without a commit begins at the time it is told", needs: .seekByTime, asks: .passingTime, time),
        ConformanceCase("a group with a commit goes on there, whatever start it is told", committed),
        ConformanceCase("a pattern stands for the topics whose names it matches", needs: .topicPatterns, pattern),
    ]

    static func pattern(_ stage: Stage) async throws {
        var topics: [String] = []
        var positions: [Position] = []
        for number in 0..<3 {
            topics.append(try await stage.topic())
            positions += try await stage.publish(Sample.row(2, key: "\(number)").outgoing(to: topics[number]))
        }
        let member = try await stage.join("A", topics[0]) { $0.topics = ["^(\(topics[0])|\(topics[2]))$"] }
        let wanted = positions.filter { $0.topic != topics[1] }
        let seen = try await member.read(through: wanted)
        try expectSame(seen.samples, Sample.row(2, key: "0") + Sample.row(2, key: "2"), "what the matching topics hold")
    }

    /// What a new member receives from its start up to a mark published once it stands there.
    private static func seen(
        _ stage: Stage, _ topic: String, partitions: Int32 = 1, start: SeekTarget, line: Int = #line
    ) async throws -> [Sample] {
        let member = try await stage.join("A", topic, start: start, line: line)
        try await member.waitForPartitions(Int(partitions), line: line)
        let marks = try await stage.mark(topic, partitions: partitions, line: line)
        let seen = try await member.read(through: marks, line: line)
        try await member.close(line: line)
        return seen.samples
    }

    static func beginning(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        try await stage.publish(Sample.row(5).outgoing(to: topic))
        try expectEqual(try await seen(stage, topic, start: .beginning), Sample.row(5), "all")
    }

    static func end(_ stage: Stage) async throws {
        let topic = try await stage.topic(partitions: 2)
        for partition in 0..<2 {
            try await stage.publish(Sample.row(5).outgoing(to: topic, partition: Int32(partition)))
        }
        try expectEqual(
            try await seen(stage, topic, partitions: 2, start: .end), [], "nothing from before it joined")
    }

    static func positions(_ stage: Stage) async throws {
        let topic = try await stage.topic(partitions: 2)
        let first = try await stage.publish(Sample.row(5, key: "a").outgoing(to: topic, partition: 0))
        let second = try await stage.publish(Sample.row(5, key: "b").outgoing(to: topic, partition: 1))
        let seen = try await seen(stage, topic, partitions: 2, start: .positions([first[2], second[4]]))
        try expectSame(
            seen, Sample.row(3, key: "a", from: 2) + Sample.row(1, key: "b", from: 4), "all from the positions on")
    }

    static func time(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let middle = try await SeekCases.twoTimes(stage, topic)
        try expectEqual(
            try await seen(stage, topic, start: .time(middle)), Sample.row(3, from: 3), "all from that time on")
    }

    static func committed(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let positions = try await stage.publish(Sample.row(6).outgoing(to: topic))
        let member = try await stage.join("A", topic)
        let all = try await member.read(through: positions)
        member.complete(all.prefix(4))
        try await member.close()
        try expectEqual(
            try await seen(stage, topic, start: .beginning), Sample.row(2, from: 4),
            "what was not finished, though told to begin at the beginning")
        try expectEqual(
            try await seen(stage, topic, start: .end), Sample.row(2, from: 4),
            "what was not finished, though told to begin at the end")
    }
}
