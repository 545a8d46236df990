import Synchronization
import Testing

@testable import OpenEdXEvents

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#elseif canImport(Darwin)
import Darwin
#endif

/// A service whose end the test decides.
private final class StubService: DrainableService {
    enum End {
        case whenAsked, whenCancelled, atOnce((any Error)?)
    }

    private let end: End
    private let name: String
    private let log: Log<String>
    private let asked = SignalTrap()
    private let isRunning: @Sendable () -> Void

    init(_ name: String, _ end: End, _ log: Log<String>, isRunning: @escaping @Sendable () -> Void = {}) {
        self.name = name
        self.end = end
        self.log = log
        self.isRunning = isRunning
    }

    func run() async throws {
        isRunning()
        switch end {
        case .atOnce(let error):
            if let error { throw error }
        case .whenAsked:
            guard await asked.first() != nil else { throw CancellationError() }
        case .whenCancelled:
            _ = await SignalTrap().first()
            log.append("\(name) cancelled")
            throw CancellationError()
        }
        log.append("\(name) ended")
    }

    func shutDown() {
        log.append("\(name) asked")
        // Twice asked is once asked; the trap would let a further signal through.
        asked.arrived(.terminate)
    }
}

/// A transport that only notes its end.
private struct StubTransport: EventTransport {
    let log: Log<String>

    var features: TransportFeatures { [] }

    func publish(_ batch: [OutgoingMessage]) async throws(TransportError) -> [PublishOutcome] {
        throw TransportError(.unsupported, "a stub")
    }

    func subscribe(
        _ options: SubscriptionOptions, onChange: @escaping @Sendable (AssignmentChange) -> Void
    ) async throws(TransportError) -> any EventSubscription {
        throw TransportError(.unsupported, "a stub")
    }

    func shutDown(within limit: Duration) async { log.append("transport down") }
}

/// A clock on which every sleep is over at once.
private struct InstantClock: Clock {
    struct Instant: InstantProtocol {
        var offset: Duration
        func advanced(by duration: Duration) -> Instant { Instant(offset: offset + duration) }
        func duration(to other: Instant) -> Duration { other.offset - offset }
        static func < (left: Instant, right: Instant) -> Bool { left.offset < right.offset }
    }

    var now: Instant { Instant(offset: .zero) }
    var minimumResolution: Duration { .nanoseconds(1) }
    func sleep(until deadline: Instant, tolerance: Duration?) async throws {}
}

@Suite("Shutdown signals", .timeLimit(.minutes(1)))
struct ShutdownSignalsTests {
    @Test("a signal drains the services, and then the transports")
    func drain() async throws {
        let log = Log<String>()
        let trap = SignalTrap()
        let service = StubService("a", .whenAsked, log) { trap.arrived(.terminate) }
        try await ShutdownSignals.run(
            [service], transports: [StubTransport(log: log)], limit: .seconds(60), signals: [],
            clock: ContinuousClock(), trap: trap)
        #expect(log.all == ["a asked", "a ended", "transport down"])
    }

    @Test("what has not stopped within the limit is cancelled, and that is told")
    func limit() async {
        let log = Log<String>()
        let trap = SignalTrap()
        let service = StubService("a", .whenCancelled, log) { trap.arrived(.terminate) }
        await #expect(throws: ShutdownLimitReached(limit: .seconds(60), services: 1)) {
            try await ShutdownSignals.run(
                [service], transports: [StubTransport(log: log)], limit: .seconds(60), signals: [],
                clock: InstantClock(), trap: trap)
        }
        #expect(log.all == ["a asked", "a cancelled", "transport down"])
    }

    @Test("a service that fails stops the others, and its error is thrown behind their end")
    func failure() async {
        let log = Log<String>()
        await #expect(throws: TestFailure.self) {
            try await ShutdownSignals.run(
                StubService("a", .atOnce(TestFailure()), log), StubService("b", .whenAsked, log),
                transports: [StubTransport(log: log)], signals: [])
        }
        #expect(log.all == ["a asked", "b asked", "b ended", "transport down"])
    }

    @Test("without a signal it returns when the services have ended")
    func ends() async throws {
        let log = Log<String>()
        try await ShutdownSignals.run(StubService("a", .atOnce(nil), log), signals: [])
        #expect(log.all == ["a ended"])
    }

    @Test("cancelling the task cancels the services")
    func cancellation() async {
        let log = Log<String>()
        let (running, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingOldest(1))
        let task = Task {
            try await ShutdownSignals.run(
                StubService("a", .whenCancelled, log) { continuation.finish() }, signals: [])
        }
        for await _ in running {}
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
        #expect(log.all == ["a cancelled"])
    }

    @Test("the trap reports the first signal, and lets any further one do what it does")
    func trap() async {
        let further = Log<ProcessSignal>()
        let trap = SignalTrap { further.append($0) }
        trap.arrived(.interrupt)
        trap.arrived(.terminate)
        trap.arrived(.interrupt)
        #expect(await trap.first() == .interrupt)
        #expect(further.all == [.terminate, .interrupt])
    }

    @Test("a real signal reaches the services, and its disposition is restored afterwards")
    func realSignal() async throws {
        let log = Log<String>()
        let before = disposition(of: SIGUSR2)
        try await ShutdownSignals.run(
            StubService("a", .whenAsked, log) { kill(getpid(), SIGUSR2) }, signals: [ProcessSignal(SIGUSR2)])
        #expect(log.all == ["a asked", "a ended"])
        #expect(disposition(of: SIGUSR2) == before)
    }

    @Test("SIGTERM drains a process, which then ends in good order")
    func terminate() async {
        await #expect(processExitsWith: .success) {
            let log = Log<String>()
            try await ShutdownSignals.run(StubService("a", .whenAsked, log) { kill(getpid(), SIGTERM) })
            exit(log.all == ["a asked", "a ended"] ? EXIT_SUCCESS : EXIT_FAILURE)
        }
    }

    @Test("a second signal ends the process at once")
    func second() async {
        await #expect(processExitsWith: .signal(SIGTERM)) {
            try await ShutdownSignals.run(
                StubbornService(), limit: .seconds(600), signals: [.terminate, .interrupt])
        }
    }
}

/// A service that answers the request to stop with another signal.
private struct StubbornService: DrainableService {
    func run() async throws {
        kill(getpid(), SIGINT)
        _ = await SignalTrap().first()
    }

    func shutDown() { kill(getpid(), SIGTERM) }
}

/// The disposition of a signal as a number to compare.
private func disposition(of signal: Int32) -> Int {
    var action = sigaction()
    sigaction(signal, nil, &action)
    #if canImport(Darwin)
    return unsafeBitCast(action.__sigaction_u.__sa_handler, to: Int.self)
    #else
    return unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self)
    #endif
}
