import OpenEdXEvents

/// A member is gone, and another goes on where it was.
enum TakeOverCases {
    static let all: [ConformanceCase] = [
        ConformanceCase("when a member leaves, the others take its partitions over", needs: .groups, leaving),
        ConformanceCase(
            "a take-over after leaving repeats what was in flight and nothing else", needs: .groups, inFlight),
        ConformanceCase(
            "a take-over after leaving repeats nothing that was finished beyond an unfinished message",
            needs: [.groups, .finishedBeyondPrefix], beyondPrefix),
        ConformanceCase(
            "when a member crashes, the others take over from its last commit", needs: .groups,
            asks: [.crash, .passingTime], crash),
        ConformanceCase(
            "after a crash nothing is repeated that was committed beyond an unfinished message",
            needs: [.groups, .finishedBeyondPrefix], asks: [.crash, .passingTime], crashBeyondPrefix),
    ]

    /// Two members that share four partitions, with five messages in each, all received.
    private struct Pair {
        let topic: String
        let first: Member
        let second: Member
        /// What each has received, per partition, in order.
        var received: [TopicPartition: [IncomingMessage]] = [:]

        var ofFirst: [TopicPartition] { first.assignments.value.partitions.sorted() }
        var ofSecond: [TopicPartition] { second.assignments.value.partitions.sorted() }

        init(_ stage: Stage) async throws {
            topic = try await stage.topic(partitions: 4)
            first = try await stage.join("A", topic, on: try await stage.newTransport())
            second = try await stage.join("B", topic, on: try await stage.newTransport())
            try await GroupCases.settle([first, second], partitions: 4, stage)
            let samples = (0..<4).flatMap { Sample.row(5, key: "p\($0)") }
            let positions = try await stage.publish(
                samples.enumerated().map { $1.outgoing(to: topic, partition: Int32($0 / 5)) })
            for member in [first, second] {
                let own = member.assignments.value.partitions
                let mine = positions.filter { own.contains($0.topicPartition) }
                for message in try await member.read(through: mine) {
                    received[message.position.topicPartition, default: []].append(message)
                }
            }
        }

        /// What the second member receives, up to marks in all partitions, once it owns them.
        func takeOver(_ stage: Stage, afterCrash isCrash: Bool = false, line: Int = #line) async throws -> [Sample] {
            for partition in ofSecond { second.complete(received[partition] ?? []) }
            if isCrash {
                try await stage.passTime(.seconds(1), "the second takes all partitions over", line: line) {
                    [second] in second.assignments.value.current.count == 4
                }
            } else {
                try await second.wait("takes all partitions over", line: line) { $0.current.count == 4 }
            }
            let marks = try await stage.mark(topic, partitions: 4, line: line)
            return try await second.read(through: marks, line: line).samples
        }
    }

    static func leaving(_ stage: Stage) async throws {
        let pair = try await Pair(stage)
        for partition in pair.ofFirst { pair.first.complete(pair.received[partition] ?? []) }
        try await pair.first.close(within: stage.harness.limit)
        try expectEqual(try await pair.takeOver(stage), [], "nothing again, as all was finished")
    }

    static func inFlight(_ stage: Stage) async throws {
        let pair = try await Pair(stage)
        var unfinished: [Sample] = []
        for (index, partition) in pair.ofFirst.enumerated() {
            let messages = pair.received[partition] ?? []
            pair.first.complete(messages.prefix(2 + index))
            unfinished += Array(messages.dropFirst(2 + index)).samples
        }
        try await pair.first.close()
        try expectSame(try await pair.takeOver(stage), unfinished, "what was in flight, once")
    }

    static func beyondPrefix(_ stage: Stage) async throws {
        let pair = try await Pair(stage)
        var unfinished: [Sample] = []
        for partition in pair.ofFirst {
            let messages = pair.received[partition] ?? []
            pair.first.complete([1, 2, 4].map { messages[$0] })
            unfinished += [0, 3].map { messages[$0] }.samples
        }
        try await pair.first.close()
        try expectSame(try await pair.takeOver(stage), unfinished, "what was in flight, once")
    }

    static func crash(_ stage: Stage) async throws {
        let pair = try await Pair(stage)
        var uncommitted: [Sample] = []
        for partition in pair.ofFirst {
            let messages = pair.received[partition] ?? []
            pair.first.complete(messages.prefix(3))
            uncommitted += Array(messages.dropFirst(3)).samples
        }
        try await pair.first.commit()
        let lost = pair.ofFirst.count
        try await pair.first.crash(by: stage.harness)
        try expect(lost > 0, "the first member owned partitions", seen: "none")
        try expectSame(try await pair.takeOver(stage, afterCrash: true), uncommitted, "what was not committed, once")
    }

    static func crashBeyondPrefix(_ stage: Stage) async throws {
        let pair = try await Pair(stage)
        var uncommitted: [Sample] = []
        for partition in pair.ofFirst {
            let messages = pair.received[partition] ?? []
            pair.first.complete([1, 3, 4].map { messages[$0] })
            uncommitted += [0, 2].map { messages[$0] }.samples
        }
        try await pair.first.commit()
        try await pair.first.crash(by: stage.harness)
        try expectSame(try await pair.takeOver(stage, afterCrash: true), uncommitted, "what was not committed, once")
    }
}
