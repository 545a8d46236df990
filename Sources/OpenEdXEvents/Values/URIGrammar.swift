/// The grammar of RFC 3986.
enum URIGrammar {
    /// A URI with a scheme and without a fragment: what CloudEvents calls an absolute URI (RFC 3986, section 4.3).
    static func isAbsoluteURI(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return !bytes.contains(UInt8(ascii: "#")) && isURI(bytes[...])
    }

    /// A URI or a relative reference (RFC 3986, section 4.1). The empty text is one.
    static func isURIReference(_ text: String) -> Bool {
        let bytes = Array(text.utf8)
        return isURI(bytes[...]) || isHierarchy(bytes[...], isRelative: true)
    }

    static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
        default: ASCII.isAlphanumeric(byte)
        }
    }

    private static func isURI(_ text: ArraySlice<UInt8>) -> Bool {
        guard let colon = text.firstIndex(of: UInt8(ascii: ":")), let first = text.first, ASCII.isLetter(first) else {
            return false
        }
        let isScheme = text[..<colon].allSatisfy {
            ASCII.isAlphanumeric($0) || $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: ".")
        }
        return isScheme && isHierarchy(text[(colon + 1)...], isRelative: false)
    }

    /// What follows the scheme, or a relative reference: authority, path, query and fragment.
    private static func isHierarchy(_ text: ArraySlice<UInt8>, isRelative: Bool) -> Bool {
        var rest = text
        if let hash = rest.firstIndex(of: UInt8(ascii: "#")) {
            guard consists(rest[(hash + 1)...], of: isQueryByte) else { return false }
            rest = rest[..<hash]
        }
        if let question = rest.firstIndex(of: UInt8(ascii: "?")) {
            guard consists(rest[(question + 1)...], of: isQueryByte) else { return false }
            rest = rest[..<question]
        }
        let slash = UInt8(ascii: "/")
        if rest.starts(with: [slash, slash]) {
            let authority = rest.dropFirst(2).prefix { $0 != slash }
            guard isAuthority(authority) else { return false }
            rest = rest[authority.endIndex...]
        } else if isRelative, rest.prefix(while: { $0 != slash }).contains(UInt8(ascii: ":")) {
            // A colon in the first segment would make it a scheme.
            return false
        }
        return consists(rest) { isPathByte($0) || $0 == slash }
    }

    private static func isAuthority(_ text: ArraySlice<UInt8>) -> Bool {
        var rest = text
        if let at = rest.lastIndex(of: UInt8(ascii: "@")) {
            guard consists(rest[..<at], of: { isUnreserved($0) || isSubDelimiter($0) || $0 == UInt8(ascii: ":") })
            else { return false }
            rest = rest[(at + 1)...]
        }
        if rest.first == UInt8(ascii: "[") {
            guard let end = rest.firstIndex(of: UInt8(ascii: "]")) else { return false }
            let address = rest[(rest.startIndex + 1)..<end]
            guard HostGrammar.isIPv6(address) || isFutureAddress(address) else { return false }
            rest = rest[(end + 1)...]
            guard let colon = rest.first else { return true }
            return colon == UInt8(ascii: ":") && rest.dropFirst().allSatisfy(ASCII.isDigit)
        }
        if let colon = rest.firstIndex(of: UInt8(ascii: ":")) {
            guard rest[(colon + 1)...].allSatisfy(ASCII.isDigit) else { return false }
            rest = rest[..<colon]
        }
        return consists(rest) { isUnreserved($0) || isSubDelimiter($0) }
    }

    /// `v`, a hexadecimal number, a dot, and at least one byte more.
    private static func isFutureAddress(_ text: ArraySlice<UInt8>) -> Bool {
        guard let first = text.first, first | 0x20 == UInt8(ascii: "v"),
            let dot = text.firstIndex(of: UInt8(ascii: "."))
        else { return false }
        let version = text[(text.startIndex + 1)..<dot]
        let rest = text[(dot + 1)...]
        return !version.isEmpty && version.allSatisfy { ASCII.hexValue($0) < 16 } && !rest.isEmpty
            && rest.allSatisfy { isUnreserved($0) || isSubDelimiter($0) || $0 == UInt8(ascii: ":") }
    }

    /// Whether the text is made of such bytes and of percent-encoded ones.
    private static func consists(_ text: ArraySlice<UInt8>, of isAllowed: (UInt8) -> Bool) -> Bool {
        var index = text.startIndex
        while index < text.endIndex {
            if text[index] == UInt8(ascii: "%") {
                guard index + 2 < text.endIndex, ASCII.hexValue(text[index + 1]) < 16,
                    ASCII.hexValue(text[index + 2]) < 16
                else { return false }
                index += 3
            } else {
                guard isAllowed(text[index]) else { return false }
                index += 1
            }
        }
        return true
    }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        isUnreserved(byte) || isSubDelimiter(byte) || byte == UInt8(ascii: ":") || byte == UInt8(ascii: "@")
    }

    private static func isQueryByte(_ byte: UInt8) -> Bool {
        isPathByte(byte) || byte == UInt8(ascii: "/") || byte == UInt8(ascii: "?")
    }

    private static func isSubDelimiter(_ byte: UInt8) -> Bool {
        "!$&'()*+,;=".utf8.contains(byte)
    }
}
