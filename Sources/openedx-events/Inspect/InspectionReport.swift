import OpenEdXEvents

/// How a command prints what it found.
enum OutputFormat: String, CaseIterable, Sendable {
    case text
    case json
}

extension Inspection {
    /// The inspection as lines for a person.
    ///
    /// Nothing of the event but its type and id is shown, and these without what could move the cursor.
    func text(_ style: TextStyle) -> String {
        var line = style.dim("line \(place.line):") + " "
        switch status {
        case .valid: line += style.green(status.rawValue)
        case .findings: line += style.yellow(status.rawValue)
        case .unreadable: line += style.red(status.rawValue)
        }
        if let type { line += "  " + style.bold(printable(type)) }
        if let id { line += "  " + style.dim(printable(id)) }
        return ([line] + (findings + (error.map { [$0] } ?? [])).map { $0.text(style) }).joined(separator: "\n")
    }

    /// The inspection as one line of JSON, with all members always in the same order.
    func json() throws(PayloadError) -> String { String(decoding: try JSONWriter.write(self), as: UTF8.self) }
}

extension Inspection.Remark {
    fileprivate func text(_ style: TextStyle) -> String {
        let place = style.dim((place.map { "\($0.line):\($0.column)" } ?? "-").padding(to: 8))
        let subject = attribute.map { printable($0) + ": " } ?? ""
        return "  \(style.severity(severity)) \(rule)  \(place) \(subject)\(printable(message))"
    }
}

extension String {
    /// The text with blanks behind it up to a width in characters.
    func padding(to width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - count)) }
}

extension Inspection: JSONWritable {
    func write(to json: inout JSONWriter) throws(PayloadError) {
        json.beginObject()
        try json.member("index", index)
        try json.member("line", place.line)
        try json.member("status", status.rawValue)
        try json.nullable("type", type)
        try json.nullable("id", id)
        json.key("findings")
        json.beginArray()
        for finding in findings { try finding.write(to: &json) }
        json.endArray()
        json.key("error")
        if let error { try error.write(to: &json) } else { json.writeNull() }
        json.endObject()
    }
}

extension Inspection.Remark: JSONWritable {
    func write(to json: inout JSONWriter) throws(PayloadError) {
        json.beginObject()
        try json.member("rule", rule.description)
        try json.member("severity", severity.rawValue)
        try json.nullable("attribute", attribute)
        try json.nullable("offset", place?.offset)
        try json.nullable("line", place?.line)
        try json.nullable("column", place?.column)
        try json.member("message", message)
        json.endObject()
    }
}

extension JSONWriter {
    /// Writes a member, and `null` where there is no value.
    mutating func nullable(_ name: StaticString, _ value: (some JSONWritable)?) throws(PayloadError) {
        key(name)
        if let value { try value.write(to: &self) } else { writeNull() }
    }
}
