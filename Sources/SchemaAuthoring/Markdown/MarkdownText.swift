import JSONSchema

/// Text within Markdown: nothing of it is taken for markup.
enum MarkdownText {
    /// Text in which what stands in backticks stays code. Lines become one.
    static func prose(_ text: String) -> String {
        let parts = text.split(separator: "`", omittingEmptySubsequences: false)
        guard parts.count % 2 == 1 else { return paragraph(escape(text)) }
        return paragraph(parts.enumerated().map { $0 % 2 == 0 ? escape($1) : code($1) }.joined())
    }

    /// What would begin a list or underline a title at the start of a line is text.
    private static func paragraph(_ text: String) -> String {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        if !digits.isEmpty, let next = text[digits.endIndex...].first, next == "." || next == ")" {
            return digits + "\\" + text[digits.endIndex...]
        }
        return "-+=".contains(text.first ?? " ") ? "\\" + text : text
    }

    /// Text as it stands.
    static func escape(_ text: some StringProtocol) -> String {
        var result = ""
        for character in text {
            if character.isNewline || character == "\t" {
                result.append(" ")
            } else {
                if "\\`*_{}[]<>|#&~!".contains(character) { result.append("\\") }
                result.append(character)
            }
        }
        return result
    }

    /// A text as code, also in a table.
    static func code(_ text: some StringProtocol) -> String {
        let plain = text.map { $0.isNewline ? " " : $0 == "`" ? "'" : $0 }
        return plain.isEmpty ? "" : "`\(String(plain).replacing("|", with: "\\|"))`"
    }

    /// A block of code, in a fence that nothing in it closes.
    static func block(_ code: String, language: String) -> String {
        var longest = 0
        var run = 0
        for character in code {
            run = character == "`" ? run + 1 : 0
            longest = max(longest, run)
        }
        let fence = String(repeating: "`", count: max(3, longest + 1))
        return "\(fence)\(language)\n\(code.hasSuffix("\n") ? String(code.dropLast()) : code)\n\(fence)\n"
    }

    /// A table; nothing without rows.
    static func table(_ head: [String], _ rows: [[String]]) -> String {
        guard !rows.isEmpty else { return "" }
        let lines = [head, head.map { _ in "---" }] + rows
        return lines.map { "| " + $0.joined(separator: " | ") + " |\n" }.joined()
    }
}
