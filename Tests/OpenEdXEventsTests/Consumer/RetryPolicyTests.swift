import Testing

@testable import OpenEdXEvents

@Suite("Retry policy")
struct RetryPolicyTests {
    @Test("pauses grow by the multiplier up to the maximum")
    func growth() {
        let policy = RetryPolicy(
            attempts: 6, initialDelay: .seconds(1), multiplier: 2, maximumDelay: .seconds(5), jitter: 0)
        #expect(
            (1...6).map { policy.delay(afterAttempt: $0, chance: 0.7) } == [
                .seconds(1), .seconds(2), .seconds(4), .seconds(5), .seconds(5), nil,
            ])
    }

    @Test("chance takes off at most the share that jitter allows")
    func jitter() {
        let policy = RetryPolicy(initialDelay: .seconds(8), jitter: 0.5)
        #expect(policy.delay(afterAttempt: 1, chance: 0) == .seconds(8))
        #expect(policy.delay(afterAttempt: 1, chance: 1) == .seconds(4))
    }

    @Test("one attempt means no pause")
    func never() {
        #expect(RetryPolicy.never.delay(afterAttempt: 1, chance: 0) == nil)
    }

    @Test("a thousand attempts overflow nothing")
    func manyAttempts() {
        let policy = RetryPolicy(
            attempts: .max, initialDelay: .seconds(1), multiplier: 1e300, maximumDelay: .seconds(9), jitter: 0)
        #expect(policy.delay(afterAttempt: .max - 1, chance: 0) == .seconds(9))
    }

    @Test("values out of range are refused, all at once")
    func problems() {
        let policy = RetryPolicy(
            attempts: 0, initialDelay: .seconds(-1), multiplier: 0.5, maximumDelay: .seconds(-1), jitter: 1.5)
        #expect(
            policy.problems(in: "retry").map(\.setting) == [
                "retry.attempts", "retry.initialDelay", "retry.maximumDelay", "retry.multiplier", "retry.jitter",
            ])
    }
}

@Suite("Failure decision")
struct FailureDecisionTests {
    private struct Failure: Error {}

    @Test("a failure is retried, and after the last attempt the policy applies")
    func attempts() {
        let retry = RetryPolicy(attempts: 2, initialDelay: .seconds(1), jitter: 0)
        #expect(
            FailureDecision(Failure(), attempt: 1, retry: retry, onFailure: .stop, chance: 0)
                == .retry(after: .seconds(1)))
        #expect(
            FailureDecision(Failure(), attempt: 2, retry: retry, onFailure: .stop, chance: 0) == .finally(.stop))
    }

    @Test("a handler's own rejection decides at once", arguments: FailureAction.allCases)
    func rejection(action: FailureAction) {
        let rejection = HandlerRejection(action, because: "test")
        #expect(
            FailureDecision(rejection, attempt: 1, retry: .standard, onFailure: .stop, chance: 0) == .finally(action))
    }

    @Test("of an error that vouches for nothing only the type is told")
    func reasons() {
        struct Leaky: Error { let email = "learner@example.org" }
        #expect(!reason(of: Leaky()).contains("example.org"))
        #expect(reason(of: Leaky()).contains("Leaky"))
        #expect(reason(of: HandlerRejection(.skip, because: "the course is gone")) == "the course is gone")
    }
}
