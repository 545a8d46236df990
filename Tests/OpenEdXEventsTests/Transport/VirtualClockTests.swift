import InMemoryTransport
import OpenEdXEvents
import Testing

@Suite("Virtual clock")
struct VirtualClockTests {
    @Test("a sleep ends when the clock was moved to its deadline, and not before")
    func sleeping() async throws {
        let clock = VirtualClock()
        async let slept: Void = clock.sleep(for: .seconds(10))
        await clock.waitForSleepers(1)
        clock.advance(by: .seconds(9))
        #expect(clock.sleepers == 1)
        clock.advance(by: .seconds(1))
        try await slept
        #expect(clock.sleepers == 0)
        #expect(clock.now.elapsed == .seconds(10))
    }

    @Test("a cancelled sleep throws at once, also before it begins")
    func cancelling() async {
        let clock = VirtualClock()
        let sleeper = Task { try await clock.sleep(for: .seconds(10)) }
        await clock.waitForSleepers(1)
        sleeper.cancel()
        await #expect(throws: CancellationError.self) { try await sleeper.value }
        #expect(clock.sleepers == 0)
        let cancelled = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            try await clock.sleep(for: .seconds(10))
        }
        await #expect(throws: CancellationError.self) { try await cancelled.value }
    }

    @Test("a deadline that has passed does not sleep")
    func past() async throws {
        let clock = VirtualClock()
        clock.advance(by: .seconds(5))
        try await clock.sleep(until: VirtualClock.Instant(elapsed: .seconds(5)))
        #expect(clock.time == EventTime(seconds: 1_600_000_005, nanoseconds: 0))
    }

    @Test("whoever waits for sleepers can be cancelled")
    func cancelledWatcher() async {
        let clock = VirtualClock()
        let watcher = Task { await clock.waitForSleepers(1) }
        watcher.cancel()
        await watcher.value
        #expect(clock.sleepers == 0)
    }
}
