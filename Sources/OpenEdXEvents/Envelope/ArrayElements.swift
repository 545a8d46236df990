/// Where the elements of a JSON array stand.
///
/// The array need not be valid within its elements: only strings and brackets are followed, and every element is to be
/// validated on its own.
struct ArrayElements {
    /// The elements, without white space around them; an empty range stands for one that is missing.
    private(set) var ranges: [Range<Int>] = []
    /// Where the array ends too early, or something follows it.
    private(set) var failure: Int?

    private let document: [UInt8]
    private var position: Int

    /// `nil` if the document does not begin with a bracket.
    init?(_ document: [UInt8]) {
        guard let first = document.firstIndex(where: { !Self.isSpace($0) }), document[first] == Byte.leftBracket else {
            return nil
        }
        self.document = document
        position = first + 1
        skipSpace()
        if position < document.count, document[position] == Byte.rightBracket {
            position += 1
        } else {
            readElements()
        }
        skipSpace()
        if failure == nil, position < document.count { failure = position }
    }

    private mutating func readElements() {
        while true {
            skipSpace()
            let start = position
            skipElement()
            var end = position
            while end > start, Self.isSpace(document[end - 1]) { end -= 1 }
            ranges.append(start..<end)
            guard position < document.count else {
                failure = document.count
                return
            }
            position += 1
            if document[position - 1] == Byte.rightBracket { return }
        }
    }

    /// Moves to the comma or bracket that ends the element.
    private mutating func skipElement() {
        var depth = 0
        while position < document.count {
            switch document[position] {
            case Byte.quote: skipString()
            case Byte.leftBrace, Byte.leftBracket: depth += 1
            case Byte.rightBracket where depth == 0, Byte.comma where depth == 0: return
            case Byte.rightBrace, Byte.rightBracket: depth = max(depth - 1, 0)
            default: break
            }
            position += 1
        }
        position = document.count
    }

    /// Moves to the quote that ends a string.
    private mutating func skipString() {
        position += 1
        while position < document.count, document[position] != Byte.quote {
            position += document[position] == Byte.backslash ? 2 : 1
        }
    }

    private mutating func skipSpace() {
        while position < document.count, Self.isSpace(document[position]) { position += 1 }
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}
