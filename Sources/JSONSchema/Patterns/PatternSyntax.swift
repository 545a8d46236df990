/// A regular expression as a tree.
indirect enum PatternTree {
    case empty
    case set(CharacterSet)
    case sequence([PatternTree])
    case alternatives([PatternTree])
    /// A part repeated from `minimum` to `maximum` times; `nil` is without limit.
    case repeated(PatternTree, minimum: Int, maximum: Int?)
    case start
    case end
    case wordBoundary(isNegated: Bool)
    case look(PatternTree, isAhead: Bool, isNegated: Bool)
}

/// Why a regular expression is refused, and at which character.
struct PatternError: Error {
    let position: Int
    let message: String
    var hint = ""
}

/// A set of characters: those of ranges and of properties, or all others.
struct CharacterSet: Sendable {
    enum Item: Sendable {
        case range(UInt32, UInt32)
        case property(CharacterProperty, isNegated: Bool)
    }

    var items: [Item] = []
    var isNegated = false

    func contains(_ value: UInt32) -> Bool {
        var isFound = false
        for item in items where !isFound {
            switch item {
            case .range(let low, let high): isFound = value >= low && value <= high
            case .property(let property, let isNegated): isFound = property.holds(for: value) != isNegated
            }
        }
        return isFound != isNegated
    }

    static func ranges(_ ranges: [(UInt32, UInt32)], isNegated: Bool = false) -> CharacterSet {
        guard isNegated else { return CharacterSet(items: ranges.map { .range($0.0, $0.1) }) }
        var items: [Item] = []
        var next: UInt32 = 0
        for (low, high) in ranges {
            if low > next { items.append(.range(next, low - 1)) }
            next = high + 1
        }
        items.append(.range(next, 0x10FFFF))
        return CharacterSet(items: items)
    }

    // ECMA-262, section 22.2.2.9: ASCII alone for digits and words; all white space and line ends. In ascending order.
    static let digits: [(UInt32, UInt32)] = [(0x30, 0x39)]
    static let word: [(UInt32, UInt32)] = [(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)]
    static let space: [(UInt32, UInt32)] = [
        (0x09, 0x0D), (0x20, 0x20), (0xA0, 0xA0), (0x1680, 0x1680), (0x2000, 0x200A), (0x2028, 0x2029),
        (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000), (0xFEFF, 0xFEFF),
    ]
    static let lineEnds: [(UInt32, UInt32)] = [(0x0A, 0x0A), (0x0D, 0x0D), (0x2028, 0x2029)]

    static func isWord(_ value: UInt32) -> Bool { word.contains { value >= $0.0 && value <= $0.1 } }
}

/// A property of characters that `\p{…}` names, as far as the standard library knows them.
struct CharacterProperty: Sendable {
    let holds: @Sendable (Unicode.Scalar) -> Bool

    func holds(for value: UInt32) -> Bool {
        guard let scalar = Unicode.Scalar(value) else { return false }
        return holds(scalar)
    }

    /// The property of a name, or of a name and a value; `nil` if it is not known.
    init?(_ name: String, value: String?) {
        if let value {
            guard name == "General_Category" || name == "gc", let categories = Self.categories(value) else {
                return nil
            }
            holds = { categories.contains($0.properties.generalCategory) }
            return
        }
        if let categories = Self.categories(name) {
            holds = { categories.contains($0.properties.generalCategory) }
            return
        }
        guard let property = Self.binary(name) else { return nil }
        holds = property
    }

    private static func binary(_ name: String) -> (@Sendable (Unicode.Scalar) -> Bool)? {
        switch name {
        case "Any": { _ in true }
        case "ASCII": { $0.isASCII }
        case "Assigned": { $0.properties.generalCategory != .unassigned }
        case "Alphabetic", "Alpha": { $0.properties.isAlphabetic }
        case "White_Space", "space": { $0.properties.isWhitespace }
        case "Uppercase", "Upper": { $0.properties.isUppercase }
        case "Lowercase", "Lower": { $0.properties.isLowercase }
        case "Cased": { $0.properties.isCased }
        case "Case_Ignorable", "CI": { $0.properties.isCaseIgnorable }
        case "ASCII_Hex_Digit", "AHex": { $0.properties.isASCIIHexDigit }
        case "Hex_Digit", "Hex": { $0.properties.isHexDigit }
        case "ID_Start", "IDS": { $0.properties.isIDStart }
        case "ID_Continue", "IDC": { $0.properties.isIDContinue }
        case "XID_Start", "XIDS": { $0.properties.isXIDStart }
        case "XID_Continue", "XIDC": { $0.properties.isXIDContinue }
        case "Math": { $0.properties.isMath }
        case "Dash": { $0.properties.isDash }
        case "Diacritic", "Dia": { $0.properties.isDiacritic }
        case "Extender", "Ext": { $0.properties.isExtender }
        case "Ideographic", "Ideo": { $0.properties.isIdeographic }
        case "Quotation_Mark", "QMark": { $0.properties.isQuotationMark }
        case "Default_Ignorable_Code_Point", "DI": { $0.properties.isDefaultIgnorableCodePoint }
        case "Noncharacter_Code_Point", "NChar": { $0.properties.isNoncharacterCodePoint }
        case "Emoji": { $0.properties.isEmoji }
        case "Emoji_Presentation", "EPres": { $0.properties.isEmojiPresentation }
        case "Emoji_Modifier", "EMod": { $0.properties.isEmojiModifier }
        case "Emoji_Modifier_Base", "EBase": { $0.properties.isEmojiModifierBase }
        default: nil
        }
    }

    private static func categories(_ name: String) -> Set<Unicode.GeneralCategory>? {
        for (short, long, categories) in table where name == short || name == long { return categories }
        // The names that have a second long form.
        switch name {
        case "Combining_Mark": return categories("M")
        case "punct": return categories("P")
        case "digit": return categories("Nd")
        case "cntrl": return categories("Cc")
        default: return nil
        }
    }

    private static let table: [(String, String, Set<Unicode.GeneralCategory>)] = [
        ("L", "Letter", [.uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter]),
        ("LC", "Cased_Letter", [.uppercaseLetter, .lowercaseLetter, .titlecaseLetter]),
        ("Lu", "Uppercase_Letter", [.uppercaseLetter]), ("Ll", "Lowercase_Letter", [.lowercaseLetter]),
        ("Lt", "Titlecase_Letter", [.titlecaseLetter]), ("Lm", "Modifier_Letter", [.modifierLetter]),
        ("Lo", "Other_Letter", [.otherLetter]), ("M", "Mark", [.nonspacingMark, .spacingMark, .enclosingMark]),
        ("Mn", "Nonspacing_Mark", [.nonspacingMark]), ("Mc", "Spacing_Mark", [.spacingMark]),
        ("Me", "Enclosing_Mark", [.enclosingMark]), ("N", "Number", [.decimalNumber, .letterNumber, .otherNumber]),
        ("Nd", "Decimal_Number", [.decimalNumber]), ("Nl", "Letter_Number", [.letterNumber]),
        ("No", "Other_Number", [.otherNumber]),
        (
            "P", "Punctuation",
            [
                .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
                .finalPunctuation, .otherPunctuation,
            ]
        ),
        ("Pc", "Connector_Punctuation", [.connectorPunctuation]), ("Pd", "Dash_Punctuation", [.dashPunctuation]),
        ("Ps", "Open_Punctuation", [.openPunctuation]), ("Pe", "Close_Punctuation", [.closePunctuation]),
        ("Pi", "Initial_Punctuation", [.initialPunctuation]), ("Pf", "Final_Punctuation", [.finalPunctuation]),
        ("Po", "Other_Punctuation", [.otherPunctuation]),
        ("S", "Symbol", [.mathSymbol, .currencySymbol, .modifierSymbol, .otherSymbol]),
        ("Sm", "Math_Symbol", [.mathSymbol]), ("Sc", "Currency_Symbol", [.currencySymbol]),
        ("Sk", "Modifier_Symbol", [.modifierSymbol]), ("So", "Other_Symbol", [.otherSymbol]),
        ("Z", "Separator", [.spaceSeparator, .lineSeparator, .paragraphSeparator]),
        ("Zs", "Space_Separator", [.spaceSeparator]), ("Zl", "Line_Separator", [.lineSeparator]),
        ("Zp", "Paragraph_Separator", [.paragraphSeparator]),
        ("C", "Other", [.control, .format, .surrogate, .privateUse, .unassigned]), ("Cc", "Control", [.control]),
        ("Cf", "Format", [.format]), ("Cs", "Surrogate", [.surrogate]), ("Co", "Private_Use", [.privateUse]),
        ("Cn", "Unassigned", [.unassigned]),
    ]
}
