import OpenEdXEvents

/// Host names and addresses.
enum HostFormats {
    /// RFC 1123, section 2.1: labels of letters, digits and inner hyphens. A label that begins with `xn--` must be one
    /// that IDNA 2008 allows; others have no two hyphens at their third and fourth place (RFC 5891, section 4.2.3.1).
    static func isHostName(_ text: FormatText) -> Bool {
        guard !text.isEmpty, text.count <= 253 else { return false }
        return text.allParts(between: UInt8(ascii: "."), isLabel)
    }

    static func isLabel(_ label: FormatText) -> Bool {
        guard (1...63).contains(label.count), label[0] != UInt8(ascii: "-"), label.last != UInt8(ascii: "-"),
            label.allSatisfy({ FormatByte.isAlphanumeric($0) || $0 == UInt8(ascii: "-") })
        else { return false }
        guard label.count >= 4, label[2] == UInt8(ascii: "-"), label[3] == UInt8(ascii: "-") else { return true }
        guard label[0] | 0x20 == UInt8(ascii: "x"), label[1] | 0x20 == UInt8(ascii: "n") else { return false }
        return InternationalName.isALabel(label)
    }

    /// RFC 5890, section 2.3.2.3: the same, with labels of other scripts too, as far as IDNA 2008 allows them. Besides
    /// the dot, the three full stops of East Asian scripts separate labels (RFC 3490, section 3.1).
    static func isInternationalHostName(_ text: FormatText) -> Bool {
        guard !text.isEmpty else { return false }
        var labels: [[Unicode.Scalar]] = [[]]
        for scalar in String(decoding: text, as: UTF8.self).unicodeScalars {
            switch scalar {
            case ".", "\u{3002}", "\u{FF0E}", "\u{FF61}": labels.append([])
            default: labels[labels.count - 1].append(scalar)
            }
        }
        var length = labels.count - 1
        for label in labels {
            if label.allSatisfy(\.isASCII) {
                let bytes = label.map { UInt8($0.value) }
                guard bytes.withUnsafeBufferPointer({ isLabel($0) }) else { return false }
                length += label.count
            } else {
                guard InternationalName.isULabel(label), let encoded = Punycode.encode(label) else { return false }
                guard encoded.count + 4 <= 63 else { return false }
                length += encoded.count + 4
            }
        }
        guard length <= 253 else { return false }
        return InternationalName.hasValidDirections(labels)
    }

    /// RFC 2673, section 3.2: four numbers from 0 to 255, without leading zeros.
    static func isIPv4(_ text: FormatText) -> Bool {
        guard text.count >= 7, text.count <= 15 else { return false }
        var parts = 0
        let isValid = text.allParts(between: UInt8(ascii: ".")) { part in
            parts += 1
            guard (1...3).contains(part.count), let value = part.digits(0, part.count) else { return false }
            return value <= 255 && (part.count == 1 || part[0] != Byte.zero)
        }
        return isValid && parts == 4
    }

    /// RFC 4291, section 2.2: eight groups of up to four hexadecimal digits, of which `::` stands for one run or more;
    /// the last two may be an IPv4 address. Without a zone.
    static func isIPv6(_ text: FormatText) -> Bool {
        guard text.count >= 2, text.count <= 45 else { return false }
        let colon = UInt8(ascii: ":")
        var groups = 0
        var hasGap = false
        var index = 0
        if text[0] == colon {
            guard text[1] == colon else { return false }
            hasGap = true
            index = 2
        }
        while index < text.count {
            let end = text.first(colon, from: index) ?? text.count
            let group = text.part(index..<end)
            if end == text.count, group.count > 4 {
                guard isIPv4(group) else { return false }
                groups += 2
                break
            }
            guard (1...4).contains(group.count), group.allSatisfy(FormatByte.isHexadecimal) else { return false }
            groups += 1
            if end == text.count { break }
            index = end + 1
            guard index < text.count else { return false }
            if text[index] == colon {
                guard !hasGap else { return false }
                hasGap = true
                index += 1
            }
        }
        return hasGap ? groups <= 7 : groups == 8
    }
}
