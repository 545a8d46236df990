import Foundation
import Testing

@Suite("openedx-events lint and check")
struct LintAndCheckTests {
    private let desk: AuthoringDesk
    private let sample = SchemaSample()

    init() throws { desk = try AuthoringDesk() }

    @Test("clean schemas end with 0 and a summary")
    func clean() async throws {
        try desk.publish(sample)
        let result = await desk.run("lint", "--schemas", desk.schemas)
        #expect(result.status == 0 && result.output == "1 event type, 1 version: no findings\n")
        #expect(result.errors.isEmpty)
        let json = await desk.run("lint", "--schemas", desk.schemas, "--format", "json")
        #expect(json.status == 0 && json.output.isEmpty)
    }

    @Test("findings end with 1, in each format with file, line, rule and hint")
    func findings() async throws {
        try desk.publish(sample.replacing("learning-thing-lifecycle", "prod-thing"))
        let text = await desk.run("lint", "--schemas", desk.schemas)
        #expect(text.status == 1)
        #expect(text.output.contains("\(desk.schemas)/\(sample.path):12:14: error: "))
        #expect(text.output.contains("[OEP41-26 topic]\n    "))
        let json = await desk.run("lint", "--schemas", desk.schemas, "--format=json")
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any])
        #expect(object["rule"] as? String == "OEP41-26" && object["line"] as? Int == 12)
        #expect(object["kind"] as? String == "topic" && object["pointer"] as? String == "/x-event/topic")
        let github = await desk.run("lint", "--schemas", desk.schemas, "--format=github")
        #expect(
            github.output.hasPrefix("::error file=\(desk.schemas)/\(sample.path),line=12,col=14,title=OEP41-26 topic::")
        )
        #expect(github.status == 1)
    }

    @Test("a file that is no JSON ends with 65, a directory that is not there with 66, a wrong option with 64")
    func unreadable() async throws {
        try desk.publish(sample)
        try desk.write("{", to: "schemas/learning/bad.json")
        #expect(await desk.run("lint", "--schemas", desk.schemas).status == 65)
        let missing = await desk.run("lint", "--schemas", desk.schemas + "/nowhere")
        #expect(missing.status == 66 && missing.errors.contains("there is no such directory"))
        #expect(await desk.run("lint", "--format", "xml").status == 64)
        #expect(await desk.run("check", "--schemas", desk.schemas).status == 64)
    }

    @Test("OEP41-25: a break ends with 2, an addition without a new minor version with 1, nothing with 0")
    func check() async throws {
        let more = sample.adding("note", #"{"type": ["null", "string"], "default": null, "description": "A note."}"#)
        try desk.publish(more)
        let old = try AuthoringDesk()
        try old.publish(more)
        func check() async -> AuthoringDesk.Result {
            await desk.run("check", "--against", old.schemas, "--schemas", desk.schemas, "-f", "json")
        }
        #expect(await check().status == 0)
        try desk.publish(sample)
        let lost = await check()
        #expect(
            lost.status == 2 && lost.lines.count == 1
                && lost.output.contains(#""kind":"removed-field","rule":"OEP41-25""#))
        try old.publish(sample)
        try desk.publish(more)
        let grown = await check()
        #expect(grown.status == 1 && grown.output.contains(#""kind":"unraised-minor","rule":"OEP41-05""#))
        try desk.publish(sample, more.with(minor: 1))
        #expect(await check().status == 0)
    }

    @Test("what is neither a directory nor a commit, or nothing published, is said")
    func against() async throws {
        try desk.publish(sample)
        let wrong = await desk.run("check", "--against", "no-such-ref", "--schemas", desk.schemas)
        #expect(wrong.status == 66 && wrong.output.isEmpty)
        #expect(wrong.errors.contains("no git repository") || wrong.errors.contains("neither a directory nor a commit"))
        let empty = try AuthoringDesk()
        try empty.publish()
        let nothing = await desk.run("check", "--against", empty.schemas, "--schemas", desk.schemas)
        #expect(nothing.status == 0 && nothing.errors.contains("Nothing was published"))
        try empty.write("{", to: "schemas/learning/bad.json")
        let broken = await desk.run("check", "--against", empty.schemas, "--schemas", desk.schemas)
        #expect(broken.status == 66 && broken.errors.contains("cannot read what was published"))
    }
}
