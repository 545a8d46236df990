public import OpenEdXEvents

/// A topic as it is meant to be.
public struct TopicPlan: Sendable, Hashable {
    /// The full name, with the environment's prefix.
    public var name: String
    /// How many partitions, from 1. A key's partition depends on it, so it is chosen once, with room to grow.
    public var partitions: Int
    /// How many brokers keep a copy of each partition; `nil` for the cluster's default.
    public var replicas: Int?
    /// How long messages are kept; `nil` for the cluster's default.
    public var retention: Duration?
    /// Other settings of topics by Kafka's names, such as `cleanup.policy` or `min.insync.replicas`.
    public var settings: [String: String]

    /// Creates a plan from its parts.
    public init(
        _ name: String, partitions: Int, replicas: Int? = nil, retention: Duration? = nil,
        settings: [String: String] = [:]
    ) {
        self.name = name
        self.partitions = partitions
        self.replicas = replicas
        self.retention = retention
        self.settings = settings
    }

    /// All settings by Kafka's names, sorted.
    var allSettings: [(name: String, value: String)] {
        var all = settings
        if let retention { all["retention.ms"] = String(retention.wholeMilliseconds) }
        return all.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// How a topic that is there differs from the plan. Its settings are compared where they are known.
    func differences(from topic: TopicDescription) -> [TopicFinding] {
        var findings: [TopicFinding] = []
        func add(_ aspect: String, _ planned: String, _ found: String, _ advice: String) {
            findings.append(
                TopicFinding(topic: name, aspect: aspect, planned: planned, found: found, advice: advice))
        }
        let count = topic.partitions.count
        if count < partitions {
            add(
                "partitions", String(partitions), String(count),
                "adding partitions moves keys to others, and so breaks their order: do it while nothing is published")
        } else if count > partitions {
            add("partitions", String(partitions), String(count), "partitions cannot be taken away: change the plan")
        }
        if let replicas {
            let found = Set(topic.partitions.map(\.replicas.count))
            if found != [replicas] {
                add(
                    "replicas", String(replicas), found.sorted().map(String.init).joined(separator: " and "),
                    "reassign the partitions with Kafka's own tools")
            }
        }
        for (setting, value) in allSettings {
            guard let found = topic.settings[setting] else {
                if !topic.settings.isEmpty { add(setting, value, "none", "the brokers do not know this setting") }
                continue
            }
            if found.value != value {
                let place = found.isDefault ? "it is the cluster's default: set it on the topic" : "set it on the topic"
                add(setting, value, found.value, place)
            }
        }
        return findings
    }
}

/// How a topic differs from its plan.
public struct TopicFinding: Sendable, Hashable, CustomStringConvertible {
    /// The topic.
    public let topic: String
    /// What differs: `partitions`, `replicas`, or a setting's name.
    public let aspect: String
    /// What is planned.
    public let planned: String
    /// What was found.
    public let found: String
    /// What to do about it.
    public let advice: String

    /// One line.
    public var description: String { "\(topic): \(aspect) is \(found), planned is \(planned): \(advice)" }
}

/// What a provisioning did, or would do.
public struct ProvisionReport: Sendable {
    /// The topics that were created; in a dry run, those that would be.
    public internal(set) var created: [String] = []
    /// The topics that are there as planned.
    public internal(set) var unchanged: [String] = []
    /// How topics differ that are there. Nothing is changed about them.
    public internal(set) var findings: [TopicFinding] = []
    /// Why topics could not be created, by name.
    public internal(set) var failures: [String: TransportError] = [:]
    /// Whether nothing was done.
    public let isDryRun: Bool

    init(isDryRun: Bool) { self.isDryRun = isDryRun }

    /// Whether every topic is, or would be, as planned.
    public var isAsPlanned: Bool { findings.isEmpty && failures.isEmpty }
}
