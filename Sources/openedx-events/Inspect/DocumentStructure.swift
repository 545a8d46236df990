import OpenEdXEvents

extension EventSplitter {
    /// How far a document has come, by its brackets and strings alone: enough to find its end.
    struct Structure {
        private enum Kind {
            case unknown
            case container
            case scalar
        }

        private var kind = Kind.unknown
        private var isInString = false
        private var isEscaped = false
        private var isBroken = false
        /// The last byte that is no white space.
        private var last: UInt8 = 0
        /// For each open container whether it is an array; the deepest of a document too deep to be read are left out.
        private var arrays: [Bool] = []
        private var depth = 0

        /// Whether it is no object and no array: such a document ends with its line.
        var isScalar: Bool { kind != .container }

        /// Whether a comma or bracket here belongs to what is around the document.
        var isFlat: Bool { kind == .scalar && !isInString }

        /// Whether the document is beyond repair if an object follows here.
        var cannotTakeValue: Bool {
            if isBroken || isInString { return true }
            switch last {
            case Byte.colon, Byte.leftBracket: return false
            case Byte.comma: return arrays.last != true
            default: return true
            }
        }

        /// Takes the next byte; returns whether it closes the document.
        mutating func take(_ byte: UInt8) -> Bool {
            if isInString {
                if isEscaped {
                    isEscaped = false
                } else if byte == Byte.backslash {
                    isEscaped = true
                } else if byte == Byte.quote {
                    isInString = false
                    last = byte
                }
                return false
            }
            // A byte order mark is an error that the document's reader reports; it hides nothing.
            if kind == .unknown, byte != 0xEF, byte != 0xBB, byte != 0xBF {
                kind = byte == Byte.leftBrace || byte == Byte.leftBracket ? .container : .scalar
            }
            if byte > 0x20 { last = byte }
            if byte == Byte.quote { isInString = true }
            return kind == .container && nest(byte)
        }

        private mutating func nest(_ byte: UInt8) -> Bool {
            switch byte {
            case Byte.leftBrace, Byte.leftBracket:
                depth += 1
                if depth <= JSONScanner.maximumDepth { arrays.append(byte == Byte.leftBracket) }
            case Byte.rightBrace, Byte.rightBracket:
                if depth <= arrays.count, arrays.popLast() != (byte == Byte.rightBracket) { isBroken = true }
                depth -= 1
                return depth == 0
            default: break
            }
            return false
        }

        /// Notes the end of a line, which no string goes over.
        mutating func breakLine() {
            if isInString { isBroken = true }
        }
    }
}
