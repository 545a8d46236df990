extension JSONReader {
    /// The contents of a string, without its quotes.
    struct StringContents {
        let bytes: UnsafeBufferPointer<UInt8>
        let isEscaped: Bool
        /// Whether it is known to be ASCII; said only where it is not escaped.
        let isASCII: Bool
    }

    /// Reads a string.
    public mutating func readString() throws(PayloadError) -> String {
        guard valueStart() == Byte.quote else { throw wrongType("a string") }
        if let (text, end) = strings?.next(at: position + 1, before: end) {
            position = end
            return text
        }
        let contents = try stringContents()
        guard let strings else { return text(contents) }
        return strings.text(contents) { text(contents) }
    }

    @inline(__always)
    private func text(_ contents: StringContents) -> String {
        if contents.isEscaped { return unescapedString(contents.bytes) }
        return String(validated: contents.bytes, isASCII: contents.isASCII)
    }

    /// Lends the bytes of a string, unescaped, for the call.
    package mutating func withString<R>(
        _ body: (UnsafeBufferPointer<UInt8>) throws(PayloadError) -> R
    ) throws(PayloadError) -> R {
        guard valueStart() == Byte.quote else { throw wrongType("a string") }
        let contents = try stringContents()
        if contents.isEscaped {
            return try Array(unescaping: contents.bytes).withUnsafeBufferPointer(body)
        }
        return try body(contents.bytes)
    }

    @inline(never)
    private func unescapedString(_ bytes: UnsafeBufferPointer<UInt8>) -> String {
        // By way of a buffer: initializing a string in place validates it once more, which costs more than a copy.
        withUnsafeTemporaryAllocation(of: UInt8.self, capacity: bytes.count) { buffer in
            let text = UnsafeBufferPointer(rebasing: buffer.prefix(unescape(bytes, into: buffer)))
            return String(validated: text, isASCII: false)
        }
    }

    /// Moves over the string that begins at the position, which a quote begins. Validated, a quote ends it.
    @inline(__always)
    mutating func stringContents() throws(PayloadError) -> StringContents {
        let first = position + 1
        let end = end
        var here = first
        var isASCII = true
        while here.distance(to: end) >= 16 {
            let block = here.block
            let index = firstSpecial(block)
            here += index
            if index == 16 { continue }
            let byte = here.pointee
            if byte == Byte.quote {
                position = here + 1
                return StringContents(
                    bytes: UnsafeBufferPointer(start: first, count: first.distance(to: here)), isEscaped: false,
                    isASCII: isASCII)
            }
            if isStrict { return try scannedContents(from: first, at: here) }
            if byte == Byte.backslash { return escapedContents(from: first, at: here) }
            isASCII = false
            here = Self.skipNonASCII(here, before: end)
        }
        return isStrict ? try scannedContents(from: first, at: here) : escapedContents(from: first, at: here)
    }

    @inline(__always)
    private static func skipNonASCII(_ position: BytePointer, before end: BytePointer) -> BytePointer {
        var position = position
        repeat { position += 1 } while position < end && position.pointee >= 0x80
        return position
    }

    /// The same for a string with escapes, or near the end.
    @inline(never)
    private mutating func escapedContents(from first: BytePointer, at here: BytePointer) -> StringContents {
        position = here
        var isEscaped = false
        while true {
            skipPlainText()
            if position.pointee == Byte.quote { break }
            isEscaped = true
            position += 2
        }
        let bytes = UnsafeBufferPointer(start: first, count: first.distance(to: position))
        position += 1
        return StringContents(bytes: bytes, isEscaped: isEscaped, isASCII: false)
    }

    /// Moves to the next quote or backslash of a string.
    @inline(__always)
    mutating func skipPlainText() {
        while position.distance(to: end) >= 16 {
            let block = position.block
            let index = firstIndex((block .== sixteen(0x22)) .| (block .== sixteen(0x5C)))
            position += index
            if index < 16 { return }
        }
        while position.pointee != Byte.quote, position.pointee != Byte.backslash { position += 1 }
    }
}

extension String {
    /// The text of UTF-8 that was validated.
    @inline(__always)
    init(validated bytes: UnsafeBufferPointer<UInt8>, isASCII: Bool) {
        // Twice as fast as decoding, which validates once more.
        self = String(copying: UTF8Span(unchecked: bytes.span, isKnownASCII: isASCII))
    }
}
