import Foundation
import Testing

@testable import OpenEdXEvents

/// A sample of every event that Open edX publishes, as its own bus sends it.
struct PublishedEvent: @unchecked Sendable {
    /// Metadata and data as Foundation reads them: values that are never changed, hence safe to share.
    let metadata: [String: Any]
    let data: Any
    let headers: [MessageHeader]

    static func all() throws -> [PublishedEvent] {
        let json = try JSONSerialization.jsonObject(with: OpenEdXFixtures.data("published-events", "json"))
        return try #require(json as? [[String: Any]]).map { event in
            PublishedEvent(
                metadata: try #require(event["metadata"] as? [String: Any]), data: try #require(event["data"]),
                headers: try #require(event["headers"] as? [[String]]).map { MessageHeader($0[0], $0[1]) })
        }
    }

    /// The event as this library would write it: the deviations of the running bus put right.
    func envelope() throws -> EventEnvelope {
        EventEnvelope(
            id: "5eed002e-c0de-11f1-8000-0342ac120002", source: "/" + (metadata["source"] as? String ?? ""),
            type: try #require(metadata["event_type"] as? String),
            time: EventTime(metadata["time"] as? String ?? ""), sourceHost: metadata["sourcehost"] as? String,
            minorVersion: metadata["minorversion"] as? Int,
            data: .json(
                Array(try JSONSerialization.data(withJSONObject: data, options: [.fragmentsAllowed, .sortedKeys]))))
    }
}

@Suite("Published events")
struct PublishedEventTests {
    @Test("OEP41-10 OEP41-37 OEP41-41: every published event goes through structured and binary mode unchanged")
    func roundTrips() throws {
        let events = try PublishedEvent.all()
        #expect(events.count == 72)
        for event in events {
            let envelope = try event.envelope()
            let received = try ReceivedEnvelope(envelope)
            #expect(received.envelope() == envelope)
            #expect(!received.findings.contains { $0.severity == .error }, "\(envelope.type) \(received.findings)")

            let document = try envelope.structured()
            #expect(try EventEnvelope.read(structured: document).envelope == envelope)
            let message = try envelope.binary()
            #expect(try EventEnvelope.read(headers: message.headers, value: message.value).envelope == envelope)

            let foundation = try #require(JSONSerialization.jsonObject(with: Data(document)) as? [String: Any])
            #expect((foundation["data"] as? NSObject) == (event.data as? NSObject))
            #expect(foundation["type"] as? String == envelope.type)
            #expect(foundation.count == 9)
        }
        let batch = try EventBatch.read(try EventBatch.write(try events.map { try $0.envelope() }))
        #expect(batch.count == 72)
        #expect(try batch.map { try $0.event.get().envelope() } == events.map { try $0.envelope() })
    }

    @Test("OEP41-06 OEP41-17 OEP41-41: the running bus's messages are read, and their deviations marked")
    func runningBus() throws {
        for event in try PublishedEvent.all() {
            let received = try ReceivedEnvelope(headers: event.headers, value: [0, 0, 0, 0, 1, 2])
            #expect(received.type == event.metadata["event_type"] as? String)
            #expect(received.sourceHost == "edx.devstack.lms")
            #expect(received.source == "openedx/lms/web")
            #expect(received.minorVersion == 0)
            #expect(received.dataContentType == "application/avro")
            #expect(received.data == .binary([0, 0, 0, 0, 1, 2]))
            #expect(received.extensions["sourcelib"] == .string("11.2.0"))
            let findings = Set(received.findings.map(\.summary))
            #expect(
                findings.isSuperset(of: [
                    "3 datacontenttype warning", "4 id error", "6 source error", "17 time error",
                    "41 datacontenttype error", "41 sourcehost error", "41 sourcelib warning",
                ]))
            #expect(received.findings.count == 7 + (try EventType(received.type).findings.count))
        }
    }
}
