import OpenEdXEvents

/// Colours and weights, or none of them: for a terminal, or for a file.
struct TextStyle: Hashable, Sendable {
    /// Whether the text may hold escape sequences.
    let isColored: Bool

    static let plain = TextStyle(isColored: false)

    func bold(_ text: String) -> String { wrap(text, "1") }
    func dim(_ text: String) -> String { wrap(text, "2") }
    func red(_ text: String) -> String { wrap(text, "31") }
    func green(_ text: String) -> String { wrap(text, "32") }
    func yellow(_ text: String) -> String { wrap(text, "33") }
    func blue(_ text: String) -> String { wrap(text, "34") }
    func cyan(_ text: String) -> String { wrap(text, "36") }

    /// A severity's name in its colour, with blanks behind it up to the longest.
    func severity(_ severity: Finding.Severity) -> String {
        let name = severity.rawValue.padding(to: 8)
        return switch severity {
        case .note: blue(name)
        case .warning: yellow(name)
        case .error: red(name)
        }
    }

    private func wrap(_ text: String, _ code: String) -> String {
        isColored && !text.isEmpty ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }

    /// Whether a stream is coloured: only a terminal that can, and only if the user has not set `NO_COLOR`.
    static func isColored(isTerminal: Bool, variable: (String) -> String?) -> Bool {
        guard isTerminal, variable("NO_COLOR")?.isEmpty ?? true else { return false }
        return variable("TERM") != "dumb"
    }
}
