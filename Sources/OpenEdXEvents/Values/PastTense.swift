/// Guesses whether a word is in the past tense (rule 14): a heuristic with lists of what it would get wrong.
package enum PastTense {
    /// Whether the last word of an action is in the past tense. Words are parted by underscores or hyphens.
    package static func fits(_ action: String) -> Bool {
        let last = action.split(omittingEmptySubsequences: true) { $0 == "_" || $0 == "-" }.last
        return last.map { isPast(String($0)) } ?? false
    }

    static func isPast(_ word: String) -> Bool {
        if irregular.contains(word) { return true }
        for prefix in prefixes where word.hasPrefix(prefix) {
            if irregular.contains(String(word.dropFirst(prefix.count))) { return true }
        }
        return isRegular(word)
    }

    /// A stem with a vowel, and `ed`.
    private static func isRegular(_ word: String) -> Bool {
        guard word.hasSuffix("ed"), word.count > 3, !notPast.contains(word) else { return false }
        // "need", "proceed", "speed" are stems themselves; "agreed" and "freed" are not.
        if word.hasSuffix("eed") { return pastInEED.contains { word.hasSuffix($0) } }
        return word.dropLast(2).contains { "aeiouy".contains($0) }
    }

    private static let pastInEED = ["greed", "freed", "creed", "teed", "fereed", "keyed"]

    private static let notPast: Set<String> = [
        "embed", "imbed", "shred", "hundred", "kindred", "sacred", "naked", "wicked", "biped", "moped", "infrared",
        "newlywed", "crossbred", "seabed", "testbed",
    ]

    private static let prefixes = ["re", "un", "over", "under", "out", "up", "with", "mis", "fore", "pre", "be", "for"]

    /// Past tenses and participles that do not end in `ed`, and those that are too short for the heuristic.
    private static let irregular: Set<String> = [
        "arisen", "arose", "ate", "awoken", "become", "been", "bidden", "began", "begun", "beaten", "bent", "bet",
        "bid", "bled",
        "blown", "bought", "bound", "bred", "broadcast", "broke", "broken", "brought", "built", "burnt", "burst",
        "cast", "caught", "chose", "chosen", "clung", "come", "cost", "cut", "dealt", "done", "drawn", "driven",
        "dug", "eaten", "fallen", "fed", "fell", "felt", "fit", "fled", "flown", "forgiven", "forgot", "forgotten",
        "fought", "found", "froze", "frozen", "gave", "given", "gone", "gotten", "grew", "ground", "grown", "had",
        "held", "hid", "hidden", "hit", "hung", "hurt", "input", "kept", "knew", "known", "laid", "lain",
        "leapt", "learnt", "led", "left", "lent", "let", "lit", "lost", "made", "meant", "met", "mown", "offset",
        "output", "paid", "proven", "put", "quit", "ran", "rang", "read", "ridden", "risen", "rose", "run", "rung",
        "said", "sang", "sat", "saw", "seen", "sent", "set", "sewn", "shaken", "shed", "shone", "shot", "shown",
        "shrunk", "shut", "slept", "slid", "smelt", "sold", "sought", "sown", "sped", "spelt", "spent", "split",
        "spoken", "spread", "sprung", "spun", "stolen", "stood", "struck", "stuck", "sung", "sunk", "swept", "swum",
        "swung", "taken", "taught", "thought", "threw", "thrown", "told", "took", "torn", "typeset", "understood",
        "went", "won", "worn", "wound", "woven", "wrote", "written",
    ]
}
