/// Reads a command's arguments as GNU tools do: pure.
///
/// Long options take their value behind `=` or as the next argument, and may be cut short where that is unambiguous.
/// Short ones take it joined or as the next argument, and flags may stand in one bundle. Options and operands mix.
/// Behind `--` everything is an operand, and `-` always is.
struct ArgumentParser {
    /// What came of the arguments.
    enum Outcome: Sendable {
        /// Run the command with these.
        case run(ParsedArguments)
        /// Someone asks for help.
        case help
    }

    let spec: CommandSpec
    /// Looks an environment variable up.
    let variable: (String) -> String?

    init(_ spec: CommandSpec, variable: @escaping (String) -> String? = { _ in nil }) {
        self.spec = spec
        self.variable = variable
    }

    /// Reads the arguments that follow the command's name.
    ///
    /// - Throws: ``UsageError`` for the first one that cannot be followed.
    func parse(_ arguments: [String]) throws(UsageError) -> Outcome {
        var result = ParsedArguments()
        var operands: [String] = []
        var rest = arguments[...]
        while let argument = rest.popFirst() {
            if argument == "--" {
                operands += rest
                break
            } else if argument.hasPrefix("--") {
                let option = try long(argument.dropFirst(2), &rest, &result)
                if option == .help { return .help }
            } else if argument.hasPrefix("-"), argument.utf8.count > 1 {
                if try short(argument.dropFirst(), &rest, &result) { return .help }
            } else {
                operands.append(argument)
            }
        }
        try take(operands, &result)
        try complete(&result)
        return .run(result)
    }

    // MARK: Options

    private func long(
        _ text: Substring, _ rest: inout ArraySlice<String>, _ result: inout ParsedArguments
    ) throws(UsageError) -> OptionSpec {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let option = try Self.match(parts[0], among: spec.allOptions)
        let joined = parts.count > 1 ? String(parts[1]) : nil
        if option.value == nil {
            guard joined == nil else { throw UsageError("option '--\(option.name)' takes no value") }
            result.add(option, "")
        } else {
            try take(joined ?? rest.popFirst(), of: option, "--" + option.name, &result)
        }
        return option
    }

    /// The option of that name, or the only one that begins with it.
    static func match(_ name: Substring, among options: [OptionSpec]) throws(UsageError) -> OptionSpec {
        if let option = options.first(where: { $0.name == name }) { return option }
        let matches = name.isEmpty ? [] : options.filter { $0.name.hasPrefix(name) }
        if let only = matches.first, matches.count == 1 { return only }
        if matches.isEmpty {
            let word = printable("--" + name)
            throw UsageError(
                "unknown option '\(word)'", hint: .didYouMean(word, among: options.map { "--" + $0.name }))
        }
        let names = matches.map { "'--\($0.name)'" }.joined(separator: ", ")
        throw UsageError("option '--\(name)' is ambiguous", hint: "It may stand for \(names).")
    }

    /// Reads a bundle of short options; returns whether one of them asks for help.
    private func short(
        _ bundle: Substring, _ rest: inout ArraySlice<String>, _ result: inout ParsedArguments
    ) throws(UsageError) -> Bool {
        var bundle = bundle
        while let letter = bundle.popFirst() {
            guard let option = spec.allOptions.first(where: { $0.short == letter }) else {
                // One dash where two were meant is the likeliest slip.
                let word = printable(letter + bundle)
                let longer = spec.allOptions.map(\.name).first { word.count > 1 && $0.hasPrefix(word) }
                throw UsageError(
                    "unknown option '-\(printable(String(letter)))'", hint: longer.map { "Did you mean '--\($0)'?" })
            }
            if option == .help { return true }
            guard option.value != nil else {
                result.add(option, "")
                continue
            }
            try take(bundle.isEmpty ? rest.popFirst() : String(bundle), of: option, "-\(letter)", &result)
            return false
        }
        return false
    }

    private func take(
        _ text: String?, of option: OptionSpec, _ name: String, _ result: inout ParsedArguments
    ) throws(UsageError) {
        guard let value = option.value else { return }
        guard let text else {
            throw UsageError("option '\(name)' needs a value", hint: hint(value))
        }
        if let problem = value.problem(with: text) {
            throw UsageError(
                "'\(printable(text))' is no value for option '\(name)': \(problem)",
                hint: .didYouMean(printable(text), among: value.candidates))
        }
        result.add(option, text)
    }

    private func hint(_ value: ValueSpec) -> String? {
        value.candidates.isEmpty ? nil : "It takes " + value.candidates.joined(separator: " or ") + "."
    }

    // MARK: Operands, and what was left out

    private func take(_ operands: [String], _ result: inout ParsedArguments) throws(UsageError) {
        let most = spec.operands.last?.isRepeated == true ? Int.max : spec.operands.count
        if operands.count > most {
            let extra = printable(operands[spec.operands.count])
            throw UsageError("there is no use for the argument '\(extra)'")
        }
        for (index, text) in operands.enumerated() {
            let operand = spec.operands[min(index, spec.operands.count - 1)]
            if let problem = operand.value.problem(with: text) {
                throw UsageError(
                    "'\(printable(text))' is no \(operand.value.placeholder): \(problem)",
                    hint: .didYouMean(printable(text), among: operand.value.candidates))
            }
            result.add(operand, text)
        }
        if let missing = spec.operands.dropFirst(operands.count).first(where: \.isRequired) {
            throw UsageError("the argument \(missing.value.placeholder) is missing", hint: hint(missing.value))
        }
    }

    private func complete(_ result: inout ParsedArguments) throws(UsageError) {
        for option in spec.options where !result.has(option) {
            guard let value = option.value else { continue }
            if let variable = option.variable, let text = self.variable(variable), !text.isEmpty {
                if let problem = value.problem(with: text) {
                    // Not the text itself: a variable may hold a secret.
                    throw UsageError("the value of \(variable) does not suit option '--\(option.name)': \(problem)")
                }
                result.add(option, text)
            } else if option.isRequired {
                throw UsageError(
                    "option '--\(option.name)' is missing", hint: option.variable.map { "Or set \($0)." })
            }
        }
    }
}

extension String? {
    /// ``UsageError/didYouMean(_:among:)``, where a hint is wanted.
    fileprivate static func didYouMean(_ word: String, among candidates: [String]) -> String? {
        UsageError.didYouMean(word, among: candidates)
    }
}

private func + (letter: Character, rest: Substring) -> String { String(letter) + rest }
