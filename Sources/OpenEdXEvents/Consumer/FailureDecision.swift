/// What follows the failure of a handler: pure.
enum FailureDecision: Equatable {
    /// Call it again after a pause.
    case retry(after: Duration)
    /// No more attempts.
    case finally(FailureAction)

    /// - Parameters:
    ///   - attempt: The attempt that failed, from 1.
    ///   - chance: A random number from 0 to 1.
    init(_ error: any Error, attempt: Int, retry: RetryPolicy, onFailure: FailureAction, chance: Double) {
        if let rejection = error as? HandlerRejection {
            self = .finally(rejection.action)
        } else if error is PayloadError {
            // The bytes will not change.
            self = .finally(onFailure)
        } else if let delay = retry.delay(afterAttempt: attempt, chance: chance) {
            self = .retry(after: delay)
        } else {
            self = .finally(onFailure)
        }
    }
}
