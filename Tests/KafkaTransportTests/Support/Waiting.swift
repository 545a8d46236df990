/// Waits until the condition is met; the suite's time limit ends a wait in vain.
func waitUntil(_ condition: () -> Bool) async throws {
    while !condition() {
        try Task.checkCancellation()
        await Task.yield()
    }
}
