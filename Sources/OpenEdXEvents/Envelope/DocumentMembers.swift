/// The members of an envelope's document, in order: for what is asked for seldom, such as findings and extensions.
///
/// The document was validated, so that the walk need not fail; all reads are checked nevertheless.
struct DocumentMembers: Sequence, IteratorProtocol {
    struct Member {
        /// The name without quotes and escapes.
        let name: String
        /// Where the value stands, with its quotes.
        let value: Range<Int>
    }

    private let document: [UInt8]
    private var position: Int

    /// - Parameter document: A valid JSON document whose value is an object.
    init(_ document: [UInt8]) {
        self.document = document
        position = (document.firstIndex(of: Byte.leftBrace) ?? document.count) + 1
    }

    mutating func next() -> Member? {
        guard skipTo(Byte.quote) else { return nil }
        let name = stringContents()
        guard skipTo(Byte.colon) else { return nil }
        position += 1
        skipSpace()
        let start = position
        skipValue()
        return Member(name: Self.text(document[name]), value: start..<position)
    }

    /// The text of a string's contents.
    static func text(_ contents: ArraySlice<UInt8>) -> String {
        guard contents.contains(Byte.backslash) else { return String(decoding: contents, as: UTF8.self) }
        return contents.withUnsafeBufferPointer { String(decoding: [UInt8](unescaping: $0), as: UTF8.self) }
    }

    /// The value at the range as an attribute; `nil` for JSON's `null`, which is an absent attribute (rule 37).
    static func value(_ range: Range<Int>, in document: [UInt8]) -> RawAttribute.Value? {
        let bytes = document[range]
        switch bytes.first {
        case Byte.quote: return .string(text(bytes.dropFirst().dropLast()))
        case UInt8(ascii: "t"): return .boolean(true)
        case UInt8(ascii: "f"): return .boolean(false)
        case UInt8(ascii: "n"): return nil
        case Byte.leftBrace, Byte.leftBracket: return .impossible
        default: return Int32(String(decoding: bytes, as: UTF8.self)).map { .integer($0) } ?? .impossible
        }
    }

    private mutating func skipSpace() {
        while position < document.count, document[position] <= 0x20 { position += 1 }
    }

    /// Moves to the next byte of that kind within the object; `false` at its end.
    private mutating func skipTo(_ byte: UInt8) -> Bool {
        while position < document.count, document[position] != byte {
            if document[position] == Byte.rightBrace { return false }
            position += 1
        }
        return position < document.count
    }

    /// Moves behind a string, and returns where its contents stand.
    private mutating func stringContents() -> Range<Int> {
        let start = position + 1
        position = start
        while position < document.count, document[position] != Byte.quote {
            position += document[position] == Byte.backslash ? 2 : 1
        }
        let end = Swift.min(position, document.count)
        position = end + 1
        return Swift.min(start, end)..<end
    }

    private mutating func skipValue() {
        var depth = 0
        while position < document.count {
            switch document[position] {
            case Byte.quote:
                _ = stringContents()
                if depth == 0 { return }
                continue
            case Byte.leftBrace, Byte.leftBracket: depth += 1
            case Byte.rightBrace, Byte.rightBracket:
                if depth == 0 { return }
                depth -= 1
                if depth == 0 {
                    position += 1
                    return
                }
            case Byte.comma, 0x20, 0x09, 0x0A, 0x0D:
                if depth == 0 { return }
            default: break
            }
            position += 1
        }
    }
}
