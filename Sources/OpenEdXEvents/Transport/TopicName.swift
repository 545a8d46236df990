/// A topic's name as a transport knows it: the environment's prefix, a dash, and the configured name (rule 26).
package struct TopicName {
    /// The full name.
    package let full: String

    /// Checks a configured name and environment.
    ///
    /// - Returns: the name, or what is wrong with it.
    package static func make(_ name: String, environment: String?) -> Result<TopicName, ConfigurationProblem> {
        func problem(_ text: String) -> Result<TopicName, ConfigurationProblem> {
            .failure(ConfigurationProblem(.routes, "topic", text))
        }
        if let environment {
            guard !environment.isEmpty, environment.utf8.allSatisfy(isAllowed) else {
                return .failure(
                    ConfigurationProblem(
                        .routes, "environment", "“\(environment)” may hold letters, digits, “.”, “_” and “-” only"))
            }
            if name.hasPrefix(environment + "-") {
                return problem("“\(name)” already begins with the environment “\(environment)-”: name it without")
            }
        }
        let full = environment.map { $0 + "-" + name } ?? name
        guard !name.isEmpty, full.utf8.count <= 249, name.utf8.allSatisfy(isAllowed), full != ".", full != ".." else {
            return problem("“\(name)” must be 1 to 249 letters, digits, “.”, “_” or “-”, environment included")
        }
        return .success(TopicName(full: full))
    }

    /// Whether a configured name is a pattern for the names of topics.
    package static func isPattern(_ name: String) -> Bool { name.hasPrefix("^") }

    /// Checks a pattern, and has it match only topics of the environment.
    ///
    /// - Parameter forbidden: The full name of a topic that the pattern must not match.
    /// - Returns: the pattern, or what is wrong with it.
    package static func pattern(
        _ pattern: String, environment: String?, notMatching forbidden: String
    ) -> Result<TopicName, ConfigurationProblem> {
        func problem(_ text: String) -> Result<TopicName, ConfigurationProblem> {
            .failure(ConfigurationProblem(.routes, "topic", "the pattern “\(pattern)” " + text))
        }
        // In a group, so that an alternative in the pattern stays within the environment too.
        let full =
            environment.map { name in
                "^" + name.split(separator: ".", omittingEmptySubsequences: false).joined(separator: "\\.")
                    + "-(\(pattern.dropFirst()))"
            } ?? pattern
        guard pattern.utf8.count > 1, let matches = matcher(full) else { return problem("is no regular expression") }
        guard !matches(forbidden) else {
            return problem("matches the dead-letter topic “\(forbidden)”: its events would go round for ever")
        }
        return .success(TopicName(full: full))
    }

    /// Tells which full names a pattern matches; `nil` if it is no regular expression.
    package static func matcher(_ pattern: String) -> ((String) -> Bool)? {
        guard let expression = try? Regex(pattern) else { return nil }
        return { $0.firstMatch(of: expression) != nil }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

/// One thing that is wrong with a configuration.
public struct ConfigurationProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// The rule, where one applies.
    public let rule: Rule?
    /// The setting, such as `routes[2].topic`.
    public let setting: String
    /// What was given, and what is allowed.
    public let message: String

    package init(_ rule: Rule?, _ setting: String, _ message: String) {
        self.rule = rule
        self.setting = setting
        self.message = message
    }

    /// One line: rule, setting, message.
    public var description: String { (rule.map { "\($0) " } ?? "") + setting + ": " + message }

    package func inside(_ parent: String) -> ConfigurationProblem {
        ConfigurationProblem(rule, parent + "." + setting, message)
    }
}

/// A configuration that cannot work, with everything that is wrong with it.
public struct InvalidConfiguration: Error, Sendable, CustomStringConvertible {
    /// All problems, never only the first.
    public let problems: [ConfigurationProblem]

    package init(_ problems: [ConfigurationProblem]) { self.problems = problems }

    /// One problem a line.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
