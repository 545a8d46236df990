import OpenEdXEvents

/// What became of one event of the input.
struct EmitOutcomeLine: Sendable {
    enum Status: Sendable {
        case stored(Position)
        /// It breaks a rule and was not sent.
        case refused(Inspection.Remark)
        /// The transport did not store it, or does not know.
        case failed(TransportError)
        case unreadable(Inspection.Remark)
    }

    let index: Int
    let line: Int
    let type: String?
    let id: String?
    let status: Status

    init(_ line: EmitLine, _ status: Status) {
        index = line.index
        self.line = line.line
        type = line.type
        id = line.id
        self.status = status
    }

    /// The word for it; what was refused has failed too.
    var word: String {
        switch status {
        case .stored: "stored"
        case .refused, .failed: "failed"
        case .unreadable: "unreadable"
        }
    }

    private var remark: Inspection.Remark? {
        switch status {
        case .refused(let remark), .unreadable(let remark): remark
        case .stored, .failed: nil
        }
    }

    /// The outcome as one line for a person.
    func text(_ style: TextStyle) -> String {
        let padded = word.padding(to: 10)
        let coloured =
            if case .stored = status { style.green(padded) } else { style.red(padded) }
        var parts = [style.dim("line \(line):") + " " + coloured]
        if let type { parts.append(style.bold(printable(type))) }
        if let id { parts.append(style.dim(printable(id))) }
        switch status {
        case .stored(let position): parts.append("\(position)")
        case .failed(let error): parts.append(printable("\(error)"))
        case .refused(let remark), .unreadable(let remark):
            var text = remark.rule.description
            if let place = remark.place { text += " \(place.line):\(place.column)" }
            if let attribute = remark.attribute { text += " " + printable(attribute) }
            parts.append(text + ": " + printable(remark.message))
        }
        return parts.joined(separator: "  ")
    }

    /// The outcome as one line of JSON, with all members always in the same order.
    func json() throws(PayloadError) -> String { String(decoding: try JSONWriter.write(self), as: UTF8.self) }
}

extension EmitOutcomeLine: JSONWritable {
    func write(to json: inout JSONWriter) throws(PayloadError) {
        json.beginObject()
        try json.member("index", index)
        try json.member("line", line)
        try json.member("status", word)
        try json.nullable("type", type)
        try json.nullable("id", id)
        let position: Position? = if case .stored(let position) = status { position } else { nil }
        try json.nullable("topic", position?.topic)
        try json.nullable("partition", position?.partition)
        try json.nullable("offset", position?.offset)
        json.key("error")
        switch status {
        case .stored: json.writeNull()
        case .refused(let remark), .unreadable(let remark): try remark.write(to: &json)
        case .failed(let error):
            json.beginObject()
            try json.member("code", error.code.description)
            try json.member("retriable", error.isRetriable)
            try json.member("message", error.message)
            json.endObject()
        }
        json.endObject()
    }
}

/// What was emitted so far, in numbers.
struct EmitSummary: Hashable, Sendable {
    private(set) var stored = 0
    private(set) var failed = 0
    private(set) var unreadable = 0

    var events: Int { stored + failed + unreadable }

    mutating func add(_ outcome: EmitOutcomeLine) {
        switch outcome.status {
        case .stored: stored += 1
        case .refused, .failed: failed += 1
        case .unreadable: unreadable += 1
        }
    }

    /// How the command ends: what cannot be read weighs more than what was not stored.
    var status: ExitStatus {
        if unreadable > 0 { return .unreadable }
        return failed > 0 ? .findings : .success
    }

    /// One line.
    var text: String {
        var parts = ["\(stored) stored"]
        if failed > 0 { parts.append("\(failed) failed") }
        if unreadable > 0 { parts.append("\(unreadable) unreadable") }
        return "\(events) \(events == 1 ? "event" : "events"): " + parts.joined(separator: ", ")
    }
}
