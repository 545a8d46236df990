public import OpenEdXEvents
import Synchronization

/// The transport over Apache Kafka, by librdkafka.
///
/// One producing client for what is published, made when it is first needed, and one consuming client for each
/// subscription; each has a thread of its own. Publishing waits for the brokers' acknowledgement, as durable as
/// ``KafkaProducerOptions`` say, and a subscription is a member of a consumer group.
///
/// A subscription's topic that begins with `^` is a regular expression, matched against the names of all topics, also of
/// those that come later.
public final class KafkaTransport: EventTransport {
    private struct Contents {
        var producer: ProducerClient?
        var consumers: [UInt64: ConsumerClient] = [:]
        var number: UInt64 = 0
        var isClosed = false
    }

    /// What the transport was made with.
    public let configuration: KafkaConfiguration
    private let observer: (any BusObserver)?
    private let producerProperties: [(name: String, value: String)]
    private let contents = Locked(Contents())

    static let closed = TransportError(.closed, "the transport is shut down: make a new one")

    /// Checks the configuration. No broker is asked for before something is published or subscribed to.
    ///
    /// - Parameter observer: Is told of what librdkafka reports: brokers that are away, credentials that are refused, and
    ///   its statistics, if the configuration has a ``KafkaConfiguration/statisticsInterval``.
    /// - Throws: ``OpenEdXEvents/InvalidConfiguration`` with everything that is wrong.
    public init(
        _ configuration: KafkaConfiguration, observer: (any BusObserver)? = nil
    ) throws(InvalidConfiguration) {
        self.configuration = configuration
        self.observer = observer
        try configuration.validate()
        producerProperties = try configuration.producerProperties()
        try RDKafkaProducer.check(producerProperties)
    }

    deinit {
        // Subscriptions live on until they are closed or forgotten themselves.
        contents.withLock { $0.producer }?.beginClose(within: .zero)
    }

    /// Everything.
    public var features: TransportFeatures {
        [.durable, .seekByTime, .seekByPosition, .finishedBeyondPrefix, .groups, .headers, .topicPatterns]
    }

    /// The client that publishes, once there is one; and those of the groups.
    var clients: (producer: ProducerClient?, consumers: [ConsumerClient]) {
        contents.withLock { ($0.producer, Array($0.consumers.values)) }
    }

    // MARK: Publishing

    /// Publishes the messages and returns one outcome for each, in order.
    ///
    /// Waits while the client's queue is full, and for each message at most the delivery time-out. Cancelling the task
    /// does not take back what was queued.
    ///
    /// - Throws: ``OpenEdXEvents/TransportError/Code/closed`` after ``shutDown(within:)``.
    public func publish(_ batch: [OutgoingMessage]) async throws(TransportError) -> [PublishOutcome] {
        let producer = try producer()
        guard !batch.isEmpty else { return [] }
        return try await producer.publish(batch)
    }

    private func producer() throws(TransportError) -> ProducerClient {
        try contents.withLock { contents throws(TransportError) in
            if contents.isClosed { throw Self.closed }
            if let producer = contents.producer { return producer }
            let producer = try ProducerClient(
                producerProperties, reports: reports("the producer", label: "producer", producerProperties))
            producer.start()
            contents.producer = producer
            return producer
        }
    }

    private func reports(
        _ client: String, label: String, _ properties: [(name: String, value: String)]
    ) -> ClientReports {
        ClientReports(
            client, label: label, observer: observer, properties: properties,
            libraryVersion: RDKafkaProducer.libraryVersion)
    }

    // MARK: Subscribing

    /// Joins a group. Partitions follow when the group has agreed.
    ///
    /// - Throws: ``OpenEdXEvents/TransportError`` for an empty group, no topic, and when the transport is shut down. What
    ///   the brokers refuse, such as an unknown topic, is thrown by
    ///   ``OpenEdXEvents/EventSubscription/nextBatch(atMost:)``.
    public func subscribe(
        _ options: SubscriptionOptions, onChange: @escaping @Sendable (AssignmentChange) -> Void
    ) async throws(TransportError) -> any EventSubscription {
        guard !options.group.isEmpty, !options.topics.isEmpty else {
            throw TransportError(.invalidArgument, "a subscription needs the name of a group and at least one topic")
        }
        let properties: [(name: String, value: String)]
        do throws(InvalidConfiguration) {
            properties = try configuration.consumerProperties(options)
        } catch {
            throw TransportError(.invalidArgument, error.description)
        }
        let consumer = try contents.withLock { contents throws(TransportError) in
            if contents.isClosed { throw Self.closed }
            contents.number += 1
            let number = contents.number
            let consumer = try ConsumerClient(
                properties, options: options,
                reports: reports("group “\(options.group)”", label: options.group, properties),
                onChange: onChange
            ) { [weak self] in _ = self?.contents.withLock { $0.consumers.removeValue(forKey: number) } }
            try consumer.start()
            contents.consumers[number] = consumer
            return consumer
        }
        return KafkaSubscription(consumer)
    }

    // MARK: The end

    /// Refuses new messages, waits at most the limit for those it took, fails the rest by name, and closes what
    /// subscriptions are still open.
    public func shutDown(within limit: Duration) async {
        contents.withLock { $0.isClosed = true }
        let (producer, consumers) = clients
        await producer?.close(within: limit)
        await withTaskGroup { group in
            for consumer in consumers { group.addTask { await consumer.close(within: .zero) } }
        }
    }
}
