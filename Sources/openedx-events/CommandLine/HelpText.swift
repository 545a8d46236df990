/// Help, made of the specifications: pure.
struct HelpText {
    let style: TextStyle
    let width: Int

    /// The tool's help.
    func tool(_ tool: ToolSpec) -> String {
        var sections = [wrap(tool.summary, indent: 0), usage("\(tool.name) COMMAND [ARGUMENT]...")]
        let commands = tool.commands.map { ($0.name, $0.summary) } + [("help", "show the help of a command")]
        sections.append(table("Commands", commands))
        sections.append(table("Options", tool.options.map { (Self.term($0), $0.summary) }))
        sections.append(wrap("'\(tool.name) COMMAND --help' tells more about a command.", indent: 0))
        return sections.joined(separator: "\n\n")
    }

    /// A command's help.
    func command(_ spec: CommandSpec, of tool: ToolSpec) -> String {
        let sentence = spec.summary.prefix(1).uppercased() + spec.summary.dropFirst() + "."
        var sections = [wrap(sentence, indent: 0)]
        sections.append(usage("\(tool.name) \(Self.usage(spec))"))
        sections += spec.details.map { wrap($0, indent: 0) }
        if !spec.operands.isEmpty {
            sections.append(table("Arguments", spec.operands.map { ($0.value.placeholder, Self.summary($0)) }))
        }
        sections.append(table("Options", spec.allOptions.map { (Self.term($0), Self.summary($0)) }))
        if !spec.exits.isEmpty {
            let exits = spec.exits + [CommandSpec.Exit(.usage, "the command line is wrong")]
            let sorted = exits.sorted { $0.status.code < $1.status.code }
            sections.append(table("Exit status", sorted.map { (String($0.status.code), $0.meaning) }))
        }
        if !spec.examples.isEmpty {
            let lines = spec.examples.flatMap { example in
                ["  \(tool.name) \(example.arguments)", wrap(example.summary, indent: 6)]
            }
            sections.append(([style.bold("Examples:")] + lines).joined(separator: "\n"))
        }
        return sections.joined(separator: "\n\n")
    }

    /// How a command is called, without the tool's name.
    static func usage(_ spec: CommandSpec) -> String {
        var parts = [spec.name]
        for option in spec.options where option.isRequired {
            parts.append("--\(option.name) \(option.value?.placeholder ?? "")")
        }
        parts.append("[OPTION]...")
        return (parts + spec.operands.map(\.usage)).joined(separator: " ")
    }

    // MARK: Parts

    private static func term(_ option: OptionSpec) -> String {
        let short = option.short.map { "-\($0), " } ?? "    "
        return short + "--\(option.name)" + (option.value.map { " \($0.placeholder)" } ?? "")
    }

    private static func summary(_ option: OptionSpec) -> String {
        var notes: [String] = []
        if let value = option.value {
            if let range = range(value) { notes.append(range) }
            if let standard = option.standard { notes.append("default: \(standard)") }
            if let variable = option.variable { notes.append("else \(variable)") }
        }
        return option.summary + (notes.isEmpty ? "" : " (\(notes.joined(separator: "; ")))")
    }

    private static func summary(_ operand: OperandSpec) -> String {
        operand.summary + (range(operand.value).map { " (\($0))" } ?? "")
    }

    private static func range(_ value: ValueSpec) -> String? {
        switch value.domain {
        case .choice(let words): words.joined(separator: ", ")
        case .text(let suggestions) where !suggestions.isEmpty: "such as " + suggestions.joined(separator: ", ")
        case .integer(let range) where range.upperBound < Int.max: "\(range.lowerBound) to \(range.upperBound)"
        default: nil
        }
    }

    private func usage(_ line: String) -> String { style.bold("Usage:") + " " + line }

    private func table(_ title: String, _ rows: [(term: String, text: String)]) -> String {
        let column = min((rows.map(\.term.count).max() ?? 0) + 4, 30)
        let lines = rows.map { row in
            let text = wrap(row.text, indent: column)
            // A term that is too long for its column stands on a line of its own.
            guard row.term.count + 4 <= column else { return "  \(style.cyan(row.term))\n\(text)" }
            let gap = String(repeating: " ", count: column - row.term.count - 2)
            return "  " + style.cyan(row.term) + gap + text.dropFirst(column)
        }
        return ([style.bold(title + ":")] + lines).joined(separator: "\n")
    }

    /// Breaks a paragraph into lines, each with the indent.
    func wrap(_ text: String, indent: Int) -> String {
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        var line = ""
        for word in text.split(separator: " ") {
            if !line.isEmpty, indent + line.count + 1 + word.count > width {
                lines.append(margin + line)
                line = ""
            }
            line += (line.isEmpty ? "" : " ") + word
        }
        return (lines + [margin + line]).joined(separator: "\n")
    }
}
