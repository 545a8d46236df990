import EventSchemas
import Foundation
import JSONSchema
import OpenEdXEvents
import SchemaAuthoring
import Testing

@Suite("Typed events: the samples of the running bus, and those of the schemas")
struct TypedEventTests {
    typealias TypedEvent = SchemaDescribed & Codable & Hashable

    /// The events of which there is a real sample.
    static let sampled = EventCatalogue.events.filter { SchemaFixtures.events[$0.type.name] != nil }

    private func events(_ types: [any SchemaDescribed.Type]) throws -> [any TypedEvent.Type] {
        try types.map { try #require($0 as? any TypedEvent.Type) }
    }

    @Test(
        "OEP41-21: every event type of the schemas is a typed event, and every one that the running bus sends is there")
    func complete() {
        let names = EventCatalogue.events.map { $0.type.name }
        #expect(names == SchemaFixtures.catalogue.types.map(\.type.name))
        #expect(Self.sampled.count == 72 && SchemaFixtures.events.count == 72)
    }

    @Test("OEP41-10: names and minor versions are the published ones")
    func names() throws {
        for event in Self.sampled {
            #expect(try SchemaFixtures.event(event.type.name).minorVersion == event.minorVersion)
            let rules = Set(event.type.findings.map(\.rule))
            let waived = SchemaFixtures.catalogue[event.type.name]?.latest
            for rule in rules {
                let reasons = (waived?.waivers ?? []) + (waived?.legacy ?? [])
                #expect(reasons.contains { $0.rule == rule.description }, "\(event.type) breaks \(rule)")
            }
        }
    }

    // MARK: - Round trips

    @Test("a real sample that is read and written again is the same JSON")
    func roundTrip() throws {
        for event in Self.sampled {
            let sample = try SchemaFixtures.event(event.type.name).sample
            #expect(try rewritten(event, sample) == sample, "\(event.type)")
        }
    }

    @Test("the examples of every schema are read, and are the same when written but for fields that are null")
    func examples() throws {
        for event in EventCatalogue.events {
            let schema = try #require(SchemaFixtures.catalogue[event.type.name]?.latest)
            #expect(!schema.examples.isEmpty, "\(event.type)")
            for example in schema.examples {
                let bytes = Self.withoutNulls(example).compactBytes()
                #expect(
                    try rewritten(event, example.compactBytes()) == SchemaFixtures.canonical(bytes), "\(event.type)")
            }
        }
    }

    @Test("Foundation's coders agree with the direct ones")
    func codable() throws {
        for event in try events(Self.sampled) {
            try agree(event, SchemaFixtures.event(event.type.name).sample)
        }
    }

    private func agree<E: TypedEvent>(_ type: E.Type, _ sample: [UInt8]) throws {
        let event = try JSONReader.read(type, from: sample)
        #expect(try JSONDecoder().decode(type, from: Data(sample)) == event, "\(type)")
        #expect(try SchemaFixtures.canonical(Array(JSONEncoder().encode(event))) == sample, "\(type)")
    }

    private func rewritten<E: Event>(_ type: E.Type, _ json: [UInt8]) throws -> [UInt8] {
        try SchemaFixtures.canonical(JSONWriter.write(JSONReader.read(type, from: json)))
    }

    private static func withoutNulls(_ node: JSONNode) -> JSONNode {
        if let elements = node.array { return JSONNode(.array(elements.map(withoutNulls))) }
        guard let members = node.members else { return node }
        return JSONNode(
            .object(
                members.filter { !$0.node.isNull }.map { .init(name: $0.name, node: withoutNulls($0.node)) }))
    }

    // MARK: - Fields

    @Test("every field that is not nullable is required, and named by its JSON Pointer when missing")
    func required() throws {
        for event in Self.sampled {
            let fixture = try SchemaFixtures.event(event.type.name)
            #expect(!fixture.requiredPaths.isEmpty)
            for path in fixture.requiredPaths {
                let without = try SchemaFixtures.changing(fixture.sample, path, to: nil)
                let error = #expect(throws: PayloadError.self, "\(event.type) \(path)") {
                    try rewritten(event, without)
                }
                let pointer = path.split(separator: ".").map { "/" + $0 }.joined()
                #expect(error?.code == .missing && error?.pointer == pointer, "\(event.type) \(path)")
                let null = try SchemaFixtures.changing(fixture.sample, path, to: NSNull())
                #expect(throws: PayloadError.self, "\(event.type) \(path)") { try rewritten(event, null) }
            }
        }
    }

    @Test("OEP41-25: every nullable field may be null or absent")
    func optional() throws {
        var count = 0
        for event in Self.sampled {
            let fixture = try SchemaFixtures.event(event.type.name)
            for path in fixture.optionalPaths {
                count += 1
                let without = try SchemaFixtures.changing(fixture.sample, path, to: nil)
                #expect(try rewritten(event, without) == without, "\(event.type) \(path)")
                let null = try SchemaFixtures.changing(fixture.sample, path, to: NSNull())
                #expect(try rewritten(event, null) == without, "\(event.type) \(path)")
            }
        }
        #expect(count > 100)
    }

    @Test("OEP41-15: fields that a later minor version adds are passed over")
    func additions() throws {
        for event in Self.sampled {
            let sample = try SchemaFixtures.event(event.type.name).sample
            let longer = try SchemaFixtures.changing(sample, "added", to: ["x": [1, NSNull()]])
            #expect(try rewritten(event, longer) == sample, "\(event.type)")
        }
    }

    @Test("OEP41-26: the key path of the running bus is the schema's, and leads to a value")
    func keyPath() throws {
        for event in Self.sampled {
            let fixture = try SchemaFixtures.event(event.type.name)
            let names = fixture.keyPath.split(separator: ".").map(String.init)
            var value: Any? = try JSONSerialization.jsonObject(with: Data(fixture.sample))
            for name in names { value = (value as? [String: Any])?[name] }
            #expect(value is String, "\(event.type)")
            #expect(SchemaFixtures.catalogue[event.type.name]?.latest.keyPath == names, "\(event.type)")
        }
    }

    // MARK: - Schemas

    @Test("every real sample, and every example, is valid by its schema, with all formats asserted")
    func valid() throws {
        for history in SchemaFixtures.catalogue.types {
            for version in history.versions {
                let schema = try CompiledSchema(
                    version.document, options: SchemaOptions(formats: .assertion, unknownKeywords: .noted))
                for example in version.examples {
                    #expect(schema.validate(example.compactBytes()).findings == [], "\(version.file)")
                }
                guard let fixture = SchemaFixtures.events[version.type.name] else { continue }
                #expect(schema.validate(fixture.sample).findings == [], "\(version.file)")
            }
        }
    }

    @Test("OEP41-20: the typed events alone make a validator, which knows who may emit which type")
    func validator() throws {
        let validator = try EventSchemaValidator(
            events: EventCatalogue.events, options: SchemaOptions(formats: .assertion))
        #expect(validator.types == EventCatalogue.events.map { $0.type.name }.sorted())
        for event in Self.sampled {
            let fixture = try SchemaFixtures.event(event.type.name)
            #expect(validator.findings(in: fixture.sample[...], of: event.type.name, minorVersion: 0) == [])
            let owners = try #require(SchemaFixtures.catalogue[event.type.name]?.latest.owners)
            #expect(validator.producers(of: event.type) ?? [] == owners, "\(event.type)")
        }
        let type = CourseEnrollmentCreated.type
        #expect(validator.producers(of: type) == ["openedx/edx-platform"])
        #expect(!validator.findings(in: Array(#"{"enrollment": 7}"#.utf8)[...], of: type.name, minorVersion: 0).isEmpty)
    }

    @Test("a typed event brings its schema along: what it refuses is what the file refuses")
    func schemaText() throws {
        for event in Self.sampled {
            let file = try #require(SchemaFixtures.catalogue[event.type.name]?.latest)
            let text = Array(event.schemaText.description.utf8)
            let own = try JSONDocument(parsing: text, file: event.type.name)
            #expect(own.root["x-event"]?["type"]?.string == event.type.name)
            #expect(own.root["x-event"]?["owner"]?.string == file.document.root["x-event"]?["owner"]?.string)
            let options = SchemaOptions(formats: .assertion)
            let short = try CompiledSchema(own, options: options)
            let long = try CompiledSchema(file.document, options: options)
            let fixture = try SchemaFixtures.event(event.type.name)
            #expect(short.isValid(fixture.sample))
            for path in fixture.requiredPaths + fixture.optionalPaths {
                for value in [nil, NSNull(), 7, "text", [1]] as [Any?] {
                    let changed = try SchemaFixtures.changing(fixture.sample, path, to: value)
                    #expect(short.isValid(changed) == long.isValid(changed), "\(event.type) \(path)")
                }
            }
            let marked = file.fields.count { $0.field.isPersonal && $0.names.allSatisfy { $0 != "[]" && $0 != "{}" } }
            #expect(event.schemaText.description.contains("\"x-personal-data\":true") == (marked > 0), "\(event.type)")
        }
    }
}
