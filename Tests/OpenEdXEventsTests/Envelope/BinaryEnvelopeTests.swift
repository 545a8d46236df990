import Testing

@testable import OpenEdXEvents

@Suite("Binary mode")
struct BinaryEnvelopeTests {
    static let headers = [
        MessageHeader("content-type", "application/json"), MessageHeader("ce_specversion", "1.0"),
        MessageHeader("ce_id", "b3b3981e-7544-11ea-b663-adde48001122"),
        MessageHeader("ce_type", "org.openedx.learning.course.enrollment.created.v1"),
        MessageHeader("ce_source", "/openedx/lms/web"), MessageHeader("ce_sourcehost", "edx.devstack.lms"),
        MessageHeader("ce_time", "2026-03-14T15:09:26.535897Z"), MessageHeader("ce_minorversion", "0"),
    ]
    static let value = Array(#"{"course":"a","seats":[1,2.5,null]}"#.utf8)

    private func headers(_ name: String, _ value: String?) -> [MessageHeader] {
        let others = Self.headers.filter { $0.name != name }
        return value.map { others + [MessageHeader(name, $0)] } ?? others
    }

    @Test("OEP41-41: attributes are headers, data is the value")
    func golden() throws {
        var envelope = SampleDocument.envelope
        envelope.extensions = ["x": .boolean(true), "y": .integer(-7), "z": .string("ž")]
        let message = try envelope.binary()
        #expect(
            Set(message.headers)
                == Set(
                    Self.headers + [
                        MessageHeader("ce_x", "true"), MessageHeader("ce_y", "-7"), MessageHeader("ce_z", "ž"),
                    ]))
        #expect(message.value == Self.value)
        let (again, findings) = try EventEnvelope.read(headers: message.headers, value: message.value)
        #expect(findings == [])
        // In a header every attribute is text.
        envelope.extensions = ["x": .string("true"), "y": .string("-7"), "z": .string("ž")]
        #expect(again == envelope)
    }

    @Test("OEP41-41: no data is no value, and an empty value is not JSON")
    func noData() throws {
        var envelope = SampleDocument.envelope
        envelope.data = .absent
        let message = try envelope.binary()
        #expect(message.value == nil)
        #expect(try EventEnvelope.read(headers: message.headers, value: nil).envelope == envelope)
        let empty = try ReceivedEnvelope(headers: Self.headers, value: [])
        #expect(empty.data == .binary([]))
        #expect(empty.findings.map(\.summary) == ["38 data error"])
    }

    @Test("OEP41-41: text and bytes are the value as they are")
    func otherData() throws {
        var envelope = SampleDocument.envelope
        envelope.dataContentType = "text/xml"
        envelope.data = .text("<ž/>")
        var message = try envelope.binary()
        #expect(message.value == Array("<ž/>".utf8))
        #expect(try EventEnvelope.read(headers: message.headers, value: message.value).envelope == envelope)
        envelope.data = .binary([0, 0xFF])
        message = try envelope.binary()
        #expect(message.value == [0, 0xFF])
        #expect(try EventEnvelope.read(headers: message.headers, value: message.value).envelope == envelope)
    }

    @Test("OEP41-41: names of headers are read without regard to case, others are left alone")
    func cases() throws {
        let headers =
            Self.headers.map { MessageHeader($0.name.uppercased(), $0.value) } + [
                MessageHeader("x-hops", "1"), MessageHeader("traceparent", "00"), MessageHeader("CE", "1"),
                MessageHeader("", nil),
            ]
        let received = try ReceivedEnvelope(headers: headers, value: Self.value)
        #expect(received.findings == [])
        #expect(received.envelope() == SampleDocument.envelope)
        #expect(received.extensions == [:])
    }

    @Test("OEP41-31: a type that is missing, or an attribute in two headers, cannot be read")
    func unreadable() {
        let cases: [([MessageHeader], EnvelopeError.Code, String?)] = [
            ([], .missing, "type"), (headers("ce_type", nil), .missing, "type"),
            (headers("ce_type", ""), .missing, "type"),
            (headers("ce_type", nil) + [MessageHeader("ce_type", nil)], .missing, "type"),
            (headers("ce_type", nil) + [MessageHeader("ce-type", "x")], .missing, "type"),
            (headers("ce_type", nil) + [MessageHeader("ce_type", [0xFF])], .notUTF8, "type"),
            (Self.headers + [MessageHeader("ce_type", "x")], .duplicate, "type"),
            (Self.headers + [MessageHeader("CE_ID", "x")], .duplicate, "id"),
            (Self.headers + [MessageHeader("Content-Type", "x")], .duplicate, "datacontenttype"),
            (Self.headers + [MessageHeader("ce_ž", "x"), MessageHeader("ce_ž", "x")], .duplicate, nil),
        ]
        for (headers, code, attribute) in cases {
            let error = #expect(throws: EnvelopeError.self) {
                try ReceivedEnvelope(headers: headers, value: Self.value)
            }
            #expect(error?.code == code)
            #expect(error?.attribute == attribute)
        }
    }

    @Test("OEP41-41: findings of headers")
    func findings() throws {
        let cases: [([MessageHeader], [String])] = [
            (Self.headers, []), (headers("ce_id", nil), ["31 id error"]),
            (headers("ce_minorversion", "1.2"), ["5 minorversion error"]),
            (headers("ce_minorversion", "+1"), ["5 minorversion error"]),
            (headers("ce_minorversion", "-1"), ["5 minorversion error"]),
            (headers("ce_time", "2026-03-14T15:09:26+02:00"), ["17 time error"]),
            (Self.headers + [MessageHeader("ce_", "x")], ["32 - error"]),
            (Self.headers + [MessageHeader("ce_trace-id", "x")], ["32 - error"]),
            (Self.headers + [MessageHeader("ce_data", "x")], ["32 data error"]),
            (Self.headers + [MessageHeader("ce_x", [0xFF])], ["41 x error"]),
            (Self.headers + [MessageHeader("ce_x", nil)], []),
            (Self.headers + [MessageHeader("ce_x", "\u{1}")], ["34 x error"]),
            (Self.headers + [MessageHeader("ce_deprecated", "true")], []),
            (Self.headers + [MessageHeader("ce_sampledrate", "30")], []),
            (Self.headers + [MessageHeader("ce_datacontenttype", "application/json")], ["41 datacontenttype error"]),
            (headers("ce_sourcehost", nil) + [MessageHeader("sourcehost", "vm")], ["41 sourcehost error"]),
            (Self.headers + [MessageHeader("sourcehost", "vm")], ["41 sourcehost error"]),
            (Self.headers + [MessageHeader("sourcelib", "1.2.3")], ["41 sourcelib warning"]),
        ]
        for (headers, expected) in cases {
            let received = try ReceivedEnvelope(headers: headers, value: Self.value)
            #expect(received.findings.map(\.summary) == expected)
            #expect(received.findings.allSatisfy { $0.offset == nil })
        }
    }

    @Test("OEP41-41: where two headers hold an attribute, the mapping's own counts, in any order")
    func precedence() throws {
        let extra = [MessageHeader("ce_datacontenttype", "application/avro"), MessageHeader("sourcehost", "other")]
        for headers in [Self.headers + extra, extra + Self.headers] {
            let received = try ReceivedEnvelope(headers: headers, value: Self.value)
            #expect(received.dataContentType == "application/json")
            #expect(received.sourceHost == "edx.devstack.lms")
            #expect(received.envelope() == SampleDocument.envelope)
        }
        let only = try ReceivedEnvelope(headers: headers("content-type", nil) + extra, value: Self.value)
        #expect(only.dataContentType == "application/avro")
        #expect(only.data == .binary(Self.value))
    }

    @Test("OEP41-38: a value that is not JSON is a finding with its place, and is kept as bytes")
    func notJSON() throws {
        let received = try ReceivedEnvelope(headers: Self.headers, value: Array("{]".utf8))
        #expect(received.data == .binary(Array("{]".utf8)))
        #expect(received.findings.map(\.summary) == ["38 data error"])
    }
}
