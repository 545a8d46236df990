import Foundation
import InMemoryTransport
import OpenEdXEvents
import Synchronization
import Testing

@testable import openedx_events

@Suite("Demo")
struct DemoCommandTests {
    private struct Report: Decodable {
        struct Row: Decodable {
            let service: String
            let type: String
            let emitted: Int
            let handled: Int
            let retried: Int
            let deadLettered: Int
            let redriven: Int
        }
        let emitted: Int
        let handled: Int
        let complete: Bool
        let rows: [Row]
    }

    @Test(
        "nothing is lost, one handler is retried, one event goes through the dead-letter topic", arguments: [40, 1_000])
    func complete(events: Int) async throws {
        let double = TerminalDouble()
        let status = await OpenEdXEventsTool.tool.run(
            ["demo", "--events", String(events), "--format", "json"], on: double.terminal)
        #expect(status == .success)
        #expect(double.errors.text.isEmpty)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let report = try decoder.decode(Report.self, from: Data(double.output.text.utf8))
        #expect(report.complete && report.emitted == events)
        #expect(report.rows.count == 4)
        #expect(report.rows.allSatisfy { $0.handled == $0.emitted })
        #expect(report.handled == report.rows.reduce(0) { $0 + $1.handled })
        let deadLettered = report.rows.filter { $0.deadLettered > 0 }
        #expect(deadLettered.map(\.service) == ["search"])
        #expect(deadLettered.map(\.redriven) == [1] && deadLettered.map(\.deadLettered) == [1])
        let certificates = report.rows.first { $0.service == "credentials" && $0.type.contains("certificate") }
        #expect(certificates?.retried == 2)
    }

    /// Loses one message, and says that it was stored.
    private static func losing() -> PublishingTransport {
        let isFirst = Locked(true)
        return PublishingTransport(inner: InMemoryTransport()) { (inner, batch) throws(TransportError) in
            guard
                isFirst.withLock({ isFirst in
                    defer { isFirst = false }
                    return isFirst
                })
            else { return try await inner.publish(batch) }
            let outcomes = try await inner.publish(Array(batch.dropFirst()))
            return [.stored(Position(topic: batch[0].topic, partition: 0, offset: 0))] + outcomes
        }
    }

    @Test("an event that is lost is noticed, and does not make the demo wait for ever")
    func lost() async throws {
        // However slow the machine is: giving up early finds something missing too.
        let transport = Self.losing()
        let demo = Demo(events: 40, transport: transport, patience: .milliseconds(500))
        let report = try await demo.run()
        #expect(!report.isComplete)
        #expect(report.json.contains("\"complete\":false"))
        #expect(report.text(.plain).hasSuffix("SOMETHING IS MISSING: see the table."))
    }

    @Test("too few events are refused, since the failing one would not come")
    func tooFew() async {
        let double = TerminalDouble()
        #expect(await OpenEdXEventsTool.tool.run(["demo", "-n", "39"], on: double.terminal) == .usage)
        #expect(double.errors.text.contains("from 40 to"))
    }

    @Test("the built tool prints the table and ends with 0")
    func process() throws {
        let result = try ToolProcess.run(["demo", "-n200"])
        #expect(result.status == 0 && result.errors.isEmpty)
        #expect(result.output.hasPrefix("SERVICE"))
        #expect(result.lines.last == "Nothing was lost.")
    }
}
