import OpenEdXEvents

/// URIs and their references (RFC 3986), IRIs and theirs (RFC 3987).
struct URIFormats {
    /// With a scheme; a fragment is allowed.
    static func isURI(_ text: FormatText, isInternational: Bool) -> Bool {
        guard let first = text.first, FormatByte.isLetter(first), let colon = text.first(UInt8(ascii: ":")) else {
            return false
        }
        let isScheme = text.part(0..<colon).allSatisfy {
            FormatByte.isAlphanumeric($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-")
                || $0 == UInt8(ascii: ".")
        }
        return isScheme && URIFormats(isInternational).isHierarchy(text.part(from: colon + 1), isRelative: false)
    }

    /// With a scheme, or relative. The empty text is one.
    static func isReference(_ text: FormatText, isInternational: Bool) -> Bool {
        isURI(text, isInternational: isInternational)
            || URIFormats(isInternational).isHierarchy(text, isRelative: true)
    }

    private let isInternational: Bool

    private init(_ isInternational: Bool) { self.isInternational = isInternational }

    private func isHierarchy(_ text: FormatText, isRelative: Bool) -> Bool {
        var rest = text
        if let hash = rest.first(UInt8(ascii: "#")) {
            guard isMade(of: .fragment, rest.part(from: hash + 1)) else { return false }
            rest = rest.part(0..<hash)
        }
        if let mark = rest.first(UInt8(ascii: "?")) {
            guard isMade(of: .query, rest.part(from: mark + 1)) else { return false }
            rest = rest.part(0..<mark)
        }
        let slash = UInt8(ascii: "/")
        if rest.count >= 2, rest[0] == slash, rest[1] == slash {
            let end = rest.first(slash, from: 2) ?? rest.count
            guard isAuthority(rest.part(2..<end)) else { return false }
            rest = rest.part(from: end)
        } else if isRelative {
            // A colon in the first segment would make it a scheme.
            let end = rest.first(slash) ?? rest.count
            if let colon = rest.first(UInt8(ascii: ":")), colon < end { return false }
        }
        return isMade(of: .path, rest)
    }

    private func isAuthority(_ text: FormatText) -> Bool {
        var rest = text
        if let at = rest.last(UInt8(ascii: "@")) {
            guard isMade(of: .user, rest.part(0..<at)) else { return false }
            rest = rest.part(from: at + 1)
        }
        if rest.first == UInt8(ascii: "[") {
            guard let end = rest.first(UInt8(ascii: "]")) else { return false }
            let address = rest.part(1..<end)
            guard HostFormats.isIPv6(address) || isFutureAddress(address) else { return false }
            rest = rest.part(from: end + 1)
            return rest.isEmpty || rest[0] == UInt8(ascii: ":") && rest.part(from: 1).allSatisfy(Byte.isDigit)
        }
        if let colon = rest.first(UInt8(ascii: ":")) {
            guard rest.part(from: colon + 1).allSatisfy(Byte.isDigit) else { return false }
            rest = rest.part(0..<colon)
        }
        return isMade(of: .name, rest)
    }

    private func isFutureAddress(_ text: FormatText) -> Bool {
        guard text.count >= 4, text[0] | 0x20 == UInt8(ascii: "v"), let dot = text.first(UInt8(ascii: ".")), dot > 1,
            text.part(1..<dot).allSatisfy(FormatByte.isHexadecimal)
        else { return false }
        let rest = text.part(from: dot + 1)
        return !rest.isEmpty && rest.allSatisfy { Self.isUnreserved($0) || Self.isDelimiter($0) || $0 == 0x3A }
    }

    // MARK: - Characters

    private enum Part {
        case user, name, path, query, fragment
    }

    /// Whether a text is made of characters that a part may hold, and of percent escapes.
    private func isMade(of part: Part, _ text: FormatText) -> Bool {
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "%") {
                guard index + 2 < text.count, FormatByte.isHexadecimal(text[index + 1]),
                    FormatByte.isHexadecimal(text[index + 2])
                else { return false }
                index += 3
            } else if byte < 0x80 {
                guard isAllowed(byte, in: part) else { return false }
                index += 1
            } else {
                let (value, length) = UTF8Text.scalar(text, at: index)
                guard isInternational, Self.isInternational(value, in: part) else { return false }
                index += length
            }
        }
        return true
    }

    private func isAllowed(_ byte: UInt8, in part: Part) -> Bool {
        if Self.isUnreserved(byte) || Self.isDelimiter(byte) { return true }
        switch part {
        case .name: return false
        case .user: return byte == UInt8(ascii: ":")
        case .path: return byte == UInt8(ascii: ":") || byte == UInt8(ascii: "@") || byte == UInt8(ascii: "/")
        case .query, .fragment:
            return byte == UInt8(ascii: ":") || byte == UInt8(ascii: "@") || byte == UInt8(ascii: "/")
                || byte == UInt8(ascii: "?")
        }
    }

    static func isUnreserved(_ byte: UInt8) -> Bool {
        FormatByte.isAlphanumeric(byte) || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
            || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "~")
    }

    private static func isDelimiter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "!"), UInt8(ascii: "$"), UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("),
            UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"), UInt8(ascii: ","), UInt8(ascii: ";"),
            UInt8(ascii: "="):
            return true
        default: return false
        }
    }

    /// `ucschar` of RFC 3987, section 2.2, and `iprivate` in a query.
    static func isInternational(_ value: UInt32) -> Bool {
        switch value {
        case 0xA0...0xD7FF, 0xF900...0xFDCF, 0xFDF0...0xFFEF: true
        case 0x10000...0xEFFFD: value & 0xFFFF <= 0xFFFD && !(0xE0000...0xE0FFF).contains(value)
        default: false
        }
    }

    private static func isInternational(_ value: UInt32, in part: Part) -> Bool {
        if isInternational(value) { return true }
        guard part == .query else { return false }
        return (0xE000...0xF8FF).contains(value) || (0xF0000...0xFFFFD).contains(value)
            || (0x100000...0x10FFFD).contains(value)
    }
}

/// URI templates (RFC 6570).
enum TemplateFormat {
    static func isTemplate(_ text: FormatText) -> Bool {
        var index = 0
        while index < text.count {
            let byte = text[index]
            if byte == UInt8(ascii: "{") {
                guard let end = text.first(UInt8(ascii: "}"), from: index), isExpression(text.part((index + 1)..<end))
                else { return false }
                index = end + 1
            } else if byte == UInt8(ascii: "%") {
                guard index + 2 < text.count, FormatByte.isHexadecimal(text[index + 1]),
                    FormatByte.isHexadecimal(text[index + 2])
                else { return false }
                index += 3
            } else if byte < 0x80 {
                guard isLiteral(byte) else { return false }
                index += 1
            } else {
                let (value, length) = UTF8Text.scalar(text, at: index)
                let isPrivate = (0xE000...0xF8FF).contains(value) || value >= 0xF0000 && value & 0xFFFF <= 0xFFFD
                guard URIFormats.isInternational(value) || isPrivate else { return false }
                index += length
            }
        }
        return true
    }

    /// Section 2.1: anything but controls, space, quotes, `%`, `<`, `>`, `\`, `^`, `` ` ``, `{`, `|` and `}`.
    private static func isLiteral(_ byte: UInt8) -> Bool {
        guard byte > 0x20, byte < 0x7F else { return false }
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\\"),
            UInt8(ascii: "^"), UInt8(ascii: "`"), UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"):
            return false
        default: return true
        }
    }

    private static func isExpression(_ text: FormatText) -> Bool {
        guard let first = text.first else { return false }
        let hasOperator = "+#./;?&=,!@|".utf8.contains(first)
        return text.part(from: hasOperator ? 1 : 0).allParts(between: UInt8(ascii: ","), isVariable)
    }

    private static func isVariable(_ text: FormatText) -> Bool {
        var name = text
        if name.last == UInt8(ascii: "*") {
            name = name.part(0..<(name.count - 1))
        } else if let colon = name.first(UInt8(ascii: ":")) {
            let length = name.part(from: colon + 1)
            guard (1...4).contains(length.count), length[0] != Byte.zero, length.allSatisfy(Byte.isDigit) else {
                return false
            }
            name = name.part(0..<colon)
        }
        return name.allParts(between: UInt8(ascii: ".")) { part in
            var index = 0
            while index < part.count {
                if part[index] == UInt8(ascii: "%") {
                    guard index + 2 < part.count, FormatByte.isHexadecimal(part[index + 1]),
                        FormatByte.isHexadecimal(part[index + 2])
                    else { return false }
                    index += 3
                } else {
                    guard FormatByte.isAlphanumeric(part[index]) || part[index] == UInt8(ascii: "_") else {
                        return false
                    }
                    index += 1
                }
            }
            return !part.isEmpty
        }
    }
}
