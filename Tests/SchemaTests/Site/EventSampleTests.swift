import JSONSchema
import OpenEdXEvents
import Testing

@testable import SchemaAuthoring

@Suite("A sample of an event")
struct EventSampleTests {
    private func event(_ schema: SiteFixtures.Schema = .init()) throws -> EventSchema {
        let catalogue = try SiteFixtures.catalogue([schema])
        return try #require(catalogue.events.first)
    }

    @Test("OEP41-02 OEP41-04: is an event that keeps all mandatory rules, for every type of the catalogue")
    func keepsRules() throws {
        for event in try SiteFixtures.real().events {
            for sample in EventSample.samples(of: event) {
                let document = try #require(sample.structured, "\(event.versionedName)")
                let (envelope, findings) = try EventEnvelope.read(structured: document.compactBytes())
                let broken = findings.filter { $0.severity == .error }
                #expect(broken.isEmpty || event.type.isLegacy, "\(event.versionedName): \(broken)")
                #expect(envelope.type == event.type.name)
                #expect(envelope.minorVersion == event.minorVersion)
                let id = try #require(EventID(envelope.id))
                #expect(id.isVersion1 && id.hasRandomNode)
                #expect(id.time == envelope.time)
            }
        }
    }

    @Test("OEP41-41: has the same attributes as headers, the content type first")
    func headers() throws {
        let event = try event()
        let sample = try #require(EventSample.samples(of: event).first)
        #expect(
            sample.headers.map(\.name) == [
                "content-type", "ce_specversion", "ce_id", "ce_type", "ce_source", "ce_sourcehost", "ce_time",
                "ce_minorversion",
            ])
        #expect(sample.headers.first { $0.name == "ce_sourcehost" }?.value == "notes.example.org")
        #expect(sample.key == nil)
    }

    @Test("OEP41-42: has the key of the example, as text")
    func key() throws {
        var schema = SiteFixtures.Schema()
        schema.facts += #", "key": "id""#
        schema.body = #""properties": {"id": {"type": "integer"}}"#
        schema.examples = #"[{"id": 17}, {"other": 1}]"#
        let event = try event(schema)
        #expect(EventSample.samples(of: event).map(\.key) == ["17", nil])
    }

    @Test("OEP41-01: of an example that is too large is its data alone")
    func tooLarge() throws {
        var schema = SiteFixtures.Schema()
        schema.examples = #"[{"id": "\#(String(repeating: "x", count: 70_000))"}]"#
        let event = try event(schema)
        let sample = try #require(EventSample.samples(of: event).first)
        #expect(sample.structured == nil)
        #expect(sample.headers.isEmpty)
    }

    @Test("has another id for every event, version and example, and always the same")
    func ids() throws {
        let ids = try SiteFixtures.history().events.flatMap { EventSample.samples(of: $0) }.map { sample in
            sample.structured?["id"]?.string
        }
        #expect(Set(ids).count == ids.count)
        #expect(
            try ids
                == SiteFixtures.history().events.flatMap { EventSample.samples(of: $0) }.map {
                    $0.structured?["id"]?.string
                })
    }
}
