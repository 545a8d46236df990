import EventSchemas
import OpenEdXEvents
import Synchronization

/// The services of the demonstration that handle events.
///
/// `credentials` handles grades and certificates, and fails twice on one certificate. `search` handles enrollments and
/// certificates, and cannot handle one enrollment until it is mended: that one goes through the dead-letter topic.
struct DemoServices {
    let transport: any EventTransport
    let stage: DemoStage
    /// How long nothing may happen until events that are still awaited count as lost.
    var patience: Duration = .seconds(30)
    var clock: any Clock<Duration> = ContinuousClock()

    private static let poisonedUser = 13
    /// How many events it takes to come to the one that cannot be handled at first.
    static let fewest = poisonedUser * 3 + 1

    /// What the services did.
    struct Outcome {
        let counts: [(name: String, counts: [String: DemoTally.Counts])]
        let redriven: Int
        /// When everything but the redriven was handled.
        let handledAt: ContinuousClock.Instant
    }

    /// Runs the services until all events are handled, redrives the one that could not be, and stops them.
    ///
    /// - Parameter emitted: Says how many events there are to handle.
    func run(emitted: () async throws -> DemoReport.Emitted) async throws -> Outcome {
        let tallies = (credentials: DemoTally(), search: DemoTally())
        let isMended = Atomic(false)
        let credentials = try consumer("credentials", [DemoStage.grades, DemoStage.certificates], tallies.credentials) {
            handlers in
            let failures = Atomic(2)
            handlers.on(PersistentGradeSummaryChanged.self) { _ in }
            handlers.on(CertificateCreated.self) { event in
                if event.attempt <= 2, failures.subtract(1, ordering: .relaxed).newValue >= 0 {
                    throw DemoFailure.databaseIsBusy
                }
            }
        }
        let search = try consumer("search", [DemoStage.enrollments, DemoStage.certificates], tallies.search) {
            handlers in
            handlers.on(CertificateCreated.self) { _ in }
            handlers.on(CourseEnrollmentCreated.self, name: "index-enrollment") { event in
                if event.payload.enrollment.user.id == Self.poisonedUser, !isMended.load(ordering: .relaxed) {
                    throw DemoFailure.courseIsUnknown
                }
            }
        }
        async let credentialsRun: Void = credentials.run()
        async let searchRun: Void = search.run()

        let emitted = try await emitted()
        try Task.checkCancellation()
        await wait(tallies.credentials, emitted.grades + emitted.certificates)
        await wait(tallies.search, emitted.enrollments + emitted.certificates)
        let handledAt = ContinuousClock.now
        try Task.checkCancellation()

        isMended.store(true, ordering: .relaxed)
        let letters = try DeadLetterQueue(
            transport: transport, group: stage.group("search"), environment: stage.environment,
            topic: DemoStage.deadLetters)
        let redriven = try await letters.redrive().redriven
        await wait(tallies.search, emitted.enrollments + emitted.certificates + redriven)

        credentials.shutDown()
        search.shutDown()
        _ = try await (credentialsRun, searchRun)
        return Outcome(
            counts: [("credentials", tallies.credentials.counts), ("search", tallies.search.counts)],
            redriven: redriven, handledAt: handledAt)
    }

    private func wait(_ tally: DemoTally, _ count: Int) async {
        await tally.waitForSettled(count, patience: patience, clock: clock)
    }

    private func consumer(
        _ service: String, _ topics: [String], _ tally: DemoTally, _ register: (inout EventHandlers) -> Void
    ) throws -> EventConsumer {
        var handlers = EventHandlers()
        register(&handlers)
        var configuration = EventConsumer.Configuration(
            group: stage.group(service), topics: topics, environment: stage.environment)
        configuration.deadLetterTopic = "\(service)-dead-letter"
        configuration.retry = RetryPolicy(attempts: 3, initialDelay: .milliseconds(20))
        configuration.observer = tally
        return try EventConsumer(transport: transport, handlers: handlers, configuration: configuration)
    }
}

/// What goes wrong in the demonstration.
private enum DemoFailure: String, ExplainedError {
    case databaseIsBusy = "the database is busy"
    case courseIsUnknown = "the course is not in the index yet"

    var reason: String { rawValue }
}
