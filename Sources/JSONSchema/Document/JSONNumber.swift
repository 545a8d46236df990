import OpenEdXEvents

/// A JSON number, exact: of any size and precision, as it is written.
public struct JSONNumber: Sendable {
    /// The number as the document writes it.
    public let text: String

    /// Takes the text of a number that JSON's grammar allows; `nil` for any other.
    public init?(_ text: String) {
        var text = text
        let isNumber = text.withUTF8 { bytes in
            guard let first = bytes.first, first == Byte.minus || Byte.isDigit(first), let last = bytes.last,
                Byte.isDigit(last)
            else { return false }
            return JSONScanner.validate(bytes) == nil
        }
        guard isNumber else { return nil }
        self.text = text
    }

    /// Creates an integer.
    public init(_ value: Int) { text = String(value) }

    init(valid text: String) { self.text = text }

    /// Lends the number's digits and exponent.
    func withDecimal<R>(_ body: (DecimalView) -> R) -> R {
        var text = text
        return text.withUTF8 { body(DecimalView($0)) }
    }

    /// Whether it is whole: `1.0` and `1e3` are.
    public var isInteger: Bool { withDecimal(\.isInteger) }

    /// The number as an integer; `nil` if it is not whole or does not fit.
    public var int: Int? {
        if let int = Int(text) { return int }
        return withDecimal { decimal in
            guard decimal.isInteger, decimal.magnitude <= 19 else { return nil }
            var value = 0
            for index in 0..<max(decimal.magnitude, 0) {
                let (product, overflow) = value.multipliedReportingOverflow(by: 10)
                let digit = Int(decimal.digit(index))
                let (sum, carry) = product.addingReportingOverflow(decimal.isNegative ? -digit : digit)
                if overflow || carry { return nil }
                value = sum
            }
            return value
        }
    }

    /// The nearest double; infinite if it is too large for one.
    public var double: Double { Double(text) ?? .nan }

    /// The number without needless zeros: `1e0`, `1.0` and `1` are all `1`. As an integer if it is one of up to 40
    /// digits, with a point if it has up to 40 digits, else with an exponent.
    public var canonicalText: String {
        withDecimal { decimal in
            if decimal.isZero { return "0" }
            let digits = (0..<decimal.count).map { Character(Unicode.Scalar(decimal.digit($0) + Byte.zero)) }
            let sign = decimal.isNegative ? "-" : ""
            let magnitude = decimal.magnitude
            if magnitude > 40 || magnitude < -20 || decimal.count > 40 {
                let fraction = digits.count > 1 ? "." + String(digits.dropFirst()) : ""
                return "\(sign)\(digits[0])\(fraction)e\(magnitude - 1)"
            }
            if magnitude <= 0 { return sign + "0." + String(repeating: "0", count: -magnitude) + String(digits) }
            if digits.count <= magnitude {
                return sign + String(digits) + String(repeating: "0", count: magnitude - digits.count)
            }
            return sign + String(digits.prefix(magnitude)) + "." + String(digits.dropFirst(magnitude))
        }
    }
}

extension JSONNumber: Comparable, Hashable, CustomStringConvertible {
    /// Whether both are the same number, however written.
    public static func == (left: JSONNumber, right: JSONNumber) -> Bool {
        left.withDecimal { left in right.withDecimal { left.compare($0) == 0 } }
    }

    /// Whether the first number is the smaller.
    public static func < (left: JSONNumber, right: JSONNumber) -> Bool {
        left.withDecimal { left in right.withDecimal { left.compare($0) < 0 } }
    }

    /// Hashes the number, not its text.
    public func hash(into hasher: inout Hasher) {
        withDecimal { decimal in
            hasher.combine(decimal.isZero)
            guard !decimal.isZero else { return }
            hasher.combine(decimal.isNegative)
            hasher.combine(decimal.magnitude)
            for index in 0..<decimal.count { hasher.combine(decimal.digit(index)) }
        }
    }

    /// The number's text.
    public var description: String { text }
}
