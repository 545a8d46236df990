import InMemoryTransport
import OpenEdXEvents
import Testing

@testable import openedx_events

@Suite("Consume: lines, commits and exit statuses")
struct ConsumeCommandTests {
    private let bus = BusCommandDouble()

    private func committed() -> Int64? {
        bus.broker.committedOffsets(of: "g")[TopicPartition(topic: "t", partition: 0)]
    }

    @Test("one structured event a line, in order, committed")
    func lines() async throws {
        let events = (0..<3).map { SampleEvents.event($0) }
        for event in events { try await bus.store(SampleEvents.message(event, topic: "t")) }
        let result = try await bus.run(ConsumeCommand.self, ["-t", "t", "-g", "g", "-n", "3"])
        #expect(result.status == .success && result.errors.isEmpty)
        #expect(result.output == events.map { $0 + "\n" }.joined())
        #expect(committed() == 3)
    }

    @Test("a count leaves what follows to the next")
    func count() async throws {
        for number in 0..<5 { try await bus.store(SampleEvents.message(SampleEvents.event(number), topic: "t")) }
        for number in 0..<5 {
            let result = try await bus.run(ConsumeCommand.self, ["-t", "t", "-g", "g", "-n", "1"])
            #expect(result.output == SampleEvents.event(number) + "\n" && committed() == Int64(number + 1))
        }
    }

    @Test("nothing is committed that could not be written: exit 74")
    func brokenOutput() async throws {
        try await bus.store(SampleEvents.message(SampleEvents.valid, topic: "t"))
        let double = TerminalDouble(output: MemorySink(failure: SystemFailure(code: 32)))
        let result = try await bus.run(ConsumeCommand.self, ["-t", "t", "-g", "g"], double)
        #expect(result.status == .inputOutput && result.errors.contains("the reader of the output went away"))
        #expect(committed() ?? 0 == 0)
        let again = try await bus.run(ConsumeCommand.self, ["-t", "t", "-g", "g", "-n", "1"])
        #expect(again.output == SampleEvents.valid + "\n" && committed() == 1)
    }

    @Test("a signal ends it in good order: exit 0")
    func stopped() async throws {
        try await bus.store(SampleEvents.message(SampleEvents.valid, topic: "t"))
        let stop = StopSignal()
        // The sink sees the line; the signal comes while nothing more does.
        let sink = SignallingSink { stop.give() }
        let double = TerminalDouble()
        let terminal = Terminal(input: double.terminal.input, output: sink, errors: double.errors)
        var watched = double
        watched.terminal = terminal
        let result = try await bus.run(ConsumeCommand.self, ["-t", "t", "-g", "g"], watched, until: stop)
        #expect(result.status == .success && result.errors.isEmpty)
        #expect(committed() == 1)
    }

    private final class SignallingSink: ByteSink {
        private let action: @Sendable () -> Void

        init(_ action: @escaping @Sendable () -> Void) { self.action = action }

        func write(_ bytes: [UInt8]) {}
        func flush() -> SystemFailure? {
            action()
            return nil
        }
    }

    @Test("an event over several lines, and one in binary mode, are one line")
    func formats() async throws {
        try await bus.store(SampleEvents.message(SampleEvents.pretty, topic: "t"))
        let binary = try EventEnvelope.read(structured: Array(SampleEvents.valid.utf8)).envelope.binary()
        try await bus.store(OutgoingMessage(topic: "t", headers: binary.headers, value: binary.value))
        let result = try await bus.run(ConsumeCommand.self, ["-t", "t", "-g", "g", "-n", "2"])
        let lines = result.output.split(separator: "\n")
        #expect(lines.count == 2)
        for line in lines {
            let event = try ReceivedEnvelope(structured: Array(line.utf8))
            #expect(event.findings.isEmpty && event.data == .json(Array(event.data == .absent ? [] : json(event))))
            #expect(event.id == "5eed002e-c0de-11f1-8000-0342ac120002")
        }
    }

    private func json(_ event: ReceivedEnvelope) -> [UInt8] {
        if case .json(let bytes) = event.data { bytes } else { [] }
    }

    @Test("what is no event is named on the errors, without its value, and committed: exit 65")
    func unreadable() async throws {
        try await bus.store(OutgoingMessage(topic: "t", value: Array("secret".utf8)))
        try await bus.store(
            SampleEvents.message(SampleEvents.valid, topic: "t"), OutgoingMessage(topic: "t", value: nil))
        let result = try await bus.run(ConsumeCommand.self, ["-t", "t", "-g", "g", "-n", "3"])
        #expect(result.status == .unreadable)
        #expect(result.output == SampleEvents.valid + "\n" && committed() == 3)
        #expect(result.errors.contains("t[0]@0 is unreadable (6 bytes): OEP41-"))
        #expect(result.errors.contains("t[0]@2 is unreadable (no value)") && !result.errors.contains("secret"))
    }

    @Test("laid out for people, personal data is masked; a line is what it is")
    func personalData() async throws {
        try await bus.store(SampleEvents.message(SampleEvents.valid, topic: "t"))
        let text = try await bus.run(ConsumeCommand.self, ["-t", "t", "-g", "a", "-n", "1", "-f", "text"])
        #expect(text.output.contains("\"name\": \"***\"") && !text.output.contains("\"personal\""))
        let json = try await bus.run(ConsumeCommand.self, ["-t", "t", "-g", "b", "-n", "1"])
        #expect(json.output.contains("\"personal\""))
    }

    @Test("single offsets are no beginning of a group: exit 64")
    func usage() async throws {
        let result = try await bus.run(ConsumeCommand.self, ["-t", "t", "-g", "g", "--from", "0@1"])
        #expect(result.status == .usage && result.errors.contains("reset-offsets"))
    }
}
