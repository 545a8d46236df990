extension JSONScanner {
    /// Validates a string from behind its opening quote, to behind its closing quote.
    @inline(__always)
    package mutating func string(_ position: BytePointer) -> BytePointer? {
        let end = end
        var position = position
        while position.distance(to: end) >= 16 {
            let index = firstSpecial(position.block)
            position += index
            if index == 16 { continue }
            let byte = position.pointee
            if byte == Byte.quote { return position + 1 }
            if byte >= 0x80 { return stringBeyondASCII(position) }
            guard let after = special(position) else { return nil }
            position = after
        }
        return stringTail(position)
    }

    /// Validates the rest of a string from its first non-ASCII character on.
    ///
    /// First finds the end of the text, whatever UTF-8 it holds, and then validates the text: so the next token is
    /// found without waiting for that.
    @inline(never)
    private mutating func stringBeyondASCII(_ first: BytePointer) -> BytePointer? {
        let end = end
        var begin = first
        var position = first
        while position.distance(to: end) >= 16 {
            let block = position.block
            let controls = (block .< sixteen(0x20)) .& (block .>= sixteen(0))
            let index = firstIndex((block .== sixteen(0x22)) .| (block .== sixteen(0x5C)) .| controls)
            position += index
            if index == 16 { continue }
            guard text(begin, position) != nil else { return nil }
            if position.pointee == Byte.quote { return position + 1 }
            guard let after = special(position) else { return nil }
            begin = after
            position = after
        }
        guard let after = text(begin, position) else { return nil }
        return stringTail(after)
    }

    /// Validates text without quotes, backslashes and control characters as UTF-8, to the end or, if a character
    /// stands across it, to the end of that.
    @inline(__always)
    private mutating func text(_ begin: BytePointer, _ end: BytePointer) -> BytePointer? {
        var position = begin
        while position < end {
            if position.pointee >= 0x80 {
                guard let after = multibyte(position) else { return nil }
                position = after
            } else if position.distance(to: end) >= 16 {
                position += firstIndex(position.block .< sixteen(0))
            } else {
                position += 1
            }
        }
        return position
    }

    /// Validates the rest of a string, byte by byte.
    @inline(never)
    private mutating func stringTail(_ position: BytePointer) -> BytePointer? {
        var position = position
        while position < end {
            let byte = position.pointee
            if byte == Byte.quote { return position + 1 }
            if byte >= 0x20, byte < 0x80, byte != Byte.backslash {
                position += 1
            } else {
                guard let after = special(position) else { return nil }
                position = after
            }
        }
        return failUnexpected(position)
    }

    /// Validates an escape, or a run of non-ASCII characters; a control character fails.
    @inline(never)
    private mutating func special(_ position: BytePointer) -> BytePointer? {
        let byte = position.pointee
        if byte == Byte.backslash {
            escapes &+= 1
            return escape(position)
        }
        if byte < 0x20 { return fail(.controlCharacter, position) }
        var position = position
        repeat {
            guard let after = multibyte(position) else { return nil }
            position = after
        } while position < end && position.pointee >= 0x80
        return position
    }

    /// Validates one escape, a pair of surrogates included, from its backslash on.
    private mutating func escape(_ position: BytePointer) -> BytePointer? {
        let letter = position + 1
        guard letter < end else { return failUnexpected(letter) }
        switch letter.pointee {
        case Byte.quote, Byte.backslash, UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"), UInt8(ascii: "n"),
            UInt8(ascii: "r"), UInt8(ascii: "t"):
            return position + 2
        case UInt8(ascii: "u"):
            guard let unit = codeUnit(position + 2) else { return nil }
            if unit & 0xF800 != 0xD800 { return position + 6 }
            guard unit < 0xDC00, position.distance(to: end) >= 8, position[6] == Byte.backslash,
                position[7] == UInt8(ascii: "u")
            else { return fail(.loneSurrogate, position) }
            guard let low = codeUnit(position + 8) else { return nil }
            guard low & 0xFC00 == 0xDC00 else { return fail(.loneSurrogate, position) }
            return position + 12
        default:
            return fail(.invalidEscape, position)
        }
    }

    /// The four hexadecimal digits at the position.
    private mutating func codeUnit(_ position: BytePointer) -> UInt32? {
        var unit: UInt32 = 0
        for index in 0..<4 {
            let here = position + index
            guard here < end else {
                _ = failUnexpected(here)
                return nil
            }
            let digit = Byte.hexadecimal(here.pointee)
            guard digit < 16 else {
                _ = fail(.invalidEscape, here)
                return nil
            }
            unit = unit << 4 | digit
        }
        return unit
    }

    /// Validates one non-ASCII character in UTF-8 (RFC 3629's table).
    @inline(__always)
    private mutating func multibyte(_ position: BytePointer) -> BytePointer? {
        let available = position.distance(to: end)
        let first = position.pointee
        if first >= 0xC2, first < 0xE0 {
            guard available >= 2, isContinuation(position[1]) else { return fail(.invalidUTF8, position) }
            return position + 2
        }
        if first >= 0xE0, first < 0xF0 {
            guard available >= 3 else { return fail(.invalidUTF8, position) }
            let second = position[1]
            // E0 would be overlong below A0; ED holds the surrogates from A0 on.
            guard isContinuation(second), isContinuation(position[2]), first != 0xE0 || second >= 0xA0,
                first != 0xED || second < 0xA0
            else { return fail(.invalidUTF8, position) }
            return position + 3
        }
        if first >= 0xF0, first < 0xF5 {
            guard available >= 4 else { return fail(.invalidUTF8, position) }
            let second = position[1]
            // F0 would be overlong below 90; F4 passes U+10FFFF from 90 on.
            guard isContinuation(second), isContinuation(position[2]), isContinuation(position[3]),
                first != 0xF0 || second >= 0x90, first != 0xF4 || second < 0x90
            else { return fail(.invalidUTF8, position) }
            return position + 4
        }
        return fail(.invalidUTF8, position)
    }

    @inline(__always)
    private func isContinuation(_ byte: UInt8) -> Bool { byte & 0xC0 == 0x80 }
}
