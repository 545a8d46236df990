/// The families of metrics that ``EventMetrics`` keeps.
enum MetricFamily: UInt8, CaseIterable {
    case published, publishedBytes, publishDuration
    case handled, handlerDuration, retried, deadLettered, settled, unreadable
    case lag, inFlight, assignedPartitions, rebalances, commitMetadataIgnored, transportErrors
    case clientQueuedMessages, clientQueuedBytes, clientFetchedMessages
    case clientSentMessages, clientSentBytes, clientReceivedMessages, clientReceivedBytes
    case brokerUp, brokerRoundTrip, brokerSlowRoundTrip, brokerTimeouts, brokerErrors, brokerDisconnects

    /// What distinguishes the series of a family.
    enum Dimension: Int, CaseIterable {
        case type, handler, group, topic, partition, outcome, code, client, broker
    }

    var kind: MetricSnapshot.Kind {
        switch self {
        case .publishDuration, .handlerDuration: .histogram
        case .lag, .inFlight, .assignedPartitions, .clientQueuedMessages, .clientQueuedBytes, .clientFetchedMessages,
            .brokerUp, .brokerRoundTrip, .brokerSlowRoundTrip:
            .gauge
        default: .counter
        }
    }

    var unit: String? {
        switch self {
        case .publishDuration, .handlerDuration: "seconds"
        case .publishedBytes, .clientQueuedBytes, .clientSentBytes, .clientReceivedBytes: "bytes"
        case .lag, .clientQueuedMessages, .clientFetchedMessages, .clientSentMessages, .clientReceivedMessages:
            "messages"
        case .brokerRoundTrip, .brokerSlowRoundTrip: "microseconds"
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
        case .clientQueuedMessages: "openedx_events_client_queued_messages"
        case .clientQueuedBytes: "openedx_events_client_queued_bytes"
        case .clientFetchedMessages: "openedx_events_client_fetched_messages"
        case .clientSentMessages: "openedx_events_client_sent_messages"
        case .clientSentBytes: "openedx_events_client_sent_bytes"
        case .clientReceivedMessages: "openedx_events_client_received_messages"
        case .clientReceivedBytes: "openedx_events_client_received_bytes"
        case .brokerUp: "openedx_events_broker_up"
        case .brokerRoundTrip: "openedx_events_broker_round_trip_microseconds"
        case .brokerSlowRoundTrip: "openedx_events_broker_slow_round_trip_microseconds"
        case .brokerTimeouts: "openedx_events_broker_timeouts"
        case .brokerErrors: "openedx_events_broker_errors"
        case .brokerDisconnects: "openedx_events_broker_disconnects"
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
        case .clientQueuedMessages: "Messages that wait in a client to be sent."
        case .clientQueuedBytes: "Bytes of messages that wait in a client to be sent."
        case .clientFetchedMessages: "Messages that were fetched and wait in a client to be delivered."
        case .clientSentMessages: "Messages that a client sent."
        case .clientSentBytes: "Bytes of messages that a client sent."
        case .clientReceivedMessages: "Messages that a client received."
        case .clientReceivedBytes: "Bytes of messages that a client received."
        case .brokerUp: "Whether the connection to a broker stands."
        case .brokerRoundTrip: "Mean round trip to a broker of late."
        case .brokerSlowRoundTrip: "99th percentile of the round trips to a broker of late."
        case .brokerTimeouts: "Requests to a broker that got no answer in time."
        case .brokerErrors: "Requests to a broker that failed or could not be sent."
        case .brokerDisconnects: "Connections to a broker that ended."
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
        case .clientQueuedMessages, .clientQueuedBytes, .clientFetchedMessages, .clientSentMessages, .clientSentBytes,
            .clientReceivedMessages, .clientReceivedBytes:
            [(.client, "client")]
        case .brokerUp, .brokerRoundTrip, .brokerSlowRoundTrip, .brokerTimeouts, .brokerErrors, .brokerDisconnects:
            [(.client, "client"), (.broker, "broker")]
        }
    }

    /// The family of what a client measures.
    init(_ quantity: TransportMeasurement.Quantity) {
        self =
            switch quantity {
            case .queuedMessages: .clientQueuedMessages
            case .queuedBytes: .clientQueuedBytes
            case .fetchedMessages: .clientFetchedMessages
            case .sentMessages: .clientSentMessages
            case .sentBytes: .clientSentBytes
            case .receivedMessages: .clientReceivedMessages
            case .receivedBytes: .clientReceivedBytes
            case .brokerUp: .brokerUp
            case .brokerRoundTrip: .brokerRoundTrip
            case .brokerSlowRoundTrip: .brokerSlowRoundTrip
            case .brokerTimeouts: .brokerTimeouts
            case .brokerErrors: .brokerErrors
            case .brokerDisconnects: .brokerDisconnects
            }
    }

    /// Whether a client measures it.
    var isMeasured: Bool { rawValue >= Self.clientQueuedMessages.rawValue }
}
