extension EventTime: CustomStringConvertible, LosslessStringConvertible {
    /// The longest text that ``write(to:)`` writes, in bytes.
    package static let longestText = 30

    /// Reads a time in any form of RFC 3339: `T`, `t` or a space between date and time; `Z`, `z` or an offset; a
    /// fraction of one digit or more, of which nine count; a leap second at the end of a month.
    ///
    /// `nil` if the text is none, or lies outside the years 0000 to 9999 in UTC.
    public init?(_ text: String) {
        var text = text
        guard let time = text.withUTF8({ EventTime.parse($0) }) else { return nil }
        self = time
    }

    /// The time in UTC with `Z`, and with the fewest of 0, 3, 6 and 9 digits that lose nothing.
    public var description: String {
        String(unsafeUninitializedCapacity: EventTime.longestText) { buffer in
            // A buffer of that capacity has a base address.
            write(to: buffer.baseAddress!)
        }
    }

    /// Reads a time, see ``init(_:)-(String)``.
    package static func parse(_ text: UnsafeBufferPointer<UInt8>) -> EventTime? {
        guard text.count >= 20,
            text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"),
            text[10] | 0x20 == UInt8(ascii: "t") || text[10] == UInt8(ascii: " "),
            text[13] == UInt8(ascii: ":"), text[16] == UInt8(ascii: ":"),
            let century = twoDigits(text, 0), let yearOfCentury = twoDigits(text, 2),
            let month = twoDigits(text, 5), let day = twoDigits(text, 8),
            let hour = twoDigits(text, 11), let minute = twoDigits(text, 14), let second = twoDigits(text, 17)
        else { return nil }
        let year = century * 100 + yearOfCentury
        guard month >= 1, month <= 12, day >= 1, day <= lastDay(of: month, in: year), hour < 24, minute < 60,
            second <= 60
        else { return nil }

        var index = 19
        guard let nanoseconds = fraction(text, &index), let offset = zone(text, index) else { return nil }
        let isLeapSecond = second == 60
        let local =
            EventTime.day(year: year, month: month, day: day) * 86_400 + hour * 3_600 + minute * 60
            + (isLeapSecond ? 59 : second)
        let seconds = local - offset
        guard seconds >= distantPast.seconds, seconds <= distantFuture.seconds else { return nil }
        if isLeapSecond {
            guard endsMonth(seconds) else { return nil }
            return EventTime(seconds: seconds, nanoseconds: nanoseconds + 1_000_000_000)
        }
        return EventTime(seconds: seconds, nanoseconds: nanoseconds)
    }

    /// Writes the time as ``description`` has it.
    ///
    /// - Returns: How many bytes were written, at most ``longestText``.
    package func write(to buffer: UnsafeMutablePointer<UInt8>) -> Int {
        let (days, secondOfDay) = EventTime.floorDivide(seconds, by: 86_400)
        let date = EventTime.date(ofDay: days)
        let isLeapSecond = nanoseconds >= 1_000_000_000
        EventTime.writeDigits(UInt32(date.year), 4, to: buffer)
        buffer[4] = UInt8(ascii: "-")
        EventTime.writeDigits(UInt32(date.month), 2, to: buffer + 5)
        buffer[7] = UInt8(ascii: "-")
        EventTime.writeDigits(UInt32(date.day), 2, to: buffer + 8)
        buffer[10] = UInt8(ascii: "T")
        EventTime.writeDigits(UInt32(secondOfDay / 3_600), 2, to: buffer + 11)
        buffer[13] = UInt8(ascii: ":")
        EventTime.writeDigits(UInt32(secondOfDay / 60 % 60), 2, to: buffer + 14)
        buffer[16] = UInt8(ascii: ":")
        EventTime.writeDigits(UInt32(secondOfDay % 60) + (isLeapSecond ? 1 : 0), 2, to: buffer + 17)

        var count = 19
        let fraction = UInt32(isLeapSecond ? nanoseconds - 1_000_000_000 : nanoseconds)
        if fraction > 0 {
            buffer[19] = UInt8(ascii: ".")
            if fraction % 1_000_000 == 0 {
                EventTime.writeDigits(fraction / 1_000_000, 3, to: buffer + 20)
                count = 23
            } else if fraction % 1_000 == 0 {
                EventTime.writeDigits(fraction / 1_000, 6, to: buffer + 20)
                count = 26
            } else {
                EventTime.writeDigits(fraction, 9, to: buffer + 20)
                count = 29
            }
        }
        buffer[count] = UInt8(ascii: "Z")
        return count + 1
    }

    private static func writeDigits(_ value: UInt32, _ count: Int, to buffer: UnsafeMutablePointer<UInt8>) {
        var value = value
        var index = count
        while index > 0 {
            index &-= 1
            buffer[index] = 0x30 &+ UInt8(truncatingIfNeeded: value % 10)
            value /= 10
        }
    }

    private static func twoDigits(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int64? {
        let (tens, ones) = (text[index] &- 0x30, text[index + 1] &- 0x30)
        return tens < 10 && ones < 10 ? Int64(tens &* 10 &+ ones) : nil
    }

    /// Reads a fraction, if there is one, as nanoseconds.
    private static func fraction(_ text: UnsafeBufferPointer<UInt8>, _ index: inout Int) -> Int32? {
        guard text[index] == UInt8(ascii: ".") else { return 0 }
        index += 1
        let start = index
        var value: Int32 = 0
        var unit: Int32 = 100_000_000
        while index < text.count, ASCII.isDigit(text[index]) {
            value += Int32(text[index] &- 0x30) * unit
            unit /= 10
            index += 1
        }
        return index > start ? value : nil
    }

    /// Reads what stands at the end: the offset from UTC in seconds.
    private static func zone(_ text: UnsafeBufferPointer<UInt8>, _ index: Int) -> Int64? {
        guard index < text.count else { return nil }
        if text[index] | 0x20 == UInt8(ascii: "z") { return index + 1 == text.count ? 0 : nil }
        guard index + 6 == text.count, text[index + 3] == UInt8(ascii: ":"),
            let hours = twoDigits(text, index + 1), let minutes = twoDigits(text, index + 4),
            hours < 24, minutes < 60
        else { return nil }
        switch text[index] {
        case UInt8(ascii: "+"): return hours * 3_600 + minutes * 60
        case UInt8(ascii: "-"): return -(hours * 3_600 + minutes * 60)
        default: return nil
        }
    }

    private static func lastDay(of month: Int64, in year: Int64) -> Int64 {
        switch month {
        case 4, 6, 9, 11: 30
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        default: 31
        }
    }
}
