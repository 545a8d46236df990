import EventSchemas
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
        struct Legacy: Decodable {
            let type: String
            let reason: String
        }
        struct Owned: Decodable {
            let type: String
            let owners: [String]
        }
        let prefixes: [Name]
        let subdomains: [Name]
        let legacy: [Legacy]
        let types: [Owned]
    }

    private let registry: Registry

    init() throws {
        // The registry is no resource of a target: it is read where it stands in the package.
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("../..")
        let data = try Data(contentsOf: package.appendingPathComponent("schemas/registry.json"))
        registry = try JSONDecoder().decode(Registry.self, from: data)
    }

    @Test("OEP41-11: the registered prefixes are those of EventType")
    func prefixes() {
        #expect(registry.prefixes.map(\.name) == EventType.registeredPrefixes)
    }

    @Test("OEP41-12: the registered subdomains are those of EventType")
    func subdomains() {
        #expect(registry.subdomains.map(\.name) == EventType.registeredSubdomains)
    }

    @Test("OEP41-10: the legacy list is EventType's, and each name on it has its reason")
    func legacy() {
        #expect(registry.legacy.map(\.type).sorted() == EventType.legacyNames.sorted())
        #expect(registry.legacy.allSatisfy { !$0.reason.isEmpty })
        #expect((registry.prefixes + registry.subdomains).allSatisfy { !$0.summary.isEmpty })
    }

    @Test("OEP41-20: every published type stands here once, with a registered prefix and subdomain")
    func types() throws {
        let names = registry.types.map(\.type)
        #expect(names == names.sorted() && Set(names).count == names.count)
        #expect(names.count == 75)
        for name in names {
            let type = try EventType(name)
            #expect(registry.prefixes.contains { $0.name == type.prefix }, "\(name)")
            #expect(registry.subdomains.contains { $0.name == type.subdomain }, "\(name)")
        }
        #expect(
            registry.types.filter { $0.owners.count > 1 }.map(\.type) == [
                "org.openedx.learning.user.notification.requested.v1"
            ])
        for name in EventType.legacyNames { #expect(names.contains(name)) }
    }

    @Test("OEP41-21: every typed event stands in the registry")
    func typed() {
        for event in TypedEventTests.events {
            #expect(registry.types.contains { $0.type == event.type.name && !$0.owners.isEmpty })
        }
    }
}
