/// Ends services in good order when the process is asked to end.
///
/// ```swift
/// try await ShutdownSignals.run(consumer, transports: [transport], limit: .seconds(25))
/// ```
///
/// On the first SIGTERM or SIGINT each service is asked to stop: consumers finish their handlers, commit, and leave
/// their groups. What has not stopped within the limit is cancelled. Then the transports are shut down. A second signal
/// ends the process at once. Under swift-service-lifecycle use its `ServiceGroup` instead.
public enum ShutdownSignals {
    /// Runs services until they end, or until a signal has stopped them.
    ///
    /// A service that ends by itself stops the others in the same way.
    ///
    /// - Parameters:
    ///   - services: What runs, such as an ``EventConsumer``.
    ///   - transports: What is shut down after the services, in what is left of the limit.
    ///   - limit: How long a stop may take.
    ///   - signals: What stops the services.
    ///   - clock: What the limit runs on.
    /// - Throws: The first error with which a service ended by itself; ``ShutdownLimitReached`` if services had to be
    ///   cancelled.
    public static func run(
        _ services: any DrainableService..., transports: [any EventTransport] = [],
        limit: Duration = .seconds(30), signals: [ProcessSignal] = [.terminate, .interrupt],
        clock: some Clock<Duration> = ContinuousClock()
    ) async throws {
        try await run(
            services, transports: transports, limit: limit, signals: signals, clock: clock, trap: SignalTrap())
    }

    /// Runs services with a trap of the caller's.
    static func run(
        _ services: [any DrainableService], transports: [any EventTransport] = [], limit: Duration,
        signals: [ProcessSignal], clock: some Clock<Duration>, trap: SignalTrap
    ) async throws {
        try await trap.whileSet(signals) {
            let (machine, deadline) = await drain(services, limit: limit, clock: clock, trap: trap)
            let left = deadline.map { max(.zero, clock.now.duration(to: $0)) } ?? limit
            await withTaskGroup(of: Void.self) { group in
                for transport in transports {
                    group.addTask { await transport.shutDown(within: left) }
                }
            }
            if let failure = machine.failure { throw failure }
            if machine.cancelled > 0 { throw ShutdownLimitReached(limit: limit, services: machine.cancelled) }
        }
    }

    /// Runs the services to their end; returns what came of it, and when the limit is reached if it runs.
    private static func drain<C: Clock>(
        _ services: [any DrainableService], limit: Duration, clock: C, trap: SignalTrap
    ) async -> (ShutdownMachine, deadline: C.Instant?) where C.Duration == Duration {
        var machine = ShutdownMachine(services: services.count)
        var deadline: C.Instant?
        await withTaskGroup(of: ShutdownMachine.Input?.self) { group in
            for service in services {
                group.addTask {
                    do {
                        try await service.run()
                        return .ended(nil)
                    } catch {
                        return .ended(error)
                    }
                }
            }
            group.addTask { await trap.first() == nil ? nil : .signal }
            while !machine.isDone, let input = await group.next() {
                guard let input else { continue }
                for effect in machine.take(input) {
                    switch effect {
                    case .shutDownServices:
                        for service in services { service.shutDown() }
                    case .startTimer:
                        let end = clock.now.advanced(by: limit)
                        deadline = end
                        group.addTask {
                            do {
                                try await clock.sleep(until: end, tolerance: nil)
                                return .limit
                            } catch {
                                return nil
                            }
                        }
                    case .cancelServices:
                        group.cancelAll()
                    }
                }
            }
            // The timer, and the wait for a signal.
            group.cancelAll()
        }
        return (machine, deadline)
    }
}
