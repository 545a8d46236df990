extension [UInt8] {
    /// The text of a string's contents, without quotes, that were validated: its escapes are complete.
    package init(unescaping contents: UnsafeBufferPointer<UInt8>) {
        self.init(unsafeUninitializedCapacity: contents.count) { buffer, count in
            count = unescape(contents, into: buffer)
        }
    }
}

/// Writes the text of a string's validated contents to a buffer with room for as many bytes, and returns how many
/// it wrote. No escape is shorter than what it stands for.
package func unescape(_ contents: UnsafeBufferPointer<UInt8>, into buffer: UnsafeMutableBufferPointer<UInt8>) -> Int {
    guard let start = contents.baseAddress, let target = buffer.baseAddress else { return 0 }
    var source = 0
    var count = 0
    while source < contents.count {
        if contents.count - source >= 16 {
            // Nothing written so far is longer than what it came from, so a whole block fits.
            let block = (start + source).block
            UnsafeMutableRawPointer(target + count).storeBytes(of: block, as: SIMD16<Int8>.self)
            let plain = firstIndex(block .== sixteen(0x5C))
            source += plain
            count += plain
            if plain == 16 { continue }
        } else if start[source] != Byte.backslash {
            target[count] = start[source]
            source += 1
            count += 1
            continue
        }
        let letter = contents[source + 1]
        source += 2
        switch letter {
        case UInt8(ascii: "b"): buffer[count] = 0x08
        case UInt8(ascii: "f"): buffer[count] = 0x0C
        case UInt8(ascii: "n"): buffer[count] = 0x0A
        case UInt8(ascii: "r"): buffer[count] = 0x0D
        case UInt8(ascii: "t"): buffer[count] = 0x09
        case UInt8(ascii: "u"):
            var scalar = codeUnit(contents, at: source)
            source += 4
            if scalar & 0xFC00 == 0xD800 {
                scalar = 0x10000 + (scalar & 0x3FF) << 10 + (codeUnit(contents, at: source + 2) & 0x3FF)
                source += 6
            }
            count += encode(scalar, into: buffer, at: count)
            continue
        default: buffer[count] = letter
        }
        count += 1
    }
    return count
}

private func codeUnit(_ bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> UInt32 {
    (0..<4).reduce(0) { $0 << 4 | Byte.hexadecimal(bytes[index + $1]) }
}

private func encode(_ scalar: UInt32, into buffer: UnsafeMutableBufferPointer<UInt8>, at index: Int) -> Int {
    func continuation(_ shift: UInt32) -> UInt8 { UInt8(0x80 | (scalar >> shift) & 0x3F) }
    switch scalar {
    case ..<0x80:
        buffer[index] = UInt8(scalar)
        return 1
    case ..<0x800:
        buffer[index] = UInt8(0xC0 | scalar >> 6)
        buffer[index + 1] = continuation(0)
        return 2
    case ..<0x10000:
        buffer[index] = UInt8(0xE0 | scalar >> 12)
        buffer[index + 1] = continuation(6)
        buffer[index + 2] = continuation(0)
        return 3
    default:
        buffer[index] = UInt8(0xF0 | scalar >> 18)
        buffer[index + 1] = continuation(12)
        buffer[index + 2] = continuation(6)
        buffer[index + 3] = continuation(0)
        return 4
    }
}
