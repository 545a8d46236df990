import Foundation
import JSONSchema
import OpenEdXEvents
import SchemaAuthoring
import Testing

@testable import openedx_events

@Suite("openedx-events validate")
struct ValidateCommandTests {
    private struct Line: Decodable {
        struct Remark: Decodable {
            let rule: String?
            let keyword: String?
            let severity: String
            let pointer: String
            let line: Int
            let column: Int
            let schema: String?
            let message: String
        }
        let line: Int
        let valid: Bool
        let type: String?
        let findings: [Remark]
    }

    private let desk: AuthoringDesk
    private let sample = SchemaSample()

    init() throws { desk = try AuthoringDesk() }

    private func lines(_ result: AuthoringDesk.Result) throws -> [Line] {
        try result.lines.map { try JSONDecoder().decode(Line.self, from: Data($0.utf8)) }
    }

    // MARK: Instances

    @Test("each line is answered in order, with exactly line, valid and findings")
    func instances() async throws {
        let schema = try desk.write(#"{"type": "object", "properties": {"a": {"type": "integer"}}}"#, to: "s.json")
        let result = await desk.run(
            "validate", "--schema", schema, "--format", "json",
            input: "{\"a\": 1}\n{\"a\": \"secret\"}\n\n  \n[]\n\"x\"")
        #expect(result.status == 1 && result.errors.isEmpty && !result.output.contains("secret"))
        let lines = try lines(result)
        #expect(lines.map(\.line) == [1, 2, 5, 6] && lines.map(\.valid) == [true, false, false, false])
        #expect(result.lines.first == #"{"line":1,"valid":true,"findings":[]}"#)
        let finding = try #require(lines[1].findings.first)
        #expect(finding.pointer == "/a" && finding.keyword == "type" && finding.schema == "/properties/a/type")
        #expect(finding.line == 2 && finding.column == 7 && finding.rule == nil && finding.severity == "error")
    }

    @Test("lines that are no JSON are answered too, and end with 65", arguments: ["nope", "{\"a\": 1", "\u{1}", "1 2"])
    func unreadable(text: String) async throws {
        let schema = try desk.write("true", to: "s.json")
        let result = await desk.run("validate", "--schema", schema, "--format=json", input: "1\n\(text)\n2\n")
        let lines = try lines(result)
        #expect(result.status == 65 && lines.map(\.valid) == [true, false, true] && lines.map(\.line) == [1, 2, 3])
        #expect(lines[1].findings.map(\.keyword) == ["json"])
    }

    @Test("formats are remarks, and refuse with --formats")
    func formats() async throws {
        let schema = try desk.write(#"{"format": "date"}"#, to: "s.json")
        #expect(await desk.run("validate", "--schema", schema, input: "\"2026-02-30\"").status == 0)
        #expect(await desk.run("validate", "--schema", schema, "--formats", input: "\"2026-02-30\"").status == 1)
        #expect(await desk.run("validate", "--schema", schema, "--formats", input: "\"2026-02-28\"").status == 0)
    }

    @Test("references lead to given documents: by URI, by $id, and by place in a directory")
    func resources() async throws {
        let schema = try desk.write(
            #"{"$id": "https://example.org/base/s.json", "$ref": "parts/whole.json"}"#, to: "s.json")
        let part = try desk.write(#"{"type": "integer"}"#, to: "docs/parts/whole.json")
        let docs = desk.folder.appendingPathComponent("docs").path
        func validate(_ arguments: String...) async -> [Int32] {
            var statuses: [Int32] = []
            for input in ["1", "\"a\""] {
                let all = ["validate", "--schema", schema] + arguments
                statuses.append(await desk.run(all, input: input).status)
            }
            return statuses
        }
        #expect(await validate() == [1, 1])
        #expect(await validate("--resource", "https://example.org/base/parts/whole.json=\(part)") == [0, 1])
        #expect(await validate("--resources", docs) == [0, 1])
        #expect(await validate("--resources", "https://example.org/base/=\(docs)") == [0, 1])
        #expect(await validate("--resources", "https://example.org/base=\(docs)") == [0, 1])
        try desk.write(
            #"{"$id": "https://example.org/base/parts/whole.json", "type": "integer"}"#, to: "others/deep/x.json")
        #expect(await validate("--resources", desk.folder.appendingPathComponent("others").path) == [0, 1])
        #expect(await validate("--resource", "nonsense") == [64, 64])
        #expect(await validate("--resources", docs + "/nowhere") == [66, 66])
        #expect(await desk.run("validate", "--resource", "a=b").status == 64)
    }

    @Test("a schema that does not compile says everything that is wrong: 1; one that is no JSON: 65; none: 66")
    func schemas() async throws {
        let wrong = try desk.write(#"{"type": "strin", "pattern": "(", "minimum": "1"}"#, to: "wrong.json")
        let result = await desk.run("validate", "--schema", wrong, "--format", "json", input: "1")
        #expect(result.status == 1 && result.lines.count == 3 && result.output.contains(#""line":1"#))
        let broken = try desk.write("{", to: "broken.json")
        #expect(await desk.run("validate", "--schema", broken, input: "1").status == 65)
        #expect(await desk.run("validate", "--schema", desk.folder.path + "/none.json", input: "1").status == 66)
        #expect(await desk.run("validate", "--schema", "-", input: "1").status == 64)
    }

    @Test("a line of more bytes than are kept is answered, and the next is read")
    func long() throws {
        var splitter = LineSplitter(limit: 8)
        var lines: [LineSplitter.Line] = []
        for chunk in ["12345", "6789\n[1", "]\r\n\n 3"] { splitter.consume(Array(chunk.utf8)) { lines.append($0) } }
        splitter.finish { lines.append($0) }
        #expect(lines.map(\.number) == [1, 2, 4])
        #expect(lines.map { $0.bytes.map { String(decoding: $0, as: UTF8.self) } } == [nil, "[1]\r", " 3"])
        let document = try JSONDocument(parsing: Array("true".utf8), file: "s.json")
        let validator = InstanceValidator(schema: try CompiledSchema(document), limit: 8)
        let answers = lines.map { validator.answer($0) }
        #expect(answers.map(\.isReadable) == [false, true, true])
    }

    // MARK: Events

    private func event(_ data: String, minor: Int = 0, type: String = "org.openedx.learning.thing.made.v1") -> String {
        #"{"specversion":"1.0","id":"5eed002e-c0de-11f1-8000-0342ac120002","type":"\#(type)","#
            + #""source":"/openedx/lms/web","sourcehost":"lms.example.org","time":"2026-03-14T15:09:26Z","#
            + #""minorversion":\#(minor),"datacontenttype":"application/json","data":\#(data)}"#
    }

    private let thing = #"{"thing_uuid":"5eed002e-c0de-11f1-8000-0342ac120002"}"#

    private func validate(_ input: String, _ arguments: String...) async throws -> (Int32, [Line]) {
        try desk.publish(sample)
        let all = ["validate", "--schemas", desk.schemas, "--format", "json"] + arguments
        let result = await desk.run(all, input: input)
        return (result.status, try lines(result))
    }

    @Test("valid events, one, a batch, or one a line")
    func events() async throws {
        for input in [event(thing), "[\(event(thing)), \(event(thing))]", "\(event(thing))\n\(event(thing))\n"] {
            let (status, lines) = try await validate(input)
            #expect(status == 0 && lines.allSatisfy { $0.valid && $0.findings.isEmpty && $0.type != nil })
        }
    }

    @Test("data is held against the schema of its type, and the place is the input's")
    func data() async throws {
        let input = event(thing) + "\n" + event(#"{"thing_uuid":17}"#) + "\n" + event("{}") + "\n"
        let (status, lines) = try await validate(input)
        #expect(status == 1 && lines.map(\.valid) == [true, false, false])
        let finding = try #require(lines[1].findings.first)
        #expect(finding.pointer == "/data/thing_uuid" && finding.keyword == "type" && finding.line == 2)
        let text = Array(event(#"{"thing_uuid":17}"#))
        #expect(String(text[(finding.column - 1)...].prefix(2)) == "17")
        #expect(lines[2].findings.map(\.keyword) == ["required"])
    }

    @Test("OEP41-06: rules of the envelope are reported beside the schema's")
    func envelope() async throws {
        let (status, lines) = try await validate(event("{}").replacing("/openedx/lms/web", with: "openedx/lms/web"))
        #expect(status == 1 && lines[0].findings.map { $0.rule ?? $0.keyword } == ["OEP41-06", "required"])
    }

    @Test("OEP41-21: a type without a schema is found, with the closest name")
    func unknown() async throws {
        let (status, lines) = try await validate(event(thing, type: "org.openedx.learning.thing.mad.v1"))
        #expect(status == 1)
        #expect(lines[0].findings.last?.rule == "OEP41-21")
        #expect(lines[0].findings.last?.message.contains("'org.openedx.learning.thing.made.v1'") == true)
    }

    @Test("OEP41-05: a later minor version than is known is held against the newest, with a note")
    func later() async throws {
        let (status, lines) = try await validate(event(thing, minor: 3))
        #expect(status == 0 && lines[0].findings.map(\.severity) == ["note"])
        #expect(try await validate(event("{}", minor: 3)).0 == 1)
    }

    @Test("what is no event ends with 65, and so does an empty input")
    func noEvent() async throws {
        let (status, lines) = try await validate("{}\n\(event(thing))\n{\n")
        #expect(status == 65 && lines.map(\.valid) == [false, true, false])
        try desk.publish(sample)
        #expect(await desk.run("validate", "--schemas", desk.schemas, input: "").status == 65)
        #expect(await desk.run("validate", "--schemas", desk.schemas, desk.schemas + "/none.json").status == 66)
    }

    @Test("text ends with a summary, annotations name the file")
    func formatsOfOutput() async throws {
        try desk.publish(sample)
        let file = try desk.write(event("{}") + "\n" + event(thing), to: "events.jsonl")
        let text = await desk.run("validate", "--schemas", desk.schemas, file)
        #expect(text.output.hasSuffix("2 events: 1 valid, 1 invalid\n") && text.status == 1)
        let github = await desk.run("validate", "--schemas", desk.schemas, "--format", "github", file)
        #expect(github.lines.count == 1 && github.output.hasPrefix("::error file=\(file),line=1,col="))
    }

    @Test("every example of the catalogue, as an event, is valid, formats and all")
    func examples() async throws {
        let input = try RealSchemas.published().filter { !$0.type.isLegacy }.flatMap { schema in
            schema.examples.map { event(String(decoding: $0.compactBytes(), as: UTF8.self), type: schema.type.name) }
        }
        #expect(input.count >= 72)
        let result = await desk.run(
            "validate", "--schemas", RealSchemas.directory, "--formats", input: input.joined(separator: "\n"))
        #expect(result.status == 0, "\(result.output.suffix(2000))")
    }
}
