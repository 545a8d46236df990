import OpenEdXEvents

/// One event of the input on its way: a message to be sent, or why there is none.
struct EmitLine: Sendable {
    enum Content: Sendable {
        case message(OutgoingMessage)
        /// It can be read, and breaks a rule.
        case refused(Inspection.Remark)
        case unreadable(Inspection.Remark)
    }

    /// The event's number in the input, from 0.
    let index: Int
    /// The line on which it begins, from 1.
    let line: Int
    /// The type and id as they stand in the event; `nil` where they cannot be read or are empty.
    let type: String?
    let id: String?
    let content: Content

    /// Roughly how many bytes of memory it takes.
    var cost: Int {
        guard case .message(let message) = content else { return 512 }
        return 512 + (message.value?.count ?? 0) + (message.key?.count ?? 0)
    }
}

/// How events become messages: pure.
struct EmitPlan: Sendable {
    /// Whether an event is one JSON document, or its attributes are headers (rule 40).
    enum Mode: String, CaseIterable, Sendable {
        case structured
        case binary
    }

    /// Which rules are kept.
    enum Rules: String, CaseIterable, Sendable {
        case openedx
        case cloudevents

        var profile: EventEnvelope.Profile { self == .openedx ? .openEdX : .cloudEvents }
    }

    /// Where a message's key comes from.
    enum Key: Hashable, Sendable {
        case none
        /// The same for all.
        case text(String)
        /// An attribute, or behind `data.` a path into the data.
        case path(JSONKeyPath)
    }

    let topic: String
    var mode = Mode.structured
    var rules = Rules.openedx
    var key = Key.none

    /// How many bytes of one event are kept: far more than one may have, so that what it is can be said.
    static let limit = 16 << 20

    private static let headers = [MessageHeader("content-type", EventEnvelope.structuredMediaType)]

    /// Makes a message of a piece of the input.
    func line(_ index: Int, _ piece: EventSplitter.Piece) -> EmitLine {
        let place = Inspection.Place(offset: piece.offset, line: piece.line, column: piece.column)
        switch piece.content {
        case .tooLarge:
            let remark = Inspection.Remark(
                rule: .messageSize, severity: .error, attribute: nil, place: place,
                message: "the event has more than \(Self.limit) bytes, the limit is \(EventEnvelope.sizeLimit)")
            return EmitLine(index: index, line: piece.line, type: nil, id: nil, content: .refused(remark))
        case .broken(let reason):
            let remark = Inspection.Remark(
                rule: .batch, severity: .error, attribute: nil, place: place, message: reason)
            return EmitLine(index: index, line: piece.line, type: nil, id: nil, content: .unreadable(remark))
        case .document(let bytes):
            return line(index, place, bytes)
        }
    }

    private func line(_ index: Int, _ place: Inspection.Place, _ document: [UInt8]) -> EmitLine {
        func remark(_ error: EnvelopeError) -> Inspection.Remark {
            Inspection.Remark(
                rule: error.rule, severity: .error, attribute: error.attribute,
                place: error.offset.map { place.advanced(by: $0, in: document) }, message: error.message)
        }
        let event: ReceivedEnvelope
        do throws(EnvelopeError) {
            event = try ReceivedEnvelope(structured: document)
        } catch {
            return EmitLine(index: index, line: place.line, type: nil, id: nil, content: .unreadable(remark(error)))
        }
        var content: EmitLine.Content
        do throws(EnvelopeError) {
            try check(event)
            content = .message(try message(event, document))
        } catch {
            content = .refused(remark(error))
        }
        return EmitLine(
            index: index, line: place.line, type: event.type, id: event.id.isEmpty ? nil : event.id, content: content)
    }

    /// Throws the first mandatory rule that the event breaks.
    private func check(_ event: ReceivedEnvelope) throws(EnvelopeError) {
        for finding in event.findings where rules.profile.forbids(finding) {
            throw EnvelopeError(
                finding.rule == .messageSize ? .tooLarge : .invalid, rule: finding.rule,
                attribute: finding.attribute, offset: finding.offset, finding.message)
        }
        if rules == .openedx, (try? EventType(event.type))?.isLegacy == true {
            throw EnvelopeError(
                .invalid, rule: .typeName, attribute: "type",
                "is on the legacy list: it is read, and written only in the format of the running bus")
        }
    }

    private func message(_ event: ReceivedEnvelope, _ document: [UInt8]) throws(EnvelopeError) -> OutgoingMessage {
        let key = try key(in: document)
        switch mode {
        case .structured:
            // As it stands: nothing that is unknown here is lost on the way (rule 37).
            return OutgoingMessage(topic: topic, key: key, headers: Self.headers, value: document.trimmingSpace())
        case .binary:
            let (headers, value) = try event.envelope().binary(as: rules.profile)
            return OutgoingMessage(topic: topic, key: key, headers: headers, value: value)
        }
    }

    private func key(in document: [UInt8]) throws(EnvelopeError) -> [UInt8]? {
        switch key {
        case .none: return nil
        case .text(let text): return Array(text.utf8)
        case .path(let path):
            guard let key = path.key(in: document[...]) else {
                throw EnvelopeError(
                    .missing, rule: .routes,
                    "the event has no text, number or boolean at the key path “\(printable(path.description))”")
            }
            return key
        }
    }
}

extension [UInt8] {
    /// The bytes without the white space of JSON around them.
    func trimmingSpace() -> [UInt8] {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 }
        guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) }) else {
            return []
        }
        return first == startIndex && last == endIndex - 1 ? self : Array(self[first...last])
    }
}
