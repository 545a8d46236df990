/// Classes of ASCII bytes, as the grammars of the attribute values need them.
enum ASCII {
    static func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 < 10 }

    static func isLowerLetter(_ byte: UInt8) -> Bool { byte &- 0x61 < 26 }

    static func isLetter(_ byte: UInt8) -> Bool { (byte | 0x20) &- 0x61 < 26 }

    static func isAlphanumeric(_ byte: UInt8) -> Bool { isLetter(byte) || isDigit(byte) }

    /// The value of a hexadecimal digit of either case, 255 for any other byte.
    static func hexValue(_ byte: UInt8) -> UInt8 {
        if isDigit(byte) { return byte &- 0x30 }
        let letter = (byte | 0x20) &- 0x61
        return letter < 6 ? letter &+ 10 : 255
    }

    static func lowercased(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }

    /// Compares two texts without regard to the case of ASCII letters.
    static func equalIgnoringCase(_ left: some Collection<UInt8>, _ right: some Collection<UInt8>) -> Bool {
        left.elementsEqual(right) { lowercased($0) == lowercased($1) }
    }

    /// The text with its ASCII letters in lower case, everything else as it is.
    static func lowercased(_ text: String) -> String {
        text.utf8.contains { $0 &- 0x41 < 26 } ? String(decoding: text.utf8.map(lowercased), as: UTF8.self) : text
    }
}
