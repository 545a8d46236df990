import OpenEdXEvents

/// Where reading begins, or ends, as someone types it.
enum StartPoint: Hashable, Sendable {
    case beginning
    case end
    case time(EventTime)
    /// So long before the command was called.
    case ago(Duration)
    /// An offset for each partition named.
    case offsets([Int32: Int64])

    /// How it may be written, for help.
    static let forms =
        "'beginning', 'end', a time such as 2026-03-14T15:09:26Z, an age such as 15m, 2h or 7d, or PARTITION@OFFSET "
        + "with commas between several"

    static let value = ValueSpec("WHERE", .text(suggestions: ["beginning", "end"]))

    /// Reads what was given for an option.
    init(_ text: String, option: String) throws(UsageError) {
        switch text {
        case "beginning", "earliest": self = .beginning
        case "end", "latest": self = .end
        default:
            if let time = EventTime(text) {
                self = .time(time)
            } else if let age = Self.age(text) {
                self = .ago(age)
            } else if let offsets = Self.offsets(text) {
                self = .offsets(offsets)
            } else {
                throw UsageError(
                    "'\(printable(text))' is no value for option '--\(option)'", hint: "It takes \(Self.forms).")
            }
        }
    }

    private static func age(_ text: String) -> Duration? {
        guard let unit = text.last, let count = Int64(text.dropLast()), (0...1_000_000).contains(count),
            text.first != "+"
        else { return nil }
        switch unit {
        case "s": return .seconds(count)
        case "m": return .seconds(count * 60)
        case "h": return .seconds(count * 3_600)
        case "d": return .seconds(count * 86_400)
        default: return nil
        }
    }

    private static func offsets(_ text: String) -> [Int32: Int64]? {
        var offsets: [Int32: Int64] = [:]
        for part in text.split(separator: ",", omittingEmptySubsequences: false) {
            let numbers = part.split(separator: "@", omittingEmptySubsequences: false)
            guard numbers.count == 2, let partition = Int32(numbers[0]), let offset = Int64(numbers[1]),
                partition >= 0, offset >= 0, offsets.updateValue(offset, forKey: partition) == nil
            else { return nil }
        }
        return offsets.isEmpty ? nil : offsets
    }

    /// The time meant, where one is.
    func time(now: EventTime) -> EventTime? {
        switch self {
        case .time(let time): time
        case .ago(let age): now.advanced(by: .zero - age)
        case .beginning, .end, .offsets: nil
        }
    }

    /// Where a subscription is to move for it.
    func target(topics: [String], now: EventTime) -> SeekTarget {
        switch self {
        case .beginning: return .beginning
        case .end: return .end
        case .time, .ago: return .time(time(now: now) ?? now)
        case .offsets(let offsets):
            return .positions(
                topics.flatMap { topic in
                    offsets.sorted { $0.key < $1.key }.map { partition, offset in
                        Position(topic: topic, partition: partition, offset: offset)
                    }
                })
        }
    }
}
