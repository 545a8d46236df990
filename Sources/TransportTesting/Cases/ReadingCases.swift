import OpenEdXEvents

/// How `nextBatch` waits, ends and is cancelled.
enum ReadingCases {
    static let all: [ConformanceCase] = [
        ConformanceCase("a batch has at least one message and at most so many as asked for", limit),
        ConformanceCase("a waiting read ends when a message comes", waits),
        ConformanceCase("a cancelled read throws cancelled", cancelled),
        ConformanceCase("a cancelled read loses no message", cancellationLosesNothing),
        ConformanceCase("a read ends with nil when the subscription is closed, and so does each after it", closed),
    ]

    static func limit(_ stage: Stage) async throws {
        let topic = try await stage.topic(partitions: 2)
        let member = try await stage.join("A", topic)
        let samples = (0..<10).flatMap { Sample.row(6, key: "key\($0)") }
        let positions = try await stage.publish(samples.outgoing(to: topic))
        // The collector checks each batch.
        let ones = try await member.read("5 messages", atMost: 1) { $0.count >= 5 }
        let sevens = try await member.read("30 messages", atMost: 7) { $0.count >= 30 }
        let missing = Set(positions).subtracting((ones + sevens).positions)
        let rest = try await member.read(through: Array(missing), atMost: 1_000)
        try expectSame((ones + sevens + rest).samples, samples, "each message once")
    }

    static func waits(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let member = try await stage.join("A", topic)
        try await member.waitForPartitions(1)
        let pending = member.beginReading()
        try expect(pending.current == nil, "a read of an empty topic waits", seen: "its end")
        try await stage.publish([Sample("k", 0).outgoing(to: topic)])
        let batch = try await pending.value("a message").get()
        try expectEqual(batch?.samples, [Sample("k", 0)], "the message")
    }

    static func cancelled(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let member = try await stage.join("A", topic)
        let early = member.beginReading()
        early.cancel()
        try await expectCancelled(early)
        try await member.waitForPartitions(1)
        let waiting = member.beginReading()
        waiting.cancel()
        try await expectCancelled(waiting)
        try await stage.publish([Sample("k", 0).outgoing(to: topic)])
        try expectEqual(try await member.read(count: 1).samples, [Sample("k", 0)], "what a later read gets")
    }

    private static func expectCancelled(_ pending: PendingRead, line: Int = #line) async throws {
        switch try await pending.value("the end of a cancelled read", line: line) {
        case .failure(let error): try expectEqual(error.code, .cancelled, "the error of a cancelled read", line: line)
        case .success(let batch):
            throw ConformanceFailure(
                expected: "a cancelled read throws", seen: batch?.listed ?? "the end of the subscription", line: line)
        }
    }

    static func cancellationLosesNothing(_ stage: Stage) async throws {
        let topic = try await stage.topic(partitions: 2)
        let member = try await stage.join("A", topic)
        try await member.waitForPartitions(2)
        var seen: [IncomingMessage] = []
        for round in 0..<50 {
            let pending = member.beginReading()
            let batch = Sample.row(3, from: round * 3).outgoing(to: topic, partition: Int32(round % 2))
            let publishing = Task { try await stage.publish(batch) }
            // Some are cancelled before, some while, some after the messages come.
            if round % 3 == 0 { _ = try await publishing.value }
            pending.cancel()
            let positions = try await publishing.value
            switch try await pending.value("the end of a cancelled read") {
            case .success(let batch?): seen += batch
            case .success(nil): throw ConformanceFailure(expected: "an open subscription", seen: "its end")
            case .failure(let error): try expectEqual(error.code, .cancelled, "the error of a cancelled read")
            }
            // Nothing stays behind, so that the next read has to wait.
            let missing = Set(positions).subtracting(seen.positions)
            if !missing.isEmpty { seen += try await member.read(through: Array(missing)) }
        }
        try expectSame(seen.samples, Sample.row(150), "each message once")
    }

    static func closed(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let member = try await stage.join("A", topic)
        try await member.waitForPartitions(1)
        let pending = member.beginReading()
        try await member.close()
        try await expectEnd(pending, "a read that waited while the subscription was closed")
        try await stage.publish([Sample("k", 0).outgoing(to: topic)])
        try await expectEnd(member.beginReading(), "a read after the end")
        try await expectEnd(member.beginReading(), "another read after the end")
    }

    static func expectEnd(_ pending: PendingRead, _ what: String, line: Int = #line) async throws {
        switch try await pending.value("the end of " + what, line: line) {
        case .success(nil): return
        case .success(let batch?):
            throw ConformanceFailure(expected: "nil from \(what)", seen: batch.listed, line: line)
        case .failure(let error):
            throw ConformanceFailure(expected: "nil from \(what)", seen: "\(error)", line: line)
        }
    }
}
