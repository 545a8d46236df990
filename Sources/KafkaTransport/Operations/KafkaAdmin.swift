public import OpenEdXEvents

/// Looks after a cluster: topics, groups, offsets, health.
///
/// ```swift
/// let admin = try KafkaAdmin(configuration)
/// let report = try await admin.provision([TopicPlan("stage-enrollments", partitions: 12, retention: .seconds(604_800))])
/// for finding in report.findings { print(finding) }
/// await admin.close()
/// ```
///
/// Requests run one after the other on a thread of their own, so that no task's thread is blocked. The client behind is
/// made with the first request and freed by ``close()``, or some time after the last copy of this value is gone.
/// librdkafka's mock cluster lists topics and tells a group's offsets; it creates nothing, neither lists nor describes
/// groups, and sets the offsets only of a group that has had no member.
public struct KafkaAdmin: Sendable {
    private let client: AdminClient
    /// How long a request may take.
    public let timeout: Duration

    /// Checks the configuration. No broker is asked for before the first request.
    ///
    /// - Parameter timeout: How long a request may take; a broker that is away is waited for as long.
    /// - Throws: ``OpenEdXEvents/InvalidConfiguration`` with everything that is wrong.
    public init(_ configuration: KafkaConfiguration, timeout: Duration = .seconds(15)) throws(InvalidConfiguration) {
        client = AdminClient(properties: try configuration.adminProperties())
        self.timeout = timeout
    }

    func perform<Value: Sendable>(
        within limit: Duration? = nil,
        _ body: @escaping @Sendable (AdminSession, AdminSession.Deadline) throws(TransportError) -> Value
    ) async throws(TransportError) -> Value {
        let limit = limit ?? timeout
        return try await client.perform { session throws(TransportError) in
            let deadline = AdminSession.Deadline(limit)
            return try session.retrying("asking again", deadline) { () throws(TransportError) in
                try body(session, deadline)
            }
        }
    }

    /// Finishes the requests that wait, frees the client and returns when its threads are gone; further requests are
    /// refused.
    ///
    /// To be called before the process exits: librdkafka's threads must not use TLS while the process takes it down.
    public func close() async { await client.close() }

    // MARK: - Topics

    /// The brokers of the cluster.
    ///
    /// - Throws: ``OpenEdXEvents/TransportError``: no broker answers, or the credentials are refused.
    public func brokers() async throws(TransportError) -> [KafkaBroker] {
        try await perform { session, deadline throws(TransportError) in try session.cluster(deadline).brokers }
    }

    /// The topics that the client may see, by name, but for Kafka's own. Their settings are not asked for.
    ///
    /// - Throws: ``OpenEdXEvents/TransportError``: no broker answers, or the credentials are refused.
    public func topics() async throws(TransportError) -> [TopicDescription] {
        try await perform { session, deadline throws(TransportError) in
            try session.cluster(deadline).topics.values.filter { !$0.isInternal }.sorted { $0.name < $1.name }
        }
    }

    /// Topics with their settings, in the order in which they are named.
    ///
    /// - Throws: ``OpenEdXEvents/TransportError``: one of them does not exist or may not be seen, or no broker answers.
    public func describe(_ names: [String]) async throws(TransportError) -> [TopicDescription] {
        try await perform { session, deadline throws(TransportError) in
            let topics = try session.cluster(deadline).topics
            if let name = names.first(where: { topics[$0] == nil }) { throw Self.unknownTopic(name) }
            let settings = try session.settings(of: names, deadline)
            return names.compactMap { name in
                var topic = topics[name]
                topic?.settings = settings[name] ?? [:]
                return topic
            }
        }
    }

    /// Creates the topics that are missing and says how the others differ from their plans. Nothing is changed about a
    /// topic that is there. Returns when the new topics have leaders, or after 5 s.
    ///
    /// - Parameter dryRun: Creates nothing; the brokers are asked whether they would.
    /// - Throws: ``OpenEdXEvents/TransportError``: a plan is not possible, no broker answers, or the credentials are
    ///   refused. A topic that cannot be created is in the report.
    public func provision(_ plans: [TopicPlan], dryRun: Bool = false) async throws(TransportError) -> ProvisionReport {
        try Self.check(plans)
        return try await perform { session, deadline throws(TransportError) in
            var report = ProvisionReport(isDryRun: dryRun)
            let topics = try session.cluster(deadline).topics
            let missing = plans.filter { topics[$0.name] == nil }
            let present = plans.filter { topics[$0.name] != nil }
            if !missing.isEmpty {
                report.failures = try session.create(missing, onlyChecks: dryRun, deadline)
                report.created = missing.map(\.name).filter { report.failures[$0] == nil }
                // The topics are there, whoever leads them: a wait in vain is no failure of theirs.
                if !dryRun { try? session.waitForLeaders(of: report.created, AdminSession.Deadline(.seconds(5))) }
            }
            let asked = present.filter { !$0.allSettings.isEmpty }.map(\.name)
            let settings = try session.settings(of: asked, deadline)
            for plan in present {
                guard var topic = topics[plan.name] else { continue }
                topic.settings = settings[plan.name] ?? [:]
                let differences = plan.differences(from: topic)
                report.findings += differences
                if differences.isEmpty { report.unchanged.append(plan.name) }
            }
            return report
        }
    }

    private static func check(_ plans: [TopicPlan]) throws(TransportError) {
        var names: Set<String> = []
        for plan in plans {
            if case .failure(let problem) = TopicName.make(plan.name, environment: nil) {
                throw TransportError(.invalidArgument, problem.message)
            }
            guard names.insert(plan.name).inserted else {
                throw TransportError(.invalidArgument, "“\(plan.name)” is planned twice")
            }
            guard plan.partitions >= 1, plan.replicas ?? 1 >= 1 else {
                throw TransportError(.invalidArgument, "“\(plan.name)” must have at least 1 partition and 1 replica")
            }
        }
    }

    static func unknownTopic(_ name: String) -> TransportError {
        TransportError(.unknownTopic, "there is no topic “\(name)”, or this client may not see it")
    }
}
