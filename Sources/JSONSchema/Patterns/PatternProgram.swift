/// A regular expression as instructions of a machine that is in many states at once.
struct PatternProgram: Sendable {
    enum Instruction: Sendable {
        /// Takes one character of a set, and goes on behind this.
        case set(Int)
        /// Goes on at two places.
        case split(Int, Int)
        case jump(Int)
        case start
        case end
        case wordBoundary(isNegated: Bool)
        /// Goes on if a look-around holds here.
        case look(Int, isNegated: Bool)
        case match
    }

    /// A look-around: where its instructions begin, and which way they read.
    struct Look: Sendable {
        let first: Int
        let isAhead: Bool
    }

    /// How many instructions an expression may take.
    static let maximumCount = 20_000

    private(set) var instructions: [Instruction] = []
    private(set) var sets: [CharacterSet] = []
    /// The look-arounds, each behind those within it.
    private(set) var looks: [Look] = []
    /// Where the expression itself begins.
    private(set) var first = 0

    init(_ tree: PatternTree) throws(PatternError) {
        let body = try Self.hoistLooks(tree, &self)
        first = instructions.count
        try emit(body, isReversed: false)
        try append(.match)
    }

    /// A look-around is compiled before what it stands in, and named by its number there. One that looks ahead is read
    /// from the text's end backwards, so that one pass finds all places where it holds.
    private static func hoistLooks(
        _ tree: PatternTree, _ program: inout PatternProgram
    ) throws(PatternError) -> PatternBody {
        switch tree {
        case .empty: return .empty
        case .set(let set):
            program.sets.append(set)
            return .set(program.sets.count - 1)
        case .start: return .start
        case .end: return .end
        case .wordBoundary(let isNegated): return .wordBoundary(isNegated: isNegated)
        case .sequence(let parts):
            var bodies: [PatternBody] = []
            for part in parts { bodies.append(try hoistLooks(part, &program)) }
            return .sequence(bodies)
        case .alternatives(let parts):
            var bodies: [PatternBody] = []
            for part in parts { bodies.append(try hoistLooks(part, &program)) }
            return .alternatives(bodies)
        case .repeated(let part, let minimum, let maximum):
            return .repeated(try hoistLooks(part, &program), minimum: minimum, maximum: maximum)
        case .look(let part, let isAhead, let isNegated):
            let body = try hoistLooks(part, &program)
            let first = program.instructions.count
            try program.emit(body, isReversed: isAhead)
            try program.append(.match)
            program.looks.append(Look(first: first, isAhead: isAhead))
            return .look(program.looks.count - 1, isNegated: isNegated)
        }
    }

    private mutating func append(_ instruction: Instruction) throws(PatternError) {
        guard instructions.count < Self.maximumCount else {
            throw PatternError(
                position: 0,
                message: "it takes more than \(Self.maximumCount) steps when its repetitions are written out",
                hint: "use `maxLength` and smaller bounds")
        }
        instructions.append(instruction)
    }

    private mutating func emit(_ body: PatternBody, isReversed: Bool) throws(PatternError) {
        switch body {
        case .empty: break
        case .set(let set): try append(.set(set))
        case .start: try append(.start)
        case .end: try append(.end)
        case .wordBoundary(let isNegated): try append(.wordBoundary(isNegated: isNegated))
        case .look(let number, let isNegated): try append(.look(number, isNegated: isNegated))
        case .sequence(let parts):
            if isReversed {
                for part in parts.reversed() { try emit(part, isReversed: true) }
            } else {
                for part in parts { try emit(part, isReversed: false) }
            }
        case .alternatives(let parts):
            var jumps: [Int] = []
            for part in parts.dropLast() {
                let split = instructions.count
                try append(.split(split + 1, 0))
                try emit(part, isReversed: isReversed)
                jumps.append(instructions.count)
                try append(.jump(0))
                instructions[split] = .split(split + 1, instructions.count)
            }
            if let last = parts.last { try emit(last, isReversed: isReversed) }
            for jump in jumps { instructions[jump] = .jump(instructions.count) }
        case .repeated(let part, let minimum, let maximum):
            try emitRepeated(part, minimum, maximum, isReversed)
        }
    }

    private mutating func emitRepeated(
        _ part: PatternBody, _ minimum: Int, _ maximum: Int?, _ isReversed: Bool
    ) throws(PatternError) {
        for count in 0..<minimum {
            let before = instructions.count
            try emit(part, isReversed: isReversed)
            // What takes no instruction takes none the next time either.
            if instructions.count == before, count == 0 { return }
        }
        guard let maximum else {
            let split = instructions.count
            try append(.split(split + 1, 0))
            try emit(part, isReversed: isReversed)
            try append(.jump(split))
            instructions[split] = .split(split + 1, instructions.count)
            return
        }
        var splits: [Int] = []
        for _ in minimum..<maximum {
            splits.append(instructions.count)
            try append(.split(instructions.count + 1, 0))
            try emit(part, isReversed: isReversed)
        }
        for split in splits { instructions[split] = .split(split + 1, instructions.count) }
    }
}

/// A tree whose sets and look-arounds are numbers.
indirect enum PatternBody {
    case empty
    case set(Int)
    case sequence([PatternBody])
    case alternatives([PatternBody])
    case repeated(PatternBody, minimum: Int, maximum: Int?)
    case start
    case end
    case wordBoundary(isNegated: Bool)
    case look(Int, isNegated: Bool)
}
