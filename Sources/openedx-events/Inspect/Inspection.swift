import OpenEdXEvents

/// What there is to say of one event of the input.
struct Inspection: Sendable {
    /// How an event stands. Notes alone leave it valid.
    enum Status: String, Sendable {
        case valid
        case findings
        case unreadable
    }

    /// A place in the input.
    struct Place: Hashable, Sendable {
        /// Bytes from the beginning.
        let offset: Int
        /// From 1.
        let line: Int
        /// Bytes of the line, from 1.
        let column: Int
    }

    /// A finding, or why the event cannot be read.
    struct Remark: Hashable, Sendable {
        let rule: Rule
        let severity: Finding.Severity
        let attribute: String?
        let place: Place?
        let message: String
    }

    /// The event's number in the input, from 0.
    let index: Int
    /// Where it begins.
    let place: Place
    let status: Status
    /// The type and id as they stand in the event; `nil` where they cannot be read or are empty.
    let type: String?
    let id: String?
    /// Everything that it breaks, in the order of its attributes.
    let findings: [Remark]
    /// Why it cannot be read.
    let error: Remark?
}

extension Inspection {
    /// Examines a piece of the input.
    init(index: Int, _ piece: EventSplitter.Piece, limit: Int) {
        self.index = index
        place = Place(offset: piece.offset, line: piece.line, column: piece.column)
        var event: ReceivedEnvelope?
        var failure: Remark?
        var findings: [Remark] = []
        let origin = place
        switch piece.content {
        case .document(let bytes):
            do throws(EnvelopeError) {
                let envelope = try ReceivedEnvelope(structured: bytes)
                event = envelope
                findings = envelope.findings.map { finding in
                    Remark(
                        rule: finding.rule, severity: finding.severity, attribute: finding.attribute,
                        place: finding.offset.map { origin.advanced(by: $0, in: bytes) }, message: finding.message)
                }
            } catch {
                failure = Remark(
                    rule: error.rule, severity: .error, attribute: error.attribute,
                    place: error.offset.map { origin.advanced(by: $0, in: bytes) }, message: error.message)
            }
        case .tooLarge:
            failure = Remark(
                rule: .messageSize, severity: .error, attribute: nil, place: origin,
                message: "the document has more than \(limit) bytes, which is not kept: no event has more than 65536")
        case .broken(let reason):
            failure = Remark(rule: .batch, severity: .error, attribute: nil, place: origin, message: reason)
        }
        type = event.flatMap { $0.type.isEmpty ? nil : $0.type }
        id = event.flatMap { $0.id.isEmpty ? nil : $0.id }
        self.findings = findings
        error = failure
        if failure != nil {
            status = .unreadable
        } else {
            status = findings.contains { $0.severity > .note } ? .findings : .valid
        }
    }
}

extension Inspection.Place {
    /// The place so many bytes further into a document that begins here.
    func advanced(by count: Int, in document: [UInt8]) -> Inspection.Place {
        let before = document.prefix(count)
        let lines = before.count { $0 == UInt8(ascii: "\n") }
        let column = before.lastIndex(of: UInt8(ascii: "\n")).map { count - $0 } ?? self.column + count
        return Inspection.Place(offset: offset + count, line: line + lines, column: column)
    }
}

/// What was inspected so far, in numbers.
struct InspectionSummary: Hashable, Sendable {
    private(set) var events = 0
    private(set) var unreadable = 0
    private(set) var withFindings = 0
    private(set) var remarks: [Finding.Severity: Int] = [:]

    /// Takes note of an event.
    mutating func add(_ inspection: Inspection) {
        events += 1
        switch inspection.status {
        case .valid: break
        case .findings: withFindings += 1
        case .unreadable: unreadable += 1
        }
        for finding in inspection.findings { remarks[finding.severity, default: 0] += 1 }
    }

    /// How the command ends: what cannot be read weighs more than what breaks a rule.
    var status: ExitStatus {
        if unreadable > 0 { return .unreadable }
        return withFindings > 0 ? .findings : .success
    }

    /// One line.
    var text: String {
        var parts = ["\(events - withFindings - unreadable) valid"]
        if withFindings > 0 { parts.append("\(withFindings) with findings") }
        if unreadable > 0 { parts.append("\(unreadable) unreadable") }
        var line = "\(events) \(events == 1 ? "event" : "events"): " + parts.joined(separator: ", ")
        let counts = Finding.Severity.allCases.reversed().compactMap { severity in
            remarks[severity].map { "\($0) \(severity.rawValue)\($0 == 1 ? "" : "s")" }
        }
        if !counts.isEmpty { line += " (" + counts.joined(separator: ", ") + ")" }
        return line
    }
}
