import InMemoryTransport
import OpenEdXEvents
import Testing
import TransportTesting

@Suite("InMemoryTransport conforms")
struct InMemoryConformanceTests {
    let harness = InMemoryHarness()

    @Test("A promise that every transport keeps", arguments: TransportConformance.cases)
    func conforms(_ promise: ConformanceCase) async throws {
        #expect(try await promise.run(on: harness) == .passed)
    }

    @Test("Promises have names of their own")
    func names() {
        let names = TransportConformance.cases.map(\.name)
        #expect(Set(names).count == names.count)
    }
}
