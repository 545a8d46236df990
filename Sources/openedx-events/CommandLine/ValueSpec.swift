/// What an option's value or an operand may be: what the parser checks, help shows and completion offers.
struct ValueSpec: Hashable, Sendable {
    /// The values that are allowed.
    enum Domain: Hashable, Sendable {
        /// Any text; the suggestions are offered, others are allowed.
        case text(suggestions: [String])
        /// One of these words.
        case choice([String])
        /// A whole number.
        case integer(ClosedRange<Int>)
        /// A path of a file, or `-` where the command says so.
        case file
        /// A path of a directory.
        case directory
    }

    /// What stands for the value in help, such as `FILE`.
    let placeholder: String
    let domain: Domain

    init(_ placeholder: String, _ domain: Domain) {
        self.placeholder = placeholder
        self.domain = domain
    }

    /// What is wrong with a value, as the end of a sentence; `nil` if it is allowed.
    func problem(with text: String) -> String? {
        switch domain {
        case .text, .file, .directory:
            return text.isEmpty ? "it must not be empty" : nil
        case .choice(let words):
            return words.contains(text) ? nil : "it takes " + words.joined(separator: " or ")
        case .integer(let range):
            guard let number = Int(text), range.contains(number) else {
                let upper = range.upperBound == Int.max ? "" : " to \(range.upperBound)"
                return "it takes a whole number from \(range.lowerBound)\(upper)"
            }
            return nil
        }
    }

    /// The words that completion offers.
    var candidates: [String] {
        switch domain {
        case .text(let suggestions): suggestions
        case .choice(let words): words
        case .integer, .file, .directory: []
        }
    }
}
