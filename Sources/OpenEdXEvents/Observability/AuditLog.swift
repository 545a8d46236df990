/// Writes who moved what: a line for each event that was published or settled (rule 29).
///
/// A line is a JSON object of exactly `topic`, `partition`, `offset`, `id`, `type` and `key`. It shows record keys,
/// which may be user names, and never payload values. A key that is no UTF-8 stands as `{"hex": "…"}`, no key as `null`.
public struct AuditLog: BusObserver {
    /// Which events are written.
    public struct Scope: OptionSet, Sendable, Hashable {
        /// The bits.
        public let rawValue: Int

        /// Creates a set from its bits.
        public init(rawValue: Int) { self.rawValue = rawValue }

        /// Events that were stored on a topic.
        public static let published = Scope(rawValue: 1 << 0)
        /// Events that a consumer is done with, in whatever way.
        public static let settled = Scope(rawValue: 1 << 1)
        /// Both.
        public static let all: Scope = [.published, .settled]
    }

    private let scope: Scope
    private let output: LineOutput

    /// Creates an audit log. Two with a scope each keep what was sent apart from what was received.
    public init(_ scope: Scope = .all, to output: LineOutput) {
        self.scope = scope
        self.output = output
    }

    /// Takes note of a fact.
    public func record(_ fact: BusFact) {
        switch fact {
        case .published(let event, _, _) where scope.contains(.published): write(event)
        case .settled(let event, _) where scope.contains(.settled): write(event)
        default: break
        }
    }

    private func write(_ event: EventReference) {
        var json = JSONLine()
        if let position = event.position {
            json.add("topic", position.topic)
            json.add("partition", literal: String(position.partition))
            json.add("offset", literal: String(position.offset))
        } else {
            for name in ["topic", "partition", "offset"] { json.add(name, literal: "null") }
        }
        json.add("id", event.id)
        json.add("type", event.type)
        if let key = event.key {
            if let text = String(validating: key, as: UTF8.self) {
                json.add("key", text)
            } else {
                json.add("key", literal: #"{"hex":""# + Self.hexadecimal(key) + #""}"#)
            }
        } else {
            json.add("key", literal: "null")
        }
        output.write(json.line())
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        let digits = Array("0123456789abcdef")
        return String(bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] })
    }
}
