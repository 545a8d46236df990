/// A consumer's configuration, checked and made ready for use. A reference: it is at hand for every event.
final class ConsumerSettings: Sendable {
    let group: String
    let subscription: SubscriptionOptions
    let table: HandlerTable
    let middleware: [any HandlerMiddleware]
    let formats: [any EnvelopeFormat]
    let ordering: EventConsumer.Configuration.Ordering
    let concurrency: Int
    let unsettledLimit: Int
    let batchSize: Int
    let retry: RetryPolicy
    let onFailure: FailureAction
    let onUnreadable: FailureAction
    let validation: ConsumerValidation?
    let deadLetterTopic: String
    let errorLimit: Int?
    let drainLimit: Duration
    let inbox: (any Inbox)?
    let killSwitch: KillSwitch?
    let observer: (any BusObserver)?
    let clock: any Clock<Duration>
    let now: @Sendable () -> EventTime
    let chance: @Sendable () -> Double

    init(
        _ configuration: EventConsumer.Configuration, _ handlers: EventHandlers
    ) throws(InvalidConfiguration) {
        var problems = handlers.problems() + configuration.retry.problems(in: "retry")
        func check(_ holds: Bool, _ setting: String, _ message: String) {
            if !holds { problems.append(ConfigurationProblem(nil, setting, message)) }
        }
        check(!configuration.group.isEmpty, "group", "is empty: name the consumer group")
        check(!configuration.topics.isEmpty, "topics", "is empty: name at least one topic")
        check(!configuration.formats.isEmpty, "formats", "is empty: name at least one envelope format")
        for (value, setting) in [
            (configuration.concurrency, "concurrency"), (configuration.unsettledLimit, "unsettledLimit"),
            (configuration.batchSize, "batchSize"), (configuration.errorLimit ?? 1, "errorLimit"),
        ] {
            check(value >= 1, setting, "is \(value), must be at least 1")
        }
        for (value, setting) in [
            (configuration.drainLimit, "drainLimit"), (configuration.rebalanceLimit, "rebalanceLimit"),
        ] {
            check(value >= .zero, setting, "is negative")
        }
        check(configuration.commitInterval > .zero, "commitInterval", "must be longer than nothing")
        func topic(_ name: String, _ setting: String) -> String {
            switch TopicName.make(name, environment: configuration.environment) {
            case .success(let topic): return topic.full
            case .failure(let problem):
                problems.append(problem.inside(setting))
                return ""
            }
        }
        let topics = configuration.topics.enumerated().map { topic($1, "topics[\($0)]") }
        deadLetterTopic = topic(
            configuration.deadLetterTopic ?? DeadLetterQueue.defaultTopic(group: configuration.group),
            "deadLetterTopic")
        check(
            !topics.contains(deadLetterTopic), "topics",
            "the dead-letter topic is among the topics: its events would go round for ever")
        guard problems.isEmpty else { throw InvalidConfiguration(problems) }

        group = configuration.group
        subscription = SubscriptionOptions(
            group: configuration.group, topics: topics, start: configuration.start,
            unsettledLimit: configuration.unsettledLimit, commitInterval: configuration.commitInterval,
            rebalanceLimit: configuration.rebalanceLimit, memberName: configuration.memberName)
        table = HandlerTable(handlers)
        middleware = handlers.middleware
        formats = configuration.formats
        ordering = configuration.ordering
        concurrency = configuration.concurrency
        unsettledLimit = configuration.unsettledLimit
        batchSize = configuration.batchSize
        retry = configuration.retry
        onFailure = configuration.onFailure
        onUnreadable = configuration.onUnreadable
        validation = configuration.validation
        errorLimit = configuration.errorLimit
        drainLimit = configuration.drainLimit
        inbox = configuration.inbox
        killSwitch = configuration.killSwitch
        observer = configuration.observer
        clock = configuration.clock
        now = configuration.now
        chance = configuration.chance
    }

    /// An event as the handlers are to get it; or, if its data is invalid and they are not to, as what becomes of it.
    func item(
        _ message: IncomingMessage, _ envelope: ReceivedEnvelope, _ handlers: HandlerSet, _ redrive: Redrive?
    ) -> WorkItem {
        var findings: [Finding] = []
        if let validation, !handlers.handlers.isEmpty { findings = validation.findings(in: envelope) }
        let received = ReceivedMessage(
            message: message, envelope: envelope, handlers: handlers, redrive: redrive, dataFindings: findings)
        guard !findings.isEmpty, let action = validation?.onInvalid.action else { return WorkItem(.received(received)) }
        var item = WorkItem(.unreadable(message, ConsumerValidation.error(findings)))
        item.refusal = WorkItem.Refusal(action: action, reference: received.reference)
        return item
    }

    /// Reads a message in the first format that recognizes it.
    func read(_ message: IncomingMessage) -> EnvelopeReading {
        for format in formats where format.recognizes(message) {
            return format.read(message)
        }
        return .unreadable(
            EnvelopeError(
                .unknownFormat, rule: .kafkaMode, attribute: nil,
                "no configured envelope format recognizes the message by its content-type"))
    }
}
