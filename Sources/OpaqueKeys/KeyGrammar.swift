/// The characters of a key's parts, as the Python package of Open edX takes them, and how parts are told apart.
enum KeyGrammar {
    /// What a part may be made of, beside ASCII letters and digits, `_`, `-` and `.`.
    enum Characters {
        /// Nothing else.
        case ascii
        /// Letters and digits of any script.
        case words
        /// Words, and `~` and `:`: the parts of keys with `+` between them.
        case plus
        /// Words, and `%`: the parts of keys with `/` between them.
        case slash
        /// Words, and `~`, `:` and `%`: a block's name in such keys.
        case name
        /// 24 hexadecimal digits in lower case, and nothing else.
        case version
        /// Digits and nothing else.
        case number
    }

    /// Whether a part is not empty and holds only what it may.
    static func isPart(_ part: some StringProtocol, _ characters: Characters) -> Bool {
        let utf8 = part.utf8
        switch characters {
        case .version:
            return utf8.count == 24 && utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
        case .number: return !utf8.isEmpty && utf8.allSatisfy { (0x30...0x39).contains($0) }
        default: break
        }
        return !utf8.isEmpty
            && part.unicodeScalars.allSatisfy { scalar in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", "_", "-", ".": true
                case "~", ":": characters == .plus || characters == .name
                case "%": characters == .slash || characters == .name
                default: characters != .ascii && !scalar.isASCII && isWord(scalar)
                }
            }
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber,
            .letterNumber, .otherNumber:
            true
        default: false
        }
    }

    /// The text behind a prefix; `nil` if it does not begin with it.
    static func body(of text: String, behind prefix: String) -> Substring? {
        guard text.utf8.starts(with: prefix.utf8) else { return nil }
        return text[text.utf8.index(text.startIndex, offsetBy: prefix.utf8.count)...]
    }

    /// The parts between colons, if there are as many as kinds of characters and each keeps its own.
    static func colonParts(_ body: Substring, _ characters: Characters...) -> [Substring]? {
        let parts = body.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == characters.count, zip(parts, characters).allSatisfy({ isPart($0, $1) }) else { return nil }
        return parts
    }
}

/// The parts of a key with `+` between them: first those that their place tells, then those that their names tell, as in
/// `EduX+Physics101+2026+branch@draft+type@video+block@intro`.
struct PlusParts {
    /// The parts that their place tells.
    let placed: [Substring]
    /// Where the text continues behind them.
    private var named: [(name: Substring, value: Substring)] = []

    /// Reads a body. The names come in the order given; those with a question mark may be left out.
    init?(_ body: Substring, placed count: Int, named names: [String]) {
        let parts = body.split(separator: "+", omittingEmptySubsequences: false)
        guard parts.count >= count else { return nil }
        placed = Array(parts[..<count])
        guard placed.allSatisfy({ KeyGrammar.isPart($0, .plus) }) else { return nil }
        var rest = parts[count...]
        for name in names {
            let isOptional = name.hasSuffix("?")
            let plain = isOptional ? name.dropLast() : name[...]
            if let part = rest.first, let at = part.firstIndex(of: "@"), part[..<at] == plain {
                let value = part[part.index(after: at)...]
                let characters: KeyGrammar.Characters =
                    switch plain {
                    case "version": .version
                    case "ccx": .number
                    default: .plus
                    }
                guard KeyGrammar.isPart(value, characters) else { return nil }
                named.append((part[..<at], value))
                rest = rest.dropFirst()
            } else if !isOptional {
                return nil
            }
        }
        guard rest.isEmpty else { return nil }
    }

    /// The value of a name.
    subscript(_ name: String) -> String? { named.first { $0.name == name }.map { String($0.value) } }
}
