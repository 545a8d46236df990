import OpenEdXEvents

/// The number that a text of JSON's grammar stands for, exactly: its digits in place, its sign, its power of ten.
///
/// It points into the text and lives no longer. The digits have no zeros at either end; zero has none at all.
struct DecimalView {
    private let text: UnsafeBufferPointer<UInt8>
    /// Where the first digit that is not zero stands in the text.
    private let first: Int
    /// Where the point stands; behind the last digit, if there is none.
    private let point: Int
    /// How many digits there are.
    let count: Int
    /// The number is `0.DIGITS` times ten to this power. Held within ±2^60, far beyond what a text can need.
    let magnitude: Int
    /// Whether it is below zero.
    let isNegative: Bool

    /// Takes a text that was validated as a number.
    init(_ text: UnsafeBufferPointer<UInt8>) {
        self.text = text
        var index = text[0] == Byte.minus ? 1 : 0
        var first = -1
        var last = -1
        var point = -1
        while index < text.count {
            let byte = text[index]
            if byte == Byte.dot {
                point = index
            } else if Byte.isDigit(byte) {
                if byte != Byte.zero {
                    if first < 0 { first = index }
                    last = index
                }
            } else {
                break
            }
            index += 1
        }
        self.point = point < 0 ? index : point
        self.first = first
        guard first >= 0 else {
            count = 0
            magnitude = 0
            isNegative = false
            return
        }
        isNegative = text[0] == Byte.minus
        count = last - first + 1 - (first < self.point && self.point < last ? 1 : 0)
        let integerDigits = first < self.point ? self.point - first : self.point - first + 1
        magnitude = integerDigits + Self.exponent(text, from: index)
    }

    private static func exponent(_ text: UnsafeBufferPointer<UInt8>, from index: Int) -> Int {
        guard index < text.count else { return 0 }
        var value = 0
        var isNegative = false
        for byte in text[(index + 1)...] {
            if byte == Byte.minus { isNegative = true }
            if Byte.isDigit(byte), value < 1 << 56 { value = value * 10 + Int(byte &- Byte.zero) }
        }
        return isNegative ? -value : value
    }

    /// Whether it is zero.
    var isZero: Bool { count == 0 }
    /// Whether it is whole.
    var isInteger: Bool { count <= magnitude || count == 0 }
    /// The power of ten of the last digit: the number is the integer of its digits times ten to this.
    var exponent: Int { magnitude - count }

    /// The digit at the index, 0 behind the last.
    func digit(_ index: Int) -> UInt8 {
        guard index < count else { return 0 }
        let place = first + index
        return text[first < point && place >= point ? place + 1 : place] &- Byte.zero
    }

    /// Below zero if this is the smaller number, above if it is the larger.
    func compare(_ other: DecimalView) -> Int {
        if isNegative != other.isNegative { return isNegative ? -1 : 1 }
        let order = compareMagnitude(other)
        return isNegative ? -order : order
    }

    private func compareMagnitude(_ other: DecimalView) -> Int {
        if isZero || other.isZero { return (isZero ? 0 : 1) - (other.isZero ? 0 : 1) }
        if magnitude != other.magnitude { return magnitude < other.magnitude ? -1 : 1 }
        for index in 0..<max(count, other.count) {
            let (left, right) = (digit(index), other.digit(index))
            if left != right { return left < right ? -1 : 1 }
        }
        return 0
    }
}
