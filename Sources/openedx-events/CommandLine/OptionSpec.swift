/// An option as parser, help and completion see it.
struct OptionSpec: Hashable, Sendable {
    /// The long name, without dashes.
    let name: String
    /// The short name, an ASCII letter or digit.
    let short: Character?
    /// The value it takes; `nil` for a flag.
    let value: ValueSpec?
    /// What it does, in one line that begins in lower case.
    let summary: String
    /// The value that holds if the option is not given, for help.
    var standard: String?
    /// The environment variable that gives the value if the option is not given.
    var variable: String?
    /// Whether the command cannot do without it.
    var isRequired = false

    init(_ name: String, short: Character? = nil, value: ValueSpec? = nil, _ summary: String) {
        self.name = name
        self.short = short
        self.value = value
        self.summary = summary
    }

    /// Shows help; every command and the tool have it.
    static let help = OptionSpec("help", short: "h", "show this help and exit")
    /// Shows the version; the tool alone has it.
    static let version = OptionSpec("version", short: "V", "show the version and exit")
}

/// An option together with the type of what it gives: `arguments[Self.format]` is an `OutputFormat`.
struct Option<Value: Sendable>: Sendable {
    /// The option as parser, help and completion see it.
    let spec: OptionSpec
    /// Makes the value of all texts that were given for it, each of which the specification allows.
    let convert: @Sendable ([String]) -> Value
}

extension Option<Bool> {
    /// An option without a value.
    static func flag(_ name: String, short: Character? = nil, _ summary: String) -> Self {
        Self(spec: OptionSpec(name, short: short, summary)) { !$0.isEmpty }
    }
}

extension Option<Int> {
    /// A whole number with a default. Given twice, the last one holds.
    static func integer(
        _ name: String, short: Character? = nil, _ placeholder: String, in range: ClosedRange<Int>,
        default standard: Int,
        _ summary: String
    ) -> Self {
        var spec = OptionSpec(name, short: short, value: ValueSpec(placeholder, .integer(range)), summary)
        spec.standard = String(standard)
        return Self(spec: spec) { texts in texts.last.flatMap { Int($0) } ?? standard }
    }
}

extension Option<Int?> {
    /// A whole number that may be left out. Given twice, the last one holds.
    static func number(
        _ name: String, short: Character? = nil, _ placeholder: String, in range: ClosedRange<Int>, _ summary: String
    ) -> Self {
        let spec = OptionSpec(name, short: short, value: ValueSpec(placeholder, .integer(range)), summary)
        return Self(spec: spec) { texts in texts.last.flatMap { Int($0) } }
    }
}

extension Option<[String]> {
    /// A text that may be given several times, or not at all; required ones at least once.
    static func texts(
        _ name: String, short: Character? = nil, _ value: ValueSpec, isRequired: Bool = false, _ summary: String
    ) -> Self {
        var spec = OptionSpec(name, short: short, value: value, summary)
        spec.isRequired = isRequired
        return Self(spec: spec) { $0 }
    }
}

extension Option<String?> {
    /// A text that may be left out. Given twice, the last one holds.
    static func text(
        _ name: String, short: Character? = nil, _ value: ValueSpec, variable: String? = nil, _ summary: String
    ) -> Self {
        var spec = OptionSpec(name, short: short, value: value, summary)
        spec.variable = variable
        return Self(spec: spec) { $0.last }
    }
}

extension Option<String> {
    /// A text that must be given, or stand in the variable. Given twice, the last one holds.
    static func required(
        _ name: String, short: Character? = nil, _ value: ValueSpec, variable: String? = nil, _ summary: String
    ) -> Self {
        var spec = OptionSpec(name, short: short, value: value, summary)
        spec.variable = variable
        spec.isRequired = true
        // The parser has seen to it that there is one.
        return Self(spec: spec) { $0.last ?? "" }
    }
}

extension Option where Value: RawRepresentable<String> & CaseIterable {
    /// One of the cases of an enumeration, with a default. Given twice, the last one holds.
    static func choice(
        _ name: String, short: Character? = nil, _ placeholder: String, default standard: Value, _ summary: String
    ) -> Self {
        let words = Value.allCases.map(\.rawValue)
        var spec = OptionSpec(name, short: short, value: ValueSpec(placeholder, .choice(words)), summary)
        spec.standard = standard.rawValue
        return Self(spec: spec) { texts in texts.last.flatMap(Value.init(rawValue:)) ?? standard }
    }
}
