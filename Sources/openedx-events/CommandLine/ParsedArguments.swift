/// The arguments of one command, each checked against its specification.
struct ParsedArguments: Sendable {
    private var texts: [String: [String]] = [:]
    private var operands: [OperandSpec: [String]] = [:]

    init() {}

    /// What an option gives.
    subscript<Value>(option: Option<Value>) -> Value { option.convert(texts[option.spec.name] ?? []) }

    /// What an operand gives.
    subscript<Value>(operand: Operand<Value>) -> Value { operand.convert(operands[operand.spec] ?? []) }

    /// Whether an option was given, or its variable set.
    func has(_ option: OptionSpec) -> Bool { texts[option.name] != nil }

    /// Takes note of an option; a flag has the text "".
    mutating func add(_ option: OptionSpec, _ text: String) { texts[option.name, default: []].append(text) }

    /// Takes note of an operand.
    mutating func add(_ operand: OperandSpec, _ text: String) { operands[operand, default: []].append(text) }
}
