extension JSONReader {
    /// The arrays and objects that are open, for a reader of bytes that were not validated.
    ///
    /// Such a reader validates while it reads, so that the bytes are gone through once. It knows one form only: compact,
    /// with the members of each object in the order of the list of names, each at most once. There a value begins where
    /// one was announced and nowhere else, and a name, a comma or a bracket where none was: with that and the brackets in
    /// their order, whatever it reads to the end is JSON, whichever way a coder goes about it. For everything else it
    /// throws, and the bytes are read again with the scanner before, which tells what is wrong with them, if anything is.
    struct Nesting {
        /// A bit for each that is open, the innermost lowest, set for an array; above them a bit that is always set.
        private var bits: UInt64 = 1

        /// As many as may be open: each object has a slot of its own for what is expected next.
        private static let limit: UInt64 = 1 << 14

        /// False if there are too many.
        @inline(__always)
        mutating func beginObject() -> Bool {
            guard bits < Self.limit else { return false }
            bits &<<= 1
            return true
        }

        /// False if there are too many.
        @inline(__always)
        mutating func beginArray() -> Bool {
            guard bits < Self.limit else { return false }
            bits = bits &<< 1 | 1
            return true
        }

        /// Ends the innermost one.
        @inline(__always)
        mutating func end() { bits &>>= 1 }

        var isObject: Bool { bits & 1 == 0 }
        var isArray: Bool { bits & 1 == 1 && bits != 1 }
        var isClosed: Bool { bits == 1 }
        var depth: Int { 63 - bits.leadingZeroBitCount }
    }

    /// The byte with which a value begins, or any other where there is none; 0 at the end.
    @inline(__always)
    mutating func valueStart() -> UInt8 {
        if isStrict { return position == pending && position < end ? position.pointee : 0 }
        return peek()
    }

    /// Whether a member or the end of an object may stand here, where no value is announced.
    @inline(__always)
    func isMemberStart(_ here: BytePointer) -> Bool {
        guard nesting.isObject else { return false }
        switch here.pointee {
        // An object is open, so there is a byte before.
        case Byte.quote: return here[-1] == Byte.leftBrace
        case Byte.comma: return here[-1] != Byte.leftBrace
        case Byte.rightBrace: return true
        default: return false
        }
    }

    /// Whether an element or the end of an array may stand here.
    @inline(__always)
    func isElementStart(_ here: BytePointer) -> Bool {
        guard nesting.isArray, here < end, here != pending else { return false }
        switch here.pointee {
        case Byte.rightBracket: return true
        case Byte.comma: return here[-1] != Byte.leftBracket
        default: return here[-1] == Byte.leftBracket
        }
    }

    /// Whether the literal stands at the position.
    @inline(__always)
    func holdsLiteral(_ literal: StaticString) -> Bool {
        let count = literal.utf8CodeUnitCount
        guard position.distance(to: end) >= count else { return false }
        return holdSameBytes(
            UnsafeBufferPointer(start: position, count: count),
            UnsafeBufferPointer(start: literal.utf8Start, count: count))
    }

    /// Moves over the value that begins at the position, and validates it.
    @inline(never)
    mutating func scanValue() throws(PayloadError) {
        guard position == pending, position < end else { throw notAtOnce() }
        // The data is within the envelope.
        let depth = nesting.depth + 1
        let after = JSONScanner.withScanner(
            over: UnsafeBufferPointer(start: position, count: position.distance(to: end))
        ) {
            $0.value($0.start, depth: depth, names: 0)
        }
        guard let after else { throw notAtOnce() }
        position = after
    }

    /// Moves over a string with escapes, with more than ASCII, or near the end, and validates what is not plain ASCII.
    @inline(never)
    mutating func scannedContents(
        from first: BytePointer, at here: BytePointer
    ) throws(PayloadError) -> StringContents {
        var scanner = JSONScanner(stringsOf: UnsafeBufferPointer(start: first, count: first.distance(to: end)))
        guard let after = scanner.string(here) else { throw notAtOnce() }
        position = after
        return StringContents(
            bytes: UnsafeBufferPointer(start: first, count: first.distance(to: after) - 1),
            isEscaped: scanner.escapes > 0, isASCII: false)
    }

    /// The error of bytes that have to be read in another way. Nobody gets to see it.
    @inline(never)
    func notAtOnce() -> PayloadError { PayloadError(.misuse, offset: offset, "not read at once") }
}
