import OpenEdXEvents

/// Every part of a message arrives as it was sent.
enum MessageCases {
    static let all: [ConformanceCase] = [
        ConformanceCase(
            "headers arrive intact: binary, empty, without value, repeated, in order", needs: .headers, headers),
        ConformanceCase("no data and empty data arrive, and are not the same", emptyData),
        ConformanceCase("no key and an empty key arrive, and are not the same", emptyKeys),
        ConformanceCase("keys and values are bytes, not text", binary),
        ConformanceCase("the largest message arrives whole", largest),
        ConformanceCase("messages carry the time of their storing, and it does not go back", timestamps),
    ]

    static func headers(_ stage: Stage) async throws {
        let headers = [
            MessageHeader("ce_type", "org.openedx.learning.course.enrollment.created.v1"),
            MessageHeader("binary", Array(0...255)),
            MessageHeader("repeated", "1"),
            MessageHeader("empty", []),
            MessageHeader("none", nil),
            MessageHeader("repeated", "2"),
            MessageHeader("Repeated", "capital"),
            MessageHeader("ünïcode", "прибор"),
            MessageHeader("repeated", "1"),
        ]
        let topic = try await stage.topic()
        let member = try await stage.join("A", topic)
        let positions = try await stage.publish([
            OutgoingMessage(topic: topic, headers: headers, value: [1]),
            OutgoingMessage(topic: topic, headers: [], value: [2]),
        ])
        for message in try await member.read(through: positions) {
            let sent = message.value == [1] ? headers : []
            try expectEqual(message.headers.map(\.name), sent.map(\.name), "the names of the headers, in order")
            for (seen, sent) in zip(message.headers, sent) {
                try expectEqual(seen.value, sent.value, "the value of header \(sent.name)")
            }
        }
    }

    static func emptyData(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let member = try await stage.join("A", topic)
        let sent: [[UInt8]?] = [nil, [], [0], nil, []]
        let positions = try await stage.publish(
            sent.map { OutgoingMessage(topic: topic, key: Array("k".utf8), value: $0) })
        let seen = try await member.read(through: positions)
        try expectEqual(seen.map(\.value), sent, "values: nil is a tombstone, [] is empty")
    }

    static func emptyKeys(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let member = try await stage.join("A", topic)
        let sent: [[UInt8]?] = [nil, [], Array("k".utf8), nil, []]
        let positions = try await stage.publish(sent.map { OutgoingMessage(topic: topic, key: $0, value: [7]) })
        // A transport may batch messages without a key on their own, so positions tell which is which.
        var keys: [Position: [UInt8]?] = [:]
        for message in try await member.read(through: positions) { keys[message.position] = message.key }
        try expectEqual(positions.map { keys[$0] ?? nil }, sent, "keys: nil is none, [] is empty")
    }

    static func binary(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let member = try await stage.join("A", topic)
        let bytes: [UInt8] = [0, 0xFF, 0xC0, 0x80] + Array(0...255) + [0]
        let positions = try await stage.publish([OutgoingMessage(topic: topic, key: bytes, value: bytes.reversed())])
        let seen = try await member.read(through: positions)
        try expectEqual(seen.first?.key, bytes, "the key")
        try expectEqual(seen.first?.value, bytes.reversed(), "the value")
    }

    static func largest(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let member = try await stage.join("A", topic)
        let value = (0..<stage.harness.largestValue).map { UInt8(truncatingIfNeeded: ($0 &* 31) >> 3) }
        let positions = try await stage.publish([
            Sample("before", 0).outgoing(to: topic), OutgoingMessage(topic: topic, value: value),
            Sample("after", 0).outgoing(to: topic),
        ])
        let seen = try await member.read(through: positions)
        try expectSame(seen.samples, [Sample("before", 0), Sample("after", 0)], "the messages around it")
        let large = seen.first { $0.position == positions[1] }?.value
        try expect(large == value, "\(value.count) bytes as sent", seen: "\(large?.count ?? 0) bytes, or others")
    }

    static func timestamps(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let member = try await stage.join("A", topic)
        var positions: [Position] = []
        for number in 0..<5 { positions += try await stage.publish([Sample("k", number).outgoing(to: topic)]) }
        let times = try await member.read(through: positions).map(\.timestamp)
        try expectEqual(times, times.sorted(), "times in order")
        try expect(
            times.allSatisfy { $0 > EventTime(seconds: 0, nanoseconds: 0) }, "times of storing", seen: "\(times)")
    }
}
