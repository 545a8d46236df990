/// The characters of a key's parts, and how parts are told apart.
enum KeyGrammar {
    /// Letters and digits of any script, `_`, `-`, `~` and `.`; in keys with `+` between the parts also `:`.
    static func isPart(_ part: some StringProtocol, colons: Bool = false, percents: Bool = false) -> Bool {
        !part.isEmpty
            && part.unicodeScalars.allSatisfy { scalar in
                switch scalar {
                case "a"..."z", "A"..."Z", "0"..."9", "_", "-", "~", ".": true
                case ":": colons
                case "%": percents
                default: !scalar.isASCII && isWord(scalar)
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

    /// The parts between colons, if there are so many and each keeps the grammar.
    static func colonParts(_ body: Substring, count: Int) -> [Substring]? {
        let parts = body.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == count, parts.allSatisfy({ isPart($0) }) else { return nil }
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
        guard placed.allSatisfy({ KeyGrammar.isPart($0, colons: true) }) else { return nil }
        var rest = parts[count...]
        for name in names {
            let isOptional = name.hasSuffix("?")
            let plain = isOptional ? name.dropLast() : name[...]
            if let part = rest.first, let at = part.firstIndex(of: "@"), part[..<at] == plain {
                let value = part[part.index(after: at)...]
                guard KeyGrammar.isPart(value, colons: true, percents: plain == "block") else { return nil }
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
