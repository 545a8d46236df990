/// An operand, which is an argument without a name, as parser, help and completion see it.
struct OperandSpec: Hashable, Sendable {
    /// What it may be.
    let value: ValueSpec
    /// Whether the command cannot do without it.
    let isRequired: Bool
    /// Whether it may be given many times; only the last operand may.
    var isRepeated = false
    /// What it is, in one line that begins in lower case.
    let summary: String

    /// The operand in a line of usage.
    var usage: String {
        var name = value.placeholder
        if case .choice(let words) = value.domain { name = words.joined(separator: "|") }
        if isRepeated { name += "..." }
        return isRequired ? name : "[\(name)]"
    }
}

/// An operand together with the type of what it gives.
struct Operand<Value: Sendable>: Sendable {
    /// The operand as parser, help and completion see it.
    let spec: OperandSpec
    /// Makes the value of the texts, which the specification allows; none where it was left out.
    let convert: @Sendable ([String]) -> Value
}

extension Operand<String?> {
    /// A text that may be left out.
    static func text(_ placeholder: String, _ summary: String) -> Self {
        let value = ValueSpec(placeholder, .text(suggestions: []))
        return Self(spec: OperandSpec(value: value, isRequired: false, summary: summary)) { $0.last }
    }

    /// A file that may be left out.
    static func file(_ placeholder: String, _ summary: String) -> Self {
        Self(spec: OperandSpec(value: ValueSpec(placeholder, .file), isRequired: false, summary: summary)) {
            $0.last
        }
    }
}

extension Operand<[String]> {
    /// Any number of texts, perhaps none. Only the last operand may be one.
    static func texts(_ placeholder: String, _ summary: String) -> Self {
        var spec = OperandSpec(
            value: ValueSpec(placeholder, .text(suggestions: [])), isRequired: false, summary: summary)
        spec.isRepeated = true
        return Self(spec: spec) { $0 }
    }
}

extension Operand where Value: RawRepresentable<String> & CaseIterable {
    /// One of the cases of an enumeration, which must be given.
    static func choice(_ placeholder: String, _ summary: String) -> Self {
        let words = Value.allCases.map(\.rawValue)
        let spec = OperandSpec(value: ValueSpec(placeholder, .choice(words)), isRequired: true, summary: summary)
        return Self(spec: spec) { texts in
            guard let value = texts.last.flatMap(Value.init(rawValue:)) else {
                preconditionFailure("the parser lets no command run without its required operand")
            }
            return value
        }
    }
}
