import KafkaTransport
import OpenEdXEvents
import Testing
import TransportTesting

@Suite("KafkaTransport conforms on the mock cluster")
struct MockConformanceTests {
    @Test("A promise that every transport keeps", arguments: TransportConformance.cases)
    func conforms(_ promise: ConformanceCase) async throws {
        let outcome = try await promise.run(on: MockHarness(for: promise))
        // The mock cluster finds no offsets by time; what did not run is printed.
        let expected: ConformanceCase.Outcome =
            promise.needs.contains(.seekByTime)
            ? .notRun(because: "KafkaTransport on the mock cluster lacks seekByTime") : .passed
        #expect(outcome == expected)
    }
}
