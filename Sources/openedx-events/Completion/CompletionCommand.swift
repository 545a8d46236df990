/// Prints a shell's completion script.
struct CompletionCommand: Command {
    private static let shell = Operand<Shell>.choice("SHELL", "the shell to print a script for")

    static let spec = CommandSpec(
        name: "completion",
        summary: "print a script that completes commands and options in a shell",
        details: [
            "For bash, put the line 'source <(openedx-events completion bash)' into ~/.bashrc.",
            "For zsh, put the line 'source <(openedx-events completion zsh)' into ~/.zshrc, behind compinit.",
        ],
        operands: [shell.spec],
        exits: [CommandSpec.Exit(.success, "the script was printed")])

    private let shell: Shell

    init(_ arguments: ParsedArguments) { shell = arguments[Self.shell] }

    func run(_ terminal: Terminal) -> ExitStatus {
        terminal.print(shell.script(for: OpenEdXEventsTool.tool.spec))
        return .success
    }
}
