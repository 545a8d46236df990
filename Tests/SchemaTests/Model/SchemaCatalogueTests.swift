import Foundation
import JSONSchema
import OpenEdXEvents
import Testing

@testable import SchemaAuthoring

@Suite("Catalogue: the real one, and every kind of bad input")
struct SchemaCatalogueTests {
    private let sample = SchemaSample()

    private func findings(_ samples: SchemaSample...) -> [SchemaFinding] {
        let catalogue = SchemaCatalogue(files: samples.map(\.file) + [SchemaSample.registry])
        return (catalogue.findings + CompiledCatalogue(catalogue).findings).sorted()
    }

    private func kinds(_ text: String, path: String = "learning/a.json") -> [String] {
        let file = SchemaFile(path: path, bytes: Array(text.utf8))
        return SchemaCatalogue(files: [file, SchemaSample.registry]).findings.map(\.kind.rawValue)
    }

    @Test("OEP41-21: the real catalogue has 75 published types and 5 drafts, without a finding")
    func real() throws {
        let catalogue = try RealSchemas.catalogue.get()
        #expect(catalogue.findings.isEmpty)
        #expect(catalogue.types.count { $0.published != nil } == 75)
        #expect(catalogue.types.count { $0.latest.status == .draft } == 5)
        #expect(CompiledCatalogue(catalogue).findings.isEmpty)
    }

    @Test("facts, fields, references, nullability and marks are read")
    func model() throws {
        let catalogue = try RealSchemas.catalogue.get()
        let schema = try #require(catalogue["org.openedx.learning.course.enrollment.created.v1"]?.latest)
        #expect(schema.title == "CourseEnrollmentCreated" && schema.owners == ["openedx/edx-platform"])
        #expect(schema.keyPath == ["enrollment", "course", "course_key"] && schema.minorVersion == 0)
        #expect(schema.data.fields.map(\.name) == ["enrollment"])
        let key = try #require(schema.field(at: ["enrollment", "course", "course_key"]))
        #expect(key.type.format == "course-key" && key.isRequired && !key.isPersonal)
        let email = try #require(schema.fields.first { $0.text == "enrollment.user.pii.email" })
        #expect(email.isPersonal && email.isAlwaysThere)
        let by = try #require(schema.field(at: ["enrollment", "created_by"]))
        #expect(by.type.isNullable && by.type.isNullFirst && by.type.definition == "UserData" && by.isOptional)
        #expect(by.defaultValue?.isNull == true)
        #expect(schema.fields.first { $0.text == "enrollment.created_by.pii.email" }?.isAlwaysThere == false)
        #expect(catalogue["org.openedx.learning.nothing.v1"] == nil)
    }

    @Test("broken JSON says line and column, and the other files are read")
    func broken() throws {
        let bad = SchemaFile(path: "learning/bad.json", bytes: Array("{\n  \"a\": tru\n}".utf8))
        let catalogue = SchemaCatalogue(files: [bad, sample.file, SchemaSample.registry])
        let finding = try #require(catalogue.findings.first)
        #expect(catalogue.findings.count == 1 && finding.kind == .notJSON && finding.line == 2 && finding.column >= 8)
        #expect(catalogue.types.count == 1)
    }

    @Test("what is no object is said to be none", arguments: ["[]", "true", "\"a\"", "17", "null"])
    func notAnObject(text: String) {
        #expect(kinds(text) == ["not-an-object"])
    }

    @Test("a file of 10 MB is refused by its size")
    func tooLarge() {
        let bytes = Array(repeating: UInt8(ascii: " "), count: 10 << 20)
        let catalogue = SchemaCatalogue(files: [SchemaFile(path: "a.json", bytes: bytes), SchemaSample.registry])
        #expect(catalogue.findings.map(\.kind) == [.tooLarge])
    }

    @Test("everything that is wrong in a file is found at once, each with its place")
    func everything() throws {
        let found = findings(
            sample.replacing("\"title\": \"ThingMade\"", "\"title\": \"thing made\"")
                .replacing("\"status\": \"published\"", "\"status\": \"publisched\"")
                .fact("ownr", "\"a\"")
                .adding("a", ##"{"$ref": "#/$defs/Nowhere"}"##)
                .adding("b", ##"{"tpye": "string", "nullable": true}"##)
                .adding("c", ##"{"type": "string", "pattern": "a{2"}"##)
                .adding("d", ##"{"$ref": "other.json#/a"}"##))
        #expect(
            Set(found.map(\.kind.rawValue)).isSuperset(of: [
                "wrong-value", "unknown-member", "dangling-reference", "unknown-keyword", "foreign-reference",
            ]))
        #expect(found.count { $0.kind == .wrongValue } == 2)
        #expect(found.first { $0.message.contains("tpye") }?.hint == "Did you mean 'type'?")
        #expect(found.first { $0.message.contains("nullable") }?.hint?.contains("\"type\": [\"null\"") == true)
        #expect(found.first { $0.kind == .unknownMember }?.hint == "Did you mean 'owner'?")
        #expect(found.first { $0.message.contains("publisched") }?.hint == "Did you mean 'published'?")
        let dangling = try #require(found.first { $0.kind == .danglingReference })
        let line = sample.text.split(separator: "\n").firstIndex { $0.contains("\"properties\"") } ?? 0
        #expect(dangling.line > line && dangling.column > 1 && dangling.pointer == "/properties/a/$ref")
    }

    @Test(
        "a regular expression that is wrong, or would explode, is a finding",
        arguments: ["(a", "a{1,100000}{1,100000}"])
    func patterns(pattern: String) {
        let found = findings(sample.adding("a", "{\"type\": \"string\", \"pattern\": \"\(pattern)\"}"))
        #expect(found.map(\.kind) == [.invalidPattern])
        #expect(found.first?.pointer == "/properties/a/pattern")
    }

    @Test("a keyword's value that it does not take is a finding")
    func values() {
        let found = findings(sample.adding("a", #"{"type": "strin", "minLength": -1}"#))
        #expect(found.map(\.kind) == [.invalidSchema, .invalidSchema])
    }

    @Test(
        "circular references are found, direct or not, and end",
        arguments: [
            ##"{"A": {"$ref": "#/$defs/A"}}"##, ##"{"A": {"$ref": "#/$defs/B"}, "B": {"$ref": "#/$defs/A"}}"##,
            ##"{"A": {"type": "object", "properties": {"a": {"$ref": "#/$defs/A"}}}}"##,
            ##"{"A": {"type": "array", "items": {"anyOf": [{"type": "null"}, {"$ref": "#"}]}}}"##,
        ])
    func circles(definitions: String) {
        let found = findings(
            sample.adding("a", ##"{"$ref": "#/$defs/A"}"##).replacing(
                #""examples""#, "\"$defs\": \(definitions), \"examples\""))
        #expect(found.contains { $0.kind == .circularReference })
    }

    @Test("definitions that double themselves over and over do not hang the loader")
    func doubling() {
        let definitions = (0..<40).map { index in
            """
            "A\(index)": {"type": "object", "properties": {
              "a": {"$ref": "#/$defs/A\(index + 1)"}, "b": {"$ref": "#/$defs/A\(index + 1)"}}}
            """
        }
        let text = "{\(definitions.joined(separator: ",")), \"A40\": {\"type\": \"string\"}}"
        let found = findings(
            sample.adding("a", ##"{"$ref": "#/$defs/A0"}"##).replacing(
                #""examples""#, "\"$defs\": \(text), \"examples\""))
        #expect(found.contains { $0.kind == .tooComplex })
    }

    @Test("OEP41-21: a file that is named otherwise than its content, or has another address, is told its name")
    func names() {
        let file = SchemaFile(path: "enterprise/x.json", bytes: Array(sample.text.utf8))
        let found = SchemaCatalogue(files: [file, SchemaSample.registry]).findings
        #expect(found.map(\.kind) == [.fileName] && found.first?.hint?.contains(sample.path) == true)
        let address = findings(sample.replacing("made.v1.0.json", "made.v1.1.json"))
        #expect(address.map(\.kind) == [.identifier])
    }

    @Test("OEP41-05: two files of one version, and a gap between versions, are found")
    func versions() {
        let copy = SchemaFile(path: "a/" + sample.path, bytes: Array(sample.text.utf8))
        let twice = SchemaCatalogue(files: [copy, sample.file, SchemaSample.registry]).findings
        #expect(twice.map(\.kind) == [.duplicateVersion])
        let gap = findings(sample, sample.with(minor: 2))
        #expect(gap.map(\.kind) == [.minorGap] && gap.map(\.rule) == [.minorVersion])
        #expect(findings(sample.with(minor: 1)).map(\.kind) == [.minorGap])
    }

    @Test("OEP41-10: a name that is none says where it breaks")
    func typeName() throws {
        let text = sample.replacing("org.openedx.learning.thing.made.v1\"", "org.openedx.Learning.thing.made.v1\"")
        let finding = try #require(findings(text).first { $0.kind == .typeName })
        #expect(finding.rule == .typeName && finding.pointer == "/x-event/type")
        let line = text.text.split(separator: "\n", omittingEmptySubsequences: false)[finding.line - 1]
        #expect(line.dropFirst(finding.column - 1).hasPrefix("Learning"))
    }

    @Test("OEP41-21: without a registry the standard names hold, and its absence is found")
    func registry() {
        let found = SchemaCatalogue(files: [sample.file], directory: "schemas").findings
        #expect(found.map(\.kind) == [.missingRegistry] && found.first?.file == "schemas/registry.json")
        let file = SchemaFile(path: "registry.json", bytes: Array(#"{"prefxes": [], "owners": [{"nam": 1}]}"#.utf8))
        let broken = SchemaCatalogue(files: [file]).findings
        #expect(Set(broken.map(\.kind)) == [.unknownMember, .missingMember])
        #expect(broken.first?.hint == "Did you mean 'prefixes'?")
    }

    @Test("a directory that is none is said to be none")
    func directory() {
        #expect(throws: SchemaDirectoryError.self) { try SchemaCatalogue(directory: "/nowhere") }
        #expect(throws: SchemaDirectoryError.self) { try SchemaCatalogue(directory: #filePath) }
    }

    @Test("any bytes and every prefix of a schema end without a trap")
    func prefixes() {
        let bytes = Array(sample.text.utf8)
        for count in stride(from: 0, to: bytes.count, by: 13) {
            let file = SchemaFile(path: sample.path, bytes: Array(bytes.prefix(count)))
            #expect(!SchemaCatalogue(files: [file, SchemaSample.registry]).findings.isEmpty)
        }
    }
}

@Suite("Findings as text, JSON and annotations")
struct FindingReportTests {
    private let finding = SchemaFinding(
        SchemaFinding.Kind(rawValue: "kind"), rule: .routes, file: "a,b:c.json", line: 3, column: 7, pointer: "/a",
        "50 % wrong\nhere", hint: "Mend it.")

    @Test("JSON has every member, always in the same order")
    func json() {
        let report = FindingReport([finding])
        #expect(
            report.jsonLines == [
                #"{"kind":"kind","rule":"OEP41-26","severity":"error","file":"a,b:c.json","line":3,"column":7,"#
                    + #""pointer":"/a","message":"50 % wrong\nhere","hint":"Mend it."}"#
            ])
    }

    @Test("an annotation escapes what would end it")
    func github() {
        #expect(
            FindingReport([finding]).githubLines == [
                "::error file=a%2Cb%3Ac.json,line=3,col=7,title=OEP41-26 kind::50 %25 wrong%0Ahere%0AMend it."
            ])
    }

    @Test("findings are sorted by place and counted by severity")
    func order() {
        let note = SchemaFinding(SchemaFinding.Kind(rawValue: "a"), severity: .note, file: "a", line: 9, "later")
        let report = FindingReport([finding, note])
        #expect(report.findings.map(\.file) == ["a", "a,b:c.json"])
        #expect(report.summary == "1 error, 1 note" && !report.isClean)
        #expect(FindingReport([note]).isClean && FindingReport([]).summary == "no findings")
    }
}
