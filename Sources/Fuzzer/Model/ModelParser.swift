/// What the grammar says of a document.
struct GrammarVerdict {
    /// The value, if the document is JSON but for the leniencies noted here.
    var value: JSONModel?
    /// A comma stands before a closing bracket: Foundation takes it, RFC 8259 does not.
    var hasTrailingComma = false
    /// A name stands twice in an object: Foundation keeps the last, we refuse.
    var hasDuplicateName = false
    /// The document begins with a byte order mark: Foundation skips it, RFC 8259 says that it must not be there.
    var hasByteOrderMark = false
    /// Whether Foundation reads the bytes as UTF-16 or UTF-32, which RFC 8259 forbids: then they are never our JSON.
    var isOtherEncoding = false

    /// Whether the document is JSON as RFC 8259 has it, with names that are different, nested at most 512 deep.
    var isValid: Bool {
        value != nil && !hasTrailingComma && !hasDuplicateName && !hasByteOrderMark && !isOtherEncoding
    }

    /// Whether Foundation is to take the document; `nil` where it reads another encoding.
    var isValidForFoundation: Bool? {
        isOtherEncoding ? nil : value.map { !Self.holdsHugeNumber($0) } ?? false
    }

    /// Whether a number is too large for a double: Foundation refuses it, RFC 8259's grammar does not.
    ///
    /// Foundation looks at those numbers only that are in its result: not at one whose name stands once more in its
    /// object, where names are compared as Swift compares text, by canonical equivalence.
    private static func holdsHugeNumber(_ model: JSONModel) -> Bool {
        switch model {
        case .number(let text): Double(String(decoding: text, as: UTF8.self))?.isInfinite ?? false
        case .array(let elements): elements.contains(where: holdsHugeNumber)
        case .object(let members):
            Dictionary(
                members.map { (String(decoding: $0.name, as: UTF8.self), $0.value) }, uniquingKeysWith: { $1 }
            ).values.contains(where: holdsHugeNumber)
        case .null, .bool, .string: false
        }
    }
}

/// RFC 8259's grammar again, written to be plainly right and not to be fast, and sharing no code with the library.
struct ModelParser {
    private static let maximumDepth = 512

    private let bytes: [UInt8]
    private var position = 0
    private var verdict = GrammarVerdict()

    private init(_ bytes: [UInt8]) { self.bytes = bytes }

    /// The document does not follow the grammar.
    private struct Refused: Error {}

    static func judge(_ bytes: [UInt8]) -> GrammarVerdict {
        var parser = ModelParser(bytes)
        parser.verdict.isOtherEncoding = looksLikeOtherEncoding(bytes)
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            parser.verdict.hasByteOrderMark = true
            parser.position = 3
        }
        do throws(Refused) {
            parser.skipSpace()
            let value = try parser.value(depth: 0)
            parser.skipSpace()
            if parser.position == bytes.count { parser.verdict.value = value }
        } catch {}
        return parser.verdict
    }

    /// Foundation's way to tell an encoding: a byte order mark, or where there are zeros among the first bytes.
    private static func looksLikeOtherEncoding(_ bytes: [UInt8]) -> Bool {
        bytes.prefix(4).contains(0) || bytes.starts(with: [0xFE, 0xFF]) || bytes.starts(with: [0xFF, 0xFE])
    }

    private var next: UInt8? { position < bytes.count ? bytes[position] : nil }

    private mutating func take(_ byte: Character) -> Bool {
        guard next == byte.asciiValue else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace() {
        while let byte = next, [0x20, 0x09, 0x0A, 0x0D].contains(byte) { position += 1 }
    }

    private mutating func value(depth: Int) throws(Refused) -> JSONModel {
        switch next {
        case UInt8(ascii: "{"): return try object(depth: depth + 1)
        case UInt8(ascii: "["): return try array(depth: depth + 1)
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try literal("true", .bool(true))
        case UInt8(ascii: "f"): return try literal("false", .bool(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        default: return try number()
        }
    }

    private mutating func literal(_ text: String, _ value: JSONModel) throws(Refused) -> JSONModel {
        guard bytes[position...].starts(with: text.utf8) else { throw Refused() }
        position += text.utf8.count
        return value
    }

    private mutating func array(depth: Int) throws(Refused) -> JSONModel {
        guard depth <= Self.maximumDepth else { throw Refused() }
        position += 1
        var elements: [JSONModel] = []
        skipSpace()
        if take("]") { return .array([]) }
        while true {
            elements.append(try value(depth: depth))
            skipSpace()
            if take("]") { return .array(elements) }
            guard take(",") else { throw Refused() }
            skipSpace()
            if take("]") {
                verdict.hasTrailingComma = true
                return .array(elements)
            }
        }
    }

    private mutating func object(depth: Int) throws(Refused) -> JSONModel {
        guard depth <= Self.maximumDepth else { throw Refused() }
        position += 1
        var members: [JSONModel.Member] = []
        var names: Set<[UInt8]> = []
        skipSpace()
        if take("}") { return .object([]) }
        while true {
            guard next == UInt8(ascii: "\"") else { throw Refused() }
            let name = try string()
            if !names.insert(name).inserted { verdict.hasDuplicateName = true }
            skipSpace()
            guard take(":") else { throw Refused() }
            skipSpace()
            members.append(JSONModel.Member(name: name, value: try value(depth: depth)))
            skipSpace()
            if take("}") { return .object(members) }
            guard take(",") else { throw Refused() }
            skipSpace()
            if take("}") {
                verdict.hasTrailingComma = true
                return .object(members)
            }
        }
    }

    private mutating func number() throws(Refused) -> JSONModel {
        let start = position
        _ = take("-")
        if !take("0") { try digits() }
        if take(".") { try digits() }
        if take("e") || take("E") {
            if !take("+") { _ = take("-") }
            try digits()
        }
        let text = bytes[start..<position]
        return .number(Array(text))
    }

    private mutating func digits() throws(Refused) {
        let start = position
        while let byte = next, (0x30...0x39).contains(byte) { position += 1 }
        if position == start { throw Refused() }
    }

    private mutating func string() throws(Refused) -> [UInt8] {
        position += 1
        var text: [UInt8] = []
        while let byte = next {
            position += 1
            switch byte {
            case UInt8(ascii: "\""):
                guard String(validating: text, as: UTF8.self) != nil else { throw Refused() }
                return text
            case 0..<0x20: throw Refused()
            case UInt8(ascii: "\\"): text += Array(String(Character(try escape())).utf8)
            default: text.append(byte)
            }
        }
        throw Refused()
    }

    private mutating func escape() throws(Refused) -> Unicode.Scalar {
        guard let letter = next else { throw Refused() }
        position += 1
        switch letter {
        case UInt8(ascii: "\""): return "\""
        case UInt8(ascii: "\\"): return "\\"
        case UInt8(ascii: "/"): return "/"
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"):
            let high = try codeUnit()
            // A scalar exists for everything but surrogates.
            if let scalar = Unicode.Scalar(high) { return scalar }
            guard (0xD800..<0xDC00).contains(high), take("\\"), take("u") else { throw Refused() }
            let low = try codeUnit()
            guard (0xDC00..<0xE000).contains(low),
                let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) * 0x400 + (low - 0xDC00))
            else { throw Refused() }
            return scalar
        default: throw Refused()
        }
    }

    private mutating func codeUnit() throws(Refused) -> UInt32 {
        guard bytes.count - position >= 4 else { throw Refused() }
        let digits = bytes[position..<position + 4]
        guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit && $0 < 0x80 }),
            let unit = UInt32(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw Refused() }
        position += 4
        return unit
    }
}
