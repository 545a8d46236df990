/// Runs an expression over a text, in all its states at once.
///
/// Where look-arounds hold is found first, one after the other, the inner before the outer: each in one pass over the
/// text that notes every place where it holds. So nothing is looked at twice, however they are nested and repeated.
struct PatternMachine {
    private let program: PatternProgram
    private let text: UnsafeBufferPointer<UInt8>
    /// For each look-around and place whether it holds there.
    private var holds: [[Bool]] = []
    /// The states now, and those behind the next character.
    private var states: [Int] = []
    private var later: [Int] = []
    private var rest: [Int] = []
    /// For each instruction the last pass and place in which it was reached.
    private var reached: [Int]
    private var generation = 0

    init(_ program: PatternProgram, _ text: UnsafeBufferPointer<UInt8>) {
        self.program = program
        self.text = text
        reached = Array(repeating: 0, count: program.instructions.count)
    }

    /// Whether the expression matches anywhere.
    mutating func matches() -> Bool {
        for look in program.looks {
            var places = [Bool](repeating: false, count: text.count + 1)
            _ = run(from: look.first, isBackward: look.isAhead) { places[$0] = true }
            holds.append(places)
        }
        return run(from: program.first, isBackward: false, onMatch: nil)
    }

    /// Begins at every place, and says where matches end; without anyone to tell, stops at the first.
    private mutating func run(from first: Int, isBackward: Bool, onMatch: ((Int) -> Void)?) -> Bool {
        states.removeAll(keepingCapacity: true)
        var index = isBackward ? text.count : 0
        while true {
            generation += 1
            later.removeAll(keepingCapacity: true)
            var isMatch = false
            for state in states { isMatch = follow(state, index, generation) || isMatch }
            isMatch = follow(first, index, generation) || isMatch
            if isMatch {
                guard let onMatch else { return true }
                onMatch(index)
            }
            if index == (isBackward ? 0 : text.count) { return false }
            let from = isBackward ? UTF8Text.index(before: index, in: text) : index
            let (value, length) = UTF8Text.scalar(text, at: from)
            states.removeAll(keepingCapacity: true)
            for state in later {
                if case .set(let set) = program.instructions[state], program.sets[set].contains(value) {
                    states.append(state + 1)
                }
            }
            index = isBackward ? from : index + length
        }
    }

    /// Reaches an instruction and those that follow without a character; `true` if the end is among them.
    private mutating func follow(_ first: Int, _ index: Int, _ generation: Int) -> Bool {
        var isMatch = false
        rest.append(first)
        while let state = rest.popLast() {
            guard reached[state] != generation else { continue }
            reached[state] = generation
            switch program.instructions[state] {
            case .set: later.append(state)
            case .split(let left, let right): rest += [right, left]
            case .jump(let target): rest.append(target)
            case .start: if index == 0 { rest.append(state + 1) }
            case .end: if index == text.count { rest.append(state + 1) }
            case .wordBoundary(let isNegated): if isBoundary(index) != isNegated { rest.append(state + 1) }
            case .look(let look, let isNegated): if holds[look][index] != isNegated { rest.append(state + 1) }
            case .match: isMatch = true
            }
        }
        return isMatch
    }

    private func isBoundary(_ index: Int) -> Bool {
        let before =
            index > 0 && CharacterSet.isWord(UTF8Text.scalar(text, at: UTF8Text.index(before: index, in: text)).value)
        let after = index < text.count && CharacterSet.isWord(UTF8Text.scalar(text, at: index).value)
        return before != after
    }
}
