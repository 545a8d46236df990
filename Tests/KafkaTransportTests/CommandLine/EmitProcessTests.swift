import Foundation
import KafkaTransport
import OpenEdXEvents
import Testing

@Suite("Commands on Kafka: emit", .serialized)
struct EmitProcessTests {
    @Test("events are emitted, consumed and shown, in order per key", arguments: CommandLineBroker.Kind.available)
    func roundTrip(_ kind: CommandLineBroker.Kind) async throws {
        let broker = try CommandLineBroker(kind)
        let topic = CommandLineBroker.name("round-trip")
        let events = (0..<300).map { EventLines.event($0) }
        let emitted = try await broker.run(
            ["emit", "--topic", topic, "--key-path", "data.course", "--format", "json", "-"],
            input: events.joined(separator: "\n"))
        #expect(emitted.ending == .exited(0) && emitted.errors.isEmpty, "\(emitted.errors)")
        #expect(emitted.lines.count == 300)
        for (index, line) in emitted.lines.enumerated() {
            #expect(line.hasPrefix(#"{"index":\#(index),"line":\#(index + 1),"status":"stored""#))
        }
        let consumed = try await broker.run(["consume", "--topic", topic, "--group", topic, "--count", "300"])
        #expect(consumed.ending == .exited(0) && consumed.errors.isEmpty, "\(consumed.errors)")
        #expect(Set(consumed.lines) == Set(events))
        for key in 0..<5 {
            let numbers = consumed.lines.compactMap(EventLines.number).filter { $0 % 5 == key }
            #expect(numbers == numbers.sorted() && numbers.count == 60)
        }
        let shown = try await broker.run(
            ["tail", "-t", topic, "--from", "beginning", "--no-follow", "-f", "json", "--show-personal-data"])
        #expect(shown.ending == .exited(0) && Set(shown.lines) == Set(events), "\(shown.errors)")
        let masked = try await broker.run(["tail", "-t", topic, "--from", "beginning", "-n", "5"])
        #expect(masked.ending == .exited(0))
        #expect(masked.lines.count { $0.contains("\"email\": \"***\"") } == 5)
    }

    @Test("unreadable lines, lines of 1 MB and events of 65 537 bytes stop nothing and are named: exit 65")
    func unreadable() async throws {
        let broker = try CommandLineBroker()
        let lines = [
            EventLines.event(1), "not an event", EventLines.event(size: 65_536), EventLines.event(size: 65_537),
            EventLines.event(size: 1 << 20), String(EventLines.event(2).prefix(100)), EventLines.event(3),
        ]
        let result = try await broker.run(["emit", "-t", "t", "-f", "json"], input: lines.joined(separator: "\n"))
        #expect(result.ending == .exited(65))
        let words = result.lines.map { line in
            ["stored", "failed", "unreadable"].first { line.contains("\"status\":\"\($0)\"") } ?? line
        }
        #expect(words == ["stored", "unreadable", "stored", "failed", "failed", "unreadable", "stored"])
        #expect(result.lines[3].contains("OEP41-01") && result.lines[4].contains("OEP41-01"))
        let shown = try await broker.run(["tail", "-t", "t", "--from", "beginning", "--no-follow", "-f", "json"])
        #expect(shown.lines.count == 3)
    }

    @Test("one event of --type and --data, in binary mode")
    func single() async throws {
        let broker = try CommandLineBroker()
        let result = try await broker.run([
            "emit", "-t", "notes", "--type", "org.openedx.learning.note.created.v1", "--data", #"{"note_id":"7"}"#,
            "--key-path", "data.note_id", "--mode", "binary",
        ])
        #expect(result.ending == .exited(0), "\(result.errors)")
        #expect(result.lines.count == 1 && result.lines[0].hasPrefix("line 1: stored"))
        let shown = try await broker.run(["tail", "-t", "notes", "--from", "beginning", "-n", "1", "-f", "json"])
        #expect(shown.lines.first?.contains(#""data":{"note_id":"7"}"#) == true)
    }

    @Test("a signal lets what is under way end, and tells what was not sent: exit 130", arguments: [true, false])
    func interrupted(isInterrupt: Bool) async throws {
        let broker = try CommandLineBroker()
        let input = Pipe()
        let process = try broker.start(["emit", "-t", "t", "-f", "json"], input: input.fileHandleForReading)
        try input.fileHandleForWriting.write(contentsOf: Data(EventLines.events(0..<3).utf8))
        var lines: [String] = []
        for await line in process.lines {
            lines.append(line)
            // The input stays open: only a signal can end it.
            if lines.count == 3 { if isInterrupt { process.interrupt() } else { process.terminate() } }
        }
        #expect(await process.ending() == .exited(130))
        #expect(lines.allSatisfy { $0.contains("stored") } && lines.count == 3)
        #expect(process.errors.contains("interrupted; 3 events: 3 stored"), "\(process.errors)")
        let shown = try await broker.run(["tail", "-t", "t", "--from", "beginning", "--no-follow", "-f", "json"])
        #expect(shown.lines.count == 3)
        try input.fileHandleForWriting.close()
    }

    @Test("the reader of the outcomes goes away: sending ends, and says where: exit 74")
    func brokenPipe() async throws {
        let broker = try CommandLineBroker()
        let folder = try TemporaryFolder()
        let file = try folder.write(EventLines.events(0..<20_000), to: "events")
        let result = try await broker.shell(
            "\"$0\" emit -t t \"$1\" | head -n 1; echo ${PIPESTATUS[0]}", [file])
        #expect(result.lines.count == 2 && result.lines.last == "74")
        #expect(result.errors.contains("were sent; what follows was not."), "\(result.errors)")
    }

    @Test(
        "no broker: a clear message and no hang: exit 69",
        arguments: ["emit", "tail", "consume", "replay", "redrive", "topics", "lag", "reset-offsets"])
    func noBroker(command: String) async throws {
        let broker = try CommandLineBroker()
        // Its port is free from now on.
        broker.embedded?.close()
        let options: [String] =
            switch command {
            case "consume": ["-t", "t", "-g", "g"]
            case "replay": ["-t", "t", "--from", "beginning", "--into", "u"]
            case "redrive", "lag": ["-g", "g"]
            case "reset-offsets": ["-g", "g", "-t", "t", "--to", "end"]
            case "topics": []
            default: ["-t", "t"]
            }
        let result = try await broker.run([command, "--timeout", "1"] + options, input: EventLines.event(1))
        #expect(result.ending == .exited(69) && result.lines.isEmpty)
        #expect(result.errors.contains("openedx-events \(command): unavailable: "), "\(result.errors)")
        #expect(result.errors.contains(broker.servers) && result.errors.contains("dev-broker"))
    }

    @Test("no broker is named, or the configuration is wrong: exit 78, and no secret is shown")
    func configuration() async throws {
        let tool = try BuiltProgram.named("openedx-events")
        let none = try await ProcessRunner.run(tool, ["tail", "-t", "t"])
        #expect(none.ending == .exited(78) && none.errors.contains("no broker is named"))
        let folder = try TemporaryFolder()
        let file = try folder.write(
            #"{"bootstrap_servers":["127.0.0.1:9"],"security":{"sasl":{"mechanism":"NONE","password":"hunter2"}}}"#,
            to: "kafka.json")
        let wrong = try await ProcessRunner.run(tool, ["tail", "-t", "t", "--config", file])
        #expect(wrong.ending == .exited(78))
        #expect(
            wrong.errors.contains("security.sasl.mechanism") && !wrong.errors.contains("hunter2"), "\(wrong.errors)")
        let missing = try await ProcessRunner.run(tool, ["tail", "-t", "t", "--config", folder.path + "/nothing"])
        #expect(missing.ending == .exited(78))
    }

    @Test("an unknown topic is named: emit ends with 1, tail and consume with 66")
    func unknownTopic() async throws {
        let broker = try CommandLineBroker()
        try broker.embedded?.setFault(.unknownTopic, ofTopic: "nowhere")
        let tail = try await broker.run(["tail", "-t", "nowhere"])
        #expect(tail.ending == .exited(66) && tail.errors.contains("unknown topic"), "\(tail.errors)")
        let consume = try await broker.run(["consume", "-t", "nowhere", "-g", "g"])
        #expect(consume.ending == .exited(66) && consume.errors.contains("unknown topic"), "\(consume.errors)")
    }
}
