import EventSchemas
import Foundation
import OpenEdXEvents
import Testing

@Suite("Typed events: the samples of the running bus")
struct TypedEventTests {
    static let events: [any Event.Type] = [
        CourseEnrollmentCreated.self, PersistentGradeSummaryChanged.self, CertificateCreated.self,
    ]

    @Test("OEP41-10: names and minor versions are the published ones, and nothing is found wrong", arguments: events)
    func names(event: any Event.Type) throws {
        let fixture = try SchemaFixtures.event(event.type.name)
        #expect(fixture.type == event.type.name)
        #expect(fixture.minorVersion == event.minorVersion)
        #expect(event.type.findings.isEmpty)
    }

    @Test("a sample that is read and written again is the same JSON", arguments: events)
    func roundTrip(event: any Event.Type) throws {
        let fixture = try SchemaFixtures.event(event.type.name)
        #expect(!fixture.samples.isEmpty)
        for sample in fixture.samples { try roundTrip(event, sample) }
    }

    private func roundTrip<E: Event>(_ type: E.Type, _ sample: [UInt8]) throws {
        let event = try JSONReader.read(type, from: sample)
        let written = try JSONWriter.write(event)
        #expect(try SchemaFixtures.canonical(written) == sample)
    }

    @Test("Foundation's coders agree with the direct ones")
    func codable() throws {
        try agree(CourseEnrollmentCreated.self)
        try agree(PersistentGradeSummaryChanged.self)
        try agree(CertificateCreated.self)
    }

    private func agree<E: Event & Codable & Hashable>(_ type: E.Type) throws {
        for sample in try SchemaFixtures.event(type.type.name).samples {
            let event = try JSONReader.read(type, from: sample)
            #expect(try JSONDecoder().decode(type, from: Data(sample)) == event)
            #expect(try SchemaFixtures.canonical(Array(JSONEncoder().encode(event))) == sample)
        }
    }

    @Test("every field that is not nullable is required, and named by its JSON Pointer when missing", arguments: events)
    func required(event: any Event.Type) throws {
        let fixture = try SchemaFixtures.event(event.type.name)
        let sample = try #require(fixture.samples.first)
        #expect(fixture.requiredPaths.count > 5)
        for path in fixture.requiredPaths {
            let without = try SchemaFixtures.changing(sample, path, to: nil)
            let error = #expect(throws: PayloadError.self, "\(path)") { try roundTrip(event, without) }
            let parent = path.split(separator: ".").dropLast().map { "/" + $0 }.joined()
            #expect(error?.pointer.hasPrefix(parent) == true, "\(path)")
            let null = try SchemaFixtures.changing(sample, path, to: NSNull())
            #expect(throws: PayloadError.self, "\(path)") { try roundTrip(event, null) }
        }
    }

    @Test("OEP41-25: every nullable field may be null or absent", arguments: events)
    func optional(event: any Event.Type) throws {
        let fixture = try SchemaFixtures.event(event.type.name)
        let sample = try #require(fixture.samples.first)
        // What is within a nullable record is there or not with all of it.
        let paths = fixture.optionalPaths.filter { path in
            !fixture.optionalPaths.contains { path.hasPrefix($0 + ".") }
        }
        #expect(!paths.isEmpty)
        for path in paths {
            let without = try SchemaFixtures.changing(sample, path, to: nil)
            try roundTrip(event, without)
            let null = try SchemaFixtures.changing(sample, path, to: NSNull())
            #expect(try rewritten(event, null) == without)
        }
    }

    private func rewritten<E: Event>(_ type: E.Type, _ json: [UInt8]) throws -> [UInt8] {
        try SchemaFixtures.canonical(JSONWriter.write(JSONReader.read(type, from: json)))
    }

    @Test("OEP41-15: fields that a later minor version adds are passed over", arguments: events)
    func additions(event: any Event.Type) throws {
        let fixture = try SchemaFixtures.event(event.type.name)
        let sample = try #require(fixture.samples.first)
        let longer = try SchemaFixtures.changing(sample, "added", to: ["x": [1, NSNull()]])
        #expect(try rewritten(event, longer) == sample)
    }

    @Test("the key path of the running bus leads to a value", arguments: events)
    func keyPath(event: any Event.Type) throws {
        let fixture = try SchemaFixtures.event(event.type.name)
        let sample = try #require(fixture.samples.first)
        var value: Any? = try JSONSerialization.jsonObject(with: Data(sample))
        for name in fixture.keyPath.split(separator: ".") { value = (value as? [String: Any])?[String(name)] }
        #expect(value is String)
        _ = try JSONKeyPath(fixture.keyPath)
    }
}
