extension JSONReader {
    /// Reads an integer. One written with a fraction or an exponent is taken if it is whole, such as `1.0` or `2e3`.
    ///
    /// Throws with the code ``PayloadError/Code/outOfRange`` if it does not fit or is not whole.
    @inlinable
    public mutating func readInteger<Value: FixedWidthInteger>(
        _ type: Value.Type = Value.self
    ) throws(PayloadError) -> Value {
        let number = try readMagnitude()
        if number.isNegative, number.magnitude != 0 {
            if Value.isSigned {
                if let value = Value(exactly: number.magnitude) { return 0 - value }
                // The smallest value's magnitude is one more than the largest value's.
                if Value.min.magnitude == number.magnitude { return Value.min }
            }
        } else if let value = Value(exactly: number.magnitude) {
            return value
        }
        throw outOfRange(bits: Value.bitWidth)
    }

    /// Reads an integer of up to 64 bits and a sign.
    @usableFromInline
    mutating func readMagnitude() throws(PayloadError) -> (magnitude: UInt64, isNegative: Bool) {
        let first = valueStart()
        let isNegative = first == Byte.minus
        guard isNegative || Byte.isDigit(first) else { throw wrongType("a number") }
        var here = isNegative ? position + 1 : position
        let digits = here
        var magnitude: UInt64 = 0
        while here < end {
            let digit = here.pointee &- Byte.zero
            guard digit < 10 else { break }
            magnitude = magnitude &* 10 &+ UInt64(digit)
            here += 1
        }
        if isStrict {
            let count = digits.distance(to: here)
            guard count == 1 || count > 1 && digits.pointee != Byte.zero else { throw notAtOnce() }
        }
        if here < end, here.pointee == Byte.dot || here.pointee | 0x20 == UInt8(ascii: "e") {
            if isStrict { throw notAtOnce() }
            return try readWholeNumber(isNegative)
        }
        // 19 digits always fit in 64 bits; more are read again with care.
        if digits.distance(to: here) > 19 {
            magnitude = 0
            for index in 0..<digits.distance(to: here) {
                let (product, overflow) = magnitude.multipliedReportingOverflow(by: 10)
                let (sum, carry) = product.addingReportingOverflow(UInt64(digits[index] &- Byte.zero))
                if overflow || carry { throw outOfRange(bits: 64) }
                magnitude = sum
            }
        }
        position = here
        return (magnitude, isNegative)
    }

    /// Reads an integer that is written with a fraction or an exponent, exactly.
    @inline(never)
    private mutating func readWholeNumber(
        _ isNegative: Bool
    ) throws(PayloadError) -> (magnitude: UInt64, isNegative: Bool) {
        let begin = isNegative ? position + 1 : position
        skipNumber()
        // The number is `digits` times ten to the power `exponent`, zeros at the end of the digits left out: if the
        // digits do not fit, or the power is negative, neither does the number, or it is not whole.
        var digits: UInt64 = 0
        var zeros = 0
        var exponent = 0
        var isFraction = false
        var here = begin
        while here < position, here.pointee | 0x20 != UInt8(ascii: "e") {
            let digit = here.pointee &- Byte.zero
            here += 1
            if digit >= 10 {
                isFraction = true
                continue
            }
            if isFraction { exponent -= 1 }
            if digit > 0 {
                digits = try scaled(digits, by: zeros + 1)
                let (sum, overflow) = digits.addingReportingOverflow(UInt64(digit))
                if overflow { throw outOfRange(bits: 64) }
                digits = sum
                zeros = 0
            } else if digits > 0 {
                zeros += 1
            }
        }
        guard digits > 0 else { return (0, isNegative) }
        exponent += zeros + Self.exponent(UnsafeBufferPointer(start: here, count: here.distance(to: position)))
        guard exponent >= 0 else { throw outOfRange("the number is not whole") }
        return (try scaled(digits, by: exponent), isNegative)
    }

    /// A number times ten to a power.
    private mutating func scaled(_ value: UInt64, by power: Int) throws(PayloadError) -> UInt64 {
        if value == 0 { return 0 }
        var value = value
        for _ in 0..<min(power, 20) {
            let (product, overflow) = value.multipliedReportingOverflow(by: 10)
            if overflow { throw outOfRange(bits: 64) }
            value = product
        }
        return value
    }

    /// The exponent of a number from its `e` on, if it has one; one that is large beyond use is cut short.
    private static func exponent(_ text: UnsafeBufferPointer<UInt8>) -> Int {
        var magnitude = 0
        for byte in text where Byte.isDigit(byte) { magnitude = min(magnitude * 10 + Int(byte &- Byte.zero), 1 << 40) }
        return text.count > 1 && text[1] == Byte.minus ? -magnitude : magnitude
    }

    /// Reads a number as the nearest double.
    ///
    /// Throws with the code ``PayloadError/Code/outOfRange`` if it is too large for one.
    public mutating func readDouble() throws(PayloadError) -> Double {
        let first = valueStart()
        guard first == Byte.minus || Byte.isDigit(first) else { throw wrongType("a number") }
        let begin = position
        if isStrict { try scanValue() } else { skipNumber() }
        let text = UnsafeBufferPointer(start: begin, count: begin.distance(to: position))
        if let value = Self.exactDouble(text) { return value }
        guard let value = Double(String(decoding: text, as: UTF8.self)), value.isFinite else {
            throw outOfRange("the number is too large for a double")
        }
        return value
    }

    /// Reads a number as the nearest single precision number, rounding once.
    ///
    /// Throws with the code ``PayloadError/Code/outOfRange`` if it is too large for one.
    public mutating func readFloat() throws(PayloadError) -> Float {
        let first = valueStart()
        guard first == Byte.minus || Byte.isDigit(first) else { throw wrongType("a number") }
        let begin = position
        if isStrict { try scanValue() } else { skipNumber() }
        let text = UnsafeBufferPointer(start: begin, count: begin.distance(to: position))
        guard let value = Float(String(decoding: text, as: UTF8.self)), value.isFinite else {
            throw outOfRange("the number is too large for single precision")
        }
        return value
    }

    /// The double of a number with up to 15 digits and a small exponent: a single rounding, so the nearest.
    private static func exactDouble(_ text: UnsafeBufferPointer<UInt8>) -> Double? {
        guard text.count <= 17 else { return nil }
        var mantissa: UInt64 = 0
        var digits = 0
        var fraction = 0
        var isFraction = false
        for byte in text.dropFirst(text[0] == Byte.minus ? 1 : 0) {
            if Byte.isDigit(byte) {
                mantissa = mantissa &* 10 &+ UInt64(byte &- Byte.zero)
                digits += 1
                if isFraction { fraction += 1 }
            } else if byte == Byte.dot {
                isFraction = true
            } else {
                return nil
            }
        }
        // Below 2^53, and both this and the power of ten are exact doubles.
        guard digits <= 15 else { return nil }
        let magnitude = Double(mantissa) / powersOfTen[fraction]
        return text[0] == Byte.minus ? -magnitude : magnitude
    }

    private static let powersOfTen: [Double] = [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15,
    ]

    @usableFromInline
    @inline(never)
    mutating func outOfRange(bits: Int) -> PayloadError {
        outOfRange("the number does not fit in \(bits) bits")
    }

    /// The error of the number that was just read, or that begins here.
    @inline(never)
    private mutating func outOfRange(_ message: String) -> PayloadError {
        skipNumber()
        return PayloadError(.outOfRange, offset: offset - 1, message)
    }
}
