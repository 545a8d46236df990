/// Reads regular expressions of ECMA-262 with the flag `u`, as JSON Schema recommends it.
///
/// What such an expression may hold and this engine does not do is refused with a message of its own: back references,
/// and scripts in `\p{…}`.
struct PatternParser {
    /// How deep groups may be nested.
    private static let maximumDepth = 200

    private let text: [Unicode.Scalar]
    private var position = 0
    private var depth = 0
    private var names: Set<String> = []
    private var groupCount = 0
    /// Whether what is not supported is only passed over.
    private var allowsUnsupported = false
    private var references: [Reference] = []

    init(_ text: String) { self.text = Array(text.unicodeScalars) }

    static func parse(_ text: String) throws(PatternError) -> PatternTree {
        var parser = PatternParser(text)
        let tree = try parser.disjunction()
        if parser.position < parser.text.count { throw parser.error("a `)` that closes no group") }
        return tree
    }

    /// Whether a text is an expression of ECMA-262, be it supported here or not.
    static func isWellFormed(_ text: String) -> Bool {
        var parser = PatternParser(text)
        parser.allowsUnsupported = true
        guard (try? parser.disjunction()) != nil, parser.position == parser.text.count else { return false }
        return parser.references.allSatisfy { reference in
            switch reference {
            case .number(let number): number <= parser.groupCount
            case .name(let name): parser.names.contains(name)
            }
        }
    }

    private enum Reference {
        case number(Int)
        case name(String)
    }

    private func error(_ message: String, hint: String = "") -> PatternError {
        PatternError(position: position, message: message, hint: hint)
    }

    private var next: Unicode.Scalar? { position < text.count ? text[position] : nil }

    private mutating func take(_ expected: String) -> Bool {
        let scalars = Array(expected.unicodeScalars)
        guard position + scalars.count <= text.count, Array(text[position..<(position + scalars.count)]) == scalars
        else { return false }
        position += scalars.count
        return true
    }

    // MARK: - Terms

    private mutating func disjunction() throws(PatternError) -> PatternTree {
        depth += 1
        guard depth <= Self.maximumDepth else { throw error("groups are nested more than 200 deep") }
        defer { depth -= 1 }
        var alternatives = [try alternative()]
        while take("|") { alternatives.append(try alternative()) }
        return alternatives.count == 1 ? alternatives[0] : .alternatives(alternatives)
    }

    private mutating func alternative() throws(PatternError) -> PatternTree {
        var terms: [PatternTree] = []
        while let scalar = next, scalar != "|", scalar != ")" { terms.append(try term()) }
        return terms.count == 1 ? terms[0] : terms.isEmpty ? .empty : .sequence(terms)
    }

    private mutating func term() throws(PatternError) -> PatternTree {
        if let assertion = try assertion() { return assertion }
        return try quantified(try atom())
    }

    private mutating func assertion() throws(PatternError) -> PatternTree? {
        if take("^") { return .start }
        if take("$") { return .end }
        if take("\\b") { return .wordBoundary(isNegated: false) }
        if take("\\B") { return .wordBoundary(isNegated: true) }
        for (mark, isAhead, isNegated) in [
            ("(?=", true, false), ("(?!", true, true), ("(?<=", false, false), ("(?<!", false, true),
        ] where take(mark) {
            let inner = try group()
            if let scalar = next, "*+?{".unicodeScalars.contains(scalar) { throw error("a look-around is repeated") }
            return .look(inner, isAhead: isAhead, isNegated: isNegated)
        }
        return nil
    }

    /// The rest of a group behind its opening.
    private mutating func group() throws(PatternError) -> PatternTree {
        let inner = try disjunction()
        guard take(")") else { throw error("a group is not closed") }
        return inner
    }

    private mutating func atom() throws(PatternError) -> PatternTree {
        guard let scalar = next else { throw error("the expression ends too early") }
        switch scalar {
        case ".":
            position += 1
            return .set(.ranges(CharacterSet.lineEnds, isNegated: true))
        case "(":
            position += 1
            if take("?:") { return try group() }
            groupCount += 1
            if take("?<") {
                let name = try groupName()
                guard names.insert(name).inserted else { throw error("two groups have the same name") }
            } else if next == "?" {
                throw error("a group of an unknown kind")
            }
            return try group()
        case "[":
            position += 1
            return .set(try characterClass())
        case "\\":
            position += 1
            return .set(try escape(isInClass: false))
        case "*", "+", "?", "{": throw error("nothing stands before this repetition")
        case "}", "]": throw error("this character must be escaped with a backslash")
        default:
            position += 1
            return .set(.ranges([(scalar.value, scalar.value)]))
        }
    }

    private mutating func groupName() throws(PatternError) -> String {
        var name = ""
        while let scalar = next, scalar != ">" {
            let isAllowed =
                scalar == "$" || scalar == "_"
                || (name.isEmpty ? scalar.properties.isIDStart : scalar.properties.isIDContinue)
            guard isAllowed else { throw error("a group's name is not an identifier") }
            name.unicodeScalars.append(scalar)
            position += 1
        }
        guard !name.isEmpty, take(">") else { throw error("a group's name is not complete") }
        return name
    }

    // MARK: - Repetition

    private mutating func quantified(_ atom: PatternTree) throws(PatternError) -> PatternTree {
        var minimum = 0
        var maximum: Int?
        switch next {
        case "*": position += 1
        case "+":
            position += 1
            minimum = 1
        case "?":
            position += 1
            maximum = 1
        case "{": (minimum, maximum) = try bounds()
        default: return atom
        }
        _ = take("?")
        if let scalar = next, "*+?{".unicodeScalars.contains(scalar) {
            throw error("nothing stands before this repetition")
        }
        return .repeated(atom, minimum: minimum, maximum: maximum)
    }

    private mutating func bounds() throws(PatternError) -> (Int, Int?) {
        let begin = position
        position += 1
        guard let minimum = number() else { throw error("a repetition's bounds are not numbers") }
        var maximum: Int? = minimum
        if take(",") { maximum = number() }
        guard take("}") else { throw error("a repetition's bounds are not closed") }
        if let maximum, maximum < minimum {
            position = begin
            throw error("a repetition's bounds are out of order")
        }
        return (minimum, maximum)
    }

    /// Digits, held far above what any expression may repeat.
    private mutating func number() -> Int? {
        var value: Int?
        while let scalar = next, scalar >= "0", scalar <= "9" {
            value = min((value ?? 0) * 10 + Int(scalar.value - 0x30), 1 << 40)
            position += 1
        }
        return value
    }

    // MARK: - Classes

    private mutating func characterClass() throws(PatternError) -> CharacterSet {
        let begin = position - 1
        var set = CharacterSet(isNegated: take("^"))
        while true {
            guard let scalar = next else {
                position = begin
                throw error("a class of characters is not closed")
            }
            if scalar == "]" { break }
            let low = try classAtom()
            guard next == "-", position + 1 < text.count, text[position + 1] != "]" else {
                set.items += low.items
                continue
            }
            let place = position
            position += 1
            let high = try classAtom()
            guard let first = low.single, let last = high.single else {
                position = place
                throw error("a range of characters ends at a class")
            }
            guard first <= last else {
                position = place
                throw error("a range of characters is out of order")
            }
            set.items.append(.range(first, last))
        }
        position += 1
        return set
    }

    private mutating func classAtom() throws(PatternError) -> ClassAtom {
        guard let scalar = next else { throw error("a class of characters is not closed") }
        position += 1
        if scalar != "\\" { return ClassAtom(single: scalar.value) }
        if take("b") { return ClassAtom(single: 0x08) }
        if take("-") { return ClassAtom(single: 0x2D) }
        let set = try escape(isInClass: true)
        if !set.isNegated, set.items.count == 1, case .range(let low, let high) = set.items[0], low == high {
            return ClassAtom(single: low)
        }
        return ClassAtom(items: set.items)
    }

    private struct ClassAtom {
        let items: [CharacterSet.Item]
        let single: UInt32?

        init(single: UInt32) {
            self.single = single
            items = [.range(single, single)]
        }

        init(items: [CharacterSet.Item]) {
            self.items = items
            single = nil
        }
    }

    // MARK: - Escapes

    /// The characters of an escape behind its backslash.
    private mutating func escape(isInClass: Bool) throws(PatternError) -> CharacterSet {
        guard let letter = next else { throw error("a backslash stands at the end") }
        position += 1
        switch letter {
        case "d": return .ranges(CharacterSet.digits)
        case "D": return .ranges(CharacterSet.digits, isNegated: true)
        case "w": return .ranges(CharacterSet.word)
        case "W": return .ranges(CharacterSet.word, isNegated: true)
        case "s": return .ranges(CharacterSet.space)
        case "S": return .ranges(CharacterSet.space, isNegated: true)
        case "p": return try property(isNegated: false)
        case "P": return try property(isNegated: true)
        case "t": return one(0x09)
        case "n": return one(0x0A)
        case "v": return one(0x0B)
        case "f": return one(0x0C)
        case "r": return one(0x0D)
        case "c":
            guard let control = next, control.isASCII, control.properties.isAlphabetic else {
                throw error("`\\c` is not followed by a letter")
            }
            position += 1
            return one(control.value & 0x1F)
        case "0":
            if let digit = next, digit >= "0", digit <= "9" { throw error("an octal escape, which does not exist") }
            return one(0)
        case "1"..."9", "k":
            if allowsUnsupported, !isInClass { return try reference(letter) }
            position -= 2
            throw error(
                "a back reference, which cannot be matched in reasonable time",
                hint: "write out what may stand there")
        case "x":
            guard let value = hexadecimal(2) else { throw error("`\\x` is not followed by two hexadecimal digits") }
            return one(value)
        case "u": return try unicodeEscape()
        default:
            guard "^$\\.*+?()[]{}|/".unicodeScalars.contains(letter) else {
                position -= 2
                throw error("an escape that does not exist")
            }
            return one(letter.value)
        }
    }

    /// A back reference, noted and passed over.
    private mutating func reference(_ letter: Unicode.Scalar) throws(PatternError) -> CharacterSet {
        if letter == "k" {
            guard take("<") else { throw error("`\\k` is not followed by a group's name") }
            references.append(.name(try groupName()))
        } else {
            position -= 1
            references.append(.number(number() ?? 0))
        }
        return CharacterSet()
    }

    private func one(_ value: UInt32) -> CharacterSet { .ranges([(value, value)]) }

    private mutating func hexadecimal(_ count: Int) -> UInt32? {
        guard position + count <= text.count else { return nil }
        var value: UInt32 = 0
        for scalar in text[position..<(position + count)] {
            guard scalar.isASCII, let digit = Character(scalar).hexDigitValue else { return nil }
            value = value << 4 | UInt32(digit)
        }
        position += count
        return value
    }

    private mutating func unicodeEscape() throws(PatternError) -> CharacterSet {
        if take("{") {
            var value: UInt32?
            while let scalar = next, scalar.isASCII, let digit = Character(scalar).hexDigitValue {
                value = min((value ?? 0) << 4 | UInt32(digit), 0x110000)
                position += 1
            }
            guard let value, value < 0x110000, take("}") else { throw error("`\\u{…}` names no character") }
            return one(value)
        }
        guard let unit = hexadecimal(4) else { throw error("`\\u` is not followed by four hexadecimal digits") }
        if unit & 0xFC00 == 0xD800 {
            let begin = position
            if take("\\u"), let low = hexadecimal(4), low & 0xFC00 == 0xDC00 {
                return one(0x10000 + (unit & 0x3FF) << 10 + (low & 0x3FF))
            }
            position = begin
        }
        return one(unit)
    }

    private mutating func property(isNegated: Bool) throws(PatternError) -> CharacterSet {
        let begin = position - 2
        guard take("{") else { throw error("`\\p` is not followed by a property in braces") }
        var parts = [""]
        while let scalar = next, scalar != "}" {
            if scalar == "=" { parts.append("") } else { parts[parts.count - 1].unicodeScalars.append(scalar) }
            position += 1
        }
        guard take("}"), parts.count <= 2 else { throw error("a property's name is not complete") }
        if parts.count == 2, ["Script", "sc", "Script_Extensions", "scx"].contains(parts[0]) {
            if allowsUnsupported, !parts[1].isEmpty { return CharacterSet() }
            position = begin
            throw error("scripts are not supported", hint: "write the script's characters as ranges")
        }
        guard let property = CharacterProperty(parts[0], value: parts.count == 2 ? parts[1] : nil) else {
            position = begin
            throw error("a property that is not known", hint: "general categories such as `\\p{Lu}` are")
        }
        return CharacterSet(items: [.property(property, isNegated: isNegated)])
    }
}
