import Testing

@testable import OpenEdXEvents

@Suite("Decoding the payload of an envelope")
struct DecodeTests {
    private struct Enrollment: Event, Codable, Equatable {
        static let type: EventType = "org.openedx.learning.course.enrollment.created.v1"
        let course: String
        let seats: [Double?]
    }

    private let expected = Enrollment(course: "a", seats: [1, 2.5, nil])

    @Test("OEP41-38: JSON data is decoded from either mode, and from base64")
    func decoded() throws {
        #expect(try ReceivedEnvelope(structured: SampleDocument().bytes).decode(Enrollment.self) == expected)
        let headers = BinaryEnvelopeTests.headers
        #expect(
            try ReceivedEnvelope(headers: headers, value: BinaryEnvelopeTests.value).decode(Enrollment.self) == expected
        )
        let base64 = SampleDocument().with([
            ("data", nil), ("data_base64", "\"" + Base64.encode(BinaryEnvelopeTests.value) + "\""),
        ])
        #expect(try ReceivedEnvelope(structured: base64.bytes).decode(Enrollment.self) == expected)
        let typed = SampleDocument().with("datacontenttype", #""application/x+JSON; a=b""#)
        #expect(try ReceivedEnvelope(structured: typed.bytes).decode(Enrollment.self) == expected)
        let untyped = SampleDocument().with("datacontenttype", nil)
        #expect(try ReceivedEnvelope(structured: untyped.bytes).decode(Enrollment.self) == expected)
    }

    @Test("OEP41-38: absent data, text, and what is not JSON are typed errors")
    func refused() throws {
        let documents = [
            SampleDocument().with("data", nil),
            SampleDocument().with([("datacontenttype", #""text/xml""#), ("data", #""<a/>""#)]),
            SampleDocument().with([
                ("datacontenttype", #""application/avro""#), ("data", nil), ("data_base64", #""AA==""#),
            ]),
        ]
        for document in documents {
            let received = try ReceivedEnvelope(structured: document.bytes)
            let error = #expect(throws: PayloadError.self) { try received.decode(Enrollment.self) }
            #expect(error?.code == .noData)
        }
        let headers = BinaryEnvelopeTests.headers
        let avro = headers.map { $0.name == "content-type" ? MessageHeader($0.name, "application/avro") : $0 }
        let cases: [([MessageHeader], [UInt8]?, PayloadError.Code)] = [
            (headers, nil, .noData), (avro, BinaryEnvelopeTests.value, .noData), (headers, [], .notJSON),
            (headers, Array(#"{"course":"#.utf8), .notJSON), (headers, [0xFF], .notJSON),
            (headers, BinaryEnvelopeTests.value + [0], .notJSON),
        ]
        for (headers, value, code) in cases {
            let received = try ReceivedEnvelope(headers: headers, value: value)
            let error = #expect(throws: PayloadError.self) { try received.decode(Enrollment.self) }
            #expect(error?.code == code)
        }
    }

    @Test("OEP41-38: a string that holds JSON is never parsed again")
    func notAgain() throws {
        let document = SampleDocument().with("data", #""{\"course\":\"a\",\"seats\":[]}""#)
        #expect(throws: PayloadError.self) {
            try ReceivedEnvelope(structured: document.bytes).decode(Enrollment.self)
        }
    }
}
