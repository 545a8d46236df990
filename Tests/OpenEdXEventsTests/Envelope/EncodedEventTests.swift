import OpenEdXEvents
import Testing

/// An event whose payload is a text.
private struct TextNoted: Event {
    static let type: EventType = "org.openedx.learning.text.noted.v1"
    var text: String

    init(text: String) { self.text = text }
    init(from json: inout JSONReader) throws(PayloadError) { text = try json.read() }
    func write(to json: inout JSONWriter) throws(PayloadError) { json.write(text) }
}

@Suite("An event is encoded strictly")
struct EncodedEventTests {
    private func head(
        minorVersion: Int = 0, subject: String? = nil, dataSchema: String? = nil,
        extensions: [String: AttributeValue] = [:]
    ) throws -> EventHead {
        EventHead(
            type: TextNoted.type, id: try #require(EventID("76e84332-e5ae-11f1-ab30-e1e77cfbfb72")),
            time: try #require(EventTime("2026-03-14T15:09:26.535897Z")),
            source: try EventSource(service: "lms", process: .web), sourceHost: try SourceHost("lms.example.org"),
            minorVersion: minorVersion, subject: subject, dataSchema: dataSchema, extensions: extensions)
    }

    private func encode(_ text: String, _ head: EventHead) throws -> EncodedEvent {
        var writer = JSONWriter()
        return try EncodedEvent.encode(TextNoted(text: text), head: head, into: &writer)
    }

    @Test("OEP41-02: all attributes stand in the document, in a fixed order")
    func document() throws {
        let encoded = try encode(
            "a/b",
            try head(
                minorVersion: 3, subject: "x\"y", dataSchema: "https://example.org/s",
                extensions: ["b": .integer(-1), "a": .boolean(true), "c": .string("é"), "d": .binary([1, 2])]))
        #expect(
            String(decoding: encoded.document, as: UTF8.self) == #"{"specversion":"1.0","#
                + #""id":"76e84332-e5ae-11f1-ab30-e1e77cfbfb72","type":"org.openedx.learning.text.noted.v1","#
                + #""source":"/openedx/lms/web","sourcehost":"lms.example.org","time":"2026-03-14T15:09:26.535897Z","#
                + #""minorversion":3,"datacontenttype":"application/json","subject":"x\"y","#
                + #""dataschema":"https://example.org/s","a":true,"b":-1,"c":"é","d":"AQI=","data":"a/b"}"#)
        #expect(encoded.data.map { Array($0) } == Array(#""a/b""#.utf8))
        #expect(encoded.extensions.map(\.name) == ["a", "b", "c", "d"])
    }

    @Test("OEP41-01: the limit is 65 536 bytes exactly", arguments: [65_535, 65_536, 65_537])
    func limit(_ size: Int) throws {
        let empty = try encode("", try head()).document.count
        let text = String(repeating: "x", count: size - empty)
        if size <= 65_536 {
            #expect(try encode(text, try head()).document.count == size)
        } else {
            do {
                _ = try encode(text, try head())
                Issue.record("was encoded")
            } catch EncodingFailure.envelope(let error) {
                #expect(error.code == .tooLarge)
                #expect(error.rule == .messageSize)
                #expect(error.message.contains("\(size) bytes"))
                #expect(error.message.contains("65536"))
            }
        }
    }

    @Test("OEP41-01: the limit counts bytes as written, escapes and characters beyond ASCII included")
    func limitInBytes() throws {
        let empty = try encode("", try head()).document.count
        let room = 65_536 - empty
        #expect(throws: Never.self) { try encode(String(repeating: "\"", count: room / 2), try head()) }
        #expect(throws: EncodingFailure.self) { try encode(String(repeating: "\"", count: room / 2 + 1), try head()) }
        #expect(throws: EncodingFailure.self) { try encode(String(repeating: "é", count: room / 2 + 1), try head()) }
    }

    /// The rule for which a head is refused.
    private func refusal(_ head: EventHead) -> Rule? {
        do {
            _ = try encode("", head)
            return nil
        } catch EncodingFailure.envelope(let error) {
            #expect(!error.description.contains("secret"))
            return error.rule
        } catch {
            Issue.record("\(error)")
            return nil
        }
    }

    @Test("OEP41-05: a minor version is from 0 to 2147483647")
    func minorVersion() throws {
        #expect(refusal(try head(minorVersion: -1)) == .minorVersion)
        #expect(refusal(try head(minorVersion: 2_147_483_648)) == .minorVersion)
        #expect(refusal(try head(minorVersion: 2_147_483_647)) == nil)
    }

    @Test("OEP41-34, OEP41-36: subject and dataschema")
    func texts() throws {
        #expect(refusal(try head(subject: "")) == .schemaAndSubject)
        #expect(refusal(try head(subject: "secret\u{1}")) == .attributeCharacters)
        #expect(refusal(try head(subject: "secret\u{85}")) == .attributeCharacters)
        #expect(refusal(try head(subject: "secret\u{FFFF}")) == .attributeCharacters)
        #expect(refusal(try head(dataSchema: "/secret")) == .schemaAndSubject)
        #expect(refusal(try head(dataSchema: "https://secret\u{0}")) == .attributeCharacters)
    }

    @Test("OEP41-32, OEP41-34: names and values of extensions")
    func extensions() throws {
        for name in ["", "A", "a_b", "a-b", "é", "data", "data_base64", "id", "minorversion"] {
            #expect(refusal(try head(extensions: [name: .integer(1)])) == .attributeName, "\(name)")
        }
        #expect(refusal(try head(extensions: ["a": .string("secret\u{7F}")])) == .attributeCharacters)
        #expect(refusal(try head(extensions: ["sequence": .string("7"), "9": .string("")])) == nil)
    }

    @Test("control characters in the data are data: escaped, not refused")
    func data() throws {
        let encoded = try encode("\u{1}\u{7F}", try head())
        #expect(encoded.data.map { Array($0) } == Array("\"\\u0001\u{7F}\"".utf8))
    }

    @Test("OEP41-24: a payload that writes none, or several values, is refused")
    func misuse() throws {
        struct Odd: Event {
            static let type: EventType = "org.openedx.learning.text.noted.v1"
            let values: Int
            init(values: Int) { self.values = values }
            init(from json: inout JSONReader) throws(PayloadError) { values = 0 }
            func write(to json: inout JSONWriter) throws(PayloadError) {
                for _ in 0..<values { json.write(1) }
                if values == 0 { json.endObject() }
            }
        }
        var writer = JSONWriter()
        for values in [0, 2] {
            #expect(throws: EncodingFailure.self) {
                try EncodedEvent.encode(Odd(values: values), head: try head(), into: &writer)
            }
        }
        #expect(throws: Never.self) { try EncodedEvent.encode(Odd(values: 1), head: try head(), into: &writer) }
    }

    @Test("errors of the payload name the place in the payload")
    func payloadError() throws {
        struct Measured: Event {
            static let type: EventType = "org.openedx.learning.text.noted.v1"
            init() {}
            init(from json: inout JSONReader) throws(PayloadError) {}
            func write(to json: inout JSONWriter) throws(PayloadError) {
                try ["a": [1, Double.nan]].write(to: &json)
            }
        }
        var writer = JSONWriter()
        do {
            _ = try EncodedEvent.encode(Measured(), head: try head(), into: &writer)
            Issue.record("was encoded")
        } catch EncodingFailure.payload(let error) {
            #expect(error == PayloadError(.notFinite, pointer: "/a/1", offset: nil, ""))
        }
    }

    @Test("the document is what the scanner reads")
    func scanned() throws {
        let encoded = try encode("é\"", try head(subject: "s"))
        let scan = try encoded.document.withUnsafeBufferPointer { (bytes) throws(EnvelopeError) in
            try EnvelopeScan.scan(bytes)
        }
        #expect(scan.data.range == encoded.dataRange)
        #expect(encoded.document[scan.type.range].elementsEqual(TextNoted.type.name.utf8))
    }
}
