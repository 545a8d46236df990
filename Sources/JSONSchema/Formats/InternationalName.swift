/// The labels of internationalized host names, as IDNA 2008 allows them (RFC 5890 to 5893).
///
/// Which characters are allowed is derived from Unicode's properties, as RFC 5892 says, in the standard library's
/// version of Unicode. Scripts and joining types, which the library does not tell, are taken from the blocks that hold
/// them.
enum InternationalName {
    /// Whether a label that begins with `xn--` stands for one that is allowed, and is the one way to write it.
    static func isALabel(_ label: FormatText) -> Bool {
        let rest = label.part(from: 4)
        guard !rest.isEmpty, let decoded = Punycode.decode(rest), decoded.contains(where: { !$0.isASCII }),
            let encoded = Punycode.encode(decoded)
        else { return false }
        return encoded.elementsEqual(rest.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }) && isULabel(decoded)
    }

    /// Whether a label with characters beyond ASCII is allowed (RFC 5891, section 4.2).
    static func isULabel(_ label: [Unicode.Scalar]) -> Bool {
        guard let first = label.first, let last = label.last, first != "-", last != "-" else { return false }
        if label.count >= 4, label[2] == "-", label[3] == "-" { return false }
        switch first.properties.generalCategory {
        case .nonspacingMark, .spacingMark, .enclosingMark: return false
        default: break
        }
        return label.indices.allSatisfy { isAllowed(label, $0) } && isNormalized(label)
            && hasValidDirections([label])
    }

    private static func isNormalized(_ label: [Unicode.Scalar]) -> Bool {
        // A string is equal to its normal form; what differs is whether its characters are the same.
        !label.contains { isComposedAway($0) }
    }

    /// Characters that Unicode's normal form C never holds: each stands for another one.
    private static func isComposedAway(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x0340, 0x0341, 0x0343, 0x0344, 0x0374, 0x0387, 0x1F71, 0x1F73, 0x1F75, 0x1F77, 0x1F79, 0x1F7B, 0x1F7D,
            0x2000, 0x2001, 0x2126, 0x212A, 0x212B, 0xF900...0xFA0D, 0xFA10, 0xFA12, 0xFA15...0xFA1E, 0xFA20, 0xFA22,
            0xFA25, 0xFA26, 0xFA2A...0xFAD9, 0x2F800...0x2FA1D:
            true
        default: false
        }
    }

    // MARK: - Characters

    private static func isAllowed(_ label: [Unicode.Scalar], _ index: Int) -> Bool {
        let scalar = label[index]
        let before = index > 0 ? label[index - 1] : nil
        let after = index + 1 < label.count ? label[index + 1] : nil
        switch scalar.value {
        // RFC 5892, section 2.6: exceptions that are valid, and those that are not.
        case 0xDF, 0x3C2, 0x6FD, 0x6FE, 0xF0B, 0x3007: return true
        case 0x640, 0x7FA, 0x302E, 0x302F, 0x3031...0x3035, 0x303B: return false
        // Appendix A: rules for characters that depend on their neighbours.
        case 0x200C:
            return before?.properties.canonicalCombiningClass == .virama || joins(label, index)
        case 0x200D: return before?.properties.canonicalCombiningClass == .virama
        case 0xB7: return before == "l" && after == "l"
        case 0x375: return after.map(isGreek) ?? false
        case 0x5F3, 0x5F4: return before.map(isHebrew) ?? false
        case 0x30FB: return label.contains(where: isJapanese)
        case 0x660...0x669: return !label.contains { (0x6F0...0x6F9).contains($0.value) }
        case 0x6F0...0x6F9: return !label.contains { (0x660...0x669).contains($0.value) }
        default: return isProtocolValid(scalar)
        }
    }

    /// RFC 5892, section 3, behind the exceptions.
    private static func isProtocolValid(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.isASCII {
            // Upper case is unstable.
            let byte = UInt8(scalar.value)
            return byte == UInt8(ascii: "-") || byte &- 0x30 < 10 || byte &- 0x61 < 26
        }
        let properties = scalar.properties
        if properties.changesWhenNFKCCaseFolded || properties.isDefaultIgnorableCodePoint || properties.isWhitespace
            || properties.isNoncharacterCodePoint
        {
            return false
        }
        switch scalar.value {
        // Old Hangul, and blocks that are left out whole.
        case 0x1100...0x11FF, 0xA960...0xA97F, 0xD7B0...0xD7FF, 0x20D0...0x20FF, 0x1D100...0x1D1FF, 0x1D200...0x1D24F:
            return false
        default: break
        }
        switch properties.generalCategory {
        case .lowercaseLetter, .uppercaseLetter, .otherLetter, .modifierLetter, .nonspacingMark, .spacingMark,
            .decimalNumber:
            return true
        default: return false
        }
    }

    private static func isGreek(_ scalar: Unicode.Scalar) -> Bool {
        (0x370...0x3FF).contains(scalar.value) || (0x1F00...0x1FFF).contains(scalar.value)
    }

    private static func isHebrew(_ scalar: Unicode.Scalar) -> Bool {
        (0x591...0x5F4).contains(scalar.value) || (0xFB1D...0xFB4F).contains(scalar.value)
    }

    private static func isJapanese(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x3041...0x3096, 0x309D...0x309F, 0x30A1...0x30FA, 0x30FD...0x30FF, 0x31F0...0x31FF, 0x3005, 0x3007,
            0x3021...0x3029, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFAFF, 0x20000...0x323AF:
            true
        default: false
        }
    }

    /// RFC 5892, appendix A.1: the non-joiner stands between letters that would join.
    private static func joins(_ label: [Unicode.Scalar], _ index: Int) -> Bool {
        let before = label[..<index].last { $0.properties.generalCategory != .nonspacingMark }
        let after = label[(index + 1)...].first { $0.properties.generalCategory != .nonspacingMark }
        guard let before, let after else { return false }
        return isJoining(before) && !isRightJoining(before) && isJoining(after)
    }

    private static func isJoining(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        // Arabic, Syriac, N'Ko, Mandaic, Mongolian and Phags-pa letters.
        case 0x620, 0x622...0x64A, 0x66E...0x673, 0x675...0x6D3, 0x6D5, 0x6EE...0x6EF, 0x6FA...0x6FC, 0x6FF,
            0x710...0x72F, 0x74D...0x77F, 0x7CA...0x7EA, 0x840...0x858, 0x8A0...0x8C7, 0x1807...0x18AA, 0xA840...0xA872:
            scalar.properties.generalCategory == .otherLetter || scalar.properties.generalCategory == .modifierLetter
        default: false
        }
    }

    /// Letters that join only what stands before them.
    private static func isRightJoining(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x622...0x625, 0x627, 0x629, 0x62F...0x632, 0x648, 0x671...0x673, 0x675...0x677, 0x688...0x699, 0x6C0,
            0x6C3...0x6CB, 0x6CD, 0x6CF, 0x6D2...0x6D3, 0x6D5, 0x6EE...0x6EF, 0x710, 0x715...0x719, 0x71E, 0x728, 0x72A,
            0x72C, 0x72F, 0x74D:
            true
        default: false
        }
    }
}

// MARK: - Directions

extension InternationalName {
    /// RFC 5893, section 2: if any label is written from right to left, each keeps to one direction.
    static func hasValidDirections(_ labels: [[Unicode.Scalar]]) -> Bool {
        guard labels.contains(where: { $0.contains { isRightToLeft($0) || isArabicNumber($0) } }) else { return true }
        return labels.allSatisfy(hasValidDirection)
    }

    private static func hasValidDirection(_ label: [Unicode.Scalar]) -> Bool {
        guard let first = label.first else { return false }
        let last = label.last { !isMark($0) } ?? first
        if isRightToLeft(first) {
            let hasEuropean = label.contains { (0x30...0x39).contains($0.value) || (0x6F0...0x6F9).contains($0.value) }
            let hasArabic = label.contains(where: isArabicNumber)
            return label.allSatisfy { !isLeftToRight($0) } && !(hasEuropean && hasArabic)
                && (isRightToLeft(last) || isNumber(last))
        }
        return !isNumber(first) && label.allSatisfy { !isRightToLeft($0) && !isArabicNumber($0) } && last != "-"
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        scalar.properties.generalCategory == .nonspacingMark
    }

    private static func isNumber(_ scalar: Unicode.Scalar) -> Bool {
        (0x30...0x39).contains(scalar.value) || (0x6F0...0x6F9).contains(scalar.value) || isArabicNumber(scalar)
    }

    private static func isArabicNumber(_ scalar: Unicode.Scalar) -> Bool {
        (0x660...0x669).contains(scalar.value) || (0x10D30...0x10D39).contains(scalar.value)
    }

    /// The blocks of scripts that are written from right to left, without their marks and numbers.
    private static func isRightToLeft(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.value {
        case 0x590...0x8FF, 0xFB1D...0xFDFF, 0xFE70...0xFEFF, 0x10800...0x10FFF, 0x1E800...0x1EFFF:
            !isMark(scalar) && !isNumber(scalar)
        default: false
        }
    }

    private static func isLeftToRight(_ scalar: Unicode.Scalar) -> Bool {
        guard !isRightToLeft(scalar), !isNumber(scalar), scalar != "-" else { return false }
        switch scalar.properties.generalCategory {
        case .lowercaseLetter, .uppercaseLetter, .titlecaseLetter, .otherLetter, .modifierLetter, .spacingMark:
            return true
        default: return false
        }
    }
}
