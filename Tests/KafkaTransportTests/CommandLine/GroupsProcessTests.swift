import Foundation
import KafkaTransport
import OpenEdXEvents
import Testing

@Suite("Commands on Kafka: lag and reset-offsets", .serialized)
struct GroupsProcessTests {
    @Test(
        "a group is moved, and its lag is told; all groups where they can be listed",
        arguments: CommandLineBroker.Kind.available)
    func moved(_ kind: CommandLineBroker.Kind) async throws {
        let broker = try CommandLineBroker(kind)
        let topic = CommandLineBroker.name("groups")
        let emitted = try await broker.run(
            ["emit", "-t", topic, "--key-path", "data.course", "-f", "json"], input: EventLines.events(0..<20))
        #expect(emitted.ending == .exited(0), "\(emitted.errors)")

        let unknown = try await broker.run(["lag", "-g", topic])
        #expect(unknown.ending == .exited(66) && unknown.errors.contains("has committed nothing"), "\(unknown.errors)")
        let shown = try await broker.run(["reset-offsets", "-g", topic, "-t", topic, "--to", "end"])
        #expect(shown.ending == .exited(0) && shown.lines.last?.contains("--execute") == true, "\(shown.errors)")
        #expect(try await broker.run(["lag", "-g", topic]).ending == .exited(66))

        let moved = try await broker.run(["reset-offsets", "-g", topic, "-t", topic, "--to", "beginning", "--execute"])
        #expect(moved.ending == .exited(0) && moved.lines.last == "Moved.", "\(moved.errors)")
        let lag = try await broker.run(["lag", "-g", topic, "-f", "json"])
        #expect(lag.ending == .exited(0) && lag.lines.count { $0.contains(#""committed":0"#) } > 0, "\(lag.errors)")
        #expect(try await broker.run(["lag", "-g", topic, "--max", "19"]).ending == .exited(1))

        let all = try await broker.run(["lag"])
        if kind == .real {
            #expect(all.ending == .exited(0) && all.lines.contains { $0.contains(topic) }, "\(all.errors)")
        } else {
            #expect(all.ending == .exited(69) && all.errors.contains("--group"), "\(all.errors)")
        }
    }
}
