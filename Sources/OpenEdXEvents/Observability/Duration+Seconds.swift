extension Duration {
    /// The duration in seconds, as near as a `Double` comes.
    package var seconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) / 1e18
    }

    /// The duration in seconds as a decimal number, cut to microseconds, such as `0.001234`.
    package var secondsText: String {
        let isNegative = self < .zero
        let (seconds, attoseconds) = components
        let micros = attoseconds.magnitude / 1_000_000_000_000
        let digits = String(micros)
        var fraction = String(repeating: "0", count: 6 - digits.count) + digits
        while fraction.hasSuffix("0") { fraction.removeLast() }
        let isZero = seconds == 0 && fraction.isEmpty
        let whole = (isNegative && !isZero ? "-" : "") + String(seconds.magnitude)
        return fraction.isEmpty ? whole : whole + "." + fraction
    }

    /// The duration in nanoseconds, cut; at the ends of `Int64` for what lies beyond.
    package var clampedNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (whole, isTooLarge) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, isTooLargeInSum) = whole.addingReportingOverflow(attoseconds / 1_000_000_000)
        if isTooLarge || isTooLargeInSum { return seconds < 0 ? .min : .max }
        return sum
    }
}
