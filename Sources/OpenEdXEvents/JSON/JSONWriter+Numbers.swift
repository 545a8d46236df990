extension JSONWriter {
    /// Writes `true` or `false`.
    public mutating func write(_ value: Bool) { writeLiteral(value ? "true" : "false") }

    /// Writes a literal of ASCII.
    @inline(__always)
    mutating func writeLiteral(_ text: StaticString) {
        guard prepareValue(text.utf8CodeUnitCount) else { return }
        for index in 0..<text.utf8CodeUnitCount { buffer[count &+ index] = text.utf8Start[index] }
        advance(text.utf8CodeUnitCount)
        finishValue()
    }

    /// Writes an integer in plain decimal digits.
    public mutating func write(_ value: Int) { writeInteger(value) }

    /// Writes an integer in plain decimal digits.
    public mutating func write(_ value: Int32) { writeInteger(value) }

    /// Writes an integer of up to 64 bits in plain decimal digits.
    @inlinable
    public mutating func writeInteger<Value: FixedWidthInteger>(_ value: Value) {
        // A wider type's value that does not fit stays in range: it is written as the nearest that does.
        writeInteger(UInt64(clamping: value.magnitude), isNegative: value < 0)
    }

    @usableFromInline
    mutating func writeInteger(_ magnitude: UInt64, isNegative: Bool) {
        guard prepareValue(20) else { return }
        var end = buffer + count
        if isNegative {
            end.pointee = Byte.minus
            end += 1
        }
        finishValue(at: Self.storeDigits(magnitude, at: end))
    }

    /// Stores decimal digits, of which there are at most 20, and returns the position behind them.
    @inline(__always)
    private static func storeDigits(
        _ value: UInt64, at start: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        var digits = 1
        var limit: UInt64 = 10
        while value >= limit {
            digits &+= 1
            if digits == 20 { break }
            limit = limit &* 10
        }
        var rest = value
        var index = digits
        while index > 0 {
            index &-= 1
            let (quotient, remainder) = rest.quotientAndRemainder(dividingBy: 10)
            start[index] = Byte.zero &+ UInt8(truncatingIfNeeded: remainder)
            rest = quotient
        }
        return start + digits
    }

    /// Writes a number with as few digits as tell it from its neighbours: reading gives the same double.
    ///
    /// Throws with the code ``PayloadError/Code/notFinite`` if it is infinite or not a number.
    public mutating func write(_ value: Double) throws(PayloadError) {
        guard value.isFinite else { throw notFinite() }
        writeNumber(value.description)
    }

    /// Writes a number with as few digits as tell it from its neighbours: reading gives the same.
    ///
    /// Throws with the code ``PayloadError/Code/notFinite`` if it is infinite or not a number.
    public mutating func write(_ value: Float) throws(PayloadError) {
        guard value.isFinite else { throw notFinite() }
        writeNumber(value.description)
    }

    private mutating func writeNumber(_ text: String) {
        var text = text
        text.withUTF8 { digits in
            guard prepareValue(digits.count), let source = digits.baseAddress else { return }
            (buffer + count).update(from: source, count: digits.count)
            advance(digits.count)
            finishValue()
        }
    }

    @inline(never)
    private mutating func notFinite() -> PayloadError {
        // The comma first, so that the error's pointer names the right element.
        _ = prepareValue(0)
        return PayloadError(.notFinite, offset: nil, "JSON has no infinite numbers and no NaN")
    }
}
