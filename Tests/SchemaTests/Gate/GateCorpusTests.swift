import JSONSchema
import OpenEdXEvents
import Testing

@testable import SchemaAuthoring

@Suite("Gate: the corpus of mutations over the real catalogue")
struct GateCorpusTests {
    /// Thousands of comparisons: the types are dealt out to tests that run side by side.
    static let shares = 8

    private func share(_ number: Int) throws -> [EventSchema] {
        try RealSchemas.published().enumerated().filter { $0.offset % Self.shares == number }.map(\.element)
    }

    private func findings(_ mutation: Mutation, _ schema: EventSchema) -> [SchemaFinding] {
        let base = mutation.base ?? schema.document.root
        return SchemaGate.findings(
            from: RealSchemas.catalogue(base, path: schema.expectedPath),
            to: RealSchemas.catalogue(mutation.mutated, path: schema.expectedPath))
    }

    @Test("OEP41-15: each break is caught, and by its kind; each addition is refused", arguments: 0..<shares)
    func breaks(number: Int) throws {
        var count = 0
        for schema in try share(number) {
            for mutation in MutationCorpus(root: schema.document.root).breaks {
                count += 1
                let findings = findings(mutation, schema)
                let kind = try #require(mutation.kind)
                let isRight =
                    findings.contains { $0.kind == kind && $0.rule != nil && $0.hint != nil }
                    && findings.contains(where: SchemaGate.isBreak) == (kind != .unraisedMinor)
                #expect(isRight, "\(schema.file) \(mutation.pointer): \(mutation.name): \(findings.map(\.kind))")
            }
        }
        #expect(count > 500)
    }

    @Test("an edit that changes nothing is no finding", arguments: 0..<shares)
    func harmless(number: Int) throws {
        var count = 0
        for schema in try share(number) {
            for edit in HarmlessCorpus(root: schema.document.root).edits {
                count += 1
                let findings = findings(edit, schema)
                #expect(findings.isEmpty, "\(schema.file) \(edit.pointer): \(edit.name): \(findings)")
            }
        }
        #expect(count > 500)
    }

    @Test("OEP41-05: in a new minor version the same breaks are caught, and additions pass", arguments: 0..<shares)
    func newMinor(number: Int) throws {
        for schema in try share(number) {
            let next = EventSchema.path(of: schema.type, minorVersion: 1)
            let old = SchemaFile(path: schema.expectedPath, bytes: schema.document.bytes)
            let published = SchemaCatalogue(files: [old])
            for mutation in MutationCorpus(root: schema.document.root).breaks where mutation.base == nil {
                let isOfFile = [.unpublished, .changedIdentifier, .deletedVersion].contains(mutation.kind)
                if isOfFile { continue }
                let node = mutation.mutated.editing("/x-event") { $0.setting("minorversion", 1) }
                let working = SchemaCatalogue(files: [old, SchemaFile(path: next, bytes: node.compactBytes())])
                let findings = SchemaGate.findings(from: published, to: working)
                if mutation.kind == .unraisedMinor {
                    #expect(findings.isEmpty, "\(next) \(mutation.pointer): \(mutation.name): \(findings)")
                } else {
                    let isCaught = findings.contains { $0.kind == mutation.kind && SchemaGate.isBreak($0) }
                    #expect(isCaught, "\(next) \(mutation.pointer): \(mutation.name): \(findings.map(\.kind))")
                }
            }
        }
    }

    @Test("drafts may change freely")
    func drafts() throws {
        for schema in try RealSchemas.catalogue.get().events where schema.status == .draft {
            for mutation in MutationCorpus(root: schema.document.root).breaks {
                #expect(findings(mutation, schema).isEmpty, "\(schema.file): \(mutation.name)")
            }
        }
    }

    @Test("OEP41-15: a version that is gone is a break, and names its file")
    func deleted() throws {
        let catalogue = try RealSchemas.catalogue.get()
        let files = catalogue.events.map { SchemaFile(path: $0.expectedPath, bytes: $0.document.bytes) }
        for (index, schema) in catalogue.events.enumerated() {
            var rest = files
            rest.remove(at: index)
            let findings = SchemaGate.findings(from: catalogue, to: SchemaCatalogue(files: rest))
            #expect(findings.map(\.kind) == (schema.status == .draft ? [] : [.deletedVersion]))
            #expect(findings.allSatisfy { $0.file == schema.file && $0.rule == .compatibleMinor })
        }
    }
}
