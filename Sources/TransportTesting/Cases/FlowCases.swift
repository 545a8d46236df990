import OpenEdXEvents

/// Memory has a bound: what is unsettled holds back what comes.
enum FlowCases {
    static let all: [ConformanceCase] = [
        ConformanceCase("no more is delivered than may be unsettled, and settling lets it go on", backPressure),
        ConformanceCase("a subscription that is held back does not hold back another group", separateGroups),
        ConformanceCase("an unsettled limit of one gives one message at a time, in order", oneAtATime),
    ]

    static func backPressure(_ stage: Stage) async throws {
        let topic = try await stage.topic(partitions: 2)
        let limit = 10
        let slow = try await stage.join("A", topic) { $0.unsettledLimit = limit }
        let fast = try await stage.join("B", topic, group: "fast")
        let samples = (0..<2).flatMap { Sample.row(20, key: "key\($0)") }
        let positions = try await stage.publish(
            samples.map { $0.outgoing(to: topic, partition: $0.key == "key0" ? 0 : 1) })
        var seen = try await slow.read(count: limit, atMost: 100)
        try expectEqual(seen.count, limit, "the number of unsettled deliveries")
        // Nobody can wait for nothing to come. But what another group received could have come here too.
        let pending = slow.beginReading(atMost: 100)
        try await fast.read(through: positions, completing: true)
        try expect(pending.current == nil, "no delivery beyond \(limit) unsettled ones", seen: "another batch")
        var unsettled = seen
        slow.complete(unsettled.prefix(4))
        unsettled.removeFirst(4)
        let first = try await pending.value("more once some are finished").get() ?? []
        try expect((1...4).contains(first.count), "1 to 4 messages after 4 were finished", seen: "\(first.count)")
        unsettled += first
        seen += first
        while seen.count < positions.count {
            // The newest first, so that what is finished is never a prefix.
            let finished = unsettled.suffix(3)
            slow.complete(finished)
            unsettled.removeLast(finished.count)
            let room = min(limit - unsettled.count, positions.count - seen.count)
            let more = try await slow.read(count: room, atMost: 100)
            unsettled += more
            seen += more
            try expect(unsettled.count <= limit, "at most \(limit) unsettled deliveries", seen: "\(unsettled.count)")
        }
        try expectSame(seen.samples, samples, "each message once")
    }

    static func separateGroups(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let stuck = try await stage.join("A", topic, group: "stuck") { $0.unsettledLimit = 1 }
        let free = try await stage.join("B", topic, group: "free")
        let first = try await stage.publish(Sample.row(1).outgoing(to: topic))
        try await stuck.read(through: first)
        let positions = try await stage.publish(Sample.row(500, from: 1).outgoing(to: topic))
        let seen = try await free.read(through: first + positions, completing: true)
        try expectEqual(seen.samples, Sample.row(501), "everything, in order")
    }

    static func oneAtATime(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let member = try await stage.join("A", topic) { $0.unsettledLimit = 1 }
        try await stage.publish(Sample.row(20).outgoing(to: topic))
        for number in 0..<20 {
            let batch = try await member.read(count: 1, atMost: 100)
            try expectEqual(batch.samples, [Sample("k", number)], "the next message alone")
            member.complete(batch)
        }
    }
}
