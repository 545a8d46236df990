import Foundation
import Testing

@testable import OpenEdXEvents

@Suite("Console observer")
struct ConsoleObserverTests {
    private static let now: @Sendable () -> EventTime = { EventTime(seconds: 1_767_322_245, nanoseconds: 0) }

    private func lines(
        _ facts: [BusFact], _ format: ConsoleObserver.Format, level: LogLevel = .trace,
        color: ConsoleObserver.Color = .never
    ) -> [String] {
        let recorder = LineRecorder()
        let observer = ConsoleObserver(format, level: level, to: recorder.output, color: color, now: Self.now)
        for fact in facts { observer.record(fact) }
        return recorder.lines
    }

    @Test("a fact is one line of text: time, level, message, fields")
    func text() {
        let line = lines([SampleFacts.all[0]], .text)
        #expect(
            line == [
                "2026-01-02T02:50:45Z DEBUG event published event_type=org.openedx.learning.note.created.v1 "
                    + "event_id=6aee1f28-0c8f-11f1-8a3d-0f2b5a6c7d8e topic=notes partition=3 offset=42 key=*** "
                    + "bytes=1300 duration_seconds=0.004\n"
            ])
    }

    @Test("a text from elsewhere cannot begin a field, a line or an escape sequence")
    func injection() {
        let line = lines([SampleFacts.all[1]], .text)[0]
        #expect(line.contains(#"event_type="a \"b\" c=d\nE\u{1b}[0m""#))
        #expect(line.contains(#"reason="no answer\nfrom \"broker\"""#))
        #expect(line.filter { $0 == "\n" }.count == 1)
    }

    @Test(
        "every fact is one JSON object a line, with time, level, message and known fields",
        arguments: SampleFacts.all.indices)
    func json(index: Int) throws {
        let line = try #require(lines([SampleFacts.all[index]], .json).first)
        #expect(line.hasSuffix("}\n") && line.filter(\.isNewline).count == 1)
        let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
        let known = Set(LogKey.allCases.map(\.rawValue) + ["time", "level", "message"])
        #expect(Set(object.keys).isSubset(of: known))
        #expect(object["time"] as? String == "2026-01-02T02:50:45Z")
        #expect(LogLevel(rawValue: object["level"] as? String ?? "") != nil)
        #expect(object["message"] as? String != nil)
    }

    @Test("OEP41-28: no line shows a record key", arguments: ConsoleObserver.Format.allCases)
    func keysAreMasked(format: ConsoleObserver.Format) {
        let all = lines(SampleFacts.all, format)
        #expect(all.count == SampleFacts.all.count)
        #expect(all.allSatisfy { !$0.contains("jane") })
        #expect(all[0].contains(LogEntry.mask))
    }

    @Test("what is in order is at info or below, trouble above")
    func levels() {
        let levels = SampleFacts.all.map(LogEntry.level)
        #expect(
            levels == [
                .debug, .error, .debug, .warning, .warning, .warning, .debug, .warning, .warning, .info, .info,
                .warning,
                .warning, .debug, .trace, .trace, .info, .info, .info, .info, .error, .warning, .error,
            ])
    }

    @Test("facts below the least level are not written")
    func leastLevel() {
        for level in LogLevel.allCases {
            let expected = SampleFacts.all.filter { LogEntry.level(of: $0) >= level }.count
            #expect(lines(SampleFacts.all, .json, level: level).count == expected)
        }
    }

    @Test("colours are written only where they are wanted, and never in JSON")
    func colors() {
        let fact = BusFact.consumer(group: "search", .running)
        #expect(lines([fact], .text, color: .always)[0].contains("\u{1B}[32mINFO\u{1B}[0m"))
        #expect(!lines([fact], .text, color: .automatic)[0].contains("\u{1B}"))
        #expect(!lines([fact], .json, color: .always)[0].contains("\u{1B}"))
    }

    @Test("a long text is cut between scalars, so that lines are bounded")
    func bounded() {
        let reason = String(repeating: "é", count: 100_000)
        let line = lines([.unreadable(SampleFacts.event, reason: reason)], .json)[0]
        #expect(line.utf8.count < 1_024)
        #expect(line.contains("éé…\""))
        let partitions = (0..<10_000).map { TopicPartition(topic: "notes", partition: $0) }
        let assigned = lines([.assigned(group: "search", partitions)], .text)[0]
        #expect(assigned.utf8.count < 1_024)
        #expect(assigned.contains("and 9984 more"))
    }

    @Test("lines reach a file descriptor whole, also from several tasks")
    func descriptor() async throws {
        let path = FileManager.default.temporaryDirectory.appendingPathComponent("console-\(UUID()).log").path
        #expect(FileManager.default.createFile(atPath: path, contents: nil))
        defer { try? FileManager.default.removeItem(atPath: path) }
        let handle = try #require(FileHandle(forWritingAtPath: path))
        let observer = ConsoleObserver(.json, level: .trace, to: LineOutput(descriptor: handle.fileDescriptor))
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask { for fact in SampleFacts.all { observer.record(fact) } }
            }
        }
        try handle.close()
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 8 * SampleFacts.all.count)
        for line in lines { #expect(throws: Never.self) { try JSONSerialization.jsonObject(with: Data(line.utf8)) } }
    }

    @Test("a descriptor that cannot be written to stops nothing")
    func closedDescriptor() {
        ConsoleObserver(to: LineOutput(descriptor: -1)).record(SampleFacts.all[15])
    }

    @Test(
        "durations are decimal seconds, cut to microseconds",
        arguments: [
            (Duration.zero, "0"), (.seconds(3), "3"), (.milliseconds(1_500), "1.5"), (.microseconds(7), "0.000007"),
            (.nanoseconds(999), "0"), (.milliseconds(-1_500), "-1.5"), (.milliseconds(-500), "-0.5"),
            (.nanoseconds(-1), "0"), (.seconds(Int64.max), "9223372036854775807"),
        ])
    func durations(duration: Duration, text: String) {
        #expect(duration.secondsText == text)
    }

    @Test(
        "durations in nanoseconds stay within Int64",
        arguments: [
            (Duration.milliseconds(-3), -3_000_000), (.nanoseconds(7), 7), (.seconds(Int64.max), Int64.max),
            (.seconds(Int64.min), Int64.min), (.seconds(9_223_372_036), 9_223_372_036_000_000_000),
        ] as [(Duration, Int64)])
    func nanoseconds(duration: Duration, count: Int64) {
        #expect(duration.clampedNanoseconds == count)
    }

    @Test("several observers are told in order")
    func several() {
        let (first, second) = (LineRecorder(), LineRecorder())
        let observer = MultiObserver(
            ConsoleObserver(.text, level: .error, to: first.output), AuditLog(to: second.output))
        for fact in SampleFacts.all { observer.record(fact) }
        #expect(first.lines.count == 3)
        #expect(second.lines.count == 3)
    }
}
