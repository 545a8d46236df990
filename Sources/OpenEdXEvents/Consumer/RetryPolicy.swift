/// How often, and after what pauses, a handler that failed is called again.
///
/// The pause before attempt *n + 1* is `initialDelay · multiplier^(n−1)`, at most `maximumDelay`, of which a random
/// share of up to `jitter` is taken off, so that consumers that failed together do not come back together.
public struct RetryPolicy: Sendable, Hashable {
    /// How often a handler is called for one event at the most, the first call included; at least 1.
    public var attempts: Int
    /// The pause after the first failure.
    public var initialDelay: Duration
    /// What each pause is multiplied by to make the next; at least 1.
    public var multiplier: Double
    /// The longest pause.
    public var maximumDelay: Duration
    /// The share of a pause that chance may take off, 0 to 1.
    public var jitter: Double

    /// Creates a retry policy from its parts.
    public init(
        attempts: Int = 5, initialDelay: Duration = .milliseconds(100), multiplier: Double = 2,
        maximumDelay: Duration = .seconds(30), jitter: Double = 0.5
    ) {
        self.attempts = attempts
        self.initialDelay = initialDelay
        self.multiplier = multiplier
        self.maximumDelay = maximumDelay
        self.jitter = jitter
    }

    /// Five calls over some seconds.
    public static let standard = RetryPolicy()

    /// One call.
    public static let never = RetryPolicy(attempts: 1)

    /// The pause after a failed attempt, or `nil` if there is to be no other.
    ///
    /// - Parameters:
    ///   - attempt: The attempt that failed, from 1.
    ///   - chance: A random number from 0 to 1.
    func delay(afterAttempt attempt: Int, chance: Double) -> Duration? {
        guard attempt < attempts else { return nil }
        let limit = maximumDelay / .seconds(1)
        var delay = min(initialDelay / .seconds(1), limit)
        var step = 1
        while step < attempt, delay < limit, multiplier > 1 {
            delay = min(delay * multiplier, limit)
            step += 1
        }
        return .seconds(delay * (1 - jitter * chance))
    }

    func problems(in setting: String) -> [ConfigurationProblem] {
        var problems: [ConfigurationProblem] = []
        func check(_ holds: Bool, _ name: String, _ message: String) {
            if !holds { problems.append(ConfigurationProblem(nil, setting + "." + name, message)) }
        }
        check(attempts >= 1, "attempts", "is \(attempts), must be at least 1")
        check(initialDelay >= .zero, "initialDelay", "is negative")
        check(maximumDelay >= .zero, "maximumDelay", "is negative")
        check(multiplier >= 1 && multiplier.isFinite, "multiplier", "is \(multiplier), must be at least 1")
        check((0...1).contains(jitter), "jitter", "is \(jitter), must be from 0 to 1")
        return problems
    }
}
