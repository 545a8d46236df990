/// Checks that of each key every number took effect once, in order: pure.
struct DeliveryLedger {
    /// What is wrong with the effects of one key.
    enum Problem: Hashable {
        /// A number took effect again.
        case repeated(key: String, number: Int)
        /// A number took effect before one that comes earlier.
        case outOfOrder(key: String, number: Int, expected: Int)
        /// Numbers at the end never took effect.
        case missing(key: String, from: Int, to: Int)
    }

    /// The problems so far, the first hundred of them.
    private(set) var problems: [Problem] = []
    /// How many effects there were.
    private(set) var effects = 0
    /// How many numbers of each key took effect, which is the number that is due next.
    private var next: [String: Int] = [:]
    private var early: [String: Set<Int>] = [:]

    /// Takes note of an effect.
    mutating func record(key: String, number: Int) {
        effects += 1
        let expected = next[key] ?? 0
        if number == expected {
            next[key] = expected + 1
            while early[key]?.remove(next[key] ?? 0) != nil { next[key, default: 0] += 1 }
        } else if number < expected || early[key]?.contains(number) == true {
            note(.repeated(key: key, number: number))
        } else {
            note(.outOfOrder(key: key, number: number, expected: expected))
            early[key, default: []].insert(number)
        }
    }

    /// Says that so many numbers of a key, from 0, are all that there are to be.
    mutating func close(key: String, count: Int) {
        let reached = next[key] ?? 0
        if reached < count { note(.missing(key: key, from: reached, to: count - 1)) }
    }

    private mutating func note(_ problem: Problem) {
        if problems.count < 100 { problems.append(problem) }
    }
}
