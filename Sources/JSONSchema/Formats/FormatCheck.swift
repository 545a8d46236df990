/// A format of JSON Schema, or one that the caller adds.
struct FormatCheck: Sendable {
    /// Its name in schemas.
    let name: String
    /// Whether a string has it.
    let check: @Sendable (UnsafeBufferPointer<UInt8>) -> Bool

    /// The format of a name; `nil` if it is not known. The caller's own come first.
    init?(_ name: String, custom: [String: @Sendable (String) -> Bool]) {
        self.name = name
        if let custom = custom[name] {
            check = { custom(String(decoding: $0, as: UTF8.self)) }
            return
        }
        guard let known = Self.known[name] else { return nil }
        check = known
    }

    /// The formats of JSON Schema, section 7.3 of its validation part, all of them.
    static let known: [String: @Sendable (UnsafeBufferPointer<UInt8>) -> Bool] = [
        "date-time": { TimeFormats.isDateTime($0) },
        "date": { TimeFormats.isDate($0) },
        "time": { TimeFormats.isTime($0) },
        "duration": { TimeFormats.isDuration($0) },
        "email": { MailFormats.isMailbox($0, isInternational: false) },
        "idn-email": { MailFormats.isMailbox($0, isInternational: true) },
        "hostname": { HostFormats.isHostName($0) },
        "idn-hostname": { HostFormats.isInternationalHostName($0) },
        "ipv4": { HostFormats.isIPv4($0) },
        "ipv6": { HostFormats.isIPv6($0) },
        "uri": { URIFormats.isURI($0, isInternational: false) },
        "uri-reference": { URIFormats.isReference($0, isInternational: false) },
        "iri": { URIFormats.isURI($0, isInternational: true) },
        "iri-reference": { URIFormats.isReference($0, isInternational: true) },
        "uri-template": { TemplateFormat.isTemplate($0) },
        "uuid": { OtherFormats.isUUID($0) },
        "json-pointer": { OtherFormats.isPointer($0) },
        "relative-json-pointer": { OtherFormats.isRelativePointer($0) },
        "regex": { OtherFormats.isExpression($0) },
    ]
}

/// The formats that have no family.
enum OtherFormats {
    /// RFC 9562, section 4: 32 hexadecimal digits of either case in groups of 8, 4, 4, 4 and 12.
    static func isUUID(_ text: FormatText) -> Bool {
        guard text.count == 36 else { return false }
        for index in 0..<36 {
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard text[index] == UInt8(ascii: "-") else { return false }
            } else {
                guard FormatByte.isHexadecimal(text[index]) else { return false }
            }
        }
        return true
    }

    /// RFC 6901, section 3: empty, or parts that each begin with a slash; a tilde is followed by 0 or 1.
    static func isPointer(_ text: FormatText) -> Bool {
        guard let first = text.first else { return true }
        guard first == UInt8(ascii: "/") else { return false }
        for index in text.indices where text[index] == UInt8(ascii: "~") {
            guard index + 1 < text.count, text[index + 1] | 1 == UInt8(ascii: "1") else { return false }
        }
        return true
    }

    /// A whole number of steps up, a shift among its siblings, and then a pointer or `#`, after the Internet draft on
    /// relative JSON pointers.
    static func isRelativePointer(_ text: FormatText) -> Bool {
        guard var index = skipNumber(text, 0) else { return false }
        if index < text.count, text[index] == UInt8(ascii: "+") || text[index] == UInt8(ascii: "-") {
            guard text.count > index + 1, text[index + 1] != UInt8(ascii: "0"),
                let after = skipNumber(text, index + 1)
            else { return false }
            index = after
        }
        let rest = text.part(from: index)
        return rest.count == 1 && rest[0] == UInt8(ascii: "#") || isPointer(rest)
    }

    /// The index behind a number without leading zeros.
    private static func skipNumber(_ text: FormatText, _ start: Int) -> Int? {
        var index = start
        while index < text.count, text[index] &- 0x30 < 10 { index += 1 }
        guard index > start, index == start + 1 || text[start] != UInt8(ascii: "0") else { return nil }
        return index
    }

    /// An expression of ECMA-262. One that is well formed, and only not supported here, is one too.
    static func isExpression(_ text: FormatText) -> Bool {
        PatternParser.isWellFormed(String(decoding: text, as: UTF8.self))
    }
}
