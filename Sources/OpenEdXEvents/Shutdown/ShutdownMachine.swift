/// What a shutdown does when: a value, without tasks or signals.
struct ShutdownMachine {
    /// What happens.
    enum Input {
        /// A signal arrived.
        case signal
        /// A service ended, with the error if it threw.
        case ended((any Error)?)
        /// The time for a stop in good order is over.
        case limit
    }

    /// What is to be done.
    enum Effect: Hashable {
        /// Ask every service to stop in good order.
        case shutDownServices
        /// Report ``Input/limit`` after the limit.
        case startTimer
        /// Cancel what still runs.
        case cancelServices
    }

    /// How many services run.
    private(set) var running: Int
    /// How many services were cancelled because they took too long.
    private(set) var cancelled = 0
    /// The first error with which a service ended by itself.
    private(set) var failure: (any Error)?
    private var isStopping = false

    init(services: Int) { running = services }

    /// Whether all services have ended.
    var isDone: Bool { running == 0 }

    mutating func take(_ input: Input) -> [Effect] {
        switch input {
        case .signal:
            return stop()
        case .ended(let error):
            running -= 1
            // What a service throws because it was cancelled says nothing new.
            if cancelled == 0, failure == nil { failure = error }
            // One service alone is no service: the others would run on without it, and no one would notice.
            return isDone ? [] : stop()
        case .limit:
            guard isStopping, !isDone, cancelled == 0 else { return [] }
            cancelled = running
            return [.cancelServices]
        }
    }

    private mutating func stop() -> [Effect] {
        guard !isStopping, !isDone else { return [] }
        isStopping = true
        return [.shutDownServices, .startTimer]
    }
}
