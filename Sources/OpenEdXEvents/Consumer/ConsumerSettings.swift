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
    /// Whether events are looked at before workers take them: those of one batch handler are taken together.
    let opensOnArrival: Bool
    /// Whether a handler is called with nothing around it: no inbox, no middleware, no observer.
    let callsDirectly: Bool
    /// Whether an event may be read while it is decoded: nobody but the handler looks at it.
    let readsDirectly: Bool

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
        let deadLetters = topic(
            configuration.deadLetterTopic ?? DeadLetterQueue.defaultTopic(group: configuration.group),
            "deadLetterTopic")
        deadLetterTopic = deadLetters
        let topics = configuration.topics.enumerated().map { index, name in
            guard TopicName.isPattern(name) else { return topic(name, "topics[\(index)]") }
            switch TopicName.pattern(name, environment: configuration.environment, notMatching: deadLetters) {
            case .success(let pattern): return pattern.full
            case .failure(let problem):
                problems.append(problem.inside("topics[\(index)]"))
                return ""
            }
        }
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
        opensOnArrival = handlers.hasBatches
        callsDirectly = inbox == nil && middleware.isEmpty && observer == nil
        readsDirectly = callsDirectly && validation == nil && !opensOnArrival
    }

    /// Looks at an event that has arrived: it is to be handled then, or waits for something, or cannot be read; or it is
    /// through, and how is returned.
    ///
    /// - Parameter known: What the headers of the message before said.
    func open(_ item: inout WorkItem, _ known: inout HeaderFacts?) -> Settlement? {
        guard case .arrived(let message) = item.content else { return nil }
        let headers: HeaderFacts
        if let known, known.hold(for: message) {
            headers = known
        } else {
            headers = HeaderFacts(message, formats)
            known = headers
        }
        if let redrive = headers.redrive, redrive.group != group { return .otherGroup }
        guard let format = headers.format else {
            item.content = .unreadable(
                message,
                EnvelopeError(
                    .unknownFormat, rule: .kafkaMode, attribute: nil,
                    "no configured envelope format recognizes the message by its content-type"))
            return nil
        }
        switch format.read(message) {
        case .waiting(let dependency): item.content = .waiting(message, dependency)
        case .unreadable(let error): item.content = .unreadable(message, error)
        case .event(let envelope):
            let handlers = envelope.withTypeBytes { table.handlers(of: $0) }
            var findings: [Finding] = []
            if let validation, handlers != nil { findings = validation.findings(in: envelope) }
            let received = ReceivedMessage(
                message, envelope, for: handlers ?? .none, headers, dataFindings: findings)
            item.content = .received(received)
            if let name = headers.redrive?.handler, handlers?.handlers.contains(where: { $0.name == name }) != true {
                // Passed over, it would be gone, and nobody would have handled it.
                item.letter = WorkItem.Letter(handler: name, attempts: 0, reason: Self.noHandler(name))
                return nil
            }
            if handlers == nil { return .unhandled }
            guard !findings.isEmpty, let action = validation?.onInvalid.action else { return nil }
            item.content = .unreadable(message, ConsumerValidation.error(findings))
            item.refusal = WorkItem.Refusal(action: action, reference: received.reference)
        }
        return nil
    }

    private static func noHandler(_ name: String) -> String {
        "the event was sent back for the handler “\(name)”, and its type has none of this name: give one that name, and "
            + "redrive again"
    }
}
