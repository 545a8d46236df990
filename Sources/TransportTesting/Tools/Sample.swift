import OpenEdXEvents

/// A message of the suite: a key and a number that counts up per key, both readable from the value.
struct Sample: Hashable, Sendable, CustomStringConvertible {
    let key: String
    let number: Int

    init(_ key: String, _ number: Int) {
        self.key = key
        self.number = number
    }

    /// Reads what ``outgoing(to:partition:)`` wrote.
    init?(_ message: IncomingMessage) {
        guard let value = message.value, let hash = value.lastIndex(of: UInt8(ascii: "#")),
            let number = Int(String(decoding: value[(hash + 1)...], as: UTF8.self))
        else { return nil }
        self.init(String(decoding: value[..<hash], as: UTF8.self), number)
    }

    var description: String { "\(key)#\(number)" }

    func outgoing(to topic: String, partition: Int32? = nil) -> OutgoingMessage {
        OutgoingMessage(topic: topic, partition: partition, key: Array(key.utf8), value: Array(description.utf8))
    }

    /// Samples numbered from 0 under one key.
    static func row(_ count: Int, key: String = "k", from first: Int = 0) -> [Sample] {
        (first..<first + count).map { Sample(key, $0) }
    }
}

extension [Sample] {
    func outgoing(to topic: String, partition: Int32? = nil) -> [OutgoingMessage] {
        map { $0.outgoing(to: topic, partition: partition) }
    }
}

extension [IncomingMessage] {
    /// The samples among the messages, in order.
    var samples: [Sample] { compactMap(Sample.init) }

    var positions: [Position] { map(\.position) }

    /// Whether all those positions are among the messages.
    func covers(_ positions: [Position]) -> Bool { Set(positions).isSubset(of: Set(self.positions)) }

    func of(_ partition: TopicPartition) -> [IncomingMessage] { filter { $0.position.topicPartition == partition } }

    /// The positions with what the values say, cut off after 60.
    var listed: String {
        guard !isEmpty else { return "no message" }
        let shown = prefix(60).map { message in
            message.position.description + (Sample(message).map { "=\($0)" } ?? "")
        }
        return "\(count) messages: " + shown.joined(separator: " ") + (count > 60 ? " ..." : "")
    }
}

/// Throws unless the numbers of each key grow.
func expectOrder(
    _ samples: [Sample], _ what: String, fileID: String = #fileID, line: Int = #line
) throws(ConformanceFailure) {
    var last: [String: Int] = [:]
    for sample in samples {
        if let previous = last[sample.key], previous >= sample.number {
            throw ConformanceFailure(
                expected: what, seen: "\(sample) after number \(previous) of the same key", fileID: fileID, line: line)
        }
        last[sample.key] = sample.number
    }
}

/// Throws unless both hold the same messages, each as often, whatever their order.
func expectSame(
    _ seen: [Sample], _ expected: [Sample], _ what: String, fileID: String = #fileID, line: Int = #line
) throws(ConformanceFailure) {
    var counts: [Sample: Int] = [:]
    for sample in expected { counts[sample, default: 0] += 1 }
    for sample in seen { counts[sample, default: 0] -= 1 }
    func list(_ isWanted: (Int) -> Bool) -> String {
        let found = counts.filter { isWanted($0.value) }.keys.map(\.description).sorted()
        return found.isEmpty ? "none" : found.prefix(40).joined(separator: " ") + (found.count > 40 ? " ..." : "")
    }
    if counts.values.contains(where: { $0 != 0 }) {
        throw ConformanceFailure(
            expected: what, seen: "missing: \(list { $0 > 0 }); too often: \(list { $0 < 0 })", fileID: fileID,
            line: line)
    }
}
