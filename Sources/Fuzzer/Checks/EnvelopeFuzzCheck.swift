import Foundation
import OpenEdXEvents

/// Reads the input as an event, a batch and a binary message, and takes events there and back.
enum EnvelopeFuzzCheck {
    static func run(_ input: [UInt8], _ verdict: GrammarVerdict) throws(Mismatch) {
        let received: ReceivedEnvelope
        do throws(EnvelopeError) {
            received = try ReceivedEnvelope(structured: input)
        } catch {
            if let offset = error.offset, !(0...input.count).contains(offset) {
                throw Mismatch("envelope", "the offset \(offset) lies outside of the document")
            }
            if isReadable(verdict) { throw Mismatch("envelope", "refuses an event that can be read: \(error)") }
            checkBatch(input)
            return
        }
        guard verdict.isValid, let model = verdict.value else { throw Mismatch("envelope", "takes what is not JSON") }
        try checkAttributes(received, model)
        try checkData(received, model)
        for finding in received.findings {
            if let offset = finding.offset, !(0...input.count).contains(offset) {
                throw Mismatch("findings", "an offset lies outside of the document: \(finding)")
            }
        }
        try checkRoundTrip(received)
    }

    /// Whether an event must be delivered: whatever else it breaks, its type is there and its data is not ambiguous.
    private static func isReadable(_ verdict: GrammarVerdict) -> Bool {
        guard verdict.isValid, let model = verdict.value, let type = model["type"]?.text, !type.isEmpty else {
            return false
        }
        return model["data_base64"] == nil || model["data_base64"] == .null
    }

    private static func checkAttributes(_ received: ReceivedEnvelope, _ model: JSONModel) throws(Mismatch) {
        let attributes = [
            ("type", received.type), ("id", received.id), ("source", received.source),
            ("specversion", received.specVersion), ("subject", received.subject ?? ""),
            ("datacontenttype", received.dataContentType ?? ""), ("dataschema", received.dataSchema ?? ""),
        ]
        for (name, value) in attributes where Array(value.utf8) != Array((model[name]?.text ?? "").utf8) {
            throw Mismatch("envelope", "\(name) is another one")
        }
        let bytes = received.withTypeBytes { Array($0) }
        guard bytes == Array(received.type.utf8) else { throw Mismatch("envelope", "the type's bytes are others") }
    }

    private static func checkData(_ received: ReceivedEnvelope, _ model: JSONModel) throws(Mismatch) {
        switch received.data {
        case .absent:
            // JSON's null for data is a payload (rule 37).
            if model["data"] != nil { throw Mismatch("envelope", "the data is not found") }
        case .json(let bytes):
            guard ModelParser.judge(bytes).value == model["data"] else { throw Mismatch("envelope", "other data") }
        case .text(let text):
            guard Array(text.utf8) == model["data"]?.text.map({ Array($0.utf8) }) else {
                throw Mismatch("envelope", "other text")
            }
        case .binary(let bytes):
            guard Data(bytes) == model["data_base64"]?.text.flatMap({ Data(base64Encoded: $0) }) else {
                throw Mismatch("envelope", "other bytes")
            }
        }
    }

    private static func checkBatch(_ input: [UInt8]) {
        guard let elements = try? EventBatch.read(input) else { return }
        for element in elements {
            if case .success(let event) = element.event { _ = (event.findings, event.extensions, event.data) }
        }
    }

    /// What keeps the rules of CloudEvents must be the same event after both mappings.
    private static func checkRoundTrip(_ received: ReceivedEnvelope) throws(Mismatch) {
        let envelope = received.envelope()
        guard let document = try? envelope.structured(as: .cloudEvents) else { return }
        guard ModelParser.judge(document).isValid else { throw Mismatch("structured", "writes what is not JSON") }
        do {
            let again = try EventEnvelope.read(structured: document).envelope
            guard canonical(again) == canonical(envelope) else { throw Mismatch("structured", "is another event") }
            let (headers, value) = try envelope.binary(as: .cloudEvents)
            let binary = try EventEnvelope.read(headers: headers, value: value).envelope
            guard canonical(binary).attributes == canonical(envelope).attributes else {
                throw Mismatch("binary", "has other attributes")
            }
        } catch let error as Mismatch {
            throw error
        } catch {
            throw Mismatch("mapping", "cannot be read again: \(error)")
        }
    }

    private struct Canonical: Equatable {
        let attributes: [String]
        let data: EventData
    }

    /// What two envelopes must have in common: attributes by their canonical text.
    private static func canonical(_ envelope: EventEnvelope) -> Canonical {
        let attributes = [
            envelope.id, envelope.source, envelope.type, envelope.specVersion, envelope.time?.description ?? "–",
            envelope.sourceHost ?? "–", envelope.minorVersion.map(String.init) ?? "–",
            envelope.dataContentType ?? "application/json", envelope.dataSchema ?? "–", envelope.subject ?? "–",
        ]
        let extensions = envelope.extensions.map { "\($0.key)=\($0.value.canonical)" }.sorted()
        return Canonical(attributes: attributes + extensions, data: envelope.data)
    }
}
