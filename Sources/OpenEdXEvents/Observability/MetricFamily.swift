/// The families of metrics that ``EventMetrics`` keeps.
enum MetricFamily: UInt8, CaseIterable {
    case published, publishedBytes, publishDuration
    case handled, handlerDuration, retried, deadLettered, settled, unreadable
    case lag, inFlight, assignedPartitions, rebalances, commitMetadataIgnored, transportErrors

    /// What distinguishes the series of a family.
    enum Dimension: Int, CaseIterable {
        case type, handler, group, topic, partition, outcome, code
    }

    var kind: MetricSnapshot.Kind {
        switch self {
        case .publishDuration, .handlerDuration: .histogram
        case .lag, .inFlight, .assignedPartitions: .gauge
        default: .counter
        }
    }

    var unit: String? {
        switch self {
        case .publishDuration, .handlerDuration: "seconds"
        case .publishedBytes: "bytes"
        case .lag: "messages"
        case .assignedPartitions: "partitions"
        default: nil
        }
    }

    var name: String {
        switch self {
        case .published: "openedx_events_published"
        case .publishedBytes: "openedx_events_published_bytes"
        case .publishDuration: "openedx_events_publish_duration_seconds"
        case .handled: "openedx_events_handled"
        case .handlerDuration: "openedx_events_handler_duration_seconds"
        case .retried: "openedx_events_retried"
        case .deadLettered: "openedx_events_dead_lettered"
        case .settled: "openedx_events_settled"
        case .unreadable: "openedx_events_unreadable"
        case .lag: "openedx_events_lag_messages"
        case .inFlight: "openedx_events_in_flight"
        case .assignedPartitions: "openedx_events_assigned_partitions"
        case .rebalances: "openedx_events_rebalances"
        case .commitMetadataIgnored: "openedx_events_commit_metadata_ignored"
        case .transportErrors: "openedx_events_transport_errors"
        }
    }

    var help: String {
        switch self {
        case .published: "Events emitted, by type and outcome."
        case .publishedBytes: "Size of the stored events as structured JSON."
        case .publishDuration: "Time from the call to emit to the transport's answer."
        case .handled: "Calls of handlers, by type, handler and outcome."
        case .handlerDuration: "Time that handlers took."
        case .retried: "Failed calls of handlers that are tried again."
        case .deadLettered: "Events stored in a dead-letter topic."
        case .settled: "Events that a consumer is done with, by how."
        case .unreadable: "Messages that hold no event that can be read."
        case .lag: "Messages behind what a group has committed."
        case .inFlight: "Events that a consumer holds, waiting or in a handler."
        case .assignedPartitions: "Partitions that this process reads for a group."
        case .rebalances: "Changes of the assignment of partitions."
        case .commitMetadataIgnored: "Commit metadata that was passed over."
        case .transportErrors: "Trouble that a transport reported."
        }
    }

    /// The labels, in order; three at most.
    var dimensions: [(dimension: Dimension, label: String)] {
        switch self {
        case .published, .publishDuration: [(.type, "type"), (.outcome, "outcome")]
        case .publishedBytes: [(.type, "type")]
        case .handled, .handlerDuration: [(.type, "type"), (.handler, "handler"), (.outcome, "outcome")]
        case .retried, .deadLettered: [(.type, "type"), (.handler, "handler")]
        case .settled: [(.type, "type"), (.outcome, "settlement")]
        case .unreadable, .commitMetadataIgnored: [(.topic, "topic")]
        case .lag: [(.group, "group"), (.topic, "topic"), (.partition, "partition")]
        case .inFlight, .assignedPartitions: [(.group, "group")]
        case .rebalances: [(.group, "group"), (.outcome, "change")]
        case .transportErrors: [(.code, "code")]
        }
    }
}
