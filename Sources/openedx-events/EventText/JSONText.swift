import OpenEdXEvents

/// Writes a sound JSON document anew, on one line or laid out, without the values that are not to be shown: pure.
///
/// Numbers and strings stay as they are written, so that nothing is lost or rounded.
struct JSONText {
    enum Layout: Hashable, Sendable {
        /// Everything on one line, without white space.
        case line
        /// A member a line, each line with so many blanks before it; what could move a cursor is escaped.
        case indented(Int)
    }

    let layout: Layout
    var style = TextStyle.plain
    /// Whether the member at a path is shown as a mask.
    var isMasked: ([String]) -> Bool = { _ in false }

    /// The document, which must be valid JSON, written anew.
    func write(_ document: [UInt8]) -> [UInt8] {
        var pass = Pass(document, self)
        pass.value([])
        return pass.output
    }

    /// One way through a document. Safety of indices: the document is valid, and its end is checked all the same.
    private struct Pass {
        let input: [UInt8]
        let text: JSONText
        var output: [UInt8] = []
        var position = 0
        var depth = 0

        init(_ input: [UInt8], _ text: JSONText) {
            self.input = input
            self.text = text
            output.reserveCapacity(input.count + input.count / 4)
        }

        private var next: UInt8 { position < input.count ? input[position] : 0 }

        private mutating func skipSpace() {
            while position < input.count, input[position] <= 0x20 { position += 1 }
        }

        mutating func value(_ path: [String]) {
            skipSpace()
            switch next {
            case Byte.leftBrace: container(Byte.rightBrace, path)
            case Byte.leftBracket: container(Byte.rightBracket, path)
            case Byte.quote: paint(string(), TextStyle.green)
            default: paint(scalar(), TextStyle.yellow)
            }
        }

        private mutating func container(_ end: UInt8, _ path: [String]) {
            output.append(next)
            position += 1
            skipSpace()
            if next == end {
                position += 1
                output.append(end)
                return
            }
            depth += 1
            while position < input.count {
                breakLine()
                if end == Byte.rightBrace { member(path) } else { value(path) }
                skipSpace()
                guard next == Byte.comma else { break }
                position += 1
                output.append(Byte.comma)
            }
            depth -= 1
            breakLine()
            position += 1
            output.append(end)
        }

        private mutating func member(_ path: [String]) {
            skipSpace()
            let name = string()
            let path = path + [Self.text(name)]
            paint(name, TextStyle.blue)
            skipSpace()
            position += 1
            output.append(Byte.colon)
            if text.layout != .line { output.append(0x20) }
            skipSpace()
            guard next != UInt8(ascii: "n"), text.isMasked(path) else { return value(path) }
            skipValue()
            paint(Array("\"\(PersonalData.mask)\"".utf8)[...], TextStyle.red)
        }

        /// The string here with its quotes.
        private mutating func string() -> ArraySlice<UInt8> {
            let start = position
            position += 1
            while position < input.count, input[position] != Byte.quote {
                position += input[position] == Byte.backslash ? 2 : 1
            }
            position = min(position + 1, input.count)
            return input[start..<position]
        }

        private mutating func scalar() -> ArraySlice<UInt8> {
            let start = position
            while position < input.count, input[position] > 0x20, input[position] != Byte.comma,
                input[position] != Byte.rightBrace, input[position] != Byte.rightBracket
            {
                position += 1
            }
            return input[start..<position]
        }

        private mutating func skipValue() {
            var open = 0
            repeat {
                skipSpace()
                switch next {
                case Byte.quote: _ = string()
                case Byte.leftBrace, Byte.leftBracket:
                    open += 1
                    position += 1
                case Byte.rightBrace, Byte.rightBracket:
                    open -= 1
                    position += 1
                case Byte.comma, Byte.colon: position += 1
                default: _ = scalar()
                }
            } while open > 0 && position < input.count
        }

        /// The text of a name, without quotes and escapes.
        private static func text(_ name: ArraySlice<UInt8>) -> String {
            let contents = name.dropFirst().dropLast()
            guard contents.contains(Byte.backslash) else { return String(decoding: contents, as: UTF8.self) }
            return contents.withUnsafeBufferPointer { String(decoding: [UInt8](unescaping: $0), as: UTF8.self) }
        }

        private mutating func breakLine() {
            guard case .indented(let margin) = text.layout else { return }
            output.append(UInt8(ascii: "\n"))
            output += repeatElement(0x20, count: margin + 2 * depth)
        }

        private mutating func paint(_ token: ArraySlice<UInt8>, _ paint: (TextStyle) -> (String) -> String) {
            guard text.layout != .line else {
                output += token
                return
            }
            let shown = JSONText.shown(token)
            if text.style.isColored { output += paint(text.style)(shown).utf8 } else { output += shown.utf8 }
        }
    }

    /// A token with everything escaped, as JSON does it, that could move a terminal's cursor.
    private static func shown(_ token: ArraySlice<UInt8>) -> String {
        let text = String(decoding: token, as: UTF8.self)
        guard text.utf8.contains(where: { $0 >= 0x7F }) else { return text }
        var result = ""
        for scalar in text.unicodeScalars {
            if isUnprintable(scalar) {
                for unit in UTF16.encode(scalar) ?? UTF16.EncodedScalar() {
                    let digits = String(unit, radix: 16)
                    result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
                }
            } else {
                result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
