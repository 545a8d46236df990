/// The rule on what text in attributes may hold (rule 34).
package enum AttributeText {
    /// Where the first character stands that no attribute may hold: a control character or a noncharacter.
    ///
    /// - Parameter bytes: Well-formed UTF-8, so surrogates cannot occur.
    /// - Returns: Its offset in bytes, `nil` if there is none.
    package static func firstForbidden(_ bytes: some Collection<UInt8>) -> Int? {
        var offset = 0
        // The last three bytes before this one, the newest in the lowest place.
        var before: UInt32 = 0
        for byte in bytes {
            if byte < 0x20 || byte == 0x7F { return offset }
            switch byte {
            // U+0080 to U+009F are C2 80 to C2 9F.
            case 0x80...0x9F where before & 0xFF == 0xC2: return offset - 1
            // U+FDD0 to U+FDEF are EF B7 90 to EF B7 AF.
            case 0x90...0xAF where before & 0xFFFF == 0xEFB7: return offset - 2
            // U+FFFE and U+FFFF are EF BF BE and EF BF BF; those of the other planes end in xF BF BE and xF BF BF.
            case 0xBE...0xBF where before & 0xFFFF == 0xEFBF: return offset - 2
            case 0xBE...0xBF where before & 0xF00FFF == 0xF00FBF: return offset - 3
            default: break
            }
            before = before << 8 | UInt32(byte)
            offset += 1
        }
        return nil
    }

    /// ``firstForbidden(_:)`` of a text.
    package static func firstForbidden(_ text: String) -> Int? { firstForbidden(text.utf8) }
}
