/// A shell that completion scripts are made for.
enum Shell: String, CaseIterable, Sendable {
    case bash
    case zsh

    /// The script that completes the tool's commands, options and values.
    func script(for tool: ToolSpec) -> String {
        switch self {
        case .bash: BashCompletion(tool: tool).script
        case .zsh: ZshCompletion(tool: tool).script
        }
    }

    /// The text as one word of either shell, whatever it holds.
    static func quoted(_ text: String) -> String { "'" + text.replacing("'", with: "'\\''") + "'" }

    /// The tool's name as the name of a shell function.
    static func function(_ tool: ToolSpec) -> String { "_" + tool.name.replacing("-", with: "_") }
}

extension OptionSpec {
    /// The option's spellings, the long one first.
    var spellings: [String] { ["--" + name] + (short.map { ["-\($0)"] } ?? []) }
}
