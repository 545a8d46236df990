import OpenEdXEvents

/// Mail addresses: `Mailbox` of RFC 5321, section 4.1.2, and what RFC 6531 adds to it.
enum MailFormats {
    static func isMailbox(_ text: FormatText, isInternational: Bool) -> Bool {
        guard let at = text.last(UInt8(ascii: "@")) else { return false }
        let local = text.part(0..<at)
        let domain = text.part(from: at + 1)
        // RFC 5321, section 4.5.3.1: at most 64 bytes and 255.
        guard (1...64).contains(local.count), (1...255).contains(domain.count) else { return false }
        let isLocal =
            local[0] == UInt8(ascii: "\"")
            ? isQuoted(local, isInternational)
            : local.allParts(between: UInt8(ascii: ".")) { part in
                !part.isEmpty && part.allSatisfy { isAtom($0) || isInternational && $0 >= 0x80 }
            }
        guard isLocal else { return false }
        if domain[0] == UInt8(ascii: "[") { return isAddressLiteral(domain) }
        if isInternational { return HostFormats.isInternationalHostName(domain) }
        return HostFormats.isHostName(domain)
    }

    /// `atext` of RFC 5322, section 3.2.3.
    private static func isAtom(_ byte: UInt8) -> Bool {
        if FormatByte.isAlphanumeric(byte) { return true }
        switch byte {
        case UInt8(ascii: "!"), UInt8(ascii: "#"), UInt8(ascii: "$"), UInt8(ascii: "%"), UInt8(ascii: "&"),
            UInt8(ascii: "'"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: "-"), UInt8(ascii: "/"),
            UInt8(ascii: "="), UInt8(ascii: "?"), UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "`"),
            UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"), UInt8(ascii: "~"):
            return true
        default: return false
        }
    }

    /// A quoted string: printable characters, with a backslash before quotes and backslashes.
    private static func isQuoted(_ text: FormatText, _ isInternational: Bool) -> Bool {
        guard text.count >= 2, text.last == UInt8(ascii: "\"") else { return false }
        var index = 1
        while index < text.count - 1 {
            let byte = text[index]
            if byte == UInt8(ascii: "\\") {
                index += 1
                guard index < text.count - 1, text[index] >= 0x20, text[index] < 0x7F else { return false }
            } else if byte >= 0x80 {
                guard isInternational else { return false }
            } else {
                guard byte >= 0x20, byte < 0x7F, byte != UInt8(ascii: "\"") else { return false }
            }
            index += 1
        }
        return index == text.count - 1
    }

    /// An IPv4 address, `IPv6:` with one of those, or another tag with its text, in brackets.
    private static func isAddressLiteral(_ text: FormatText) -> Bool {
        guard text.count >= 3, text.last == UInt8(ascii: "]") else { return false }
        let inner = text.part(1..<(text.count - 1))
        guard let colon = inner.first(UInt8(ascii: ":")) else { return HostFormats.isIPv4(inner) }
        let tag = inner.part(0..<colon)
        let rest = inner.part(from: colon + 1)
        if tag.count == 4, tag.elementsEqual("ipv6".utf8, by: { $0 | 0x20 == $1 | 0x20 }) {
            return HostFormats.isIPv6(rest)
        }
        // `General-address-literal`: a tag as names have it, and any printable bytes but brackets and backslashes.
        return !tag.isEmpty && tag.last != UInt8(ascii: "-")
            && tag.allSatisfy { FormatByte.isAlphanumeric($0) || $0 == UInt8(ascii: "-") } && !rest.isEmpty
            && rest.allSatisfy { $0 >= 33 && $0 <= 90 || $0 >= 94 && $0 <= 126 }
    }
}
