import Foundation
import JSONSchema
import OpenEdXEvents
import Testing

@testable import SchemaAuthoring

@Suite("Gate: histories, facts and what is new")
struct SchemaGateTests {
    private let sample = SchemaSample()

    private func findings(_ old: [SchemaSample], _ new: [SchemaSample]) -> [SchemaFinding] {
        SchemaGate.findings(
            from: SchemaCatalogue(files: old.map(\.file)), to: SchemaCatalogue(files: new.map(\.file)))
    }

    @Test("nothing changed, or nothing was published: nothing is found")
    func nothing() {
        #expect(findings([sample], [sample]).isEmpty)
        #expect(findings([], [sample]).isEmpty)
    }

    @Test("OEP41-15: a version that is gone is a break that names its file")
    func deleted() throws {
        let finding = try #require(findings([sample], []).first)
        #expect(finding.kind == .deletedVersion && finding.rule == .compatibleMinor && SchemaGate.isBreak(finding))
        #expect(finding.file == sample.path)
        #expect(findings([sample.with(status: "draft")], []).isEmpty)
    }

    @Test("OEP41-05: an addition belongs into the next minor version, and says where")
    func addition() throws {
        let more = sample.adding("note", #"{"type": ["null", "string"], "default": null, "description": "A note."}"#)
        let finding = try #require(findings([sample], [more]).first)
        #expect(finding.kind == .unraisedMinor && finding.rule == .minorVersion && !SchemaGate.isBreak(finding))
        #expect(finding.hint?.contains("thing.made.v1.1.json") == true)
        #expect(findings([sample], [sample, more.with(minor: 1)]).isEmpty)
    }

    @Test("OEP41-05: a new minor version that says the same is told so")
    func empty() {
        let found = findings([sample], [sample, sample.with(minor: 1)])
        #expect(found.map(\.kind) == [.emptyMinor] && found.map(\.severity) == [.warning])
    }

    @Test("two new minor versions at once are each held against the one before, and the published one")
    func two() {
        let first = sample.adding("note", #"{"type": ["null", "string"], "default": null}"#)
        let second = first.adding("more", #"{"type": ["null", "string"], "default": null}"#)
        #expect(findings([sample], [sample, first.with(minor: 1), second.with(minor: 2)]).isEmpty)
        let lossy = sample.adding("more", #"{"type": ["null", "integer"], "default": null}"#)
        let found = findings([sample], [sample, first.with(minor: 1), lossy.with(minor: 2)])
        #expect(found.map(\.kind) == [.removedField])
    }

    @Test("a draft is published with any content, but what was published is no draft again")
    func drafts() {
        let draft = sample.with(status: "draft")
        #expect(findings([draft], [sample]).isEmpty)
        #expect(findings([sample], [draft]).map(\.kind) == [.unpublished])
    }

    @Test("OEP41-16: retirement is announced first, and lasts")
    func retirement() {
        let announced = sample.with(retirement: #"{"since": "2027-01-01", "reason": "Nobody reads it."}"#)
        #expect(findings([sample], [announced]).isEmpty)
        #expect(findings([announced], [announced.with(status: "retired")]).isEmpty)
        let atOnce = findings([sample], [announced.with(status: "retired")])
        #expect(atOnce.map(\.kind) == [.retiredAtOnce] && atOnce.map(\.rule) == [.newMajorBesideOld])
        #expect(findings([announced.with(status: "retired")], [announced]).map(\.kind) == [.unretired])
    }

    @Test("OEP41-20: who was unknown may be named, one of two may leave, nobody may come")
    func owners() {
        let (one, two) = (sample.with(owners: ["a/a"]), sample.with(owners: ["a/a", "b/b"]))
        let nobody = sample.with(owners: [])
        #expect(findings([nobody], [one]).isEmpty)
        #expect(findings([two], [one]).isEmpty)
        #expect(findings([one], [two]).map(\.rule) == [.oneProducer])
        #expect(findings([one], [nobody]).map(\.kind) == [.changedOwner])
        #expect(findings([one], [sample.with(owners: ["b/b"])]).allSatisfy(SchemaGate.isBreak))
    }

    @Test("a title names a Swift type: a change is a finding and no break")
    func title() {
        let found = findings([sample], [sample.replacing(#""title": "ThingMade""#, #""title": "ThingBuilt""#)])
        #expect(found.map(\.kind) == [.changedTitle] && !found.contains(where: SchemaGate.isBreak))
    }

    @Test("a reference that is inlined, wrapped or given null beside it says the same")
    func forms() {
        let plain = sample.adding("a", #"{"type": ["null", "string"], "enum": ["x", null], "default": null}"#)
        let beside = sample.adding(
            "a", #"{"anyOf": [{"type": "null"}, {"type": "string", "enum": ["x"]}], "default": null}"#)
        #expect(findings([plain], [beside]).isEmpty)
        let narrower = sample.adding(
            "a", #"{"anyOf": [{"type": "null"}, {"type": "string", "const": "y"}], "default": null}"#)
        #expect(findings([beside], [narrower]).map(\.kind) == [.narrowedEnum])
        // Null was allowed beside the constant, and is not any more.
        let constant = sample.adding("a", #"{"type": ["null", "string"], "const": "x", "default": null}"#)
        #expect(findings([beside], [constant]).map(\.kind) == [.narrowedEnum])
    }

    @Test("circular references end the comparison, not the program")
    func circles() {
        let circle = sample.adding("a", ##"{"$ref": "#/$defs/A"}"##).replacing(
            #""examples""#, ##""$defs": {"A": {"$ref": "#/$defs/B"}, "B": {"$ref": "#/$defs/A"}}, "examples""##)
        #expect(findings([circle], [circle.adding("b", "true")]).map(\.kind) == [.unraisedMinor])
        let nested = sample.adding("a", ##"{"$ref": "#/$defs/A"}"##).replacing(
            #""examples""#,
            ##""$defs": {"A": {"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}}}, "examples""##)
        #expect(Set(findings([nested], [nested.adding("b", "true")]).map(\.kind)) == [.unraisedMinor])
    }

    @Test("what is published is read from git, at any reference, and what is not is said")
    func git() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: folder) }
        let schemas = folder.appendingPathComponent("schemas")
        try sample.write(to: schemas)
        try Data("{}".utf8).write(to: schemas.appendingPathComponent("registry.json"))
        func git(_ arguments: String...) throws {
            let process = Process()
            process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
            process.arguments =
                ["git", "-C", folder.path, "-c", "user.name=t", "-c", "user.email=t@example.org"] + arguments
            process.standardOutput = FileHandle.nullDevice
            process.standardError = FileHandle.nullDevice
            try process.run()
            process.waitUntilExit()
            try #require(process.terminationStatus == 0)
        }
        try git("init", "-q")
        try git("add", "-A")
        try git("commit", "-q", "-m", "First")
        try git("tag", "first")
        try FileManager.default.removeItem(at: schemas.appendingPathComponent(sample.path))
        let files = try GitSchemas.files(in: schemas.path, at: "first")
        #expect(files.map(\.path) == ["first:\(sample.path)", "first:registry.json"])
        let published = SchemaCatalogue(files: files)
        #expect(published.types.first?.latest.document.bytes == Array(sample.text.utf8))
        let found = SchemaGate.findings(from: published, to: try SchemaCatalogue(directory: schemas.path))
        #expect(found.map(\.kind) == [.deletedVersion])
        for wrong in ["nowhere", "--all", ""] {
            #expect(throws: GitSchemas.Failure.self) { try GitSchemas.files(in: schemas.path, at: wrong) }
        }
        let missing = #expect(throws: GitSchemas.Failure.self) {
            try GitSchemas.files(in: schemas.path, at: "first", git: "/nowhere/git")
        }
        #expect(missing?.message.contains("git cannot be run") == true)
    }
}
