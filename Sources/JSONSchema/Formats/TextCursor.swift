import OpenEdXEvents

/// Bytes of a text, as formats look at them.
typealias FormatText = UnsafeBufferPointer<UInt8>

extension FormatText {
    /// A part of the text.
    @inline(__always)
    func part(_ range: Range<Int>) -> FormatText { FormatText(rebasing: self[range]) }

    @inline(__always)
    func part(from start: Int) -> FormatText { part(start..<count) }

    /// Where a byte stands first, from an index on.
    func first(_ byte: UInt8, from start: Int = 0) -> Int? {
        var index = start
        while index < count {
            if self[index] == byte { return index }
            index += 1
        }
        return nil
    }

    func last(_ byte: UInt8) -> Int? {
        var index = count
        while index > 0 {
            index -= 1
            if self[index] == byte { return index }
        }
        return nil
    }

    /// Whether the parts between separators, empty ones too, are all as wanted.
    func allParts(between separator: UInt8, _ isAllowed: (FormatText) -> Bool) -> Bool {
        var start = 0
        while true {
            let end = first(separator, from: start) ?? count
            if !isAllowed(part(start..<end)) { return false }
            if end == count { return true }
            start = end + 1
        }
    }

    /// A number of exactly so many digits at an index.
    func digits(_ start: Int, _ length: Int) -> Int? {
        guard start >= 0, start + length <= count else { return nil }
        var value = 0
        for index in start..<(start + length) {
            guard Byte.isDigit(self[index]) else { return nil }
            value = value * 10 + Int(self[index] &- Byte.zero)
        }
        return value
    }
}

/// Classes of ASCII bytes.
enum FormatByte {
    @inline(__always) static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }
    @inline(__always) static func isAlphanumeric(_ byte: UInt8) -> Bool { isLetter(byte) || Byte.isDigit(byte) }
    @inline(__always) static func isHexadecimal(_ byte: UInt8) -> Bool { Byte.hexadecimal(byte) < 16 }
}
