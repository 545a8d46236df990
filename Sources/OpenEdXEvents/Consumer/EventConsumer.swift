/// Hands events to typed handlers: at least once, in order per key, with retries and a dead-letter topic.
///
/// ```swift
/// let consumer = try EventConsumer(
///     transport: transport, handlers: handlers,
///     configuration: .init(group: "search", topics: ["course-enrollments"]))
/// try await consumer.run()
/// ```
///
/// Events of one key are handled one after another, events of different keys side by side. Only what is contiguously
/// finished is committed; what is finished beyond it travels in the commit's metadata. An event that cannot be read or
/// handled is stored whole in the dead-letter topic.
public final class EventConsumer: Sendable {
    /// What a consumer needs to know.
    public struct Configuration: Sendable {
        /// What is kept in order.
        public enum Ordering: Sendable, Hashable {
            /// Events with the same key; events without one are in no order.
            case key
            /// All events of a partition.
            case partition
        }

        /// The consumer group.
        public var group: String
        /// The topics, without the environment's prefix.
        ///
        /// One that begins with `^` is a regular expression: it stands for all topics of the environment whose names it
        /// matches, also for those that are made later. The transport needs ``TransportFeatures/topicPatterns``.
        public var topics: [String]
        /// The environment, such as `stage`, which prefixes every topic; `nil` for none (rule 26).
        public var environment: String?
        /// Where a group begins that has committed nothing.
        public var start: SeekTarget = .beginning
        /// What is kept in order.
        public var ordering: Ordering = .key
        /// How many handlers may run at a time; at least 1.
        public var concurrency: Int = 16
        /// How many events may be held, waiting or in a handler; at least 1.
        public var unsettledLimit: Int = 2_048
        /// How many events are asked for at a time; at least 1.
        public var batchSize: Int = 512
        /// When a handler is called again, unless it says otherwise itself.
        public var retry: RetryPolicy = .standard
        /// What to do after the last attempt, unless the handler says otherwise itself.
        public var onFailure: FailureAction = .deadLetter
        /// What to do with an event that cannot be read.
        public var onUnreadable: FailureAction = .deadLetter
        /// Whether and how the data of events that have a handler is validated; `nil` for not at all.
        public var validation: ConsumerValidation?
        /// The dead-letter topic, without the environment's prefix; by default the group's name and `-dead-letter`.
        public var deadLetterTopic: String?
        /// How many events in a row may fail for good before the consumer stops; `nil` for any number.
        public var errorLimit: Int?
        /// How long a stop waits for the handlers.
        public var drainLimit: Duration = .seconds(30)
        /// How often what is finished is committed.
        public var commitInterval: Duration = .seconds(1)
        /// How long a partition that is taken away waits for the handlers.
        public var rebalanceLimit: Duration = .seconds(30)
        /// A name that outlives a restart: with it a consumer that comes back in time keeps its partitions.
        public var memberName: String?
        /// What absorbs duplicates; `nil` hands them on.
        public var inbox: (any Inbox)?
        /// Stops the consumer from elsewhere.
        public var killSwitch: KillSwitch?
        /// The envelope formats that are tried, in this order.
        public var formats: [any EnvelopeFormat] = [StructuredFormat(), BinaryFormat()]
        /// What watches the consumer.
        public var observer: (any BusObserver)?
        /// What pauses between attempts and time limits run on.
        public var clock: any Clock<Duration> = ContinuousClock()
        /// Reads the time for dead letters.
        public var now: @Sendable () -> EventTime = { EventTime.now() }
        /// Gives the chance, from 0 to 1, that spreads pauses.
        public var chance: @Sendable () -> Double = { Double.random(in: 0...1) }

        /// Creates a configuration from its parts.
        public init(group: String, topics: [String], environment: String? = nil) {
            self.group = group
            self.topics = topics
            self.environment = environment
        }
    }

    let transport: any EventTransport
    let settings: ConsumerSettings
    let engine: ConsumerEngine

    /// Creates a consumer; ``run()`` starts it.
    ///
    /// - Throws: ``InvalidConfiguration`` with everything that is wrong with handlers and configuration.
    public init(
        transport: any EventTransport, handlers: EventHandlers, configuration: Configuration
    ) throws(InvalidConfiguration) {
        self.transport = transport
        settings = try ConsumerSettings(configuration, handlers)
        engine = ConsumerEngine(settings)
    }

    /// Handles events until ``shutDown()``, a failure that stops, or cancellation.
    ///
    /// Returns after the handlers have finished what was taken in, the transport has committed it, and the group was
    /// left; or after the drain limit. Cancelling the task stops without waiting. A consumer runs once.
    ///
    /// - Throws: ``ConsumerError`` if the consumer stopped for any other reason than ``shutDown()``.
    public func run() async throws(ConsumerError) {
        guard engine.begin() else { throw .alreadyRunning }
        let killSwitch = settings.killSwitch.map { ($0, $0.listen { [engine] in engine.stop(.killed(reason: $0)) }) }
        defer { if let (killSwitch, number) = killSwitch { killSwitch.remove(number) } }
        let failure = await withTaskCancellationHandler {
            await drainingOnGracefulShutdown { await runToEnd() }
        } onCancel: {
            engine.stop(.cancelled)
        }
        engine.report(.stopped(reason: failure?.description))
        if let failure { throw failure }
    }

    private func runToEnd() async -> ConsumerError? {
        let subscription: any EventSubscription
        do throws(TransportError) {
            subscription = try await transport.subscribe(settings.subscription) { [engine] in engine.assignment($0) }
        } catch {
            return .transport(error)
        }
        engine.attach(subscription)
        engine.report(.running)
        await withTaskGroup(of: Void.self) { group in
            let intake = ConsumerIntake(settings: settings, engine: engine, subscription: subscription)
            group.addTask { await intake.run() }
            let worker = ConsumerWorker(
                settings: settings, engine: engine, transport: transport, subscription: subscription)
            for _ in 0..<settings.concurrency {
                group.addTask { await worker.run() }
            }
            let limit = await engine.stopRequested() ? settings.drainLimit : .zero
            engine.report(.draining)
            await subscription.close(within: limit)
            engine.retire()
            // Handlers that are past the limit are told to end; their events come again.
            group.cancelAll()
        }
        return engine.failure
    }

    /// Asks the consumer to stop in good order; returns at once. ``run()`` returns when it has.
    public func shutDown() {
        engine.drain()
    }

    /// Stops taking events in, until ``resume()``; what was taken in is handled, and the group is not left.
    ///
    /// A wait for messages ends; what has arrived by then is handled.
    public func pause() {
        engine.setPaused(true)
    }

    /// Goes on after ``pause()``.
    public func resume() {
        engine.setPaused(false)
    }

    /// Moves the consumer elsewhere in its topics: to replay, or to skip.
    ///
    /// Handlers that are at work are not waited for: an event that is replayed may be handled while its key's last one
    /// before the move still is. Where that matters, ``pause()`` first, let them finish, and move then.
    ///
    /// - Throws: ``TransportError`` if the consumer does not run, or the transport cannot.
    public func seek(to target: SeekTarget) async throws(TransportError) {
        guard let subscription = engine.subscription else {
            throw TransportError(.closed, "the consumer does not run")
        }
        try await subscription.seek(to: target)
    }

    /// How far the consumer is, by partition; empty if it does not run.
    ///
    /// The observer is told the lag.
    ///
    /// - Throws: ``TransportError`` if the transport does not answer.
    public func progress() async throws(TransportError) -> [TopicPartition: PartitionProgress] {
        guard let subscription = engine.subscription else { return [:] }
        let progress = try await subscription.progress()
        for (partition, progress) in progress {
            settings.observer?.record(.lag(group: settings.group, partition, messages: progress.lag))
        }
        return progress
    }
}
