import JSONSchema
import OpenEdXEvents
import SchemaAuthoring

/// What there is to say of one event or instance of the input.
struct ValidationAnswer: Sendable {
    /// Something that is wrong with it. Holds no value of the instance.
    struct Remark: Hashable, Sendable {
        /// The numbered rule, for what the envelope breaks.
        let rule: Rule?
        /// The keyword of the schema, for what the schema refuses; `json` for what is no JSON.
        let keyword: String?
        let severity: Finding.Severity
        /// Where in the event or instance, as a JSON Pointer.
        let pointer: String
        /// The line and column in the input, from 1.
        let line: Int
        let column: Int
        /// Where the keyword stands in the schema, as a JSON Pointer.
        let schema: String?
        let message: String
    }

    /// The line on which it begins, from 1.
    let line: Int
    /// The event's type and id, where it is an event and they can be read.
    var type: String?
    var id: String?
    /// Whether events were asked for, so that the answer has type and id.
    let isEvent: Bool
    /// Whether it can be read as JSON, and as an event where one was asked for.
    let isReadable: Bool
    let remarks: [Remark]

    /// Whether nothing is wrong with it but notes.
    var isValid: Bool { isReadable && !remarks.contains { $0.severity > .note } }
}

extension ValidationAnswer: JSONWritable {
    func write(to json: inout JSONWriter) throws(PayloadError) {
        json.beginObject()
        try json.member("line", line)
        try json.member("valid", isValid)
        if isEvent {
            try json.nullable("type", type)
            try json.nullable("id", id)
        }
        json.key("findings")
        json.beginArray()
        for remark in remarks { try remark.write(to: &json) }
        json.endArray()
        json.endObject()
    }

    /// One line of JSON.
    func json() throws(PayloadError) -> String { String(decoding: try JSONWriter.write(self), as: UTF8.self) }

    /// The answer as lines for a person.
    func text(_ style: TextStyle) -> String {
        let word = isValid ? style.green("valid") : isReadable ? style.yellow("invalid") : style.red("unreadable")
        var line = style.dim("line \(self.line):") + " " + word
        if let type { line += "  " + style.bold(printable(type)) }
        if let id { line += "  " + style.dim(printable(id)) }
        return ([line] + remarks.map { $0.text(style) }).joined(separator: "\n")
    }

    /// An annotation of a workflow for each remark.
    func github(file: String) -> [String] {
        let findings = remarks.map { remark in
            SchemaFinding(
                SchemaFinding.Kind(rawValue: remark.keyword ?? "event"), rule: remark.rule, severity: remark.severity,
                file: file, line: remark.line, column: remark.column, pointer: remark.pointer, remark.message)
        }
        return FindingReport(findings).githubLines
    }
}

extension ValidationAnswer.Remark: JSONWritable {
    func write(to json: inout JSONWriter) throws(PayloadError) {
        json.beginObject()
        try json.nullable("rule", rule?.description)
        try json.nullable("keyword", keyword)
        try json.member("severity", severity.rawValue)
        try json.member("pointer", pointer)
        try json.member("line", line)
        try json.member("column", column)
        try json.nullable("schema", schema)
        try json.member("message", message)
        json.endObject()
    }

    fileprivate func text(_ style: TextStyle) -> String {
        let place = style.dim("\(line):\(column)".padding(to: 8))
        let subject = pointer.isEmpty ? "" : printable(pointer) + ": "
        let source = schema.map { $0.isEmpty ? "" : style.dim("  (\($0))") } ?? ""
        let name = (rule?.description ?? keyword ?? "").padding(to: 8)
        return "  \(style.severity(severity)) \(name) \(place) \(subject)" + printable(message) + source
    }
}

/// What was validated so far, in numbers.
struct ValidationSummary: Hashable, Sendable {
    private(set) var total = 0
    private(set) var invalid = 0
    private(set) var unreadable = 0

    mutating func add(_ answer: ValidationAnswer) {
        total += 1
        if !answer.isReadable { unreadable += 1 } else if !answer.isValid { invalid += 1 }
    }

    /// How the command ends: what cannot be read weighs more than what is invalid.
    var status: ExitStatus { unreadable > 0 ? .unreadable : invalid > 0 ? .findings : .success }

    /// One line.
    func text(_ singular: String) -> String {
        var parts = ["\(total - invalid - unreadable) valid"]
        if invalid > 0 { parts.append("\(invalid) invalid") }
        if unreadable > 0 { parts.append("\(unreadable) unreadable") }
        return "\(total) \(singular)\(total == 1 ? "" : "s"): " + parts.joined(separator: ", ")
    }
}
