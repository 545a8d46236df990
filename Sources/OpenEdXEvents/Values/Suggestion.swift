/// Finds what someone who mistyped a word most likely meant.
package enum Suggestion {
    /// The candidate closest to the word: one that begins with it, or differs by a third of its letters at most.
    package static func closest(to word: String, among candidates: [String]) -> String? {
        let typed = Array(word.lowercased())
        // The distance is quadratic: what is far longer than any name is none.
        guard !typed.isEmpty, typed.count <= 64 else { return nil }
        var best: (candidate: String, distance: Int)?
        for candidate in candidates {
            let name = Array(candidate.lowercased())
            let most = max(1, max(typed.count, name.count) / 3)
            let distance = typed.count >= 2 && name.starts(with: typed) ? 1 : distance(typed, name)
            guard distance <= most, distance < best?.distance ?? Int.max else { continue }
            best = (candidate, distance)
        }
        return best?.candidate
    }

    /// How many letters to insert, remove, replace or swap with their neighbour make one word of the other.
    package static func distance(_ left: [Character], _ right: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...right.count)
        for row in 0..<left.count {
            var current = [row + 1]
            for column in 0..<right.count {
                var cost = min(
                    current[column] + 1, last[column + 1] + 1, last[column] + (left[row] == right[column] ? 0 : 1))
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    cost = min(cost, beforeLast[column - 1] + 1)
                }
                current.append(cost)
            }
            beforeLast = last
            last = current
        }
        return last[right.count]
    }
}
