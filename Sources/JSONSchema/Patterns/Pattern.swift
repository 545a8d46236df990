/// A regular expression of ECMA-262 with the flag `u`.
///
/// It is never run backwards over its text for another try: it takes time in proportion to the text's length times its
/// own size, whatever stands in either.
struct Pattern: Sendable {
    private let program: PatternProgram
    private let small: SmallPattern?
    /// The expression, cut short, as messages show it.
    let shown: String

    /// Compiles an expression; throws if it is wrong, not supported, or too large.
    init(_ text: String) throws(PatternError) {
        program = try PatternProgram(try PatternParser.parse(text))
        small = SmallPattern(program)
        shown = SchemaCompiler.shown(text)
    }

    /// Whether the expression matches anywhere in a text of valid UTF-8.
    func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        if let small { return small.matches(text) }
        var machine = PatternMachine(program, text)
        return machine.matches()
    }
}

/// An expression of up to 64 characters and sets, without look-arounds and word boundaries: its states are the bits of
/// a word, and what follows each is known beforehand.
struct SmallPattern: Sendable {
    /// For each state, those that may take the next character.
    private var follow: [UInt64] = []
    /// For each ASCII character, the states that take it.
    private var takers: [UInt64] = []
    private var sets: [CharacterSet] = []
    private var first: UInt64 = 0
    /// Those that begin anywhere but at the text's beginning.
    private var firstLater: UInt64 = 0
    /// States behind which the expression has matched; and behind which it has if the text ends.
    private var accepting: UInt64 = 0
    private var acceptingAtEnd: UInt64 = 0
    /// Whether the empty text at the beginning matches; at the end, if it is not the beginning; and anywhere.
    private var matchesEmpty = false
    private var matchesAtEnd = false
    private var matchesAnywhere = false

    init?(_ program: PatternProgram) {
        guard program.looks.isEmpty else { return nil }
        var numbers: [Int: Int] = [:]
        for (index, instruction) in program.instructions.enumerated() {
            switch instruction {
            case .set(let set):
                numbers[index] = sets.count
                sets.append(program.sets[set])
            case .wordBoundary, .look: return nil
            default: break
            }
        }
        guard sets.count <= 64, program.instructions.count <= 512 else { return nil }
        follow = Array(repeating: 0, count: sets.count)
        for (index, number) in numbers {
            let reach = Self.reach(program, from: index + 1, isAtStart: false, numbers)
            follow[number] = reach.states
            if reach.accepts { accepting |= 1 << UInt64(number) }
            if reach.acceptsAtEnd { acceptingAtEnd |= 1 << UInt64(number) }
        }
        let begin = Self.reach(program, from: program.first, isAtStart: true, numbers)
        let later = Self.reach(program, from: program.first, isAtStart: false, numbers)
        first = begin.states
        firstLater = later.states
        matchesAnywhere = begin.accepts || later.accepts
        matchesEmpty = begin.acceptsAtEnd
        matchesAtEnd = later.acceptsAtEnd
        takers = (0..<128).map { value in
            var mask: UInt64 = 0
            for (number, set) in sets.enumerated() where set.contains(UInt32(value)) { mask |= 1 << UInt64(number) }
            return mask
        }
    }

    /// What can be reached without taking a character: states that take one, the end, and the end if the text ends.
    private static func reach(
        _ program: PatternProgram, from first: Int, isAtStart: Bool, _ numbers: [Int: Int]
    ) -> (states: UInt64, accepts: Bool, acceptsAtEnd: Bool) {
        var states: UInt64 = 0
        var accepts = false
        var acceptsAtEnd = false
        var seen = Set<[Int]>()
        var rest = [(first, false)]
        while let (index, isAtEnd) = rest.popLast() {
            guard seen.insert([index, isAtEnd ? 1 : 0]).inserted else { continue }
            switch program.instructions[index] {
            case .set: if !isAtEnd, let number = numbers[index] { states |= 1 << UInt64(number) }
            case .split(let left, let right): rest += [(left, isAtEnd), (right, isAtEnd)]
            case .jump(let target): rest.append((target, isAtEnd))
            case .start: if isAtStart { rest.append((index + 1, isAtEnd)) }
            case .end: rest.append((index + 1, true))
            case .wordBoundary, .look: break
            case .match:
                acceptsAtEnd = true
                if !isAtEnd { accepts = true }
            }
        }
        return (states, accepts, acceptsAtEnd)
    }

    func matches(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        if matchesAnywhere { return true }
        if text.isEmpty { return matchesEmpty }
        if matchesAtEnd { return true }
        var reached = first
        var index = 0
        var live: UInt64 = 0
        while index < text.count {
            if reached == 0 { return false }
            let byte = text[index]
            if byte < 0x80 {
                live = reached & takers[Int(byte)]
                index += 1
            } else {
                let (value, length) = UTF8Text.scalar(text, at: index)
                live = 0
                var rest = reached
                while rest != 0 {
                    let number = rest.trailingZeroBitCount
                    rest &= rest - 1
                    if sets[number].contains(value) { live |= 1 << UInt64(number) }
                }
                index += length
            }
            if live & accepting != 0 { return true }
            reached = firstLater
            var rest = live
            while rest != 0 {
                reached |= follow[rest.trailingZeroBitCount]
                rest &= rest - 1
            }
        }
        return live & acceptingAtEnd != 0
    }
}

/// Characters in valid UTF-8.
enum UTF8Text {
    /// The character that begins at an index, and how many bytes it takes.
    @inline(__always)
    static func scalar(_ text: UnsafeBufferPointer<UInt8>, at index: Int) -> (value: UInt32, length: Int) {
        let first = UInt32(text[index])
        func continuation(_ offset: Int) -> UInt32 { UInt32(text[index + offset] & 0x3F) }
        if first < 0x80 { return (first, 1) }
        if first < 0xE0 { return ((first & 0x1F) << 6 | continuation(1), 2) }
        if first < 0xF0 { return ((first & 0x0F) << 12 | continuation(1) << 6 | continuation(2), 3) }
        return ((first & 0x07) << 18 | continuation(1) << 12 | continuation(2) << 6 | continuation(3), 4)
    }

    /// The index of the character before an index above 0.
    @inline(__always)
    static func index(before index: Int, in text: UnsafeBufferPointer<UInt8>) -> Int {
        var index = index - 1
        while text[index] & 0xC0 == 0x80 { index -= 1 }
        return index
    }
}
