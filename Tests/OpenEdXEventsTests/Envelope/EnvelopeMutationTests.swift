import Foundation
import Testing

@testable import OpenEdXEvents

@Suite("Broken envelopes")
struct EnvelopeMutationTests {
    /// Uses everything that an envelope gives.
    private func exercise(_ received: ReceivedEnvelope) {
        #expect(!received.type.isEmpty)
        _ = (received.id, received.source, received.time, received.minorVersion, received.sourceHost, received.data)
        for finding in received.findings { #expect(!finding.message.isEmpty) }
        var envelope = received.envelope()
        // The assumed media type is written on re-encoding.
        if envelope.dataContentType == nil, case .json = envelope.data { envelope.dataContentType = "application/json" }
        if let document = try? envelope.structured(as: .cloudEvents) {
            #expect((try? EventEnvelope.read(structured: document).envelope) == envelope)
        }
    }

    private static func documents() throws -> [[UInt8]] {
        let rich = SampleDocument().with([
            ("data", #"{"ž\n\uD83C\uDF93":[true,false,null,-1.5e+10,{"":""}]}"#), ("x", "-1"), ("y", "true"),
            ("sub\\u006Aect", #""s""#),
        ])
        let base64 = SampleDocument().with([("data", nil), ("data_base64", #""AP8B""#), ("dataschema", #""urn:a:b""#)])
        let published = try PublishedEvent.all().min { $0.headers.count < $1.headers.count }
        return [rich.bytes, base64.bytes, try #require(published).envelope().structured()]
    }

    @Test("Every truncation of an envelope is a typed error with a place in it")
    func truncated() throws {
        for document in try Self.documents() {
            for count in 0..<document.count {
                let error = #expect(throws: EnvelopeError.self) {
                    try ReceivedEnvelope(structured: Array(document[..<count]))
                }
                #expect(error?.code == .notJSON || error?.code == .notUTF8)
                #expect(error?.offset.map { $0 <= count } == true)
            }
        }
    }

    @Test("Every byte of an envelope flipped: an error or an event, as Foundation agrees, and never a trap")
    func flipped() throws {
        for document in try Self.documents() {
            for index in document.indices {
                for mask: UInt8 in [0x01, 0x02, 0x04, 0x08, 0x10, 0x20, 0x40, 0x80, 0xFF] {
                    var changed = document
                    changed[index] ^= mask
                    do throws(EnvelopeError) {
                        exercise(try ReceivedEnvelope(structured: changed))
                        if mask == 0x20 {
                            #expect((try? JSONSerialization.jsonObject(with: Data(changed))) != nil)
                        }
                    } catch {
                        #expect(!error.message.isEmpty)
                    }
                }
            }
        }
    }

    @Test("Every byte of a batch flipped or cut: an error, or elements, and never a trap")
    func batches() throws {
        let element = Array(#"{"type":"x","a":"\"]","data":[{"b":[]}]}"#.utf8)
        let twice = Array(#"{"type":"x","a":1,"a":2}"#.utf8)
        let batch = [Byte.leftBracket] + element + [Byte.comma] + twice + [Byte.comma] + element + [Byte.rightBracket]
        for index in batch.indices {
            #expect(throws: EnvelopeError.self) { try EventBatch.read(Array(batch[..<index])) }
            for value in UInt8.min...UInt8.max {
                var changed = batch
                changed[index] = value
                for element in (try? EventBatch.read(changed)) ?? [] {
                    #expect(element.range.upperBound <= changed.count)
                    if case .success(let received) = element.event { exercise(received) }
                }
            }
        }
    }

    @Test("Every byte of every header flipped or cut: an error or an event, and never a trap")
    func headers() throws {
        let headers =
            BinaryEnvelopeTests.headers + [
                MessageHeader("ce_traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
                MessageHeader("sourcelib", "1.2.3"), MessageHeader("ce_expirytime", "2026-03-14T15:09:27Z"),
            ]
        func tryRead(_ headers: [MessageHeader]) {
            if let received = try? ReceivedEnvelope(headers: headers, value: BinaryEnvelopeTests.value) {
                exercise(received)
            }
        }
        for (place, header) in headers.enumerated() {
            let value = header.value ?? []
            for index in value.indices {
                for mask: UInt8 in [0x01, 0x08, 0x20, 0x40, 0x80, 0xFF] {
                    var changed = value
                    changed[index] ^= mask
                    var all = headers
                    all[place] = MessageHeader(header.name, changed)
                    tryRead(all)
                }
                var all = headers
                all[place] = MessageHeader(header.name, Array(value[..<index]))
                tryRead(all)
            }
            let name = Array(header.name.utf8)
            for index in name.indices {
                var changed = name
                changed[index] ^= 0x20
                var all = headers
                all[place] = MessageHeader(String(decoding: changed, as: UTF8.self), header.value)
                tryRead(all)
                all[place] = MessageHeader(String(decoding: name[..<index], as: UTF8.self), header.value)
                tryRead(all)
            }
        }
    }

    @Test("Very many attributes and headers are read in linear time")
    func many() throws {
        let count = 20_000
        let members = (0..<count).map { "\"x\($0)\":1" }.joined(separator: ",")
        let received = try ReceivedEnvelope(structured: Array("{\"type\":\"x\",\(members)}".utf8))
        #expect(received.extensions.count == count)
        #expect(received.findings.count == 8 + 1)
        let headers = [MessageHeader("ce_type", "x")] + (0..<count).map { MessageHeader("ce_x\($0)", "1") }
        #expect(try ReceivedEnvelope(headers: headers, value: nil).extensions.count == count)
    }
}
