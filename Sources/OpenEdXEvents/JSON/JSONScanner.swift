/// Validates JSON in one pass and finds where values end, without allocating.
///
/// It takes RFC 8259's grammar to the letter: UTF-8 without overlong forms or surrogates, no byte order mark, escaped
/// surrogates only in pairs, no name twice in one object, at most ``maximumDepth`` arrays and objects in each other.
///
/// Functions take a position and return the one after what they read, or `nil` after they noted a failure. Safety: all
/// positions lie in `start...end`, which the caller of ``validate(_:)`` or ``withScanner(over:_:)`` lends for the call;
/// a byte is read only after its position was compared with `end`, a word only if all of it lies before `end`.
package struct JSONScanner: ~Copyable {
    /// How many arrays and objects may be nested in each other.
    package static let maximumDepth = 512

    package let start: BytePointer
    package let end: BytePointer
    /// The first failure.
    package private(set) var failure: JSONError?
    /// The names of the objects that are open.
    package var names: NameTable
    /// How many escapes were met in strings.
    package var escapes = 0

    @inline(__always)
    init(_ bytes: UnsafeBufferPointer<UInt8>, names: consuming NameTable) {
        // A pointer that is never read: start and end are the same.
        start = bytes.baseAddress ?? BytePointer(bitPattern: 1).unsafelyUnwrapped
        end = start + bytes.count
        failure = nil
        self.names = names
    }

    /// A scanner of strings alone: there is no room for names.
    @inline(__always)
    init(stringsOf bytes: UnsafeBufferPointer<UInt8>) {
        // Never read nor written.
        self.init(bytes, names: NameTable(entries: UnsafeMutablePointer(bitPattern: 8).unsafelyUnwrapped))
    }

    /// Lends a scanner over the bytes, which may be up to 2 GiB.
    @inline(__always)
    package static func withScanner<R>(
        over bytes: UnsafeBufferPointer<UInt8>, _ body: (inout JSONScanner) -> R
    ) -> R {
        withUnsafeTemporaryAllocation(of: NameTable.Entry.self, capacity: NameTable.capacity) { entries in
            var scanner = JSONScanner(bytes, names: NameTable(entries: entries.baseAddress.unsafelyUnwrapped))
            return body(&scanner)
        }
    }

    /// The first failure of a document, `nil` if it is valid JSON: one value with white space around it.
    ///
    /// - Parameter depth: how many arrays and objects hold the value.
    package static func validate(_ bytes: UnsafeBufferPointer<UInt8>, depth: Int = 0) -> JSONError? {
        guard bytes.count <= Int(Int32.max) else { return JSONError(.tooLarge, offset: Int(Int32.max)) }
        return withScanner(over: bytes) { scanner in
            if let begin = scanner.documentStart(), let after = scanner.value(begin, depth: depth, names: 0) {
                scanner.documentEnd(after)
            }
            return scanner.failure
        }
    }

    /// Where the document's value begins: after white space, and refusing a byte order mark.
    @inline(__always)
    package mutating func documentStart() -> BytePointer? {
        let first = skipSpace(start)
        if first < end, first.pointee == 0xEF, start.distance(to: end) >= 3, start[0] == 0xEF, start[1] == 0xBB,
            start[2] == 0xBF
        {
            return fail(.byteOrderMark, start)
        }
        return first
    }

    /// Refuses anything but white space after the document.
    @inline(__always)
    package mutating func documentEnd(_ position: BytePointer) {
        let last = skipSpace(position)
        if last < end { _ = fail(.trailingBytes, last) }
    }

    /// The offset of a position in the document.
    @inline(__always)
    package func offset(_ position: BytePointer) -> Int { start.distance(to: position) }

    /// Notes a failure; only the first counts.
    @inline(never)
    package mutating func fail(_ code: JSONError.Code, _ position: BytePointer) -> BytePointer? {
        if failure == nil { failure = JSONError(code, offset: offset(position)) }
        return nil
    }

    /// Notes a failure about the byte at a position, or about the end of the document.
    @inline(never)
    package mutating func failUnexpected(_ position: BytePointer) -> BytePointer? {
        fail(position < end ? .unexpectedByte : .unexpectedEnd, position)
    }

    /// The first position that is not white space.
    @inline(__always)
    package func skipSpace(_ position: BytePointer) -> BytePointer {
        if position < end, position.pointee > 0x20 { return position }
        return Self.skipMoreSpace(position, before: end)
    }

    // Static, so that the scanner need not be copied for a call that is not inlined.
    @inline(never)
    private static func skipMoreSpace(_ position: BytePointer, before end: BytePointer) -> BytePointer {
        var position = position
        while position < end {
            let byte = position.pointee
            guard byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 else { break }
            position += 1
        }
        return position
    }
}

// MARK: - Values

extension JSONScanner {
    /// Validates the value that begins at the position, which must not be white space.
    ///
    /// - Parameters:
    ///   - depth: How many arrays and objects hold the value.
    ///   - names: How many names the objects that hold it have on the stack.
    @inline(__always)
    package mutating func value(_ position: BytePointer, depth: Int, names: Int) -> BytePointer? {
        guard position < end else { return failUnexpected(position) }
        let byte = position.pointee
        if byte == Byte.quote { return string(position + 1) }
        switch byte {
        case Byte.leftBrace: return object(position + 1, depth: depth + 1, names: names)
        case Byte.leftBracket: return array(position + 1, depth: depth + 1, names: names)
        case 0x30...0x39, Byte.minus: return number(position)
        default: return literal(position)
        }
    }

    /// Validates the members of an object from behind its `{`, to behind its `}`.
    @inline(never)
    private mutating func object(_ position: BytePointer, depth: Int, names: Int) -> BytePointer? {
        guard depth <= Self.maximumDepth else { return fail(.tooDeep, position - 1) }
        var position = skipSpace(position)
        if position < end, position.pointee == Byte.rightBrace { return position + 1 }
        var scope = NameTable.Scope(first: names)
        while true {
            guard let (name, begin) = member(position), insert(name, into: &scope),
                let after = value(begin, depth: depth, names: scope.count)
            else { return nil }
            if after.distance(to: end) >= 2, after.pointee == Byte.comma, after[1] > 0x20 {
                position = after + 1
                continue
            }
            position = skipSpace(after)
            guard position < end else { return failUnexpected(position) }
            if position.pointee == Byte.comma {
                position = skipSpace(position + 1)
            } else if position.pointee == Byte.rightBrace {
                return position + 1
            } else {
                return failUnexpected(position)
            }
        }
    }

    /// Validates the elements of an array from behind its `[`, to behind its `]`.
    @inline(never)
    private mutating func array(_ position: BytePointer, depth: Int, names: Int) -> BytePointer? {
        guard depth <= Self.maximumDepth else { return fail(.tooDeep, position - 1) }
        var position = skipSpace(position)
        if position < end, position.pointee == Byte.rightBracket { return position + 1 }
        while true {
            guard let after = value(position, depth: depth, names: names) else { return nil }
            position = skipSpace(after)
            guard position < end else { return failUnexpected(position) }
            if position.pointee == Byte.comma {
                position = skipSpace(position + 1)
            } else if position.pointee == Byte.rightBracket {
                return position + 1
            } else {
                return failUnexpected(position)
            }
        }
    }

    /// Validates `true`, `false` or `null`; anything else is a failure at the byte that differs.
    @inline(never)
    private mutating func literal(_ position: BytePointer) -> BytePointer? {
        if position.distance(to: end) >= 4 {
            if position.halfWord == 0x6575_7274 || position.halfWord == 0x6C6C_756E { return position + 4 }
        }
        let text: StaticString
        switch position.pointee {
        case UInt8(ascii: "t"): text = "true"
        case UInt8(ascii: "f"): text = "false"
        case UInt8(ascii: "n"): text = "null"
        default: return failUnexpected(position)
        }
        for index in 0..<text.utf8CodeUnitCount {
            let here = position + index
            guard here < end, here.pointee == text.utf8Start[index] else { return failUnexpected(here) }
        }
        return position + text.utf8CodeUnitCount
    }

    /// Validates a number of any size and precision.
    @inline(never)
    private mutating func number(_ position: BytePointer) -> BytePointer? {
        let end = end
        var position = position
        if position.pointee == Byte.minus { position += 1 }
        guard position < end, Byte.isDigit(position.pointee) else { return failNumber(position) }
        if position.pointee == Byte.zero {
            position += 1
            if position < end, Byte.isDigit(position.pointee) { return failNumber(position) }
        } else {
            position = Self.skipDigits(position, before: end)
        }
        if position < end, position.pointee == Byte.dot {
            position += 1
            guard position < end, Byte.isDigit(position.pointee) else { return failNumber(position) }
            position = Self.skipDigits(position, before: end)
        }
        if position < end, position.pointee | 0x20 == UInt8(ascii: "e") {
            position += 1
            if position < end, position.pointee == Byte.plus || position.pointee == Byte.minus { position += 1 }
            guard position < end, Byte.isDigit(position.pointee) else { return failNumber(position) }
            position = Self.skipDigits(position, before: end)
        }
        return position
    }

    @inline(__always)
    private static func skipDigits(_ position: BytePointer, before end: BytePointer) -> BytePointer {
        var position = position
        while position < end, Byte.isDigit(position.pointee) { position += 1 }
        return position
    }

    @inline(never)
    private mutating func failNumber(_ position: BytePointer) -> BytePointer? {
        fail(position < end ? .invalidNumber : .unexpectedEnd, position)
    }
}
