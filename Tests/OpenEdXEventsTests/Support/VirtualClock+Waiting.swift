import InMemoryTransport

extension VirtualClock {
    /// Lets time pass, step by step, until the condition is met; the suite's time limit ends a wait in vain.
    func advance(by step: Duration, until condition: @Sendable () -> Bool) async {
        while !condition(), !Task.isCancelled {
            // Lets those run whose time has come.
            await Task.yield()
            advance(by: step)
        }
    }
}
