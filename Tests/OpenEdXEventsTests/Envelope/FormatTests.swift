import Testing

@testable import OpenEdXEvents

@Suite("The formats of messages")
struct FormatTests {
    private func message(_ headers: [(String, String)], _ value: String?) -> IncomingMessage {
        IncomingMessage(
            delivery: Delivery(position: Position(topic: "t", partition: 0, offset: 0), assignment: AssignmentID(1)),
            key: nil, headers: headers.map { MessageHeader($0.0, $0.1) }, value: value.map { Array($0.utf8) },
            timestamp: EventTime(seconds: 0))
    }

    @Test(
        "OEP41-40: structured or binary is decided by the content type alone, without regard to case",
        arguments: [
            ([("content-type", "application/cloudevents+json"), ("ce_type", "x")], true, false),
            ([("Content-Type", "Application/CloudEvents+JSON; charset=utf-8")], true, false),
            ([("content-type", "application/cloudevents")], true, false),
            ([("content-type", "application/cloudevents-batch+json")], true, false),
            ([("content-type", "application/cloudevents+avro"), ("ce_type", "x")], true, false),
            ([("content-type", "application/json"), ("ce_type", "x")], false, true),
            ([("content-type", "application/avro"), ("CE_type", "x")], false, true),
            ([("content-type", "application/cloudevent"), ("ce_type", "x")], false, true),
            ([("ce_type", "x")], false, true), ([("content-type", "application/json")], false, false),
            ([], true, false),
        ] as [([(String, String)], Bool, Bool)])
    func recognition(headers: [(String, String)], structured: Bool, binary: Bool) {
        let message = message(headers, SampleDocument().text)
        #expect(StructuredFormat().recognizes(message) == structured)
        #expect(BinaryFormat().recognizes(message) == binary)
    }

    @Test("OEP41-40: structured mode reads JSON only")
    func structured() {
        let format = StructuredFormat()
        for type in ["application/cloudevents+json", "APPLICATION/CLOUDEVENTS+JSON;charset=utf-8", nil] {
            guard
                case .event(let envelope) = format.read(
                    message(type.map { [("content-type", $0)] } ?? [], SampleDocument().text))
            else {
                Issue.record("not read")
                continue
            }
            #expect(envelope.findings == [])
        }
        for (type, value, code): (String, String?, EnvelopeError.Code) in [
            ("application/cloudevents-batch+json", "[]", .unknownFormat),
            ("application/cloudevents+avro", "x", .unknownFormat),
            ("application/cloudevents", SampleDocument().text, .unknownFormat),
            ("application/cloudevents+json", nil, .notJSON),
            ("application/cloudevents+json", "", .notJSON), ("application/cloudevents+json", "[]", .notAnObject),
        ] {
            guard case .unreadable(let error) = format.read(message([("content-type", type)], value)) else {
                Issue.record("read")
                continue
            }
            #expect(error.code == code)
        }
    }

    @Test("OEP41-41: binary mode reads headers, and says why it cannot")
    func binary() {
        let headers = BinaryEnvelopeTests.headers.map { ($0.name, $0.text ?? "") }
        guard case .event(let envelope) = BinaryFormat().read(message(headers, #"{"course":"a","seats":[1,2.5,null]}"#))
        else {
            Issue.record("not read")
            return
        }
        #expect(envelope.envelope() == SampleDocument.envelope)
        guard case .unreadable(let error) = BinaryFormat().read(message([("ce_id", "1")], nil)) else {
            Issue.record("read")
            return
        }
        #expect(error.code == .missing)
        #expect(error.attribute == "type")
    }

    @Test("OEP41-40 OEP41-41: an encoded event is the same event in both formats")
    func write() throws {
        struct Note: Event, Codable {
            static let type: EventType = "org.openedx.learning.note.created.v1"
            let text: String
        }
        let head = EventHead(
            type: Note.type, id: EventID(), time: EventTime(seconds: 1),
            source: try EventSource(service: "lms", process: .web),
            sourceHost: try SourceHost("vm"), minorVersion: 0, subject: "s", dataSchema: "urn:a:b",
            extensions: ["x": .integer(3), "partitionkey": .string("k")])
        var writer = JSONWriter()
        let encoded = try EncodedEvent.encode(Note(text: "ž"), head: head, into: &writer)
        var envelopes: [EventEnvelope] = []
        for format: any EnvelopeFormat in [StructuredFormat(), BinaryFormat()] {
            #expect(!format.writesLegacyTypes)
            guard case .message(let headers, let value) = format.write(encoded) else {
                Issue.record("not written")
                continue
            }
            let incoming = IncomingMessage(
                delivery: Delivery(
                    position: Position(topic: "t", partition: 0, offset: 0), assignment: AssignmentID(1)),
                key: nil, headers: headers, value: value, timestamp: EventTime(seconds: 0))
            #expect(format.recognizes(incoming))
            guard case .event(let received) = format.read(incoming) else {
                Issue.record("not read")
                continue
            }
            #expect(received.findings == [])
            #expect(try received.decode(Note.self).text == "ž")
            envelopes.append(received.envelope())
        }
        #expect(envelopes.count == 2)
        #expect(envelopes[0].extensions["x"] == .integer(3))
        envelopes[0].extensions["x"] = .string("3")
        #expect(envelopes[0] == envelopes[1])
    }
}
