import OpenEdXEvents

/// Dates and times of RFC 3339.
enum TimeFormats {
    /// `full-date`: a day that exists in the Gregorian calendar, of the years 0000 to 9999.
    static func isDate(_ text: FormatText) -> Bool { text.count == 10 && day(text) != nil }

    /// `date-time`. A leap second may stand only at the end of a month in UTC.
    static func isDateTime(_ text: FormatText) -> Bool {
        guard text.count >= 20, let date = day(text), text[10] | 0x20 == UInt8(ascii: "t"),
            let time = time(text.part(from: 11))
        else { return false }
        guard time.isLeapSecond else { return true }
        // The day in UTC on which the second falls.
        var (month, day) = (date.month, date.day)
        if time.dayShift < 0 {
            day -= 1
            if day == 0 { return true }
        } else if time.dayShift > 0 {
            day += 1
            if day > date.lastDay { (month, day) = (month + 1, 1) }
        }
        return month == date.month && day == date.lastDay
    }

    /// `full-time`, with an offset. A leap second may stand only at 23:59:60 UTC.
    static func isTime(_ text: FormatText) -> Bool { time(text) != nil }

    private static func day(_ text: FormatText) -> (month: Int, day: Int, lastDay: Int)? {
        guard let year = text.digits(0, 4), let month = text.digits(5, 2), let day = text.digits(8, 2),
            text[4] == UInt8(ascii: "-"), text[7] == UInt8(ascii: "-"), month >= 1, month <= 12
        else { return nil }
        let isLeapYear = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        let lastDay =
            switch month {
            case 4, 6, 9, 11: 30
            case 2: isLeapYear ? 29 : 28
            default: 31
            }
        return day >= 1 && day <= lastDay ? (month, day, lastDay) : nil
    }

    /// A time with its offset: whether it is a leap second, and whether it falls on the day before or after in UTC.
    private static func time(_ text: FormatText) -> (isLeapSecond: Bool, dayShift: Int)? {
        guard text.count >= 9, let hour = text.digits(0, 2), let minute = text.digits(3, 2),
            let second = text.digits(6, 2), text[2] == UInt8(ascii: ":"), text[5] == UInt8(ascii: ":"), hour < 24,
            minute < 60, second <= 60
        else { return nil }
        var index = 8
        if text[index] == UInt8(ascii: ".") {
            index += 1
            let first = index
            while index < text.count, Byte.isDigit(text[index]) { index += 1 }
            guard index > first else { return nil }
        }
        guard let offset = offset(text.part(from: index)) else { return nil }
        let minutes = hour * 60 + minute - offset
        let dayShift = minutes < 0 ? -1 : minutes >= 1440 ? 1 : 0
        guard second < 60 || minutes - dayShift * 1440 == 1439 else { return nil }
        return (second == 60, dayShift)
    }

    /// `Z`, or hours and minutes with a sign; in minutes.
    private static func offset(_ text: FormatText) -> Int? {
        if text.count == 1 { return text[0] | 0x20 == UInt8(ascii: "z") ? 0 : nil }
        guard text.count == 6, let hour = text.digits(1, 2), let minute = text.digits(4, 2),
            text[3] == UInt8(ascii: ":"), hour < 24, minute < 60
        else { return nil }
        switch text[0] {
        case UInt8(ascii: "+"): return hour * 60 + minute
        case UInt8(ascii: "-"): return -(hour * 60 + minute)
        default: return nil
        }
    }

    /// `duration` of RFC 3339, appendix A: units in their order, none left out between two, weeks alone.
    static func isDuration(_ text: FormatText) -> Bool {
        guard text.count >= 3, text[0] == UInt8(ascii: "P") else { return false }
        if text.last == UInt8(ascii: "W") {
            return text.part(1..<(text.count - 1)).allSatisfy(Byte.isDigit)
        }
        let time = text.first(UInt8(ascii: "T"))
        let date = text.part(1..<(time ?? text.count))
        if let time {
            guard isRun(text.part(from: time + 1), of: "HMS") else { return false }
            return date.isEmpty || isRun(date, of: "YMD")
        }
        return isRun(date, of: "YMD")
    }

    /// Numbers each followed by a unit: units that follow each other in the list.
    private static func isRun(_ text: FormatText, of units: StaticString) -> Bool {
        var expected: Int?
        var index = 0
        while index < text.count {
            let first = index
            while index < text.count, Byte.isDigit(text[index]) { index += 1 }
            guard index > first, index < text.count else { return false }
            var unit: Int?
            for candidate in 0..<3 where units.utf8Start[candidate] == text[index] { unit = candidate }
            guard let unit, expected == nil || expected == unit else { return false }
            expected = unit + 1
            index += 1
        }
        return expected != nil
    }
}
