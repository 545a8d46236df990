import OpenEdXEvents

/// How read messages are printed.
struct EventText: Sendable {
    let format: OutputFormat
    var style = TextStyle.plain
    /// What is not shown; `nil` to show everything.
    var personalData: PersonalData? = PersonalData()

    /// The event on one line of JSON, as it stands but for white space and masks; `nil` if the message holds none.
    func line(_ message: ReadMessage) -> [UInt8]? {
        guard case .event(let event, let document) = message.content else { return nil }
        if let personalData {
            let type = event.type
            var text = JSONText(layout: .line)
            text.isMasked = { personalData.covers($0, type: type) }
            return text.write(document)
        }
        guard document.contains(UInt8(ascii: "\n")) || document.contains(UInt8(ascii: "\r")) else { return document }
        // Line ends are white space between tokens: no string of sound JSON holds one.
        return document.map { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") ? 0x20 : $0 }
    }

    /// Why a message holds no event that can be read, on one line.
    static func unreadable(_ message: IncomingMessage, _ error: EnvelopeError) -> String {
        let size = message.value.map { "\($0.count) bytes" } ?? "no value"
        return "\(message.position) is unreadable (\(size)): \(printable("\(error)"))"
    }

    /// The message laid out for a person, with an empty line behind it.
    func block(_ message: ReadMessage) -> [UInt8] {
        var first = style.cyan("\(message.message.position)") + style.dim("  stored \(message.message.timestamp)")
        if let key = message.key { first += style.dim("  key ") + printable(key) }
        var lines = [first]
        switch message.content {
        case .unreadable(let error):
            let size = message.message.value.map { "\($0.count) bytes" } ?? "no value"
            lines.append(style.red("unreadable") + " (\(size)): \(printable("\(error)"))")
        case .event(let event, let document):
            lines.append(style.bold(printable(event.type)) + "  " + printable(event.id))
            lines.append(style.dim(origin(event)))
            for (name, value) in event.extensions.sorted(by: { $0.key < $1.key }) {
                let isMasked = personalData?.covers([name], type: event.type) ?? false
                lines.append("  \(printable(name)): \(isMasked ? PersonalData.mask : printable(value.canonical))")
            }
            for finding in event.findings where finding.severity == .error {
                let subject = finding.attribute.map { " \(printable($0))" } ?? ""
                lines.append(style.yellow("  \(finding.rule)\(subject): \(printable(finding.message))"))
            }
            let text = data(event, document)
            return Array(lines.joined(separator: "\n").utf8) + text + Array("\n\n".utf8)
        }
        return Array((lines.joined(separator: "\n") + "\n\n").utf8)
    }

    private func origin(_ event: ReceivedEnvelope) -> String {
        var parts = ["from \(printable(event.source))"]
        if let host = event.sourceHost { parts.append("on \(printable(host))") }
        if let time = event.time { parts.append("at \(time)") }
        if let minor = event.minorVersion { parts.append("minor version \(minor)") }
        if let subject = event.subject { parts.append("about \(printable(subject))") }
        return parts.joined(separator: " ")
    }

    private func data(_ event: ReceivedEnvelope, _ document: [UInt8]) -> [UInt8] {
        switch event.data {
        case .absent: return Array("\n  no data".utf8)
        case .binary(let bytes): return Array("\n  \(bytes.count) bytes of data".utf8)
        case .text(let text):
            return Array(("\n  " + (personalData == nil ? printable(text) : PersonalData.mask)).utf8)
        case .json(let value):
            let type = event.type
            var text = JSONText(layout: .indented(2), style: style)
            if let personalData { text.isMasked = { personalData.covers(["data"] + $0, type: type) } }
            return Array("\n  ".utf8) + text.write(value)
        }
    }
}
