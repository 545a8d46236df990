extension DecimalView {
    /// Whether it is a whole multiple of a number above 0, exactly, whatever the size of either.
    func isMultiple(of divisor: DecimalView) -> Bool {
        if isZero { return true }
        // Both as an integer times a power of ten. Without zeros at its end this one's integer has no more tens to
        // give.
        let power = exponent - divisor.exponent
        guard power >= 0 else { return false }
        if divisor.count <= 18 {
            var modulus: UInt64 = 0
            for index in 0..<divisor.count { modulus = modulus * 10 + UInt64(divisor.digit(index)) }
            return remainder(modulus, power) == 0
        }
        return isMultiple(ofLarge: divisor, power)
    }

    /// The remainder of the digits' integer times ten to a power.
    private func remainder(_ modulus: UInt64, _ power: Int) -> UInt64 {
        var remainder: UInt64 = 0
        for index in 0..<count { remainder = (remainder * 10 + UInt64(digit(index))) % modulus }
        var factor: UInt64 = 10 % modulus
        var power = power
        while power > 0 {
            if power & 1 == 1 { remainder = Self.multiply(remainder, factor, modulus) }
            factor = Self.multiply(factor, factor, modulus)
            power >>= 1
        }
        return remainder % modulus
    }

    private static func multiply(_ left: UInt64, _ right: UInt64, _ modulus: UInt64) -> UInt64 {
        modulus.dividingFullWidth(left.multipliedFullWidth(by: right)).remainder
    }

    /// The same for a divisor of many digits: long division, digit by digit.
    private func isMultiple(ofLarge divisor: DecimalView, _ power: Int) -> Bool {
        var modulus = LongInteger()
        for index in 0..<divisor.count { modulus.append(divisor.digit(index)) }
        var remainder = LongInteger()
        for index in 0..<count {
            remainder.append(digit(index))
            remainder.reduce(below: modulus)
        }
        // A power of ten takes away at most as many twos and fives as the divisor has digits times the bits of one.
        for _ in 0..<min(power, divisor.count * 4) {
            if remainder.isZero { return true }
            remainder.append(0)
            remainder.reduce(below: modulus)
        }
        return remainder.isZero
    }
}

/// A whole number of any size, as long division needs it.
private struct LongInteger {
    /// From the lowest on, without zeros at the top.
    private var limbs: [UInt32] = []

    var isZero: Bool { limbs.isEmpty }

    /// Times ten, plus a digit.
    mutating func append(_ digit: UInt8) {
        var carry = UInt64(digit)
        for index in limbs.indices {
            let product = UInt64(limbs[index]) * 10 + carry
            limbs[index] = UInt32(truncatingIfNeeded: product)
            carry = product >> 32
        }
        if carry > 0 { limbs.append(UInt32(carry)) }
    }

    /// Takes the modulus away until less is left; at most ten times if it was less before a digit was appended.
    mutating func reduce(below modulus: LongInteger) {
        while !isLess(than: modulus) {
            var borrow: Int64 = 0
            for index in limbs.indices {
                let other = index < modulus.limbs.count ? Int64(modulus.limbs[index]) : 0
                var difference = Int64(limbs[index]) - other - borrow
                borrow = difference < 0 ? 1 : 0
                if difference < 0 { difference += 1 << 32 }
                limbs[index] = UInt32(difference)
            }
            while limbs.last == 0 { limbs.removeLast() }
        }
    }

    private func isLess(than other: LongInteger) -> Bool {
        if limbs.count != other.limbs.count { return limbs.count < other.limbs.count }
        for index in limbs.indices.reversed() where limbs[index] != other.limbs[index] {
            return limbs[index] < other.limbs[index]
        }
        return false
    }
}
