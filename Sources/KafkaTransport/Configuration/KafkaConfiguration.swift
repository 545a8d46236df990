/// What a client of Kafka needs to know: where the brokers are, who it is, and how it sends and reads.
///
/// ```swift
/// var configuration = try KafkaConfiguration.load(file: "kafka.json", environment: ProcessInfo.processInfo.environment)
/// configuration.producer.compression = .lz4
/// configuration.properties["socket.timeout.ms"] = "20000"
/// let transport = try KafkaTransport(configuration)
/// ```
///
/// The typed options cover what a site usually sets; ``properties`` reaches everything else that librdkafka knows. All is
/// checked before a client is made, and everything that is wrong is reported at once.
public struct KafkaConfiguration: Sendable, Hashable {
    /// The brokers to begin with, each `host:port`; the others are learned from them.
    public var bootstrapServers: [String]
    /// What brokers call the client in their logs and quotas.
    public var clientID: String
    /// How clients speak to brokers.
    public var security: KafkaSecurity
    /// How messages are sent.
    public var producer: KafkaProducerOptions
    /// How messages are read.
    public var consumer: KafkaConsumerOptions
    /// How often librdkafka's statistics are taken; `nil` for never.
    public var statisticsInterval: Duration?
    /// Properties of librdkafka by name, over the typed options. One that only producers know is not given to consumers,
    /// and the other way round.
    public var properties: [String: String]

    /// Creates a configuration with the defaults, for brokers that want neither TLS nor a name.
    public init(bootstrapServers: [String]) {
        self.bootstrapServers = bootstrapServers
        clientID = "openedx-events"
        security = .plaintext
        producer = KafkaProducerOptions()
        consumer = KafkaConsumerOptions()
        statisticsInterval = nil
        properties = [:]
    }
}
