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

extension KafkaConfiguration: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// One line with what a person needs to recognise the configuration. Secrets, those among ``properties`` too, are
    /// `***`.
    public var description: String {
        var text = "\(clientID) at \(bootstrapServers.joined(separator: ",")), \(security.protocolName)"
        if let mechanism = security.sasl?.mechanism { text += " with \(mechanism)" }
        for (name, value) in shownProperties { text += ", \(name)=\(value)" }
        return text
    }

    /// The same as ``description``.
    public var debugDescription: String { description }

    /// The parts, with the secrets among ``properties`` as `***`.
    public var customMirror: Mirror {
        Mirror(
            self,
            children: [
                ("bootstrapServers", bootstrapServers), ("clientID", clientID), ("security", security),
                ("producer", producer), ("consumer", consumer), ("statisticsInterval", statisticsInterval as Any),
                ("properties", Dictionary(uniqueKeysWithValues: shownProperties)),
            ], displayStyle: .struct)
    }

    private var shownProperties: [(String, String)] {
        properties.sorted { $0.key < $1.key }.map { name, value in
            // What librdkafka does not know may be a password under a misspelt name.
            let isShown = PropertyCatalogue.current[name] != nil && !PropertyList.isSecret(name)
            return (name, isShown ? value : "***")
        }
    }
}
