import Foundation
import InMemoryTransport
import OpenEdXEvents
import Synchronization
import Testing

@testable import openedx_events

@Suite("Emit: outcomes, keys and exit statuses")
struct EmitCommandTests {
    private struct Line: Decodable {
        struct Failure: Decodable {
            let rule: String?
            let code: String?
            let message: String
            let line: Int?
        }
        let index: Int
        let line: Int
        let status: String
        let type: String?
        let id: String?
        let topic: String?
        let partition: Int?
        let offset: Int?
        let error: Failure?
    }

    private let bus = BusCommandDouble()

    private func emit(
        _ input: String, _ options: String..., transport: (any EventTransport)? = nil
    ) async throws -> (status: openedx_events.ExitStatus, lines: [Line], errors: String) {
        let result = try await bus.run(
            EmitCommand.self, ["--topic", "t", "--format", "json"] + options, TerminalDouble(input: input),
            transport: transport)
        let lines = try result.output.split(separator: "\n").map {
            try JSONDecoder().decode(Line.self, from: Data($0.utf8))
        }
        return (result.status, lines, result.errors)
    }

    @Test("each event is stored as it stands, with one outcome a line in the order of the input: exit 0")
    func stored() async throws {
        let events = (0..<5).map { SampleEvents.event($0, data: "{\"n\": \($0)}") }
        let result = try await emit(events.joined(separator: "\n"))
        #expect(result.status == .success && result.errors.isEmpty)
        #expect(result.lines.map(\.index) == [0, 1, 2, 3, 4] && result.lines.map(\.line) == [1, 2, 3, 4, 5])
        #expect(result.lines.allSatisfy { $0.status == "stored" && $0.topic == "t" && $0.error == nil })
        #expect(result.lines.compactMap(\.offset) == [0, 1, 2, 3, 4])
        #expect(bus.values("t") == events)
        let message = try #require(bus.broker.messages(in: "t").first)
        #expect(message.headers["content-type"]?.text == "application/cloudevents+json" && message.key == nil)
    }

    @Test("unreadable lines are named and the others are sent: exit 65")
    func unreadable() async throws {
        let result = try await emit(
            "\(SampleEvents.event(1))\n\(SampleEvents.cutShort)\nnonsense\n\(SampleEvents.event(2))\n")
        #expect(result.status == .unreadable)
        #expect(result.lines.map(\.status) == ["stored", "unreadable", "unreadable", "stored"])
        #expect(result.lines[1].error?.line == 2 && result.lines[2].line == 3)
        #expect(bus.values("t").count == 2)
    }

    @Test("OEP41-06: what breaks a mandatory rule is not sent and named: exit 1")
    func refused() async throws {
        let result = try await emit("\(SampleEvents.wrongSource)\n\(SampleEvents.event(2))")
        #expect(result.status == .findings)
        #expect(result.lines.map(\.status) == ["failed", "stored"] && result.lines[0].error?.rule == "OEP41-06")
        #expect(bus.values("t") == [SampleEvents.event(2)])
        let lenient = try await emit(SampleEvents.wrongSource, "--rules", "cloudevents")
        #expect(lenient.status == .success)
        #expect(bus.values("t").last == SampleEvents.wrongSource)
    }

    @Test("OEP41-10: a type on the legacy list is not sent")
    func legacy() async throws {
        let result = try await emit(SampleEvents.legacy)
        #expect(result.status == .findings && result.lines[0].error?.rule == "OEP41-10")
    }

    @Test("OEP41-01: 65 536 bytes are sent, 65 537 are not, and a line of 1 MB stops nothing")
    func size() async throws {
        let short = SampleEvents.valid
        func event(_ size: Int) -> String {
            SampleEvents.valid.replacing(
                "personal", with: String(repeating: "x", count: size - short.utf8.count + "personal".count))
        }
        let result = try await emit([event(65_536), event(65_537), event(1 << 20), short].joined(separator: "\n"))
        #expect(result.status == .findings)
        #expect(result.lines.map(\.status) == ["stored", "failed", "failed", "stored"])
        #expect(result.lines.compactMap(\.error?.rule) == ["OEP41-01", "OEP41-01"])
        #expect(bus.values("t").map(\.utf8.count) == [65_536, short.utf8.count])
    }

    @Test("the key comes from an attribute, from a path into the data, or is one for all")
    func keys() async throws {
        let event = SampleEvents.event(
            1, data: #"{"enrollment":{"course":{"course_key":"course-v1:a+b+c"},"user":{"id":7}}}"#)
        for (options, key) in [
            (["--key-path", "data.enrollment.course.course_key"], "course-v1:a+b+c"),
            (["--key-path", "data.enrollment.user.id"], "7"), (["--key-path", "source"], "/openedx/lms/web"),
            (["--key", "k"], "k"),
        ] {
            let result = try await bus.run(
                EmitCommand.self, ["-t", "t"] + options, TerminalDouble(input: event))
            #expect(result.status == .success)
            #expect(bus.broker.messages(in: "t").last?.key == Array(key.utf8))
        }
    }

    @Test("OEP41-26: an event without a value at the key path is not sent")
    func noKey() async throws {
        let result = try await emit(SampleEvents.event(1), "--key-path", "data.nothing.here")
        #expect(result.status == .findings && result.lines[0].error?.rule == "OEP41-26")
        #expect(bus.values("t").isEmpty)
    }

    @Test("OEP41-41: in binary mode attributes are headers")
    func binary() async throws {
        let result = try await emit(SampleEvents.event(1), "--mode", "binary", "--key-path", "data.name")
        #expect(result.status == .success)
        let message = try #require(bus.broker.messages(in: "t").first)
        #expect(message.headers["ce_type"]?.text == "org.openedx.learning.course.enrollment.created.v1")
        #expect(message.headers["content-type"]?.text == "application/json")
        #expect(message.value.map { String(decoding: $0, as: UTF8.self) } == #"{"name":"personal"}"#)
        #expect(message.key == Array("personal".utf8))
    }

    @Test("one event is made of --type and --data, with all that the library computes")
    func single() async throws {
        let type = "org.openedx.learning.note.created.v1"
        let result = try await emit(
            "", "--type", type, "--data", #"{"note_id":"7"}"#, "--subject", "note 7", "--minor-version", "2",
            "--time", "2026-03-14T15:09:26Z", "--key-path", "data.note_id")
        #expect(result.status == .success && result.lines.count == 1)
        let message = try #require(bus.broker.messages(in: "t").first)
        let event = try ReceivedEnvelope(structured: message.value ?? [])
        #expect(event.findings.isEmpty, "\(event.findings)")
        #expect(event.type == type && event.subject == "note 7" && event.minorVersion == 2)
        #expect(event.time == EventTime("2026-03-14T15:09:26Z") && message.key == Array("7".utf8))
        #expect(result.lines[0].id == event.id)
    }

    @Test("data that is no JSON ends with 65, options that do not go together with 64")
    func wrongOptions() async throws {
        let type = "org.openedx.learning.note.created.v1"
        #expect(try await emit("", "--type", type, "--data", "{").status == .unreadable)
        for options in [
            ["--type", type], ["--data", "{}"], ["--type", "nonsense", "--data", "{}"], ["--subject", "s"],
            ["--key", "a", "--key-path", "id"], ["--key-path", "enrollment.course"], ["--key-path", "data."],
            ["--type", type, "--data", "{}", "file"], ["--type", type, "--data", "{}", "--source", "lms"],
        ] {
            let result = try await bus.run(EmitCommand.self, ["-t", "t"] + options)
            #expect(result.status == .usage, "\(options)")
        }
        #expect(try await bus.run(EmitCommand.self, ["-t", "a/b"]).status == .usage)
        #expect(bus.values("t").isEmpty)
    }

    @Test("an input without an event ends with 65")
    func empty() async throws {
        let result = try await emit(" \n")
        #expect(result.status == .unreadable && result.errors.contains("the input holds no event"))
    }

    @Test("text has a line for each outcome and a summary")
    func text() async throws {
        let result = try await bus.run(
            EmitCommand.self, ["-t", "t"],
            TerminalDouble(input: "\(SampleEvents.event(1))\n\(SampleEvents.wrongSource)\nnonsense"))
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 4)
        #expect(lines[0].hasPrefix("line 1: stored      org.openedx.learning.") && lines[0].hasSuffix("t[0]@0"))
        #expect(lines[1].contains("OEP41-06 2:") && lines[2].hasPrefix("line 3: unreadable"))
        #expect(lines[3] == "3 events: 1 stored, 1 failed, 1 unreadable")
    }

    /// Stores some messages and then fails all, as a broker that goes away.
    private final class FailingTransport: EventTransport {
        private let transport: InMemoryTransport
        private let left: Locked<Int>
        private let error: TransportError
        let features: TransportFeatures = []
        let published = Locked(0)

        init(_ transport: InMemoryTransport, storing count: Int, then error: TransportError) {
            self.transport = transport
            self.error = error
            left = Locked(count)
        }

        func publish(_ batch: [OutgoingMessage]) async throws(TransportError) -> [PublishOutcome] {
            published.withLock { $0 += batch.count }
            let count = left.withLock { left in
                defer { left -= min(left, batch.count) }
                return min(left, batch.count)
            }
            let stored = count > 0 ? try await transport.publish(Array(batch.prefix(count))) : []
            return stored + Array(repeating: .failed(error), count: batch.count - count)
        }

        func subscribe(
            _ options: SubscriptionOptions, onChange: @escaping @Sendable (AssignmentChange) -> Void
        ) async throws(TransportError) -> any EventSubscription {
            try await transport.subscribe(options, onChange: onChange)
        }

        func shutDown(within limit: Duration) async {}
    }

    @Test("what the transport does not store is named, in its place: exit 1")
    func failed() async throws {
        let error = TransportError(.timedOut, "no answer for 30 s", isRetriable: true)
        let transport = FailingTransport(bus.transport, storing: 1, then: error)
        let result = try await emit(
            "\(SampleEvents.event(1))\nnonsense\n\(SampleEvents.event(2))", transport: transport)
        #expect(result.status == .unreadable || result.status == .findings)
        #expect(result.lines.first?.status == "stored")
        let failed = try #require(result.lines.last)
        #expect(failed.status == "failed" && failed.error?.code == "timed out" && failed.line == 3)
    }

    @Test("where nothing gets through, sending ends, and what was not sent is told")
    func hopeless() async throws {
        let error = TransportError(.authentication, "the credentials are refused", isFatal: true)
        let transport = FailingTransport(bus.transport, storing: 0, then: error)
        let input = (0..<20_000).map { SampleEvents.event($0 % 10_000) }.joined(separator: "\n")
        let double = TerminalDouble(input: input)
        let result = try await bus.run(EmitCommand.self, ["-t", "t"], double, transport: transport)
        #expect(result.status == .findings)
        #expect(result.errors.contains("the credentials are refused") && result.errors.contains("was not sent."))
        #expect(transport.published.withLock { $0 } <= EmitJob.batchLimit)
    }

    @Test("an interrupt lets what is under way end and says so: exit 130")
    func interrupted() async throws {
        let stop = StopSignal()
        stop.give()
        let double = TerminalDouble(input: SampleEvents.event(1))
        let result = try await bus.run(EmitCommand.self, ["-t", "t"], double, until: stop)
        #expect(result.status == .interrupted && result.errors.contains("interrupted; 0 events: 0 stored"))
    }

    @Test("output that cannot be written ends the sending: exit 74")
    func brokenOutput() async throws {
        let double = TerminalDouble(
            input: SampleEvents.event(1), output: MemorySink(failure: SystemFailure(code: 28)))
        let result = try await bus.run(EmitCommand.self, ["-t", "t"], double)
        #expect(result.status == .inputOutput && result.errors.contains("The events up to line 1 were sent"))
    }
}
