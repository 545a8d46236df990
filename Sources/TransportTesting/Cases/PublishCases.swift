import OpenEdXEvents

/// Publishing and its counterpart, receiving.
enum PublishCases {
    static let all: [ConformanceCase] = [
        ConformanceCase("what is published is delivered, once, with its key and value", roundTrip),
        ConformanceCase("what was published before anyone subscribed is delivered", publishFirst),
        ConformanceCase("a transport made later reads and adds to the same topics", otherTransport),
        ConformanceCase("publishing nothing gives no outcomes", empty),
        ConformanceCase("a stored message is delivered at the position of its outcome", positions),
        ConformanceCase("an explicit partition is obeyed", explicitPartition),
        ConformanceCase("a key goes to one partition, whoever publishes it, and keys spread", partitioning),
        ConformanceCase("several topics in one subscription, and none beside them", severalTopics),
        ConformanceCase("several types of event share a topic and keep their order", severalTypes),
    ]

    static func roundTrip(_ stage: Stage) async throws {
        let topic = try await stage.topic(partitions: 4)
        let member = try await stage.join("A", topic)
        let samples = (0..<5).flatMap { Sample.row(20, key: "key\($0)") }
        let positions = try await stage.publish(samples.outgoing(to: topic))
        let marks = try await stage.mark(topic, partitions: 4)
        let seen = try await member.read(through: positions + marks)
        try expectSame(seen.samples, samples, "each message once")
        for message in seen {
            guard let sample = Sample(message) else { continue }
            try expectEqual(message.key ?? [], Array(sample.key.utf8), "the key of \(sample)")
        }
    }

    static func publishFirst(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let positions = try await stage.publish(Sample.row(10).outgoing(to: topic))
        let member = try await stage.join("A", topic)
        try expectEqual(try await member.read(through: positions).samples, Sample.row(10), "all ten, in order")
    }

    static func otherTransport(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let member = try await stage.join("A", topic)
        try await stage.publish(Sample.row(3).outgoing(to: topic))
        let other = try await stage.newTransport()
        let positions = try await stage.publish(Sample.row(3, from: 3).outgoing(to: topic), on: other)
        let seen = try await member.read("what both have published") { $0.covers(positions) && $0.count >= 6 }
        try expectEqual(seen.samples, Sample.row(6), "what both have published, in order")
    }

    static func empty(_ stage: Stage) async throws {
        try await stage.publish([])
    }

    static func positions(_ stage: Stage) async throws {
        let topic = try await stage.topic(partitions: 3)
        let member = try await stage.join("A", topic)
        let samples = (0..<6).flatMap { Sample.row(5, key: "key\($0)") }
        let positions = try await stage.publish(samples.outgoing(to: topic))
        let seen = try await member.read(through: positions)
        var delivered: [Position: Sample] = [:]
        for message in seen { delivered[message.position] = Sample(message) }
        for (sample, position) in zip(samples, positions) {
            try expectEqual(delivered[position], sample, "the message at \(position)")
        }
    }

    static func explicitPartition(_ stage: Stage) async throws {
        let topic = try await stage.topic(partitions: 4)
        let member = try await stage.join("A", topic)
        // One key, which on its own would go to one partition.
        let batch = (0..<8).map { Sample("k", $0).outgoing(to: topic, partition: Int32($0 % 4)) }
        let positions = try await stage.publish(batch)
        for message in try await member.read(through: positions) {
            let number = Sample(message)?.number ?? -1
            try expectEqual(message.position.partition, Int32(number % 4), "the partition of number \(number)")
        }
    }

    static func partitioning(_ stage: Stage) async throws {
        let topic = try await stage.topic(partitions: 4)
        let batch = (0..<100).map { Sample("course-v1:edX+Demo\($0)+2025", 0).outgoing(to: topic) }
        let first = try await stage.publish(batch).map(\.partition)
        let again = try await stage.publish(batch.reversed()).map(\.partition)
        let other = try await stage.newTransport()
        let elsewhere = try await stage.publish(batch, on: other).map(\.partition)
        try expectEqual(again, first.reversed(), "the partitions of the same keys in another batch")
        try expectEqual(elsewhere, first, "the partitions of the same keys from another transport")
        try expect(Set(first).count > 1, "100 keys spread over 4 partitions", seen: "all in \(Set(first))")
    }

    static func severalTopics(_ stage: Stage) async throws {
        let topics = [try await stage.topic(), try await stage.topic(), try await stage.topic()]
        let member = try await stage.join("A", topics[0], topics[1])
        try await stage.publish((0..<30).map { Sample("topic\($0 % 3)", $0).outgoing(to: topics[$0 % 3]) })
        let marks = try await stage.mark(topics[0]) + stage.mark(topics[1])
        let seen = try await member.read(through: marks)
        let wanted = (0..<30).filter { $0 % 3 < 2 }.map { Sample("topic\($0 % 3)", $0) }
        try expectSame(seen.samples, wanted, "the messages of both topics, none of the third")
        for message in seen {
            guard let sample = Sample(message) else { continue }
            try expectEqual(
                topics.firstIndex(of: message.position.topic), sample.number % 3, "the topic of \(sample)")
        }
    }

    static func severalTypes(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let member = try await stage.join("A", topic)
        let types = ["enrollment.created", "enrollment.changed", "grade.changed"]
        let samples = (0..<30).map { Sample("org.openedx.learning.\(types[$0 % 3]).v1", $0) }
        let batch = samples.map { sample in
            var message = sample.outgoing(to: topic)
            message.key = Array("learner".utf8)
            return message
        }
        let positions = try await stage.publish(batch)
        try expectEqual(try await member.read(through: positions).samples, samples, "all types in one order")
    }
}
