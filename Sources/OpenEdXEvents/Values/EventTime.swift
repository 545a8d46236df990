/// A point in time in UTC, to the nanosecond, as RFC 3339 writes it (rule 17).
///
/// It covers the years 0000 to 9999 of the proleptic Gregorian calendar. A leap second is kept: it is the second
/// before it with nanoseconds from 1 000 000 000.
public struct EventTime: Hashable, Sendable {
    /// Seconds since 1970-01-01T00:00:00Z, leap seconds not counted.
    public let seconds: Int64
    /// Nanoseconds within the second: 0 to 999 999 999, or up to 1 999 999 999 within a leap second.
    public let nanoseconds: Int32

    private static let firstSecond: Int64 = -62_167_219_200
    private static let lastSecond: Int64 = 253_402_300_799
    private static let billion: Int32 = 1_000_000_000

    /// The first time that can be held, 0000-01-01T00:00:00Z.
    public static let distantPast = EventTime(unchecked: firstSecond, 0)
    /// The last time that can be held, 9999-12-31T23:59:59.999999999Z.
    public static let distantFuture = EventTime(unchecked: lastSecond, billion - 1)

    private init(unchecked seconds: Int64, _ nanoseconds: Int32) {
        self.seconds = seconds
        self.nanoseconds = nanoseconds
    }

    /// A time by its seconds since 1970 UTC.
    ///
    /// - Parameters:
    ///   - seconds: Any number. What lies before or after the years 0000 to 9999 becomes the nearest end of them.
    ///   - nanoseconds: Any number; what is not within one second is carried over. Only in the last second of a month
    ///     do 1 000 000 000 to 1 999 999 999 stand for the leap second after it.
    public init(seconds: Int64, nanoseconds: Int32 = 0) {
        if nanoseconds >= EventTime.billion, nanoseconds < 2 * EventTime.billion,
            EventTime.endsMonth(seconds)
        {
            self.init(unchecked: seconds, nanoseconds)
            return
        }
        let (carry, rest) = EventTime.floorDivide(Int64(nanoseconds), by: Int64(EventTime.billion))
        let (sum, overflow) = seconds.addingReportingOverflow(carry)
        if overflow ? seconds < 0 : sum < EventTime.firstSecond {
            self = .distantPast
        } else if overflow || sum > EventTime.lastSecond {
            self = .distantFuture
        } else {
            self.init(unchecked: sum, Int32(rest))
        }
    }

    /// A time by its milliseconds since 1970 UTC, as message brokers count.
    public init(milliseconds: Int64) {
        let (seconds, rest) = EventTime.floorDivide(milliseconds, by: 1_000)
        self.init(seconds: seconds, nanoseconds: Int32(rest * 1_000_000))
    }

    /// Whole milliseconds since 1970 UTC.
    public var milliseconds: Int64 { seconds * 1_000 + Int64(nanoseconds / 1_000_000) }

    /// The system's time. Use the row's own time where a row changed.
    public static func now() -> EventTime {
        let now = WallClock.now()
        return EventTime(seconds: now.seconds, nanoseconds: now.nanoseconds)
    }

    /// The time so much later, or earlier for a negative duration; parts of a nanosecond are dropped.
    public func advanced(by duration: Duration) -> EventTime {
        let (seconds, attoseconds) = duration.components
        let nanos = Int64(nanoseconds) + attoseconds / 1_000_000_000
        let (carry, rest) = EventTime.floorDivide(nanos, by: Int64(EventTime.billion))
        let (whole, overflow) = self.seconds.addingReportingOverflow(seconds)
        if overflow { return seconds < 0 ? .distantPast : .distantFuture }
        let (sum, carryOverflow) = whole.addingReportingOverflow(carry)
        if carryOverflow { return carry < 0 ? .distantPast : .distantFuture }
        // Adding nothing keeps a leap second; anything else leaves it.
        if duration == .zero { return self }
        return EventTime(seconds: sum, nanoseconds: Int32(rest))
    }

    /// How much later this time is than the other.
    public func duration(since other: EventTime) -> Duration {
        .seconds(seconds - other.seconds) + .nanoseconds(Int64(nanoseconds) - Int64(other.nanoseconds))
    }

    /// Whether this is the last second of a month in UTC: only there can a leap second follow.
    static func endsMonth(_ seconds: Int64) -> Bool {
        guard seconds >= firstSecond, seconds <= lastSecond else { return false }
        let (days, rest) = floorDivide(seconds + 1, by: 86_400)
        return rest == 0 && date(ofDay: days).day == 1
    }

    static func floorDivide(_ number: Int64, by divisor: Int64) -> (quotient: Int64, remainder: Int64) {
        let (quotient, remainder) = number.quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }

    /// The number of a day since 1970 in the proleptic Gregorian calendar. Years begin in March, so that the leap day
    /// comes last; 400 years are 146 097 days.
    static func day(year: Int64, month: Int64, day: Int64) -> Int64 {
        let year = month <= 2 ? year - 1 : year
        let (era, yearOfEra) = floorDivide(year, by: 400)
        let dayOfYear = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        return era * 146_097 + dayOfEra - 719_468
    }

    /// The inverse of ``day(year:month:day:)``.
    static func date(ofDay day: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let (era, dayOfEra) = floorDivide(day + 719_468, by: 146_097)
        let yearOfEra = (dayOfEra - dayOfEra / 1_460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let shifted = (5 * dayOfYear + 2) / 153
        let month = shifted < 10 ? shifted + 3 : shifted - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * shifted + 2) / 5 + 1)
    }
}

extension EventTime: Comparable {
    /// Whether one time is before another; a leap second is after the second that it follows.
    public static func < (left: EventTime, right: EventTime) -> Bool {
        left.seconds != right.seconds ? left.seconds < right.seconds : left.nanoseconds < right.nanoseconds
    }
}

extension EventTime: Codable {
    /// Reads the time from a string in the form of RFC 3339.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let time = EventTime(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not an RFC 3339 time")
        }
        self = time
    }

    /// Writes the time as a string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
