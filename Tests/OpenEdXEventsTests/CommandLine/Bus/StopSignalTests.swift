import Testing

@testable import openedx_events

@Suite("The signal to stop", .timeLimit(.minutes(1)))
struct StopSignalTests {
    @Test("cancels work that runs")
    func running() async throws {
        let stop = StopSignal()
        let (began, sink) = AsyncStream.makeStream(of: Void.self)
        let (never, silence) = AsyncStream.makeStream(of: Void.self)
        async let ended = stop.interrupting {
            sink.finish()
            // Ends by cancellation alone.
            for await _ in never {}
            return Task.isCancelled
        }
        for await _ in began {}
        stop.give()
        #expect(try await ended)
        silence.finish()
    }

    @Test("cancels work that begins afterwards, and hands its error on")
    func late() async throws {
        let stop = StopSignal()
        stop.give()
        await #expect(throws: CancellationError.self) {
            try await stop.interrupting { try Task.checkCancellation() }
        }
    }

    @Test("leaves work alone that is done before")
    func done() async throws {
        let stop = StopSignal()
        let value = try await stop.interrupting { 7 }
        stop.give()
        #expect(value == 7)
    }
}
