import Testing

@testable import OpenEdXEvents

@Suite("The size guard")
struct SizeGuardTests {
    /// An event of exactly so many bytes as structured JSON.
    private func envelope(bytes: Int, data: (Int) -> EventData, type: String = "application/json") throws
        -> EventEnvelope
    {
        var envelope = SampleDocument.envelope
        envelope.dataContentType = type
        envelope.data = data(0)
        let least = try envelope.structured().count
        envelope.data = data(bytes - least)
        return envelope
    }

    private static let json: @Sendable (Int) -> EventData = {
        .json(Array(("\"" + String(repeating: "x", count: $0) + "\"").utf8))
    }
    private static let text: @Sendable (Int) -> EventData = { .text(String(repeating: "x", count: $0)) }
    private static let quotes: @Sendable (Int) -> EventData = {
        .text(String(repeating: "\"", count: $0 / 2) + String(repeating: "x", count: $0 % 2))
    }

    @Test("OEP41-01: 65 535 and 65 536 bytes are written, 65 537 are not, in every mode")
    func exact() throws {
        for (data, type) in [(Self.json, "application/json"), (Self.text, "text/xml"), (Self.quotes, "text/xml")] {
            for size in [65_535, 65_536] {
                let envelope = try envelope(bytes: size, data: data, type: type)
                #expect(try envelope.structured().count == size)
                let message = try envelope.binary()
                #expect(message.value != nil)
                let received = try ReceivedEnvelope(headers: message.headers, value: message.value)
                #expect(received.findings == [])
                #expect(try ReceivedEnvelope(structured: try envelope.structured()).findings == [])
                #expect(try EventBatch.write([envelope, envelope]).count == 2 * size + 3)
            }
            let large = try envelope(bytes: 65_537, data: data, type: type)
            for error in [
                #expect(throws: EnvelopeError.self) { try large.structured() },
                #expect(throws: EnvelopeError.self) { try large.structured(as: .cloudEvents) },
                #expect(throws: EnvelopeError.self) { try large.binary() },
                #expect(throws: EnvelopeError.self) { try EventBatch.write([large]) },
            ] {
                #expect(error?.code == .tooLarge)
                #expect(error?.rule == .messageSize)
            }
        }
    }

    @Test("OEP41-01: in binary mode too, an event that is read is measured as structured JSON")
    func readBinary() throws {
        for (data, type) in [(Self.json, "application/json"), (Self.text, "text/xml"), (Self.quotes, "text/xml")] {
            var envelope = try envelope(bytes: 65_536, data: data, type: type)
            let message = try envelope.binary()
            // One more byte in a header, and the event is too large.
            envelope.subject = "s"
            let headers = message.headers + [MessageHeader("ce_x", "1")]
            let received = try ReceivedEnvelope(headers: headers, value: message.value)
            #expect(received.findings.map(\.summary) == ["1 - error"])
        }
    }

    @Test("OEP41-01: base64 counts as it is written")
    func base64() throws {
        var envelope = SampleDocument.envelope
        envelope.dataContentType = "text/xml"
        envelope.data = .binary([])
        let least = try envelope.structured().count
        let room = (65_536 - least) / 4 * 3
        envelope.data = .binary(Array(repeating: 7, count: room))
        #expect(try envelope.structured().count <= 65_536)
        let message = try envelope.binary()
        #expect(message.value?.count == room)
        envelope.data = .binary(Array(repeating: 7, count: room + 3))
        #expect(throws: EnvelopeError.self) { try envelope.binary() }
    }
}
