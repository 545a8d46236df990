import Testing

@testable import openedx_events

@Suite("The signal to stop", .timeLimit(.minutes(1)))
struct StopSignalTests {
    @Test("cancels work that runs")
    func running() async {
        let stop = StopSignal()
        let (began, sink) = AsyncStream.makeStream(of: Void.self)
        let (never, silence) = AsyncStream.makeStream(of: Void.self)
        async let ended = stop.cancelling {
            sink.finish()
            // Ends by cancellation alone.
            for await _ in never {}
            return Task.isCancelled
        }
        for await _ in began {}
        stop.give()
        #expect(await ended)
        silence.finish()
    }

    @Test("cancels work that begins afterwards, and hands its error on")
    func late() async {
        let stop = StopSignal()
        stop.give()
        await #expect(throws: CancellationError.self) {
            try await stop.cancelling { try Task.checkCancellation() }
        }
    }

    @Test("leaves work alone that is done before")
    func done() async {
        let stop = StopSignal()
        let value = await stop.cancelling { 7 }
        stop.give()
        #expect(value == 7)
    }
}
