/// Where an attribute's value stands in a document, and what kind of JSON it is.
package struct ScannedAttribute: BitwiseCopyable, Sendable, Hashable {
    /// What kind of value it is.
    package enum Kind: UInt8, BitwiseCopyable, Sendable {
        case absent, null, string, number, boolean, object, array
    }

    private let start: UInt32
    private let count: UInt32
    /// What kind of value it is.
    package let kind: Kind
    /// Whether a string holds escapes.
    package let isEscaped: Bool

    /// An attribute that is not there.
    @inline(__always)
    package static var absent: ScannedAttribute {
        ScannedAttribute(start: 0, count: 0, kind: .absent, isEscaped: false)
    }

    @inline(__always)
    init(start: Int, count: Int, kind: Kind, isEscaped: Bool) {
        self.start = UInt32(truncatingIfNeeded: start)
        self.count = UInt32(truncatingIfNeeded: count)
        self.kind = kind
        self.isEscaped = isEscaped
    }

    /// Where it stands: a string's contents without quotes, any other value as it is.
    package var range: Range<Int> { Int(start)..<Int(start) + Int(count) }

    /// Whether the attribute is not there; JSON's `null` is the same (rule 37).
    package var isAbsent: Bool { kind == .absent || kind == .null }

    /// Whether it is a string.
    package var isString: Bool { kind == .string }
}
