import OpenEdXEvents
import Testing

@Suite("One pass finds an event's attributes and data")
struct EnvelopeScanTests {
    private func scan(_ text: String) throws(EnvelopeError) -> EnvelopeScan {
        let bytes = Array(text.utf8)
        return try bytes.withUnsafeBufferPointer { (buffer) throws(EnvelopeError) in try EnvelopeScan.scan(buffer) }
    }

    private func text(_ attribute: ScannedAttribute, in document: String) -> String {
        String(decoding: Array(document.utf8)[attribute.range], as: UTF8.self)
    }

    static let full = #"""
         { "specversion" : "1.0", "id":"76e84332-e5ae-11f1-ab30-e1e77cfbfb72",
        "type":"org.openedx.learning.course.enrollment.created.v1","source":"/openedx/lms/web",
        "sourcehost":"lms.example.org","time":"2026-03-14T15:09:26.535897Z","minorversion":12,
        "datacontenttype":"application/json","subject":"a\"b","dataschema":"https://example.org/s",
        "sequence":"1", "other": null, "flag":true, "data":{"type":"inner","id":[1,2]} }
        """#

    @Test("OEP41-37: every attribute is found, whatever the order and white space")
    func attributes() throws {
        let scan = try scan(Self.full)
        let found = [
            scan.specVersion, scan.id, scan.type, scan.source, scan.sourceHost, scan.time, scan.minorVersion,
            scan.dataContentType, scan.subject, scan.dataSchema, scan.data,
        ].map { text($0, in: Self.full) }
        #expect(
            found == [
                "1.0", "76e84332-e5ae-11f1-ab30-e1e77cfbfb72", "org.openedx.learning.course.enrollment.created.v1",
                "/openedx/lms/web", "lms.example.org", "2026-03-14T15:09:26.535897Z", "12", "application/json",
                #"a\"b"#, "https://example.org/s", #"{"type":"inner","id":[1,2]}"#,
            ])
        #expect(scan.subject.isEscaped)
        #expect(!scan.type.isEscaped)
        #expect(scan.minorVersion.kind == .number)
        #expect(scan.dataKind == .json)
        #expect(scan.extensionCount == 2)
    }

    @Test("OEP41-37: names are compared unescaped")
    func escapedNames() throws {
        let document = #"{"\u0074ype":"a","d\u0061ta":1,"\u0069d":"7"}"#
        let scan = try scan(document)
        #expect(text(scan.type, in: document) == "a")
        #expect(text(scan.data, in: document) == "1")
        #expect(text(scan.id, in: document) == "7")
    }

    @Test("OEP41-37: an attribute that is null is absent, data that is null is data")
    func null() throws {
        let scan = try scan(#"{"type":"a","id":null,"data":null,"data_base64":null,"x":null}"#)
        #expect(scan.id.isAbsent)
        #expect(scan.dataKind == .json)
        #expect(scan.data.kind == .null)
        #expect(scan.extensionCount == 0)
        #expect(try self.scan(#"{"type":"a"}"#).dataKind == .absent)
    }

    @Test(
        "OEP41-37: data_base64 is checked, also escaped",
        arguments: ["", "AQID", "AQI=", "AQ==", #"\/\/\/\/"#, #"A\u0051=="#])
    func base64(_ value: String) throws {
        #expect(try scan(#"{"data_base64":"\#(value)","type":"a"}"#).dataKind == .base64)
    }

    @Test(
        "what makes an event unreadable, with rule and place",
        arguments: [
            ("", .notJSON, .messageSize, nil, 0), ("{", .notJSON, .messageSize, nil, 1),
            (#"{"type":"a"} x"#, .notJSON, .messageSize, nil, 13), (#"{"type":"a",}"#, .notJSON, .messageSize, nil, 12),
            ("{\"type\":\"a\",\"n\":01}", .notJSON, .messageSize, nil, 17), ("[]", .notAnObject, .jsonFormat, nil, 0),
            ("\u{FEFF}{}", .notJSON, .messageSize, nil, 0), ("nul", .notJSON, .messageSize, nil, 3),
            ("null", .notAnObject, .jsonFormat, nil, 0), ("[] []", .notJSON, .messageSize, nil, 3),
            (#"{"type":"a","type":"a"}"#, .duplicate, .requiredContext, nil, 12),
            (#"{"type":"a","x":1,"\u0078":1}"#, .duplicate, .requiredContext, nil, 18),
            (#"{"type":"a","id":null,"id":"b"}"#, .duplicate, .requiredContext, nil, 22),
            (#"{"type":"a","data":{"b":1,"b":2}}"#, .duplicate, .jsonFormat, nil, 26),
            ("{}", .missing, .requiredContext, "type", nil),
            (#"{"type":null}"#, .missing, .requiredContext, "type", nil),
            (#"{"type":""}"#, .missing, .requiredContext, "type", nil),
            (#"{"type":1}"#, .invalid, .attributeType, "type", 8),
            (#"{"Type":"a"}"#, .missing, .requiredContext, "type", nil),
            (#"{"type":"a","data":1,"data_base64":""}"#, .invalid, .jsonFormat, "data_base64", 35),
            (#"{"data_base64":"","type":"a","data":null}"#, .invalid, .jsonFormat, "data_base64", 36),
            (#"{"type":"a","data_base64":1}"#, .invalid, .jsonFormat, "data_base64", 26),
            (#"{"type":"a","data_base64":"AQ"}"#, .invalid, .jsonFormat, "data_base64", 26),
            (#"{"type":"a","data_base64":"AQ-_"}"#, .invalid, .jsonFormat, "data_base64", 26),
        ] as [(String, EnvelopeError.Code, Rule, String?, Int?)])
    func unreadable(_ text: String, _ code: EnvelopeError.Code, _ rule: Rule, _ attribute: String?, _ offset: Int?) {
        do {
            _ = try scan(text)
            Issue.record("was read")
        } catch {
            #expect(error.code == code)
            #expect(error.rule == rule)
            #expect(error.attribute == attribute)
            #expect(error.offset == offset)
        }
    }

    @Test("bytes that are not UTF-8, and what is nested too deep, have their own codes")
    func otherCodes() {
        let bytes = Array("{\"type\":\"".utf8) + [0xFF] + Array("\"}".utf8)
        #expect(throws: EnvelopeError(.notUTF8, rule: .messageSize, "")) {
            try bytes.withUnsafeBufferPointer { (buffer) throws(EnvelopeError) in try EnvelopeScan.scan(buffer) }
        }
        #expect(throws: EnvelopeError(.tooDeep, rule: .jsonFormat, "")) {
            try scan("{\"type\":\"a\",\"data\":\(nested(512))}")
        }
        #expect(throws: Never.self) { try scan("{\"type\":\"a\",\"data\":\(nested(511))}") }
    }

    @Test("everything else is left for findings")
    func lenient() throws {
        let scan = try scan(
            #"{"type":"no type at all","id":7,"source":[],"specversion":false,"time":{},"UPPER":1,"minorversion":"x"}"#)
        #expect(scan.id.kind == .number)
        #expect(scan.source.kind == .array)
        #expect(scan.specVersion.kind == .boolean)
        #expect(scan.time.kind == .object)
        #expect(scan.minorVersion.isString)
        #expect(scan.extensionCount == 1)
    }

    @Test("the scan says what the scanner says, for every truncation and flipped bit")
    func agrees() {
        let bytes = Array(Self.full.utf8)
        for count in bytes.indices {
            let part = Array(bytes.prefix(count))
            #expect(throws: EnvelopeError.self, "first \(count) bytes") {
                try part.withUnsafeBufferPointer { (buffer) throws(EnvelopeError) in try EnvelopeScan.scan(buffer) }
            }
            for bit in 0..<8 as Range<UInt8> {
                var changed = bytes
                changed[count] ^= 1 << bit
                let failure = jsonFailure(changed)
                do {
                    _ = try changed.withUnsafeBufferPointer { (buffer) throws(EnvelopeError) in
                        try EnvelopeScan.scan(buffer)
                    }
                    #expect(failure == nil, "byte \(count), bit \(bit)")
                } catch {
                    #expect(failure == nil || failure?.offset == error.offset, "byte \(count), bit \(bit)")
                }
            }
        }
    }
}
