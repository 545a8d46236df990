import Foundation
import OpenEdXEvents
import Testing

@Suite("Registry of prefixes, subdomains and owners")
struct RegistryTests {
    private struct Registry: Decodable {
        struct Name: Decodable {
            let name: String
            let summary: String
        }
        struct Owner: Decodable {
            let name: String
            let summary: String
            let services: [String]
            let subdomains: [String]
        }
        let prefixes: [Name]
        let subdomains: [Name]
        let owners: [Owner]
    }

    /// What the tests need of a schema file.
    private struct Schema: Decodable {
        struct Facts: Decodable {
            struct Reason: Decodable {
                let rule: String
                let reason: String
            }
            let type: String
            let minorversion: Int
            let status: String
            let owner: String?
            let owners: [String]?
            let source: String?
            let topic: String
            let key: String
            let waivers: [Reason]?
            let legacy: [Reason]?
        }
        let id: String
        let facts: Facts

        enum CodingKeys: String, CodingKey {
            case id = "$id"
            case facts = "x-event"
        }

        var owners: [String] { facts.owners ?? facts.owner.map { [$0] } ?? [] }
    }

    private let registry: Registry
    /// The schema files by their paths below `schemas`.
    private let schemas: [(path: String, schema: Schema)]

    init() throws {
        // The schemas are no resource of a target: they are read where they stand in the package.
        let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../../schemas")
        let data = try Data(contentsOf: folder.appendingPathComponent("registry.json"))
        registry = try JSONDecoder().decode(Registry.self, from: data)
        let paths = try FileManager.default.subpathsOfDirectory(atPath: folder.path)
        schemas = try paths.filter { $0.contains("/") && $0.hasSuffix(".json") }.sorted().map { path in
            let data = try Data(contentsOf: folder.appendingPathComponent(path))
            return (path, try JSONDecoder().decode(Schema.self, from: data))
        }
    }

    @Test("OEP41-11: the registered prefixes are those of EventType")
    func prefixes() {
        #expect(registry.prefixes.map(\.name) == EventType.registeredPrefixes)
    }

    @Test("OEP41-12: the registered subdomains are those of EventType")
    func subdomains() {
        #expect(registry.subdomains.map(\.name) == EventType.registeredSubdomains)
        #expect((registry.prefixes + registry.subdomains).allSatisfy { !$0.summary.isEmpty })
    }

    @Test("OEP41-10: the legacy names are EventType's, and each has its reason")
    func legacy() {
        let legacy = schemas.filter { $0.schema.facts.legacy != nil }
        #expect(legacy.map(\.schema.facts.type).sorted() == EventType.legacyNames.sorted())
        for (path, schema) in legacy {
            #expect(schema.facts.legacy?.contains { $0.rule == "OEP41-10" && !$0.reason.isEmpty } == true, "\(path)")
        }
    }

    @Test("OEP41-21: each file is named for its event type and minor version, and stands in its subdomain's folder")
    func files() throws {
        for (path, schema) in schemas {
            let type = try EventType(schema.facts.type)
            #expect(path == "\(type.subdomain)/\(type.name).\(schema.facts.minorversion).json")
            #expect(schema.id == "https://openedx.org/schemas/\(path)")
            #expect(registry.prefixes.contains { $0.name == type.prefix }, "\(path)")
        }
        #expect(Set(schemas.filter { $0.schema.facts.status == "published" }.map(\.schema.facts.type)).count == 75)
        #expect(Set(schemas.filter { $0.schema.facts.status == "draft" }.map(\.schema.facts.type)).count == 5)
    }

    @Test("OEP41-20: each type has one registered owner, or says why not")
    func owners() {
        for (path, schema) in schemas where schema.owners.count != 1 {
            let waiver = schema.facts.waivers?.first { $0.rule == "OEP41-20" }
            #expect(waiver?.reason.isEmpty == false, "\(path)")
        }
        #expect(
            schemas.filter { $0.schema.owners.count > 1 }.map(\.schema.facts.type) == [
                "org.openedx.learning.user.notification.requested.v1"
            ])
        let used = Set(schemas.flatMap(\.schema.owners))
        #expect(used.sorted() == registry.owners.map(\.name))
    }

    @Test("OEP41-06, OEP41-19: each source is one of its owner's services, in one of its owner's subdomains")
    func sources() throws {
        for (path, schema) in schemas {
            for name in schema.owners {
                let owner = try #require(registry.owners.first { $0.name == name })
                let source = try EventSource(#require(schema.facts.source))
                #expect(owner.services.contains(source.service), "\(path)")
                #expect(try owner.subdomains.contains(EventType(schema.facts.type).subdomain), "\(path)")
            }
            #expect(schema.owners.isEmpty == (schema.facts.source == nil), "\(path)")
        }
    }

    @Test("OEP41-26: each type has a topic and a key path")
    func routes() throws {
        for (path, schema) in schemas {
            #expect(throws: Never.self, "\(path)") { try TopicName.make(schema.facts.topic, environment: nil).get() }
            _ = try JSONKeyPath(schema.facts.key)
        }
    }
}
