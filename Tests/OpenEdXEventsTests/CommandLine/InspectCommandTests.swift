import Foundation
import OpenEdXEvents
import Testing

@testable import openedx_events

@Suite("Inspect: findings and exit statuses")
struct InspectCommandTests {
    private struct Line: Decodable, Equatable {
        struct Remark: Decodable, Equatable {
            let rule: String
            let severity: String
            let attribute: String?
            let offset: Int?
            let line: Int?
            let column: Int?
            let message: String
        }
        let index: Int
        let line: Int
        let status: String
        let type: String?
        let id: String?
        let findings: [Remark]
        let error: Remark?
    }

    private func inspect(_ input: String, _ options: String...) async -> (openedx_events.ExitStatus, TerminalDouble) {
        let double = TerminalDouble(input: input)
        return (await OpenEdXEventsTool.tool.run(["inspect"] + options, on: double.terminal), double)
    }

    private func lines(_ input: String) async throws -> (openedx_events.ExitStatus, [Line]) {
        let (status, double) = await inspect(input, "--format=json")
        #expect(double.errors.text.isEmpty)
        let lines = try double.output.text.split(separator: "\n").map {
            try JSONDecoder().decode(Line.self, from: Data($0.utf8))
        }
        return (status, lines)
    }

    @Test("a valid event, a batch of them, or one a line: exit 0")
    func valid() async throws {
        let (valid, pretty) = (SampleEvents.valid, SampleEvents.pretty)
        for input in [valid, pretty, "[\(valid),\(pretty)]", "\(valid)\n\(valid)\n"] {
            let (status, lines) = try await lines(input)
            #expect(status == .success)
            #expect(lines.allSatisfy { $0.status == "valid" && $0.findings.isEmpty && $0.error == nil })
            #expect(lines.map(\.index) == Array(lines.indices))
            #expect(lines.first?.type == "org.openedx.learning.course.enrollment.created.v1")
            #expect(lines.first?.id == "5eed002e-c0de-11f1-8000-0342ac120002")
        }
    }

    @Test("OEP41-06: a finding names rule, severity, attribute and place: exit 1")
    func finding() async throws {
        let (status, lines) = try await lines("\(SampleEvents.valid)\n\(SampleEvents.wrongSource)\n")
        #expect(status == .findings)
        #expect(lines.map(\.status) == ["valid", "findings"])
        let finding = try #require(lines.last?.findings.first)
        #expect(finding.rule == "OEP41-06" && finding.severity == "error" && finding.attribute == "source")
        #expect(finding.line == 2)
        let column = try #require(finding.column)
        // The place is the value's, at its quote or just behind it.
        let value = try #require(SampleEvents.wrongSource.range(of: "\"openedx/lms/web"))
        let quote = SampleEvents.wrongSource.utf8.distance(
            from: SampleEvents.wrongSource.startIndex, to: value.lowerBound)
        #expect((quote...(quote + 1)).contains(column - 1))
        #expect(finding.offset == SampleEvents.valid.utf8.count + 1 + column - 1)
    }

    @Test("places within an event of several lines, and within a batch, are the input's")
    func places() async throws {
        let pretty = SampleEvents.pretty.replacing("/openedx/lms/web", with: "openedx/lms/web")
        let input = "[\(SampleEvents.valid),\n\n  \(pretty)]"
        let (_, lines) = try await lines(input)
        let finding = try #require(lines.last?.findings.first)
        let rows = input.split(separator: "\n", omittingEmptySubsequences: false)
        let line = try #require(finding.line)
        let column = try #require(finding.column)
        #expect(lines.last?.line == 3)
        #expect(rows[line - 1].contains("openedx/lms/web") && line > 3)
        #expect(rows[line - 1].dropFirst(column - 1).drop { $0 == "\"" }.hasPrefix("openedx/lms/web"))
        #expect(
            Array(input.utf8).dropFirst(finding.offset ?? 0).first == rows[line - 1].dropFirst(column - 1).utf8.first)
    }

    @Test("OEP41-10: notes alone leave an event valid: exit 0")
    func notes() async throws {
        let (status, lines) = try await lines(SampleEvents.legacy)
        #expect(status == .success)
        #expect(lines.first?.status == "valid")
        #expect(lines.first?.findings.map(\.severity) == ["note"])
    }

    @Test("OEP41-02: what is missing has no place")
    func missing() async throws {
        let (status, lines) = try await lines(#"{"type":"org.openedx.learning.course.enrollment.created.v1"}"#)
        #expect(status == .findings)
        let missing = try #require(lines.first?.findings.first { $0.attribute == "time" })
        #expect(missing.rule == "OEP41-02" && missing.offset == nil && missing.line == nil && missing.column == nil)
        #expect(lines.first?.id == nil)
    }

    @Test("what cannot be read is told with its place, also among others: exit 65")
    func unreadable() async throws {
        let (valid, cutShort) = (SampleEvents.valid, SampleEvents.cutShort)
        for input in ["\(valid)\n\(cutShort)\n\(SampleEvents.wrongSource)", "\(cutShort)\n\(valid)\n\(valid)"] {
            let (status, lines) = try await lines(input)
            #expect(status == .unreadable)
            #expect(lines.count == 3 && lines.count { $0.status == "unreadable" } == 1)
            let error = try #require(lines.first { $0.error != nil }?.error)
            #expect(error.severity == "error" && error.offset != nil && error.line != nil)
        }
        for input in ["hello", "[1]", "{}", "[{}", "\u{FEFF}" + valid, "{\"type\":1}", "\(valid) x"] {
            #expect(try await lines(input).0 == .unreadable, "\(input)")
        }
    }

    @Test("OEP41-39: an empty batch is valid, an empty input is not")
    func empty() async throws {
        #expect(try await lines("[]").0 == .success)
        let (status, double) = await inspect(" \n", "--format", "json")
        #expect(status == .unreadable)
        #expect(double.errors.text.hasPrefix("openedx-events inspect: the input holds no event\n"))
    }

    @Test("OEP41-01: an event that is too large is a finding")
    func large() async throws {
        let padding = String(repeating: "x", count: 70_000)
        let (status, lines) = try await lines(SampleEvents.valid.replacing("personal", with: padding))
        #expect(status == .findings)
        #expect(lines.first?.findings.map(\.rule) == ["OEP41-01"])
    }

    @Test("neither format shows what the data or a wrong attribute holds")
    func values() async throws {
        let input = SampleEvents.valid.replacing("/openedx/lms/web", with: "hunter2").replacing(
            "lms.example.org", with: "not a host hunter2")
        for format in ["text", "json"] {
            let output = await inspect(input, "-f", format).1.output.text
            #expect(output.contains("OEP41-06") && output.contains("OEP41-08"))
            #expect(!output.contains("personal") && !output.contains("hunter2"))
        }
    }

    @Test("text is aligned, ends with a summary, and an event cannot move the cursor")
    func text() async {
        let evil = SampleEvents.valid.replacing("enrollment.created", with: "enrollment\\u001b[2J.created")
        let (status, double) = await inspect("\(SampleEvents.valid)\n\(evil)\n\(SampleEvents.cutShort)\n")
        #expect(status == .unreadable)
        let output = double.output.text
        #expect(output.hasPrefix("line 1: valid  org.openedx.learning.course.enrollment.created.v1  5eed002e-"))
        #expect(output.contains("enrollment\\u{1B}[2J.created") && !output.contains("\u{1B}"))
        #expect(output.contains("\n3 events: 1 valid, 1 with findings, 1 unreadable ("))
        #expect(output.hasSuffix(")\n"))
    }

    @Test("the output is the same each time, and each line has all members")
    func deterministic() async throws {
        let input = "\(SampleEvents.wrongSource)\n\(SampleEvents.cutShort)\n"
        let first = await inspect(input, "--format=json").1.output.text
        #expect(await inspect(input, "--format=json").1.output.text == first)
        for line in first.split(separator: "\n") {
            var rest = line[...]
            for name in ["index", "line", "status", "type", "id", "findings", "error"] {
                let range = try #require(rest.range(of: "\"\(name)\":"), "\(name)")
                rest = rest[range.upperBound...]
            }
        }
    }
}
