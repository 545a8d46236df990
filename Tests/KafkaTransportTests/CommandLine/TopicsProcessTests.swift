import Foundation
import KafkaTransport
import OpenEdXEvents
import Testing

@Suite("Commands on Kafka: topics", .serialized)
struct TopicsProcessTests {
    @Test(
        "topics are listed, one is looked at, and one that is not there is named",
        arguments: CommandLineBroker.Kind.available)
    func listed(_ kind: CommandLineBroker.Kind) async throws {
        let broker = try CommandLineBroker(kind)
        let topic = CommandLineBroker.name("listed")
        let emitted = try await broker.run(["emit", "-t", topic], input: EventLines.event(1))
        #expect(emitted.ending == .exited(0), "\(emitted.errors)")

        let table = try await broker.run(["topics"])
        #expect(table.ending == .exited(0), "\(table.errors)")
        #expect(table.lines.first?.hasPrefix("TOPIC") == true)
        #expect(table.lines.contains { $0.hasPrefix(topic + " ") && $0.hasSuffix("well") }, "\(table.lines)")

        let lines = try await broker.run(["topics", "-f", "json"])
        #expect(
            lines.ending == .exited(0) && lines.lines.contains { $0.hasPrefix(#"{"topic":"\#(topic)","partitions":"#) })
        let one = try await broker.run(["topics", "-t", topic, "-f", "json"])
        #expect(one.ending == .exited(0) && one.lines.count == 1, "\(one.lines) \(one.errors)")
        #expect(one.lines.first?.contains(#""leaderless":[],"under_replicated":[]"#) == true)

        let missing = try await broker.run(["topics", "-t", topic + "-not"])
        #expect(missing.ending == .exited(66) && missing.lines.isEmpty, "\(missing.errors)")
        #expect(missing.errors.contains(topic + "-not"))
    }

    @Test("topics are created once, and what differs is told", arguments: CommandLineBroker.Kind.available)
    func created(_ kind: CommandLineBroker.Kind) async throws {
        let broker = try CommandLineBroker(kind)
        let topic = CommandLineBroker.name("created")
        let creation = [
            "topics", "--create", topic, "--partitions", "3", "--retention", "2d", "--set", "cleanup.policy=delete",
        ]
        guard kind == .real else {
            let refused = try await broker.run(creation + ["--timeout", "1"])
            #expect(refused.ending == .exited(69) && refused.errors.contains("embedded broker"), "\(refused.errors)")
            return
        }
        let dry = try await broker.run(creation + ["--dry-run"])
        #expect(dry.ending == .exited(0) && dry.lines == ["\(topic): would be created"], "\(dry.errors)")
        #expect(try await broker.run(["topics", "-t", topic]).ending == .exited(66))

        let created = try await broker.run(creation)
        #expect(created.ending == .exited(0) && created.lines == ["\(topic): created"], "\(created.errors)")
        let again = try await broker.run(creation + ["-f", "json"])
        #expect(again.ending == .exited(0))
        #expect(
            again.lines == [
                #"{"topic":"\#(topic)","status":"unchanged","dry_run":false,"findings":[],"error":null}"#
            ])
        let one = try await broker.run(["topics", "-t", topic, "-f", "json"])
        #expect(one.lines.first?.contains(#""partitions":3"#) == true)
        #expect(one.lines.first?.contains(#""retention.ms":"172800000""#) == true, "\(one.lines)")

        let differs = try await broker.run(["topics", "--create", topic, "--partitions", "5"])
        #expect(differs.ending == .exited(1) && differs.lines.first == "\(topic): differs", "\(differs.lines)")
        let impossible = try await broker.run(["topics", "--create", topic + "-2", "--replicas", "99"])
        #expect(
            impossible.ending == .exited(1) && impossible.lines.first == "\(topic)-2: failed", "\(impossible.lines)")
    }

    @Test("options that do not go together are refused: exit 64")
    func usage() async throws {
        let broker = try CommandLineBroker()
        for arguments in [["--partitions", "3"], ["--create", "a", "-t", "b"], ["--create", "a", "--set", "x"]] {
            let result = try await broker.run(["topics"] + arguments)
            #expect(result.ending == .exited(64) && result.lines.isEmpty, "\(arguments)")
        }
    }
}
