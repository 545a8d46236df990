import OpenEdXEvents

/// The main job on one screen: an LMS emits, two services handle, one event fails and is redriven.
struct Demo {
    /// How many events the LMS emits.
    let events: Int
    let transport: any EventTransport
    var stage = DemoStage(run: nil)
    /// How long nothing may happen until events that are still awaited count as lost.
    var patience: Duration = .seconds(30)

    /// Runs the demonstration and returns what happened.
    ///
    /// - Parameter progress: Called now and then with how many events were emitted.
    /// - Throws: Whatever the bus throws; nothing is expected to.
    func run(progress: (Int) -> Void = { _ in }) async throws -> DemoReport {
        let start = ContinuousClock.now
        var emitted = DemoReport.Emitted()
        var emitting = Duration.zero
        let lms = DemoLMS(events: events, transport: transport, stage: stage)
        let services = DemoServices(transport: transport, stage: stage, patience: patience)
        let outcome = try await services.run {
            emitted = try await lms.run(progress: progress)
            emitting = start.duration(to: .now)
            return emitted
        }
        await transport.shutDown(within: .seconds(5))
        return DemoReport(
            emitted: emitted, emitting: emitting, handling: start.duration(to: outcome.handledAt),
            services: outcome.counts, redriven: outcome.redriven)
    }
}
