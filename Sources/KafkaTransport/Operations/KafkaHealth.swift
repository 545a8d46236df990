import OpenEdXEvents

/// Whether a cluster can be worked with now, and why not: for an endpoint such as `/health`.
public struct KafkaHealth: Sendable, Hashable {
    /// One thing that was looked at.
    public struct Check: Sendable, Hashable {
        /// How it stands.
        public enum Outcome: String, Sendable, Hashable, CaseIterable {
            /// It is as it should be.
            case passed
            /// It can be worked with, but somebody should look.
            case warning
            /// It cannot be worked with.
            case failed
        }

        /// What was looked at: `brokers`, `credentials`, or `topic` and a name.
        public let name: String
        /// How it stands.
        public let outcome: Outcome
        /// What was found, for people.
        public let detail: String
    }

    /// Everything that was looked at.
    public let checks: [Check]

    /// Whether the service should take requests: nothing failed.
    public var isReady: Bool { checks.allSatisfy { $0.outcome != .failed } }

    /// Whether nothing failed and nobody needs to look.
    public var isHealthy: Bool { checks.allSatisfy { $0.outcome == .passed } }

    /// What failed or needs a look, one line each.
    public var reasons: [String] {
        checks.filter { $0.outcome != .passed }.map { "\($0.name): \($0.detail)" }
    }

    /// One JSON object: `status` (`ready`, `degraded` or `unavailable`) and the checks.
    public var json: [UInt8] {
        var writer = JSONWriter()
        write(to: &writer)
        return writer.bytes
    }

    init(checks: [Check]) { self.checks = checks }

    /// The health of a cluster that answered.
    init(brokers: [KafkaBroker], topics: [String: TopicDescription], wanted: [String]) {
        var checks = [
            Check(
                name: "brokers", outcome: brokers.isEmpty ? .failed : .passed,
                detail: "\(brokers.count) answer or are known"),
            Check(name: "credentials", outcome: .passed, detail: "accepted"),
        ]
        for name in wanted {
            checks.append(Self.check(topics[name], named: name))
        }
        self.init(checks: checks)
    }

    /// The health of a cluster that did not answer.
    init(_ error: TransportError) {
        if error.code == .authentication || error.code == .authorization {
            self.init(checks: [Check(name: "credentials", outcome: .failed, detail: error.description)])
        } else {
            self.init(checks: [Check(name: "brokers", outcome: .failed, detail: error.description)])
        }
    }

    private static func check(_ topic: TopicDescription?, named name: String) -> Check {
        let title = "topic " + name
        guard let topic else {
            return Check(name: title, outcome: .failed, detail: "does not exist, or this client may not see it")
        }
        func list(_ numbers: [Int32]) -> String { numbers.map(String.init).joined(separator: ", ") }
        if !topic.leaderless.isEmpty {
            return Check(
                name: title, outcome: .failed, detail: "partitions without a leader: \(list(topic.leaderless))")
        }
        if !topic.underReplicated.isEmpty {
            return Check(
                name: title, outcome: .warning, detail: "partitions with too few copies: \(list(topic.underReplicated))"
            )
        }
        return Check(name: title, outcome: .passed, detail: "\(topic.partitions.count) partitions, each with a leader")
    }

    private func write(to json: inout JSONWriter) {
        json.beginObject()
        json.key("status")
        json.write(isHealthy ? "ready" : isReady ? "degraded" : "unavailable")
        json.key("checks")
        json.beginArray()
        for check in checks {
            json.beginObject()
            json.key("name")
            json.write(check.name)
            json.key("outcome")
            json.write(check.outcome.rawValue)
            json.key("detail")
            json.write(check.detail)
            json.endObject()
        }
        json.endArray()
        json.endObject()
    }
}

extension KafkaAdmin {
    /// Looks whether brokers answer, the credentials are accepted, and topics exist and can be written and read.
    ///
    /// - Parameters:
    ///   - topics: The full names of the topics that the service cannot do without.
    ///   - limit: How long the brokers may take to answer.
    public func health(topics: [String] = [], within limit: Duration = .seconds(5)) async -> KafkaHealth {
        do throws(TransportError) {
            return try await perform(within: limit) { session, deadline throws(TransportError) in
                let cluster = try session.cluster(deadline)
                return KafkaHealth(brokers: cluster.brokers, topics: cluster.topics, wanted: topics)
            }
        } catch {
            return KafkaHealth(error)
        }
    }
}
