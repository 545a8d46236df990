/// What the tool takes and says of itself.
struct ToolSpec: Hashable, Sendable {
    /// The word that calls it.
    let name: String
    /// What it is for, as a sentence.
    let summary: String
    let version: String
    let commands: [CommandSpec]

    /// The options before a command.
    let options: [OptionSpec] = [.help, .version]
}

/// The tool: finds the command, reads its arguments, runs it, and says what went wrong.
struct Tool: Sendable {
    private let commands: [any Command.Type]
    let spec: ToolSpec

    init(_ name: String, version: String, _ summary: String, commands: [any Command.Type]) {
        self.commands = commands
        spec = ToolSpec(name: name, summary: summary, version: version, commands: commands.map { $0.spec })
    }

    /// Runs the command that the arguments name and returns how it ended.
    func run(_ arguments: [String], on terminal: Terminal) async -> ExitStatus {
        var status: ExitStatus
        do throws(UsageError) {
            status = try await dispatch(arguments, terminal)
        } catch {
            status = refuse(error, command: nil, terminal)
        }
        // A command that lives on without the reader of its output has said what there is to say.
        if let failure = terminal.output.flush(), !failure.isBrokenPipe {
            terminal.complain(spec.name, "cannot write the output: \(failure)")
            status = .inputOutput
        }
        return status
    }

    private func dispatch(_ arguments: [String], _ terminal: Terminal) async throws(UsageError) -> ExitStatus {
        guard let first = arguments.first, first != "--" else {
            terminal.printError(HelpText(style: terminal.errorStyle, width: terminal.width).tool(spec))
            return .usage
        }
        let rest = Array(arguments.dropFirst())
        if first.hasPrefix("-"), first != "-" {
            let option = try toolOption(first)
            terminal.print(option == .version ? "\(spec.name) \(spec.version)" : help(terminal).tool(spec))
            return .success
        }
        if first == "help" { return try help(rest, terminal) }
        return await run(try command(first), rest, terminal)
    }

    private func toolOption(_ argument: String) throws(UsageError) -> OptionSpec {
        if argument.hasPrefix("--") { return try ArgumentParser.match(argument.dropFirst(2), among: spec.options) }
        if let option = spec.options.first(where: { $0.short.map { "-\($0)" } == argument }) { return option }
        throw UsageError(
            "unknown option '\(printable(argument))'", hint: "Options of a command stand behind its name.")
    }

    private func command(_ name: String) throws(UsageError) -> any Command.Type {
        if let command = commands.first(where: { $0.spec.name == name }) { return command }
        let names = spec.commands.map(\.name) + ["help"]
        throw UsageError(
            "unknown command '\(printable(name))'",
            hint: UsageError.didYouMean(printable(name), among: names)
                ?? "The commands are \(names.joined(separator: ", ")).")
    }

    private func help(_ arguments: [String], _ terminal: Terminal) throws(UsageError) -> ExitStatus {
        switch arguments.first {
        case nil: terminal.print(help(terminal).tool(spec))
        case "help", "--help", "-h": terminal.print(help(terminal).tool(spec))
        case let name?: terminal.print(help(terminal).command(try command(name).spec, of: spec))
        }
        return .success
    }

    private func help(_ terminal: Terminal) -> HelpText { HelpText(style: terminal.style, width: terminal.width) }

    private func run(_ type: any Command.Type, _ arguments: [String], _ terminal: Terminal) async -> ExitStatus {
        let command: any Command
        do throws(UsageError) {
            switch try ArgumentParser(type.spec, variable: terminal.variable).parse(arguments) {
            case .help:
                terminal.print(help(terminal).command(type.spec, of: spec))
                return .success
            case .run(let parsed): command = try type.init(parsed)
            }
        } catch {
            return refuse(error, command: type.spec.name, terminal)
        }
        let name = "\(spec.name) \(type.spec.name)"
        do {
            return try await command.run(terminal)
        } catch let failure as CommandFailure {
            terminal.complain(name, failure.message, hint: failure.hint)
            return failure.status
        } catch {
            terminal.complain(name, printable("\(error)"))
            return .software
        }
    }

    private func refuse(_ error: UsageError, command: String?, _ terminal: Terminal) -> ExitStatus {
        let name = command.map { "\(spec.name) \($0)" } ?? spec.name
        terminal.complain(name, error.message, hint: error.hint)
        terminal.printError("Try '\(name) --help'.")
        return .usage
    }
}
