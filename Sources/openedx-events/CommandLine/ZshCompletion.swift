/// The completion script for zsh, on its own `_arguments`.
struct ZshCompletion {
    let tool: ToolSpec

    private var function: String { Shell.function(tool) }

    var script: String {
        """
        #compdef \(tool.name)
        # Completion of \(tool.name) for zsh. Load it with: source <(\(tool.name) completion zsh)

        \(function)() {
            local curcontext=$curcontext state state_descr line
            typeset -A opt_args
            local -a commands=(
        \(commands)
            )

            _arguments -C \\
        \(tool.options.map { arguments($0, indent: 8) }.joined(separator: "\n"))
                '1:command:->command' \\
                '*::argument:->argument'

            case $state in
                command) _describe command commands ;;
                argument)
                    case $words[1] in
                        help) _describe command commands ;;
        \(tool.commands.map(branch).joined(separator: "\n"))
                    esac
                    ;;
            esac
        }

        if [[ $funcstack[1] == \(function) ]]; then
            \(function) "$@"
        else
            compdef \(function) \(tool.name)
        fi
        """
    }

    private var commands: String {
        let all = tool.commands.map { ($0.name, $0.summary) } + [("help", "show the help of a command")]
        return all.map { "        " + Shell.quoted(Self.escaped($0.0, ":") + ":" + $0.1) }.joined(separator: "\n")
    }

    private func branch(_ command: CommandSpec) -> String {
        var lines = ["                \(command.name))", "                    _arguments -s -S \\"]
        lines += command.allOptions.map { arguments($0, indent: 24) }
        for (index, operand) in command.operands.enumerated() {
            let value = operand.value
            let place = operand.isRepeated ? "*" : "\(index + 1)\(operand.isRequired ? "" : ":")"
            let word = "\(place):\(Self.escaped(value.placeholder, ":")):\(action(value))"
            lines.append("                        " + Shell.quoted(word) + " \\")
        }
        lines.append("                        && return")
        lines.append("                    ;;")
        return lines.joined(separator: "\n")
    }

    /// The option's line or lines for `_arguments`, each with a backslash at its end.
    private func arguments(_ option: OptionSpec, indent: Int) -> String {
        let margin = String(repeating: " ", count: indent)
        let excluded = option == .help || option == .version ? "(- *)" : "(\(option.spellings.joined(separator: " ")))"
        return option.spellings.map { spelling in
            var word = excluded + spelling
            if option.value != nil { word += spelling.hasPrefix("--") ? "=" : "+" }
            word += "[\(Self.escaped(option.summary, "[]"))]"
            if let value = option.value { word += ":\(Self.escaped(value.placeholder, ":")):\(action(value))" }
            return margin + Shell.quoted(word) + " \\"
        }.joined(separator: "\n")
    }

    private func action(_ value: ValueSpec) -> String {
        switch value.domain {
        case .file: return "_files"
        case .directory: return "_files -/"
        case .integer: return " "
        case .text, .choice:
            guard !value.candidates.isEmpty else { return " " }
            return "(" + value.candidates.map { Self.escaped($0, " ():") }.joined(separator: " ") + ")"
        }
    }

    private static func escaped(_ text: String, _ characters: String) -> String {
        text.reduce(into: "") { result, character in
            if character == "\\" || characters.contains(character) { result += "\\" }
            result.append(character)
        }
    }
}
