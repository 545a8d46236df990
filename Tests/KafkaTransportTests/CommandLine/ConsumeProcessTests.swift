import Foundation
import OpenEdXEvents
import Testing

@Suite("Commands on Kafka: consume, tail and dev-broker", .serialized)
struct ConsumeProcessTests {
    /// Emits events and expects them to be stored.
    private func emit(_ numbers: Range<Int>, to topic: String, _ broker: CommandLineBroker) async throws {
        let result = try await broker.run(
            ["emit", "-t", topic, "--key-path", "data.course"], input: EventLines.events(numbers))
        #expect(result.ending == .exited(0), "\(result.errors)")
    }

    @Test(
        "SIGTERM ends a consumer in good order: what was written is committed, and does not come again",
        arguments: CommandLineBroker.Kind.available)
    func terminated(_ kind: CommandLineBroker.Kind) async throws {
        let broker = try CommandLineBroker(kind)
        let topic = CommandLineBroker.name("terminated")
        try await emit(0..<50, to: topic, broker)
        let process = try broker.start(["consume", "-t", topic, "-g", topic])
        var lines: [String] = []
        for await line in process.lines {
            lines.append(line)
            if lines.count == 50 { process.terminate() }
        }
        #expect(await process.ending() == .exited(0) && process.errors.isEmpty, "\(process.errors)")
        #expect(lines.count == 50)
        try await emit(50..<60, to: topic, broker)
        let second = try await broker.run(["consume", "-t", topic, "-g", topic, "-n", "10"])
        #expect(Set(second.lines.compactMap(EventLines.number)) == Set(50..<60), "\(second.errors)")
    }

    @Test("a consumer whose reader goes away commits what it wrote before, and loses nothing: exit 74")
    func brokenPipe() async throws {
        let broker = try CommandLineBroker()
        try await emit(0..<20, to: "t", broker)
        let first = try await broker.shell(
            "\"$0\" consume -t t -g g -n 5 | cat; echo ${PIPESTATUS[0]}", [])
        #expect(first.lines.count == 6 && first.lines.last == "0")
        // Nobody reads from the beginning.
        let broken = try await broker.shell(
            "exec 3>&1; (\"$0\" consume -t t -g g; echo $? >&3) | true", [])
        #expect(broken.lines == ["74"], "\(broken.lines.suffix(2)) \(broken.errors)")
        #expect(broken.errors.contains("the reader of the output went away"))
        let rest = try await broker.run(["consume", "-t", "t", "-g", "g", "-n", "15"])
        let numbers = (first.lines.dropLast() + rest.lines).compactMap(EventLines.number)
        #expect(numbers.count == 20 && Set(numbers) == Set(0..<20))
    }

    @Test("the reader of tail goes away: the end, without a word")
    func tailIntoHead() async throws {
        let broker = try CommandLineBroker()
        try await emit(0..<200, to: "t", broker)
        let result = try await broker.shell(
            "\"$0\" tail -t t --from beginning --no-follow -f json | head -n 2; echo ${PIPESTATUS[0]}", [])
        #expect(result.lines.count == 3 && result.lines.last == "0" && result.errors.isEmpty, "\(result.errors)")
    }

    @Test("tail waits for what comes and is ended by a signal: exit 0", arguments: CommandLineBroker.Kind.available)
    func follow(_ kind: CommandLineBroker.Kind) async throws {
        let broker = try CommandLineBroker(kind)
        let topic = CommandLineBroker.name("follow")
        try await emit(0..<1, to: topic, broker)
        let process = try broker.start(["tail", "-t", topic, "--from", "beginning", "-f", "json"])
        var lines: [String] = []
        for await line in process.lines {
            lines.append(line)
            if lines.count == 1 { try await emit(1..<2, to: topic, broker) }
            if lines.count == 2 { process.interrupt() }
        }
        #expect(await process.ending() == .exited(0) && process.errors.isEmpty, "\(process.errors)")
        #expect(lines.compactMap(EventLines.number) == [0, 1])
    }

    @Test("places: offsets, ends at offsets, and times", arguments: CommandLineBroker.Kind.available)
    func places(_ kind: CommandLineBroker.Kind) async throws {
        let broker = try CommandLineBroker(kind)
        let topic = CommandLineBroker.name("places")
        let input = (0..<10).map { EventLines.event($0) + "\n" }.joined()
        let emitted = try await broker.run(["emit", "-t", topic, "--key", "one", "-f", "json"], input: input)
        #expect(emitted.ending == .exited(0))
        let partition = try #require(
            emitted.lines.first?.split(separator: "\"partition\":").last?.prefix { $0.isNumber })
        func shown(_ arguments: String...) async throws -> [Int] {
            let result = try await broker.run(["tail", "-t", topic, "-f", "json"] + arguments)
            #expect(result.ending == .exited(0), "\(result.errors)")
            return result.lines.compactMap(EventLines.number)
        }
        #expect(try await shown("--from", "\(partition)@7", "--no-follow") == [7, 8, 9])
        #expect(try await shown("--from", "\(partition)@2", "--until", "\(partition)@4") == [2, 3])
        #expect(try await shown("--from", "\(partition)@10", "--no-follow") == [])
        #expect(try await shown("--from", "beginning", "--field", "data.number=6", "-n", "1") == [6])
        // The embedded broker cannot find offsets by time.
        guard kind == .real else { return }
        #expect(try await shown("--from", "1h", "--no-follow") == Array(0..<10))
        #expect(try await shown("--from", "2099-01-01T00:00:00Z", "--no-follow") == [])
        #expect(try await shown("--from", "beginning", "--until", "1h") == [])
    }

    @Test("replay copies a range, and redrive finds nothing where nothing lies")
    func replay() async throws {
        let broker = try CommandLineBroker()
        try await emit(0..<20, to: "t", broker)
        let copied = try await broker.run(
            ["replay", "-t", "t", "--from", "beginning", "--into", "u", "--field", "data.course=c1", "-f", "json"])
        #expect(copied.ending == .exited(0), "\(copied.errors)")
        #expect(copied.lines == [#"{"read":20,"sent":4,"complete":true}"#])
        let shown = try await broker.run(["tail", "-t", "u", "--from", "beginning", "--no-follow", "-f", "json"])
        #expect(shown.lines.compactMap(EventLines.number) == [1, 6, 11, 16])
        let redriven = try await broker.run(["redrive", "-g", "g"])
        #expect(redriven.ending == .exited(0) && redriven.lines == ["0 sent back, 0 passed over"])
    }

    @Test("dev-broker prints its address, serves other processes, and ends with a signal: exit 0")
    func devBroker() async throws {
        let tool = try BuiltProgram.named("openedx-events")
        let process = try ProcessRunner(tool, ["dev-broker", "--topic", "a:2", "--format", "json"])
        var address: String?
        for await line in process.lines {
            address = line.split(separator: "\"bootstrap_servers\":\"").last.map { String($0.prefix { $0 != "\"" }) }
            let servers = try #require(address)
            let emitted = try await ProcessRunner.run(
                tool,
                [
                    "emit", "-b", servers, "-t", "a", "--type", "org.openedx.learning.note.created.v1", "--data", "{}",
                ])
            #expect(emitted.ending == .exited(0), "\(emitted.errors)")
            process.terminate()
        }
        #expect(address?.hasPrefix("127.0.0.1:") == true)
        #expect(await process.ending() == .exited(0) && process.errors.isEmpty)
    }
}
