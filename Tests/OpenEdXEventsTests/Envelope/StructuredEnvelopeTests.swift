import Testing

@testable import OpenEdXEvents

@Suite("Structured JSON")
struct StructuredEnvelopeTests {
    @Test("OEP41-02: an event is written with all attributes, in a fixed order")
    func golden() throws {
        var envelope = SampleDocument.envelope
        envelope.subject = "course-v1:a+b+c"
        envelope.dataSchema = "https://example.org/schema"
        envelope.extensions = [
            "zeta": .boolean(true), "alpha": .integer(-5), "beta": .string("ž \" \\"), "gamma": .binary([0, 255]),
            "delta": .uri("urn:a:b"), "epsilon": .uriReference("../x"), "eta": .timestamp(EventTime(seconds: 0)),
        ]
        let text = String(decoding: try envelope.structured(), as: UTF8.self)
        #expect(
            text == #"{"specversion":"1.0","id":"b3b3981e-7544-11ea-b663-adde48001122","#
                + #""type":"org.openedx.learning.course.enrollment.created.v1","source":"/openedx/lms/web","#
                + #""sourcehost":"edx.devstack.lms","time":"2026-03-14T15:09:26.535897Z","minorversion":0,"#
                + #""datacontenttype":"application/json","subject":"course-v1:a+b+c","#
                + #""dataschema":"https://example.org/schema","alpha":-5,"beta":"ž \" \\","delta":"urn:a:b","#
                + #""epsilon":"../x","eta":"1970-01-01T00:00:00Z","gamma":"AP8=","zeta":true,"#
                + #""data":{"course":"a","seats":[1,2.5,null]}}"#)
    }

    @Test("OEP41-37: unknown attributes and the order of members survive a round trip in meaning")
    func roundTrip() throws {
        let document = SampleDocument().with([
            ("x", "true"), ("y", "-7"), ("z", #""ž\u0020\uD83C\uDF93""#), ("subject", #""s""#), ("gone", "null"),
            ("dataschema", #""urn:a:b""#),
            ("traceparent", #""00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01""#),
        ])
        let (envelope, findings) = try EventEnvelope.read(structured: document.bytes)
        #expect(findings == [])
        #expect(
            envelope.extensions == [
                "x": .boolean(true), "y": .integer(-7), "z": .string("ž \u{1F393}"),
                "traceparent": .string("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
            ])
        let again = try EventEnvelope.read(structured: try envelope.structured())
        #expect(again.envelope == envelope)
        #expect(again.findings == [])

        let reversed =
            "{" + document.members.reversed().map { " \"\($0.name)\" :\n\t\($0.json) " }.joined(separator: ",")
            + "}\r\n"
        #expect(try EventEnvelope.read(structured: Array(reversed.utf8)).envelope == envelope)
    }

    @Test("OEP41-37: names and values with escapes are the same as without")
    func escapes() throws {
        let text = SampleDocument().text
            .replacing(#""type":"org"#, with: #""\u0074ype":"\u006frg"#)
            .replacing(#""/openedx/lms/web""#, with: #""\/openedx\/lms\/web""#)
        let received = try ReceivedEnvelope(structured: Array(text.utf8))
        #expect(received.findings == [])
        #expect(received.type == "org.openedx.learning.course.enrollment.created.v1")
        #expect(received.source == "/openedx/lms/web")
        #expect(received.withTypeBytes { String(decoding: $0, as: UTF8.self) } == received.type)
        #expect(received.envelope() == SampleDocument.envelope)
    }

    @Test("A received envelope gives every attribute")
    func attributes() throws {
        let document = SampleDocument().with([("subject", #""s""#), ("dataschema", #""urn:a:b""#), ("x", "1")])
        let received = try ReceivedEnvelope(structured: document.bytes)
        #expect(received.id == "b3b3981e-7544-11ea-b663-adde48001122")
        #expect(received.specVersion == "1.0")
        #expect(received.time == EventTime("2026-03-14T15:09:26.535897Z"))
        #expect(received.sourceHost == "edx.devstack.lms")
        #expect(received.minorVersion == 0)
        #expect(received.subject == "s")
        #expect(received.dataSchema == "urn:a:b")
        #expect(received.dataContentType == "application/json")
        #expect(received.extensions == ["x": .integer(1)])
        #expect(received.data == .json(Array(#"{"course":"a","seats":[1,2.5,null]}"#.utf8)))
        #expect(received.withTypeBytes { Array($0) } == Array(received.type.utf8))
        #expect(try ReceivedEnvelope(received.envelope()).envelope() == received.envelope())
    }

    @Test("An event that lacks nearly everything is read")
    func bare() throws {
        let received = try ReceivedEnvelope(structured: Array(#"{"type":"x"}"#.utf8))
        #expect(received.type == "x")
        #expect(received.id == "" && received.source == "" && received.specVersion == "")
        #expect(received.time == nil && received.minorVersion == nil && received.sourceHost == nil)
        #expect(received.data == .absent)
        #expect(received.extensions == [:])
        #expect(received.findings.count == 8)
    }

    private static let refused: [(String, Rule, String?, @Sendable (inout EventEnvelope) -> Void)] = [
        ("no id", .requiredContext, "id", { $0.id = "" }),
        ("id in upper case", .id, "id", { $0.id = $0.id.uppercased() }),
        ("id with a MAC address", .id, "id", { $0.id = "b3b3981e-7544-11ea-b663-acde48001122" }),
        ("no source", .requiredContext, "source", { $0.source = "" }),
        ("source without a slash", .source, "source", { $0.source = "openedx/lms/web" }),
        ("no type", .requiredContext, "type", { $0.type = "" }),
        ("a type without version", .typeName, "type", { $0.type = "org.openedx.learning.course.created" }),
        ("specversion", .specVersion, "specversion", { $0.specVersion = "0.3" }),
        ("no time", .requiredAttributes, "time", { $0.time = nil }),
        ("no host", .requiredAttributes, "sourcehost", { $0.sourceHost = nil }),
        ("no host name", .sourceHost, "sourcehost", { $0.sourceHost = "a b" }),
        ("no minor version", .requiredAttributes, "minorversion", { $0.minorVersion = nil }),
        ("negative minor version", .minorVersion, "minorversion", { $0.minorVersion = -1 }),
        ("large minor version", .attributeType, "minorversion", { $0.minorVersion = 1 << 31 }),
        ("no media type", .requiredAttributes, "datacontenttype", { $0.dataContentType = nil }),
        ("a broken media type", .dataContentType, "datacontenttype", { $0.dataContentType = "json" }),
        ("empty subject", .schemaAndSubject, "subject", { $0.subject = "" }),
        ("control character", .attributeCharacters, "subject", { $0.subject = "a\u{1}" }),
        ("relative schema", .schemaAndSubject, "dataschema", { $0.dataSchema = "a/b" }),
        ("extension in upper case", .attributeName, nil, { $0.extensions["Up"] = .boolean(true) }),
        ("extension data", .attributeName, "data", { $0.extensions["data"] = .boolean(true) }),
        ("extension data_base64", .attributeName, nil, { $0.extensions["data_base64"] = .string("") }),
        (
            "extension id", .requiredContext, "id",
            { $0.extensions["id"] = .string("b3b3981e-7544-11ea-b663-adde48001122") }
        ),
        ("extension with a control", .attributeCharacters, "x", { $0.extensions["x"] = .string("\u{9F}") }),
        ("extension with a broken URI", .attributeType, "x", { $0.extensions["x"] = .uri("a b") }),
        ("extension with a broken reference", .attributeType, "x", { $0.extensions["x"] = .uriReference("%") }),
        ("data that is no JSON", .jsonData, "data", { $0.data = .json(Array("{".utf8)) }),
        ("data with bytes behind", .jsonData, "data", { $0.data = .json(Array(#"1,"x":2"#.utf8)) }),
        ("data of nothing", .jsonData, "data", { $0.data = .json([]) }),
        ("text as JSON", .jsonData, "data", { $0.data = .text("a") }),
        ("bytes as JSON", .jsonData, "data", { $0.data = .binary([0xFF]) }),
        ("JSON as XML", .jsonData, "data", { $0.dataContentType = "text/xml" }),
    ]

    @Test(
        """
        OEP41-02 OEP41-04 OEP41-05 OEP41-06 OEP41-08 OEP41-09 OEP41-10 OEP41-31 OEP41-32 OEP41-33 OEP41-34 OEP41-36 \
        OEP41-38: what breaks a mandatory rule is not written, in any mode
        """, arguments: refused.indices)
    func strict(row: Int) {
        let (name, rule, attribute, change) = Self.refused[row]
        var envelope = SampleDocument.envelope
        change(&envelope)
        let errors = [
            #expect(throws: EnvelopeError.self) { try envelope.structured() },
            #expect(throws: EnvelopeError.self) { try envelope.binary() },
            #expect(throws: EnvelopeError.self) { try EventBatch.write([SampleDocument.envelope, envelope]) },
        ]
        for error in errors {
            #expect(error?.rule == rule, "\(name)")
            #expect(error?.attribute == attribute, "\(name)")
            #expect(error?.code == .invalid, "\(name)")
        }
    }

    @Test("OEP41-31: an event from elsewhere can be passed on under CloudEvents' own rules")
    func passedOn() throws {
        let envelope = EventEnvelope(
            id: "42", source: "https://example.org/a b".replacing(" ", with: "%20"), type: "com.example.thing",
            dataContentType: nil, data: .json(Array("7".utf8)))
        #expect(throws: EnvelopeError.self) { try envelope.structured() }
        let document = try envelope.structured(as: .cloudEvents)
        #expect(
            String(decoding: document, as: UTF8.self)
                == #"{"specversion":"1.0","id":"42","type":"com.example.thing","source":"https://example.org/a%20b","#
                + #""datacontenttype":"application/json","data":7}"#)
        for change: (inout EventEnvelope) -> Void in [
            { $0.id = "" }, { $0.source = "" }, { $0.source = "a b" }, { $0.type = "" }, { $0.specVersion = "2.0" },
            { $0.subject = "" }, { $0.dataContentType = "x" }, { $0.extensions["type"] = .string("x") },
        ] {
            var broken = envelope
            change(&broken)
            #expect(throws: EnvelopeError.self) { try broken.structured(as: .cloudEvents) }
        }
    }

    @Test("OEP41-38: text is a string, bytes are base64, and both come back")
    func otherData() throws {
        var envelope = SampleDocument.envelope
        envelope.dataContentType = "text/xml"
        envelope.data = .text("<a b=\"c\">\u{1}ž</a>")
        var document = try envelope.structured()
        #expect(String(decoding: document, as: UTF8.self).hasSuffix(#","data":"<a b=\"c\">\u0001ž</a>"}"#))
        #expect(try EventEnvelope.read(structured: document).envelope == envelope)

        envelope.data = .binary([0, 1, 254])
        document = try envelope.structured()
        #expect(String(decoding: document, as: UTF8.self).hasSuffix(#","data_base64":"AAH+"}"#))
        #expect(try EventEnvelope.read(structured: document).envelope == envelope)

        envelope.data = .absent
        #expect(try EventEnvelope.read(structured: try envelope.structured()).envelope == envelope)
    }

    @Test("OEP41-38: without a media type JSON is assumed, and written on re-encoding")
    func assumedJSON() throws {
        let document = SampleDocument().with([("datacontenttype", nil), ("data", #""text""#)])
        let received = try ReceivedEnvelope(structured: document.bytes)
        #expect(received.data == .json(Array(#""text""#.utf8)))
        let again = try received.envelope().structured(as: .cloudEvents)
        #expect(String(decoding: again, as: UTF8.self).contains(#""datacontenttype":"application/json""#))
    }

    @Test("OEP41-37: data of null is a payload, no data is none")
    func nullData() throws {
        #expect(
            try ReceivedEnvelope(structured: SampleDocument().with("data", "null").bytes).data
                == .json(Array("null".utf8)))
        #expect(try ReceivedEnvelope(structured: SampleDocument().with("data", nil).bytes).data == .absent)
        let both = SampleDocument().with([("data", nil), ("data_base64", "null")])
        #expect(try ReceivedEnvelope(structured: both.bytes).data == .absent)
    }

    private static let unreadableDocuments: [(String, EnvelopeError.Code, Rule, String?)] = [
        ("", .notJSON, .messageSize, nil), ("{", .notJSON, .messageSize, nil), ("{}x", .notJSON, .messageSize, nil),
        ("null", .notAnObject, .jsonFormat, nil), ("[]", .notAnObject, .jsonFormat, nil),
        ("\"x\"", .notAnObject, .jsonFormat, nil), ("{}", .missing, .requiredContext, "type"),
        (#"{"type":""}"#, .missing, .requiredContext, "type"), (#"{"type":null}"#, .missing, .requiredContext, "type"),
        (#"{"type":1}"#, .invalid, .attributeType, "type"), (#"{"type":["x"]}"#, .invalid, .attributeType, "type"),
        (#"{"type":"x","id":"1","id":"1"}"#, .duplicate, .requiredContext, nil),
        (#"{"type":"x","a":null,"\u0061":1}"#, .duplicate, .requiredContext, nil),
        (#"{"type":"x","data":1,"data":1}"#, .duplicate, .requiredContext, nil),
        (#"{"type":"x","data":{"a":1,"a":2}}"#, .duplicate, .jsonFormat, nil),
        (#"{"type":"x","data":1,"data_base64":""}"#, .invalid, .jsonFormat, "data_base64"),
        (#"{"type":"x","data_base64":"","data":null}"#, .invalid, .jsonFormat, "data_base64"),
        (#"{"type":"x","data_base64":"AP8"}"#, .invalid, .jsonFormat, "data_base64"),
        (#"{"type":"x","data_base64":7}"#, .invalid, .jsonFormat, "data_base64"),
        (#"{"type":"x","a":"\uD800"}"#, .notJSON, .messageSize, nil),
        (#"{"type":"x","a":01}"#, .notJSON, .messageSize, nil), (#"{"type":"x",}"#, .notJSON, .messageSize, nil),
        ("{\"type\":\"x\",\"a\":\"\n\"}", .notJSON, .messageSize, nil),
        ("\u{FEFF}{\"type\":\"x\"}", .notJSON, .messageSize, nil),
    ]

    @Test(
        "OEP41-31 OEP41-37: what cannot be read is a typed error with its place", arguments: unreadableDocuments.indices
    )
    func unreadable(row: Int) {
        let (text, code, rule, attribute) = Self.unreadableDocuments[row]
        let error = #expect(throws: EnvelopeError.self) { try ReceivedEnvelope(structured: Array(text.utf8)) }
        #expect(error?.code == code, "\(text)")
        #expect(error?.rule == rule, "\(text)")
        #expect(error?.attribute == attribute, "\(text)")
        if code != .missing {
            #expect(error.map { $0.offset.map { (0...text.utf8.count).contains($0) } ?? false } == true, "\(text)")
        }
    }

    @Test("OEP41-01: bytes that are not UTF-8 are a typed error")
    func notUTF8() {
        for bad: [UInt8] in [[0xFF], [0xC0, 0x80], [0xED, 0xA0, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xC3]] {
            let document = Array(#"{"type":"x","a":""#.utf8) + bad + Array(#""}"#.utf8)
            let error = #expect(throws: EnvelopeError.self) { try ReceivedEnvelope(structured: document) }
            #expect(error?.code == .notUTF8)
            #expect(error?.offset == 17)
        }
    }

    @Test("OEP41-01: deep nesting is a typed error")
    func deep() {
        let text = #"{"type":"x","data":"# + String(repeating: "[", count: 100_000)
        let error = #expect(throws: EnvelopeError.self) { try ReceivedEnvelope(structured: Array(text.utf8)) }
        #expect(error?.code == .tooDeep)
    }
}
