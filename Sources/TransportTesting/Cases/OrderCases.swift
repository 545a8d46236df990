import OpenEdXEvents

/// Order within a partition, and so within a key.
enum OrderCases {
    static let all: [ConformanceCase] = [
        ConformanceCase("the order of each key is kept over several partitions", perKey),
        ConformanceCase("concurrent publishers each keep their order per key", concurrentPublishers),
        ConformanceCase("batches published without waiting keep their order", overlappingBatches),
    ]

    static func perKey(_ stage: Stage) async throws {
        let topic = try await stage.topic(partitions: 4)
        let member = try await stage.join("A", topic)
        var positions: [Position] = []
        for batch in 0..<10 {
            // Numbers interleave: each batch holds two of each of 20 keys.
            let samples = (0..<2).flatMap { half in (0..<20).map { Sample("key\($0)", batch * 2 + half) } }
            positions += try await stage.publish(samples.outgoing(to: topic))
        }
        let seen = try await member.read(through: positions, completing: true)
        try expectEqual(seen.count, 400, "the number of messages")
        try expectOrder(seen.samples, "growing numbers of each key")
    }

    static func concurrentPublishers(_ stage: Stage) async throws {
        let topic = try await stage.topic(partitions: 4)
        let member = try await stage.join("A", topic)
        let positions = try await withThrowingTaskGroup(of: [Position].self) { group in
            for publisher in 0..<8 {
                group.addTask {
                    var positions: [Position] = []
                    for batch in 0..<10 {
                        let messages = (0..<5).map { index in
                            var message = Sample("publisher\(publisher)", batch * 5 + index).outgoing(to: topic)
                            message.key = Array("shared\(index % 3)".utf8)
                            return message
                        }
                        positions += try await stage.publish(messages)
                    }
                    return positions
                }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let seen = try await member.read(through: positions, completing: true)
        try expectEqual(seen.count, 400, "the number of messages")
        for key in 0..<3 {
            let ofKey = seen.filter { $0.key == Array("shared\(key)".utf8) }
            try expectOrder(ofKey.samples, "growing numbers of each publisher under key shared\(key)")
        }
    }

    static func overlappingBatches(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let member = try await stage.join("A", topic)
        let batches = (0..<10).map { Sample.row(10, key: "batch\($0)").outgoing(to: topic) }
        let positions = try await withThrowingTaskGroup(of: [Position].self) { group in
            for batch in batches { group.addTask { try await stage.publish(batch) } }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        let seen = try await member.read(through: positions)
        try expectEqual(seen.count, 100, "the number of messages")
        try expectOrder(seen.samples, "growing numbers of each batch")
    }
}
