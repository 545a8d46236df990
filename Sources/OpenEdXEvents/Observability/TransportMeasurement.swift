/// A number that a transport's client measures about itself.
public struct TransportMeasurement: Sendable, Hashable {
    /// What was measured. The list may grow: a `switch` over it needs a `default`.
    public enum Quantity: String, Sendable, Hashable, CaseIterable {
        /// How many messages wait in the client to be sent.
        case queuedMessages = "queued_messages"
        /// How many bytes of messages wait in the client to be sent.
        case queuedBytes = "queued_bytes"
        /// How many messages were fetched and wait in the client to be delivered.
        case fetchedMessages = "fetched_messages"
        /// How many messages were sent since the client was made.
        case sentMessages = "sent_messages"
        /// How many bytes of messages were sent since the client was made.
        case sentBytes = "sent_bytes"
        /// How many messages were received since the client was made.
        case receivedMessages = "received_messages"
        /// How many bytes of messages were received since the client was made.
        case receivedBytes = "received_bytes"
        /// Whether the connection to a broker stands: 1 or 0.
        case brokerUp = "broker_up"
        /// The mean round trip to a broker of late, in microseconds.
        case brokerRoundTrip = "broker_round_trip"
        /// The 99th percentile of the round trips to a broker of late, in microseconds.
        case brokerSlowRoundTrip = "broker_slow_round_trip"
        /// How many requests to a broker got no answer in time since the client was made.
        case brokerTimeouts = "broker_timeouts"
        /// How many requests to a broker failed or could not be sent since the client was made.
        case brokerErrors = "broker_errors"
        /// How often a connection to a broker ended since the client was made.
        case brokerDisconnects = "broker_disconnects"
    }

    /// What was measured.
    public let quantity: Quantity
    /// The broker that it is about, `host:port`; `nil` where it is about the client.
    public let broker: String?
    /// The number.
    public let value: Int64

    /// Creates a measurement from its parts.
    public init(_ quantity: Quantity, broker: String? = nil, _ value: Int64) {
        self.quantity = quantity
        self.broker = broker
        self.value = value
    }
}
