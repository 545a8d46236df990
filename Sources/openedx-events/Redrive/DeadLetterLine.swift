import OpenEdXEvents

extension DeadLetter {
    /// The message as it lay in its topic.
    var original: IncomingMessage {
        IncomingMessage(
            delivery: Delivery(position: origin, assignment: AssignmentID(0)), key: key, headers: headers,
            value: value, timestamp: originTimestamp)
    }
}

/// What is shown of a dead letter: where it was, what it is and why it is here, and nothing of what it holds.
struct DeadLetterLine: JSONWritable {
    private let letter: DeadLetter
    private let type: String?
    private let id: String?

    init(_ letter: DeadLetter) {
        self.letter = letter
        let event = ReadMessage(letter.original).event
        type = event?.type
        id = event?.id
    }

    /// One line for a person.
    func text(_ style: TextStyle) -> String {
        var parts = [style.cyan("\(letter.origin)"), style.dim("\(letter.time)")]
        if let type { parts.append(style.bold(printable(type))) }
        if let id { parts.append(style.dim(printable(id))) }
        parts.append(letter.handler.map { "handler \(printable($0))" } ?? "no handler")
        parts.append("\(letter.attempts) \(letter.attempts == 1 ? "attempt" : "attempts")")
        if letter.redrives > 0 { parts.append("redriven \(letter.redrives) times") }
        parts.append(printable(letter.reason))
        return parts.joined(separator: "  ")
    }

    /// One line of JSON, with all members always in the same order.
    func json() throws(PayloadError) -> String { String(decoding: try JSONWriter.write(self), as: UTF8.self) }

    func write(to json: inout JSONWriter) throws(PayloadError) {
        json.beginObject()
        try json.member("topic", letter.origin.topic)
        try json.member("partition", letter.origin.partition)
        try json.member("offset", letter.origin.offset)
        try json.nullable("type", type)
        try json.nullable("id", id)
        try json.nullable("handler", letter.handler)
        try json.member("attempts", letter.attempts)
        try json.member("redrives", letter.redrives)
        try json.member("reason", letter.reason)
        try json.member("time", letter.time.description)
        json.endObject()
    }
}
