import InMemoryTransport
import OpenEdXEvents
import Testing

@testable import openedx_events

@Suite("Tail: places, filters and masks")
struct TailCommandTests {
    private let bus = BusCommandDouble()

    private func store(_ count: Int) async throws {
        for number in 0..<count {
            let data = #"{"enrollment":{"mode":"\#(number % 2 == 0 ? "audit" : "verified")","n":\#(number)}}"#
            try await bus.store(
                SampleEvents.message(SampleEvents.event(number, data: data), topic: "t", key: "key \(number % 3)"))
        }
    }

    private func tail(_ arguments: String...) async throws -> [String] {
        let result = try await bus.run(TailCommand.self, ["-t", "t", "--format", "json"] + arguments)
        #expect(result.status == .success, "\(result.errors)")
        return result.output.split(separator: "\n").map(String.init)
    }

    @Test("from the beginning to the end of now, without touching any group")
    func all() async throws {
        try await store(4)
        let lines = try await tail("--from", "beginning", "--no-follow")
        #expect(lines == bus.values("t"))
        #expect(bus.broker.committedOffsets(of: "openedx-events").isEmpty)
        #expect(try await tail("--no-follow").isEmpty)
    }

    @Test("a count ends it, counting what is shown")
    func count() async throws {
        try await store(6)
        #expect(try await tail("--from", "beginning", "-n", "2") == Array(bus.values("t").prefix(2)))
        let filtered = try await tail("--from", "beginning", "-n", "2", "--field", "data.enrollment.mode=verified")
        #expect(filtered == [bus.values("t")[1], bus.values("t")[3]])
    }

    @Test("single offsets, and ends at offsets")
    func offsets() async throws {
        try await store(6)
        #expect(try await tail("--from", "0@4", "--no-follow") == Array(bus.values("t").suffix(2)))
        #expect(try await tail("--from", "0@1", "--until", "0@3") == Array(bus.values("t")[1..<3]))
        #expect(try await tail("--from", "beginning", "--until", "beginning").isEmpty)
    }

    @Test("filters by type, key and field")
    func filters() async throws {
        try await store(6)
        let values = bus.values("t")
        func shown(_ arguments: String...) async throws -> [String] {
            let result = try await bus.run(
                TailCommand.self, ["-t", "t", "-f", "json", "--from", "beginning", "--no-follow"] + arguments)
            return result.output.split(separator: "\n").map(String.init)
        }
        #expect(try await shown("--key", "key 1") == [values[1], values[4]])
        #expect(try await shown("--key", "key 1", "--key", "key 2") == [values[1], values[2], values[4], values[5]])
        #expect(try await shown("--field", "data.enrollment.n=3") == [values[3]])
        #expect(try await shown("--field", "source=/openedx/lms/web").count == 6)
        #expect(
            try await shown("--field", "data.enrollment.mode=audit", "--field", "data.enrollment.n=3").isEmpty)
        #expect(try await shown("--type", "*.enrollment.created.v1").count == 6)
        #expect(try await shown("--type", "org.openedx.learning.course.enrollment.created.v1").count == 6)
        #expect(try await shown("--type", "org.openedx.other.*").isEmpty)
    }

    @Test("OEP41-28: personal data is masked in either format, unless it is asked for")
    func masks() async throws {
        let data =
            #"{"user":{"pii":{"email":"a@example.org","name":"Ann"},"id":7},"full_name":"Ann B","mode":"x","#
            + #""email":null,"list":[{"userName":"ann"}]}"#
        try await bus.store(SampleEvents.message(SampleEvents.event(1, data: data), topic: "t"))
        for format in ["text", "json"] {
            let arguments = ["-t", "t", "-f", format, "--from", "beginning", "--no-follow"]
            let masked = try await bus.run(TailCommand.self, arguments).output
            #expect(!masked.contains("Ann") && !masked.contains("ann") && !masked.contains("example.org/"))
            #expect(!masked.contains("a@example.org") && masked.contains("***") && masked.contains("null"))
            let open = try await bus.run(TailCommand.self, arguments + ["--show-personal-data"]).output
            #expect(open.contains("a@example.org") && open.contains("Ann B") && !open.contains("***"))
        }
    }

    @Test("OEP41-28: what a schema marks is masked, whatever its name")
    func marks() async throws {
        let event = SampleEvents.event(
            1, data: #"{"role_assignment":{"operation":"added","subject":"ann","role":"staff","scope":"lib"}}"#
        ).replacing(
            "org.openedx.learning.course.enrollment.created.v1", with: "org.openedx.authz.role_assignment.created")
        try await bus.store(SampleEvents.message(event, topic: "t"))
        let lines = try await tail("--from", "beginning", "--no-follow")
        #expect(lines == [event.replacing(#""ann""#, with: #""***""#)])
        #expect(SchemaMarks.known.paths(of: "org.example.nothing") == [])
    }

    @Test("text shows position, key, envelope and data, and an event cannot move the cursor")
    func text() async throws {
        let event = SampleEvents.event(1, data: "{\"a\":[],\"b\":{\"c\":[1,2.50]},\"d\":\"\u{202E}\\u001b\"}")
        try await bus.store(SampleEvents.message(event, topic: "t", key: "k\u{1B}[2J"))
        let output = try await bus.run(
            TailCommand.self, ["-t", "t", "--from", "beginning", "--no-follow"]
        ).output
        let lines = output.split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines[0].hasPrefix("t[0]@0  stored ") && lines[0].hasSuffix("key k\\u{1B}[2J"))
        #expect(lines[1].hasPrefix("org.openedx.learning.course.enrollment.created.v1  5eed0001-"))
        #expect(lines[2].hasPrefix("from /openedx/lms/web on lms.example.org at 2026-03-14T15:09:26.535897Z"))
        #expect(
            lines[3...].joined(separator: "\n") == """
                  {
                    "a": [],
                    "b": {
                      "c": [
                        1,
                        2.50
                      ]
                    },
                    "d": "\\u202e\\u001b"
                  }


                """)
    }

    @Test("what is no event is shown with its reason and without its value")
    func unreadable() async throws {
        try await bus.store(OutgoingMessage(topic: "t", value: Array("secret".utf8)))
        let arguments = ["-t", "t", "--from", "beginning", "--no-follow"]
        let text = try await bus.run(TailCommand.self, arguments)
        #expect(text.output.contains("unreadable (6 bytes): OEP41-") && !text.output.contains("secret"))
        let json = try await bus.run(TailCommand.self, arguments + ["-f", "json"])
        #expect(json.output.isEmpty && json.errors.contains("t[0]@0 is unreadable"))
    }

    @Test("the reader of the output goes away: the end, without a word")
    func brokenPipe() async throws {
        try await store(1)
        let double = TerminalDouble(output: MemorySink(failure: SystemFailure(code: 32)))
        let result = try await bus.run(TailCommand.self, ["-t", "t", "--from", "beginning"], double)
        #expect(result.status == .success && result.errors.isEmpty)
    }

    @Test("a signal ends it: exit 0")
    func stopped() async throws {
        bus.broker.createTopicOrFail("t")
        let stop = StopSignal()
        async let result = bus.run(TailCommand.self, ["-t", "t"], until: stop)
        stop.give()
        #expect(try await result.status == .success)
    }

    @Test("a wrong place is a wrong command line: exit 64")
    func usage() async throws {
        for place in ["yesterday", "0@", "@1", "-1h", "0@1,0@2", "1x", ""] {
            let result = try await bus.run(TailCommand.self, ["-t", "t", "--from=\(place)"])
            #expect(result.status == .usage, "\(place)")
        }
        #expect(try await bus.run(TailCommand.self, ["-t", "t", "--field", "a"]).status == .usage)
    }
}

extension InMemoryBroker {
    fileprivate func createTopicOrFail(_ name: String) {
        do { try createTopic(name) } catch { Issue.record(error) }
    }
}
