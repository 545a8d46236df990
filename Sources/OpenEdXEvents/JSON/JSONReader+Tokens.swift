extension JSONReader {
    /// Moves over white space, and returns the byte there without moving over it; 0 at the end.
    @inline(__always)
    mutating func peek() -> UInt8 {
        guard position < end else { return 0 }
        let byte = position.pointee
        return byte > 0x20 ? byte : peekBehindSpace()
    }

    @inline(never)
    private mutating func peekBehindSpace() -> UInt8 {
        while position < end, position.pointee <= 0x20 { position += 1 }
        return position < end ? position.pointee : 0
    }

    /// Moves over a value and returns its bytes.
    package mutating func valueBytes() throws(PayloadError) -> UnsafeBufferPointer<UInt8> {
        let first = valueStart()
        let begin = position
        if isStrict {
            try scanValue()
            return UnsafeBufferPointer(start: begin, count: begin.distance(to: position))
        }
        switch first {
        case Byte.quote: skipString()
        case Byte.leftBrace, Byte.leftBracket: skipContainer()
        case 0x30...0x39, Byte.minus: skipNumber()
        case UInt8(ascii: "t"), UInt8(ascii: "n"): position += 4
        case UInt8(ascii: "f"): position += 5
        default: throw misuse("a value was asked for where none begins")
        }
        return UnsafeBufferPointer(start: begin, count: begin.distance(to: position))
    }

    /// Moves over an array or object: validated, so its brackets match, and only their number counts.
    private mutating func skipContainer() {
        var open = 0
        repeat {
            switch position.pointee {
            case Byte.quote:
                skipString()
                continue
            case Byte.leftBrace, Byte.leftBracket: open += 1
            case Byte.rightBrace, Byte.rightBracket: open -= 1
            default: break
            }
            position += 1
        } while open > 0
    }

    @inline(__always)
    private mutating func skipString() {
        position += 1
        skipPlainText()
        while position.pointee == Byte.backslash {
            position += 2
            skipPlainText()
        }
        position += 1
    }

    /// Moves over a number: validated, so it ends where no byte of a number follows.
    @inline(__always)
    mutating func skipNumber() {
        while position < end {
            switch position.pointee {
            case 0x30...0x39, Byte.minus, Byte.plus, Byte.dot, UInt8(ascii: "e"), UInt8(ascii: "E"): position += 1
            default: return
            }
        }
    }
}
