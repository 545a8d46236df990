import Synchronization

/// The dead-letter topic of a consumer group: look at what lies there, and send it back.
///
/// ```swift
/// let letters = try DeadLetterQueue(transport: transport, group: "search")
/// let report = try await letters.redrive { $0.handler == "CourseEnrollmentCreated" }
/// ```
public struct DeadLetterQueue: Sendable {
    /// The full name of the dead-letter topic.
    public let topic: String

    private let transport: any EventTransport
    private let group: String
    private let batchSize = 256

    /// The name, without the environment's prefix, of a group's dead-letter topic, unless it is configured otherwise.
    public static func defaultTopic(group: String) -> String { group + "-dead-letter" }

    /// - Parameters:
    ///   - transport: What the topics lie in.
    ///   - group: The consumer group whose dead letters these are.
    ///   - environment: The environment that prefixes topics.
    ///   - topic: The topic, where it is not ``defaultTopic(group:)``.
    /// - Throws: ``InvalidConfiguration`` if the topic's name is not possible.
    public init(
        transport: any EventTransport, group: String, environment: String? = nil, topic: String? = nil
    ) throws(InvalidConfiguration) {
        switch TopicName.make(topic ?? Self.defaultTopic(group: group), environment: environment) {
        case .success(let name): self.topic = name.full
        case .failure(let problem): throw InvalidConfiguration([problem])
        }
        self.transport = transport
        self.group = group
    }

    /// What a redrive did.
    public struct Report: Sendable, Hashable {
        /// How many were sent back.
        public var redriven = 0
        /// How many the condition passed over: they stay, and the next redrive sees them.
        public var passedOver = 0
        /// How many are no dead letters of this group: they stay.
        public var foreign = 0
    }

    /// Sends dead letters back, once, to the topic and partition that they came from, marked for their group and handler.
    ///
    /// A letter that was sent back is not sent again by a later redrive, also where others before it were passed over.
    /// Works on what lies in the topic when it begins; one redrive of a group at a time.
    ///
    /// - Parameters:
    ///   - limit: How many to send back at the most.
    ///   - condition: Which ones.
    /// - Throws: ``TransportError`` if a letter cannot be sent: it stays, like those that were not tried yet.
    public func redrive(
        upTo limit: Int = .max, where condition: @Sendable (DeadLetter) -> Bool = { _ in true }
    ) async throws(TransportError) -> Report {
        var report = Report()
        let subscription = try await open(group: group + "-redrive")
        do throws(TransportError) {
            try await read(subscription) { batch throws(TransportError) in
                var letters: [(letter: DeadLetter, delivery: Delivery)] = []
                for message in batch {
                    guard let letter = DeadLetter(message), letter.group == group else {
                        report.foreign += 1
                        subscription.abandon(message.delivery)
                        continue
                    }
                    if letters.count + report.redriven < limit, condition(letter) {
                        letters.append((letter, message.delivery))
                    } else {
                        report.passedOver += 1
                        subscription.abandon(message.delivery)
                    }
                }
                guard !letters.isEmpty else { return }
                let outcomes = try await transport.publish(letters.map { $0.letter.redriven() })
                var failure: TransportError?
                for (sent, outcome) in zip(letters, outcomes) {
                    switch outcome {
                    case .stored:
                        report.redriven += 1
                        subscription.complete(sent.delivery)
                    case .failed(let error):
                        failure = failure ?? error
                    }
                }
                if let failure { throw failure }
            }
        } catch {
            await subscription.close(within: .zero)
            throw error
        }
        try await subscription.commit()
        await subscription.close(within: .zero)
        return report
    }

    /// Reads the dead letters that were not sent back, in order per partition, and leaves them where they are.
    public func letters(upTo limit: Int = 1_000) async throws(TransportError) -> [DeadLetter] {
        var letters: [DeadLetter] = []
        let subscription = try await open(group: group + "-redrive")
        do throws(TransportError) {
            try await read(subscription) { batch throws(TransportError) in
                letters += batch.compactMap { DeadLetter($0) }.prefix(limit - letters.count)
                for message in batch { subscription.abandon(message.delivery) }
            }
        } catch {
            await subscription.close(within: .zero)
            throw error
        }
        await subscription.close(within: .zero)
        return letters
    }

    private func open(group: String) async throws(TransportError) -> any EventSubscription {
        try await transport.subscribe(
            SubscriptionOptions(group: group, topics: [topic], unsettledLimit: 1 << 20), onChange: { _ in })
    }

    /// Hands on what lies in the topic until its end, as it is at the beginning, is reached.
    private func read(
        _ subscription: any EventSubscription,
        _ body: ([IncomingMessage]) async throws(TransportError) -> Void
    ) async throws(TransportError) {
        let ends = try await subscription.progress().mapValues(\.end)
        var next = try await subscription.progress().mapValues(\.next)
        while try isBehind(next, ends) {
            guard let batch = try await subscription.nextBatch(atMost: batchSize) else { return }
            try await body(batch)
            next = try await subscription.progress().mapValues(\.next)
        }
    }

    private func isBehind(
        _ next: [TopicPartition: Int64], _ ends: [TopicPartition: Int64]
    ) throws(TransportError) -> Bool {
        for (partition, end) in ends {
            guard let next = next[partition] else {
                throw TransportError(
                    .notAssigned, "\(partition) was taken away: another redrive of group “\(group)” has begun",
                    isRetriable: true)
            }
            if next < end { return true }
        }
        return false
    }
}
