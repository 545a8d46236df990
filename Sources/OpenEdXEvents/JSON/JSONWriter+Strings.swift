extension JSONWriter {
    /// Writes a string, escaping no more than JSON wants: quotes, backslashes and control characters.
    public mutating func write(_ value: String) {
        let wasWritten: Void? = value.utf8.withContiguousStorageIfAvailable { write(utf8: $0) }
        if wasWritten == nil {
            var copy = value
            copy.withUTF8 { write(utf8: $0) }
        }
    }

    /// Writes a string of valid UTF-8.
    @inline(__always)
    package mutating func write(utf8 value: UnsafeBufferPointer<UInt8>) {
        guard prepareValue(value.count &+ 2) else { return }
        finishValue(at: storeString(value, at: buffer + count))
    }

    /// Stores a quoted string at the end, which is given, and returns the position behind it. There is room for it
    /// without escapes, for two bytes more and the slack, and again when it returns.
    @inline(__always)
    mutating func storeString(
        _ value: UnsafeBufferPointer<UInt8>, at end: UnsafeMutablePointer<UInt8>
    ) -> UnsafeMutablePointer<UInt8> {
        end.pointee = Byte.quote
        let target = end + 1
        if let source = value.baseAddress, !copyPlain(source, value.count, to: target) {
            resume(at: target)
            appendEscaped(source, value.count)
            append(Byte.quote)
            return buffer + count
        }
        target[value.count] = Byte.quote
        return target + (value.count &+ 1)
    }

    /// Copies bytes of which none must be escaped; otherwise answers `false`, having stored no one knows how many.
    @inline(__always)
    private func copyPlain(_ source: BytePointer, _ length: Int, to target: UnsafeMutablePointer<UInt8>) -> Bool {
        let target = UnsafeMutableRawPointer(target)
        if length >= 16 {
            var index = 0
            // Whole blocks, the last one overlapping the one before; every load and store lies within the string.
            while index < length {
                let from = min(index, length &- 16)
                let block = (source + from).block
                guard firstEscaped(block) == 16 else { return false }
                (target + from).storeBytes(of: block, as: SIMD16<Int8>.self)
                index &+= 16
            }
        } else if length >= 8 {
            let head = source.word
            let tail = (source + length - 8).word
            guard escapedBytes(head) | escapedBytes(tail) == 0 else { return false }
            target.storeBytes(of: head.littleEndian, as: UInt64.self)
            (target + length - 8).storeBytes(of: tail.littleEndian, as: UInt64.self)
        } else if length >= 4 {
            let head = source.halfWord
            let tail = (source + length - 4).halfWord
            guard escapedBytes(UInt64(head) | UInt64(tail) &<< 32) == 0 else { return false }
            target.storeBytes(of: head.littleEndian, as: UInt32.self)
            (target + length - 4).storeBytes(of: tail.littleEndian, as: UInt32.self)
        } else {
            for index in 0..<length {
                let byte = source[index]
                guard byte >= 0x20, byte != Byte.quote, byte != Byte.backslash else { return false }
                target.storeBytes(of: byte, toByteOffset: index, as: UInt8.self)
            }
        }
        return true
    }

    /// Appends a string that has something to escape, without quotes.
    @inline(never)
    private mutating func appendEscaped(_ source: BytePointer, _ length: Int) {
        var index = 0
        while length &- index >= 16 {
            let block = (source + index).block
            let plain = firstEscaped(block)
            // There is room for what is left of the string, and so for a whole block.
            UnsafeMutableRawPointer(buffer + count).storeBytes(of: block, as: SIMD16<Int8>.self)
            advance(plain)
            index &+= plain
            if plain < 16 {
                appendEscape(source[index], before: length &- index)
                index &+= 1
            }
        }
        while index < length {
            let byte = source[index]
            if byte >= 0x20, byte != Byte.quote, byte != Byte.backslash {
                append(byte)
            } else {
                appendEscape(byte, before: length &- index)
            }
            index &+= 1
        }
    }

    /// Appends an escape, having made room for it, for the rest of the string, and for what the caller puts behind it.
    @inline(__always)
    private mutating func appendEscape(_ byte: UInt8, before rest: Int) {
        reserve(6 &+ rest &+ 4)
        append(Byte.backslash)
        switch byte {
        case Byte.quote, Byte.backslash: append(byte)
        case 0x08: append(UInt8(ascii: "b"))
        case 0x09: append(UInt8(ascii: "t"))
        case 0x0A: append(UInt8(ascii: "n"))
        case 0x0C: append(UInt8(ascii: "f"))
        case 0x0D: append(UInt8(ascii: "r"))
        default:
            append(UInt8(ascii: "u"))
            append(Byte.zero)
            append(Byte.zero)
            append(Byte.zero &+ byte &>> 4)
            append(hexadecimalDigit(byte & 15))
        }
    }

    private func hexadecimalDigit(_ value: UInt8) -> UInt8 {
        value < 10 ? Byte.zero &+ value : UInt8(ascii: "a") &+ value &- 10
    }
}

/// The index of the first byte of a block that must be escaped; 16 if there is none.
@inline(__always)
private func firstEscaped(_ block: SIMD16<Int8>) -> Int {
    // A control character is below 0x20 and, as a signed byte, not negative.
    firstIndex(
        (block .== sixteen(0x22)) .| (block .== sixteen(0x5C)) .| ((block .< sixteen(0x20)) .& (block .>= sixteen(0))))
}

/// Marks the bytes of a word that must be escaped; not zero if and only if there is one.
@inline(__always)
private func escapedBytes(_ word: UInt64) -> UInt64 {
    let quotes = (word ^ repeated(Byte.quote)) &- repeated(1)
    let backslashes = (word ^ repeated(Byte.backslash)) &- repeated(1)
    let controls = word &- repeated(0x20)
    return (quotes | backslashes | controls) & ~word & repeated(0x80)
}
