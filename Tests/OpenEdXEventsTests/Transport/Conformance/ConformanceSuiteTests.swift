import InMemoryTransport
import OpenEdXEvents
import Testing
import TransportTesting

@Suite("The transport conformance suite")
struct ConformanceSuiteTests {
    /// A subscription that never answers and does not care for being cancelled.
    private struct DeafSubscription: EventSubscription {
        func nextBatch(atMost limit: Int) async throws(TransportError) -> [IncomingMessage]? {
            // Never resumed: that is the point. A checked continuation would complain.
            await withUnsafeContinuation { (_: UnsafeContinuation<[IncomingMessage]?, Never>) in }
        }
        func complete(_ delivery: Delivery) {}
        func abandon(_ delivery: Delivery) {}
        func commit() async throws(TransportError) {}
        func seek(to target: SeekTarget) async throws(TransportError) {}
        func progress() async throws(TransportError) -> [TopicPartition: PartitionProgress] { [:] }
        func close(within limit: Duration) async {}
    }

    @Test("notices what a broken transport does wrong", arguments: Defect.allCases)
    func defects(_ defect: Defect) async throws {
        for name in defect.breaks {
            let promise = try #require(TransportConformance.cases.first { $0.name == name }, "no case “\(name)”")
            var harness = InMemoryHarness()
            harness.wrap = { BrokenTransport($0, defect) }
            let failure = await #expect(throws: ConformanceFailure.self, "\(defect): \(name)") {
                try await promise.run(on: harness)
            }
            #expect(failure?.caseName == name)
            #expect(failure?.fileID.hasPrefix("TransportTesting/") ?? false)
        }
    }

    @Test("passes a wrapper that does nothing wrong, so that the defects alone are noticed")
    func soundWrapper() async {
        var harness = InMemoryHarness()
        harness.wrap = { BrokenTransport($0, nil) }
        let report = await TransportConformance.run(harness)
        #expect(report.isConformant, "\(report)")
        #expect(report.passed == TransportConformance.cases.map(\.name))
    }

    @Test("lists what did not run, with the reason, and does not count it as passed")
    func lacking() async throws {
        var harness = InMemoryHarness()
        harness.lacking = .seekByTime
        harness.abilities.remove(.crash)
        let report = await TransportConformance.run(harness)
        let wanting = TransportConformance.cases.filter { $0.needs.contains(.seekByTime) || $0.asks.contains(.crash) }
        #expect(!wanting.isEmpty)
        #expect(Set(report.notRun.map(\.name)) == Set(wanting.map(\.name)))
        #expect(report.notRun.contains { $0.reason == "InMemoryTransport lacks seekByTime" })
        #expect(Set(report.passed).isDisjoint(with: wanting.map(\.name)))
        #expect(report.description.contains("not run: seeking to a time"))
    }

    @Test("says aloud what does not run")
    func aloud() async throws {
        let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
            var harness = InMemoryHarness()
            harness.lacking = [.headers]
            for promise in TransportConformance.cases where promise.needs.contains(.headers) {
                try await promise.run(on: harness)
            }
        }
        let output = String(decoding: result?.standardOutputContent ?? [], as: UTF8.self)
        #expect(output.contains("not run: headers arrive intact"))
        #expect(output.contains("because InMemoryTransport lacks headers"))
    }

    @Test("ends a wait at its limit, though the transport does not answer")
    func limit() async throws {
        let clock = VirtualClock()
        let collector = Collector(DeafSubscription(), name: "A", limit: .seconds(60), clock: clock)
        let reading = Task { try await collector.read("a message") { !$0.isEmpty } }
        await clock.waitForSleepers(1)
        clock.advance(by: .seconds(60))
        let failure = await #expect(throws: ConformanceFailure.self) { try await reading.value }
        #expect(failure?.expected == "A receives a message")
        #expect(failure?.seen == "no message, until the limit of 60.0 seconds")
    }
}
