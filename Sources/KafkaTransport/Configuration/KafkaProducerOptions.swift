/// How messages are sent.
///
/// The defaults lose nothing and keep order: acknowledged by all replicas in sync, each stored once, five requests under
/// way at the most.
public struct KafkaProducerOptions: Sendable, Hashable {
    /// How many replicas must have a message before it counts as stored.
    public enum Acknowledgement: String, Sendable, Hashable, CaseIterable {
        /// All that are in sync: `min.insync.replicas` of the topic says how many those must be.
        case all
        /// The leader alone: what it had not yet passed on is lost with it.
        case leader
        /// None: what is lost is never known. Positions are not known either.
        case none
    }

    /// How batches are compressed.
    public enum Compression: String, Sendable, Hashable, CaseIterable {
        /// Not at all.
        case none
        /// gzip.
        case gzip
        /// Snappy.
        case snappy
        /// LZ4: the cheapest that helps.
        case lz4
        /// Zstandard, for brokers from 2.1.
        case zstd
    }

    /// Which partition a key belongs to.
    public enum Partitioner: String, Sendable, Hashable, CaseIterable {
        /// CRC-32 of the key, librdkafka's own default and so that of the Python services (rule 42).
        case consistentRandom
        /// Murmur2 of the key, the default of the Java client.
        case murmur2
    }

    /// How many replicas must have a message.
    public var acknowledgement: Acknowledgement
    /// Whether a message that is sent again is stored once, in order. Needs ``Acknowledgement/all``.
    public var isIdempotent: Bool
    /// How long a message waits for others to share its request, 0 to 900 seconds.
    public var linger: Duration
    /// How many bytes a batch may hold.
    public var batchBytes: Int
    /// How many messages a batch may hold.
    public var batchMessages: Int
    /// How batches are compressed.
    public var compression: Compression
    /// How long a message may take from publish to acknowledgement, retries included.
    public var deliveryTimeout: Duration
    /// How many bytes a request may hold; a broker refuses more than its own `message.max.bytes`.
    public var maximumMessageBytes: Int
    /// How many messages may wait in the client. Publishing waits when they do.
    public var queueMessages: Int
    /// How many bytes may wait in the client, in units of 1,024. Publishing waits when they do.
    public var queueKilobytes: Int
    /// Which partition a key belongs to.
    public var partitioner: Partitioner

    /// Creates producer options from their parts.
    public init(
        acknowledgement: Acknowledgement = .all, isIdempotent: Bool = true, linger: Duration = .milliseconds(5),
        batchBytes: Int = 1_000_000, batchMessages: Int = 10_000, compression: Compression = .none,
        deliveryTimeout: Duration = .seconds(120), maximumMessageBytes: Int = 1_000_000, queueMessages: Int = 100_000,
        queueKilobytes: Int = 131_072, partitioner: Partitioner = .consistentRandom
    ) {
        self.acknowledgement = acknowledgement
        self.isIdempotent = isIdempotent
        self.linger = linger
        self.batchBytes = batchBytes
        self.batchMessages = batchMessages
        self.compression = compression
        self.deliveryTimeout = deliveryTimeout
        self.maximumMessageBytes = maximumMessageBytes
        self.queueMessages = queueMessages
        self.queueKilobytes = queueKilobytes
        self.partitioner = partitioner
    }
}
