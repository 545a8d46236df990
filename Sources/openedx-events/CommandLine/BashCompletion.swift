/// The completion script for bash: it needs nothing but bash 4.
struct BashCompletion {
    let tool: ToolSpec

    private var function: String { Shell.function(tool) }

    var script: String {
        """
        # Completion of \(tool.name) for bash. Load it with: source <(\(tool.name) completion bash)

        \(function)_offer() {
            local word
            for word in "${@:2}"; do
                [[ $word == "$1"* ]] && COMPREPLY+=("$word")
            done
        }

        \(function)_paths() {
            compopt -o filenames 2>/dev/null
            mapfile -t COMPREPLY < <(compgen "$1" -- "$2")
        }

        \(function)() {
            local current=${COMP_WORDS[COMP_CWORD]} command='' option='' ended='' joined='' word reply
            local -i index=1 operands=0
            COMPREPLY=()

            # Find the command, how many operands stand before the cursor, and whose value stands there.
            while ((index < COMP_CWORD)); do
                word=${COMP_WORDS[index]}
                index+=1
                if [[ -n $ended ]]; then
                    operands+=1
                    continue
                fi
                case "$command $word" in
                    *' --') ended=1 ;;
        \(valued)
                        # bash takes the = of --name=value as a word of its own.
                        [[ $index -lt $COMP_CWORD && ${COMP_WORDS[index]} == = ]] && index+=1
                        ((index >= COMP_CWORD)) && option=$word
                        index+=1
                        ;;
                    *' -'?*) ;;
                    *) if [[ -z $command ]]; then command=$word; else operands+=1; fi ;;
                esac
            done
            if [[ $current == = ]]; then
                current=''
            elif [[ -z $ended && $current == --*=* ]]; then
                option=${current%%=*}
                joined=$option=
                current=${current#*=}
            fi

            case "$command $option" in
        \(values)
            esac
            if [[ -n $joined ]]; then
                for index in "${!COMPREPLY[@]}"; do COMPREPLY[index]=$joined${COMPREPLY[index]}; done
            fi
            [[ -n $option ]] && return

            if [[ -z $ended && $current == -* ]]; then
                case "$command" in
        \(options)
                esac
                return
            fi

            case "$command $operands" in
        \(operands)
            esac
        }

        complete -F \(function) \(tool.name)
        """
    }

    /// The patterns of options that take a value, as one branch without its body.
    private var valued: String {
        let patterns = each { command, option in
            option.value == nil ? [] : option.spellings.map { Shell.quoted("\(command.name) \($0)") }
        }
        // A branch needs a pattern, also in a tool without such options.
        return "            " + (patterns.isEmpty ? ["''"] : patterns).joined(separator: " | ") + ")"
    }

    private var values: String {
        each { command, option in
            guard let value = option.value, let offer = offer(value) else { return [] }
            let patterns = option.spellings.map { Shell.quoted("\(command.name) \($0)") }
            return ["        \(patterns.joined(separator: " | "))) \(offer) ;;"]
        }.joined(separator: "\n")
    }

    private var options: String {
        let lines = [("", tool.options)] + tool.commands.map { ($0.name, $0.allOptions) }
        return lines.map { command, options in
            let words = options.flatMap(\.spellings).filter { $0.hasPrefix("--") }.map(Shell.quoted)
            return
                "            \(Shell.quoted(command))) \(function)_offer \"$current\" \(words.joined(separator: " ")) ;;"
        }.joined(separator: "\n")
    }

    private var operands: String {
        let names = tool.commands.map { Shell.quoted($0.name) }
        var lines = [
            "        ' 0') \(function)_offer \"$current\" \((names + ["help"]).joined(separator: " ")) ;;",
            "        'help 0') \(function)_offer \"$current\" \(names.joined(separator: " ")) ;;",
        ]
        for command in tool.commands {
            for (index, operand) in command.operands.enumerated() {
                guard let offer = offer(operand.value) else { continue }
                let place = Shell.quoted("\(command.name) \(operand.isRepeated ? "" : "\(index)")")
                lines.append("        \(place)\(operand.isRepeated ? "*" : "")) \(offer) ;;")
            }
        }
        return lines.joined(separator: "\n")
    }

    private func offer(_ value: ValueSpec) -> String? {
        switch value.domain {
        case .file: return "\(function)_paths -f \"$current\""
        case .directory: return "\(function)_paths -d \"$current\""
        case .integer: return nil
        case .text, .choice:
            guard !value.candidates.isEmpty else { return nil }
            return "\(function)_offer \"$current\" " + value.candidates.map(Shell.quoted).joined(separator: " ")
        }
    }

    private func each(_ body: (CommandSpec, OptionSpec) -> [String]) -> [String] {
        tool.commands.flatMap { command in command.options.flatMap { body(command, $0) } }
    }
}
