package import JSONSchema
public import OpenEdXEvents

/// Something that is wrong with a schema, a catalogue, an event or an instance: what, where, by which rule, and what to do.
///
/// No finding holds a value of an instance.
public struct SchemaFinding: Hashable, Sendable {
    /// What kind of thing is wrong, such as `unknown-keyword`: a stable word for tools, tests and waivers.
    public struct Kind: RawRepresentable, Hashable, Sendable, CustomStringConvertible {
        /// The word: lower case letters and dashes.
        public let rawValue: String
        /// Makes a kind of its word.
        public init(rawValue: String) { self.rawValue = rawValue }
        package init(_ word: String) { rawValue = word }
        /// The word.
        public var description: String { rawValue }
    }

    /// What kind of thing is wrong.
    public let kind: Kind
    /// The numbered rule that is broken, where there is one.
    public let rule: Rule?
    /// How grave it is. A note alone leaves a catalogue clean.
    public let severity: Finding.Severity
    /// The file, as it was named to the loader; empty for standard input.
    public let file: String
    /// The line, from 1.
    public let line: Int
    /// The column in characters, from 1.
    public let column: Int
    /// The JSON Pointer of the place; empty for the whole document.
    public let pointer: String
    /// What is wrong, beginning in lower case and without a full stop.
    public let message: String
    /// What to do about it, as a sentence.
    public let hint: String?

    /// Creates a finding; without a severity, a broken rule that is not mandatory is a warning, and all else an error.
    public init(
        _ kind: Kind, rule: Rule? = nil, severity: Finding.Severity? = nil, file: String, line: Int = 1,
        column: Int = 1, pointer: String = "", _ message: String, hint: String? = nil
    ) {
        self.kind = kind
        self.rule = rule
        self.severity = severity ?? (rule.map { $0.isMandatory ? .error : .warning } ?? .error)
        self.file = file
        self.line = line
        self.column = column
        self.pointer = pointer
        self.message = message
        self.hint = hint
    }
}

extension SchemaFinding {
    /// A finding at a byte of a document.
    package init(
        _ kind: Kind, rule: Rule? = nil, severity: Finding.Severity? = nil, in document: JSONDocument, at offset: Int,
        pointer: String = "", _ message: String, hint: String? = nil
    ) {
        let position = document.position(of: offset)
        self.init(
            kind, rule: rule, severity: severity, file: document.file, line: position.line, column: position.column,
            pointer: pointer, message, hint: hint)
    }
}

extension SchemaFinding: Comparable {
    /// Whether one finding stands before another: by file, line, column, rule, kind and message.
    public static func < (left: SchemaFinding, right: SchemaFinding) -> Bool {
        if left.file != right.file { return left.file < right.file }
        if left.line != right.line { return left.line < right.line }
        if left.column != right.column { return left.column < right.column }
        let (leftRule, rightRule) = (left.rule?.rawValue ?? 0, right.rule?.rawValue ?? 0)
        if leftRule != rightRule { return leftRule < rightRule }
        return (left.kind.rawValue, left.message) < (right.kind.rawValue, right.message)
    }
}

extension SchemaFinding: CustomStringConvertible {
    /// One line: place, severity, rule, message and hint.
    public var description: String {
        let name = rule.map { "\($0)" } ?? kind.rawValue
        return "\(file):\(line):\(column): \(severity.rawValue): \(message) [\(name)]" + (hint.map { " " + $0 } ?? "")
    }
}

extension SchemaFinding: JSONWritable {
    /// Writes an object with all members, always in the same order.
    public func write(to json: inout JSONWriter) throws(PayloadError) {
        json.beginObject()
        try json.member("kind", kind.rawValue)
        json.key("rule")
        if let rule { json.write(rule.description) } else { json.writeNull() }
        try json.member("severity", severity.rawValue)
        try json.member("file", file)
        try json.member("line", line)
        try json.member("column", column)
        try json.member("pointer", pointer)
        try json.member("message", message)
        json.key("hint")
        if let hint { json.write(hint) } else { json.writeNull() }
        json.endObject()
    }
}
