extension JSONScanner {
    /// A name in an object, as it was scanned.
    package struct Name {
        /// The first byte behind the opening quote.
        package let start: BytePointer
        /// The position behind the closing quote.
        package let after: BytePointer
        /// How long the name is in UTF-8, unescaped.
        package let count: Int
        /// Whether it holds an escape.
        package let isEscaped: Bool
        /// Its first 8 bytes, unescaped, filled up with zeros.
        package let head: UInt64
        /// Its last 8 bytes, unescaped; for a shorter name the same as `head`. A name of up to 16 bytes is told
        /// exactly by `count`, `head` and `tail`.
        package let tail: UInt64

        @inline(__always)
        fileprivate init(_ start: BytePointer, _ after: BytePointer, count: Int, head: UInt64, tail: UInt64) {
            self.start = start
            self.after = after
            self.count = count
            isEscaped = false
            self.head = head
            self.tail = tail
        }

        @inline(never)
        fileprivate init(_ start: BytePointer, _ after: BytePointer, isEscaped: Bool) {
            self.start = start
            self.after = after
            self.isEscaped = isEscaped
            let raw = UnsafeBufferPointer(start: start, count: start.distance(to: after) - 1)
            (count, head, tail) = isEscaped ? Self.measure(Array(unescaping: raw)) : Self.measure(raw)
        }

        private static func measure(_ bytes: some Collection<UInt8>) -> (Int, UInt64, UInt64) {
            var head: UInt64 = 0
            for (index, byte) in bytes.prefix(8).enumerated() { head |= UInt64(byte) << (8 * index) }
            guard bytes.count > 8 else { return (bytes.count, head, head) }
            var tail: UInt64 = 0
            for (index, byte) in bytes.suffix(8).enumerated() { tail |= UInt64(byte) << (8 * index) }
            return (bytes.count, head, tail)
        }

        /// A hash without a seed, the same for names that are the same when unescaped.
        @inline(__always)
        var hash: UInt64 {
            (head ^ (tail &<< 23 | tail &>> 41) ^ UInt64(truncatingIfNeeded: count)) &* 0x9E37_79B9_7F4A_7C15
        }
    }

    /// Validates a name from its opening quote on and the colon behind it, and finds where the value begins.
    @inline(__always)
    package mutating func member(_ position: BytePointer) -> (name: Name, value: BytePointer)? {
        // One check is enough for the quote, a block, the colon and the first byte of the value.
        if position.distance(to: end) >= 32, position.pointee == Byte.quote {
            let start = position + 1
            let count = firstSpecial(start.block)
            let after = start + count + 1
            if count < 16, start[count] == Byte.quote, after.pointee == Byte.colon, after[1] > 0x20 {
                if count < 8 {
                    let head = start.word & ((1 &<< (8 &* UInt64(truncatingIfNeeded: count))) &- 1)
                    return (Name(start, after, count: count, head: head, tail: head), after + 1)
                }
                let tail = (start + count - 8).word
                return (Name(start, after, count: count, head: start.word, tail: tail), after + 1)
            }
        }
        return otherMember(position)
    }

    /// Validates a member's name that is long, escaped, not ASCII, near the end, or has white space behind it.
    @inline(never)
    private mutating func otherMember(_ position: BytePointer) -> (name: Name, value: BytePointer)? {
        guard position < end, position.pointee == Byte.quote else {
            _ = failUnexpected(position)
            return nil
        }
        guard let name = otherName(position + 1) else { return nil }
        let colon = skipSpace(name.after)
        guard colon < end, colon.pointee == Byte.colon else {
            _ = failUnexpected(colon)
            return nil
        }
        return (name, skipSpace(colon + 1))
    }

    private mutating func otherName(_ start: BytePointer) -> Name? {
        let escapesBefore = escapes
        guard let after = string(start) else { return nil }
        return Name(start, after, isEscaped: escapes != escapesBefore)
    }

    /// Notes a name in its object; one that stands there already is a failure at the second.
    @inline(__always)
    package mutating func insert(_ name: Name, into scope: inout NameTable.Scope) -> Bool {
        let hash = name.hash
        let bit = 1 &<< (hash &>> 58)
        if scope.mask & bit == 0, scope.count < scope.limit {
            scope.mask |= bit
            names.entries[scope.count] = NameTable.Entry(hash: hash, offset: offset(name.start))
            scope.count &+= 1
            return true
        }
        let key = NameTable.Key(name.start, before: name.after - 1, isEscaped: name.isEscaped)
        // By value, so that the scope stays in registers.
        guard let longer = insertCarefully(key, hash, scope) else { return false }
        scope = longer
        return true
    }

    /// Compares a name with those that stand before it in its object.
    @inline(never)
    private mutating func insertCarefully(
        _ key: NameTable.Key, _ hash: UInt64, _ scope: NameTable.Scope
    ) -> NameTable.Scope? {
        var scope = scope
        if names.isNew(key, hash: hash, in: &scope, of: start) { return scope }
        _ = fail(.duplicateName, key.start - 1)
        return nil
    }
}
