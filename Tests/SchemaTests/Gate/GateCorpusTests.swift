import JSONSchema
import OpenEdXEvents
import Testing

@testable import SchemaAuthoring

@Suite("Gate: the corpus of mutations over the real catalogue")
struct GateCorpusTests {
    /// Thousands of comparisons: the types are dealt out to tests that run side by side.
    static let shares = 4

    /// The published schemas of a share, each with the pointers of the definitions that no schema before it has.
    private func share(_ number: Int) throws -> [(schema: EventSchema, skipped: [String])] {
        var seen: Set<[UInt8]> = []
        return try RealSchemas.published().enumerated().compactMap { index, schema in
            // A definition that several schemas have is mutated in the first.
            let known = (schema.document.root["$defs"]?.members ?? []).filter {
                !seen.insert($0.node.canonicalBytes()).inserted
            }
            return index % Self.shares == number ? (schema, known.map { "/$defs/\($0.name)" }) : nil
        }
    }

    private func isSkipped(_ mutation: Mutation, _ skipped: [String]) -> Bool {
        skipped.contains { mutation.pointer == $0 || mutation.pointer.hasPrefix($0 + "/") }
    }

    private func changes(_ mutation: Mutation, _ schema: EventSchema) -> [SchemaChange] {
        let base = mutation.base?.numbered ?? schema.document.root
        return SchemaComparison.changes(from: base, to: mutation.mutated.numbered)
    }

    @Test("OEP41-15: each break is found, and by its kind; each addition too", arguments: 0..<shares)
    func breaks(number: Int) throws {
        var count = 0
        for (schema, skipped) in try share(number) {
            for mutation in MutationCorpus(root: schema.document.root).breaks where !isSkipped(mutation, skipped) {
                // What the event says of itself is compared elsewhere.
                if mutation.pointer == "/x-event" || mutation.kind == .changedIdentifier { continue }
                count += 1
                let changes = changes(mutation, schema)
                let isRight =
                    if mutation.kind == .unraisedMinor {
                        !changes.isEmpty && changes.allSatisfy { $0.weight == .addition }
                    } else {
                        changes.contains { $0.kind == mutation.kind && $0.weight == .breaking }
                    }
                #expect(isRight, "\(schema.file) \(mutation.pointer): \(mutation.name): \(changes.map(\.kind))")
            }
        }
        #expect(count > 500)
    }

    @Test("an edit that changes nothing is no change", arguments: 0..<shares)
    func harmless(number: Int) throws {
        var count = 0
        for (schema, skipped) in try share(number) {
            for edit in HarmlessCorpus(root: schema.document.root).edits where !isSkipped(edit, skipped) {
                count += 1
                let changes = changes(edit, schema)
                #expect(changes.isEmpty, "\(schema.file) \(edit.pointer): \(edit.name): \(changes.map(\.message))")
            }
        }
        #expect(count > 500)
    }

    // MARK: The whole gate, from bytes to findings

    /// A mutation of each name for every tenth type: names of fields are left out of the names.
    private func sample(_ mutations: (EventSchema) -> [Mutation]) throws -> [(EventSchema, Mutation)] {
        try RealSchemas.published().enumerated().filter { $0.offset % 10 == 0 }.flatMap { _, schema in
            var seen: Set<String> = []
            return mutations(schema).filter { mutation in
                seen.insert("\(mutation.name.split(separator: " ").dropFirst()) \(mutation.kind?.rawValue ?? "")")
                    .inserted
            }.map { (schema, $0) }
        }
    }

    @Test("OEP41-05, OEP41-20, OEP41-25, OEP41-26, OEP41-28: each kind is refused with its rule and what to do")
    func inPlace() throws {
        for (schema, mutation) in try sample({ MutationCorpus(root: $0.document.root).breaks }) {
            let base = mutation.base ?? schema.document.root
            let findings = SchemaGate.findings(
                from: RealSchemas.catalogue(base, path: schema.expectedPath),
                to: RealSchemas.catalogue(mutation.mutated, path: schema.expectedPath))
            let isRight =
                findings.contains { $0.kind == mutation.kind && $0.rule != nil && $0.hint != nil && $0.line > 0 }
                && findings.contains(where: SchemaGate.isBreak) == (mutation.kind != .unraisedMinor)
            #expect(isRight, "\(schema.file) \(mutation.pointer): \(mutation.name): \(findings.map(\.kind))")
        }
    }

    @Test("harmless edits of a published file are no findings")
    func untouched() throws {
        for (schema, edit) in try sample({ HarmlessCorpus(root: $0.document.root).edits }) {
            let findings = SchemaGate.findings(
                from: RealSchemas.catalogue(schema.document.root, path: schema.expectedPath),
                to: RealSchemas.catalogue(edit.mutated, path: schema.expectedPath))
            #expect(findings.isEmpty, "\(schema.file) \(edit.pointer): \(edit.name): \(findings)")
        }
    }

    @Test("OEP41-05: in a new minor version the same breaks are caught, and additions pass")
    func newMinor() throws {
        let ofFile: [SchemaFinding.Kind] = [.unpublished, .changedIdentifier, .deletedVersion]
        for (schema, mutation) in try sample({ MutationCorpus(root: $0.document.root).breaks })
        where mutation.base == nil && !ofFile.contains(where: { $0 == mutation.kind }) {
            let next = EventSchema.path(of: schema.type, minorVersion: 1)
            let old = SchemaFile(path: schema.expectedPath, bytes: schema.document.bytes)
            let node = mutation.mutated.editing("/x-event") { $0.setting("minorversion", 1) }
            let working = SchemaCatalogue(files: [old, SchemaFile(path: next, bytes: node.compactBytes())])
            let findings = SchemaGate.findings(from: SchemaCatalogue(files: [old]), to: working)
            if mutation.kind == .unraisedMinor {
                #expect(findings.isEmpty, "\(next) \(mutation.pointer): \(mutation.name): \(findings)")
            } else {
                let isCaught = findings.contains { $0.kind == mutation.kind && SchemaGate.isBreak($0) }
                #expect(isCaught, "\(next) \(mutation.pointer): \(mutation.name): \(findings.map(\.kind))")
            }
        }
    }

    @Test("drafts may change freely")
    func drafts() throws {
        let drafts = try RealSchemas.catalogue.get().events.filter { $0.status == .draft }
        #expect(drafts.count == 5)
        for schema in drafts.prefix(2) {
            let published = RealSchemas.catalogue(schema.document.root, path: schema.expectedPath)
            for mutation in MutationCorpus(root: schema.document.root).breaks {
                let working = RealSchemas.catalogue(mutation.mutated, path: schema.expectedPath)
                #expect(SchemaGate.findings(from: published, to: working).isEmpty, "\(mutation.name)")
            }
        }
    }
}
