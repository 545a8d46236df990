import OpenEdXEvents

/// What becomes of messages that cannot be stored.
enum OutcomeCases {
    static let all: [ConformanceCase] = [
        ConformanceCase("a message that is too large fails alone, in its place", tooLarge),
        ConformanceCase("a message to an unknown topic fails alone, in its place", asks: .unknownTopic, unknownTopic),
        ConformanceCase("a message to an unknown partition fails alone, in its place", unknownPartition),
    ]

    static func tooLarge(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let bad = OutgoingMessage(topic: topic, value: [UInt8](repeating: 0x61, count: stage.harness.tooLargeValue))
        try await failsAlone(bad, with: .messageTooLarge, topic: topic, stage)
    }

    static func unknownTopic(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let unknown = try await stage.harness.unknownTopic()
        try await failsAlone(Sample("k", 9).outgoing(to: unknown), with: .unknownTopic, topic: topic, stage)
    }

    static func unknownPartition(_ stage: Stage) async throws {
        let topic = try await stage.topic(partitions: 2)
        let bad = Sample("k", 9).outgoing(to: topic, partition: 99)
        try await failsAlone(bad, with: .unknownTopic, topic: topic, stage)
    }

    /// Publishes good, bad, good, bad, good.
    private static func failsAlone(
        _ bad: OutgoingMessage, with code: TransportError.Code, topic: String, _ stage: Stage, line: Int = #line
    ) async throws {
        let good = Sample.row(3).outgoing(to: topic, partition: 0)
        let outcomes = try await stage.outcomes(of: [good[0], bad, good[1], bad, good[2]], line: line)
        var stored: [Position] = []
        for (index, outcome) in outcomes.enumerated() {
            switch outcome {
            case .stored(let position):
                try expect(index % 2 == 0, "outcome \(index) is a failure", seen: "\(position)", line: line)
                stored.append(position)
            case .failed(let error):
                try expect(index % 2 == 1, "outcome \(index) is a position", seen: "\(error)", line: line)
                try expectEqual(error.code, code, "the reason of outcome \(index)", line: line)
            }
        }
        let member = try await stage.join("A", topic)
        let marks = try await stage.mark(topic)
        let seen = try await member.read(through: stored + marks, line: line)
        try expectEqual(seen.samples, Sample.row(3), "the stored messages and no other", line: line)
        let delivered = seen.filter { Sample($0) != nil }.map(\.position)
        try expectEqual(delivered, stored, "the positions of the stored messages", line: line)
    }
}
