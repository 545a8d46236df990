import OpenEdXEvents

/// Leaving in good order.
enum CloseCases {
    static let all: [ConformanceCase] = [
        ConformanceCase("closing loses nothing that was not delivered yet", undelivered),
        ConformanceCase("closing waits for what was delivered to be settled", waitsForSettling),
        ConformanceCase("closing waits no longer than its limit", asks: .passingTime, limit),
        ConformanceCase("closing twice, and while another closing waits, ends", twice),
        ConformanceCase("a subscription that was closed leaves its transport open", transportStaysOpen),
    ]

    static func undelivered(_ stage: Stage) async throws {
        let topic = try await stage.topic(partitions: 2)
        let samples = (0..<2).flatMap { Sample.row(100, key: "p\($0)") }
        try await stage.publish(samples.map { $0.outgoing(to: topic, partition: $0.key == "p0" ? 0 : 1) })
        let first = try await stage.join("A", topic)
        let seen = try await first.read(count: 50, atMost: 10)
        first.complete(seen)
        try await first.close(within: stage.harness.limit)
        let rest = try await SettlingCases.rest(stage, topic, partitions: 2)
        try expectSame(seen.samples + rest, samples, "each message once, at the first or the second")
    }

    static func waitsForSettling(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let positions = try await stage.publish(Sample.row(10).outgoing(to: topic))
        let member = try await stage.join("A", topic)
        let seen = try await member.read(through: positions)
        let pending = member.beginReading()
        async let closing: Void = member.close(within: stage.harness.limit)
        // The read ends when closing has begun: what is finished from now on still counts.
        try await ReadingCases.expectEnd(pending, "a read that waited while the subscription was closed")
        member.complete(seen)
        try await closing
        try expectEqual(try await SettlingCases.rest(stage, topic), [], "nothing, as all was finished")
    }

    static func limit(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let positions = try await stage.publish(Sample.row(3).outgoing(to: topic))
        let member = try await stage.join("A", topic)
        try await member.read(through: positions)
        let closed = Watched(false)
        let closing = Task {
            try await member.close(within: .milliseconds(200))
            closed.update { $0 = true }
        }
        try await stage.passTime(.milliseconds(200), "closing ends after its limit") { closed.value }
        try await closing.value
        try expectEqual(try await SettlingCases.rest(stage, topic), Sample.row(3), "all, as nothing was finished")
    }

    static func twice(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let positions = try await stage.publish(Sample.row(3).outgoing(to: topic))
        let member = try await stage.join("A", topic)
        let seen = try await member.read(through: positions)
        async let first: Void = member.close(within: stage.harness.limit)
        async let second: Void = member.close(within: stage.harness.limit)
        member.complete(seen)
        try await first
        try await second
        try await member.close()
    }

    static func transportStaysOpen(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let first = try await stage.join("A", topic)
        let other = try await stage.join("B", topic, group: "other")
        try await first.close()
        let positions = try await stage.publish(Sample.row(3).outgoing(to: topic))
        try expectEqual(try await other.read(through: positions).samples, Sample.row(3), "what another group receives")
        let again = try await stage.join("C", topic)
        try expectEqual(try await again.read(through: positions).samples, Sample.row(3), "what a new member receives")
    }
}
