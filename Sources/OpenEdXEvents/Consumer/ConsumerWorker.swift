/// Takes events one after another and brings each through inbox, handlers and, if need be, the dead-letter topic.
struct ConsumerWorker: Sendable {
    let settings: ConsumerSettings
    let engine: ConsumerEngine
    let transport: any EventTransport
    let subscription: any EventSubscription

    /// How an event goes on.
    enum Next {
        /// At once, as it is now.
        case now(WorkItem)
        /// After a pause.
        case later(WorkItem, Duration)
        /// It is through; `failed` if a handler failed for good.
        case through(failed: Bool)
        /// The consumer stops, and the event is given back.
        case stop(ConsumerError, WorkItem)

        /// Whether the event is neither through nor goes on at once.
        var isPutOff: Bool {
            switch self {
            case .later, .stop: true
            case .now, .through: false
            }
        }
    }

    /// Brings an event as far as it goes by itself and without a pause.
    func process(_ item: WorkItem) async -> Next {
        var next = Next.now(item)
        while case .now(let item) = next {
            if item.isSettledUnread { return await finish(item) }
            if item.letter != nil {
                next = await store(item)
                continue
            }
            switch item.content {
            case .arrived:
                var item = item
                var headers: HeaderFacts?
                next = open(&item, &headers) ?? .now(item)
            case .unreadable(let message, let error):
                next = unreadable(item, message, error)
            case .waiting(_, let dependency):
                next = await resolve(dependency, item)
            case .received(let received) where !item.isClaimed:
                next = await claim(received, item)
            case .received(let received):
                guard item.stage < received.handlers.handlers.count else { return await finish(item) }
                let handler = received.handlers.handlers[item.stage]
                guard received.isMeant(for: handler) else {
                    next = .now(item.advanced())
                    continue
                }
                guard case .single(let body) = handler.body else { return .now(item) }
                let attempt = item.attempt
                let call = HandlerCall(
                    settings: settings, handler: handler, first: received, count: 1, attempt: attempt)
                if let failure = await call.run({ try await body(received, attempt) }) {
                    next = decide(failure, handler, item)
                } else {
                    next = .now(item.advanced())
                }
            }
        }
        return next
    }

    /// Decides what follows the failure of a handler.
    func decide(_ failure: any Error, _ handler: Handler, _ item: WorkItem) -> Next {
        // Cancelled, the handler has not failed: the consumer ends, and the event comes again.
        if Task.isCancelled { return .later(item, .zero) }
        var item = item
        let decision = FailureDecision(
            failure, attempt: item.attempt, retry: handler.retry ?? settings.retry,
            onFailure: handler.onFailure ?? settings.onFailure, chance: settings.chance())
        switch decision {
        case .retry(let delay):
            if let observer = settings.observer {
                observer.record(
                    .retried(
                        item.reference, handler: handler.name, attempt: item.attempt, delay: delay,
                        reason: reason(of: failure)))
            }
            item.attempt += 1
            return .later(item, delay)
        case .finally(.stop):
            return .stop(
                .handlerFailed(
                    handler: handler.name, position: item.message.position, attempts: item.attempt,
                    underlying: failure), item)
        case .finally(.skip):
            if item.settlement != .deadLettered { item.settlement = .skipped }
            return .now(item.advanced())
        case .finally(.deadLetter):
            item.letter = WorkItem.Letter(
                handler: handler.name, attempts: item.attempt, reason: reason(of: failure))
            item.attempt = 1
            return .now(item)
        }
    }

    private func unreadable(_ item: WorkItem, _ message: IncomingMessage, _ error: EnvelopeError) -> Next {
        settings.observer?.record(.unreadable(item.reference, reason: error.description))
        var item = item
        switch item.refusal?.action ?? settings.onUnreadable {
        case .deadLetter:
            item.letter = WorkItem.Letter(handler: nil, attempts: 0, reason: error.description)
            return .now(item)
        case .skip:
            item.settlement = .skipped
            return .now(item)
        case .stop:
            return .stop(.unreadable(position: message.position, error), item)
        }
    }

    /// Stores a dead letter. While the topic is out of reach the event waits: it is not lost.
    private func store(_ item: WorkItem) async -> Next {
        guard let letter = item.letter else { return .now(item) }
        var item = item
        let message = DeadLetter(
            item.message, group: settings.group, handler: letter.handler, attempts: letter.attempts,
            reason: letter.reason, time: settings.now()
        ).message(topic: settings.deadLetterTopic)
        // Cancelled, the consumer is past its limit: the event comes again, perhaps with its letter stored.
        guard let outcome = await publish(message) else { return .later(item, .zero) }
        switch outcome {
        case .stored(let position):
            settings.observer?.record(
                .deadLettered(
                    item.reference, deadLetter: position, handler: letter.handler, attempts: letter.attempts,
                    reason: letter.reason))
            item.letter = nil
            item.settlement = .deadLettered
            return .now(letter.handler == nil ? item : item.advanced())
        case .failed(let error) where error.isRetriable:
            settings.observer?.record(.transport(error))
            return pause(item)
        case .failed(let error):
            return .stop(.deadLetterRefused(position: item.message.position, error), item)
        }
    }

    /// Publishes a dead letter, for as long as the task is not cancelled: a transport whose brokers are away may take longer
    /// than a consumer that stops can wait.
    private func publish(_ letter: OutgoingMessage) async -> PublishOutcome? {
        let (outcomes, sink) = AsyncStream.makeStream(of: PublishOutcome.self)
        Task { [transport] in
            do throws(TransportError) {
                let missing = TransportError(.other, "the transport returned no outcome for a dead letter")
                sink.yield(try await transport.publish([letter]).first ?? .failed(missing))
            } catch {
                sink.yield(.failed(error))
            }
            sink.finish()
        }
        return await outcomes.first { _ in true }
    }

    /// Looks at an event that has arrived; returns how it goes on if it is through.
    func open(_ item: inout WorkItem, _ headers: inout HeaderFacts?) -> Next? {
        guard let settlement = settings.open(&item, &headers) else { return nil }
        item.settlement = settlement
        return settle(item)
    }

    /// Gets what the format needs, and reads the event again.
    private func resolve(_ dependency: FormatDependency, _ item: WorkItem) async -> Next {
        do {
            try await dependency.resolve()
        } catch {
            settings.observer?.record(
                .transport(
                    TransportError(
                        .unavailable, "\(dependency.name): \(reason(of: error)); the event waits", isRetriable: true)))
            return pause(item)
        }
        var item = item
        item.content = .arrived(item.message)
        var headers: HeaderFacts?
        if let next = open(&item, &headers) { return next }
        // The same once more would be a tight loop.
        if case .waiting(_, let again) = item.content, again.name == dependency.name { return pause(item) }
        item.attempt = 1
        return .now(item)
    }

    /// Asks the inbox whether the event is new.
    func claim(_ received: ReceivedMessage, _ item: WorkItem) async -> Next {
        var item = item
        if let inbox = settings.inbox {
            do {
                switch try await inbox.claim(received.inboxKey) {
                case .granted: break
                case .handled:
                    item.settlement = .duplicate
                    return settle(item)
                case .underWay: return pause(item)
                }
            } catch {
                return inboxFailed(error, item)
            }
        }
        item.isClaimed = true
        if item.attempt != 1 { item.attempt = 1 }
        return .now(item)
    }

    /// The event is through: the inbox is told, and its delivery completed.
    func finish(_ item: WorkItem) async -> Next {
        if let inbox = settings.inbox, case .received(let received) = item.content {
            do {
                try await inbox.finish(received.inboxKey)
            } catch {
                return inboxFailed(error, item)
            }
        }
        return settle(item)
    }

    private func settle(_ item: WorkItem) -> Next {
        subscription.complete(item.message.delivery)
        settings.observer?.record(.settled(item.reference, item.settlement))
        return .through(failed: item.settlement == .deadLettered || item.settlement == .skipped)
    }

    private func inboxFailed(_ error: any Error, _ item: WorkItem) -> Next {
        settings.observer?.record(
            .transport(TransportError(.unavailable, "the inbox: \(reason(of: error))", isRetriable: true)))
        return pause(item)
    }

    /// Tries the same step again after a pause, as often as it takes.
    private func pause(_ item: WorkItem) -> Next {
        var (item, policy) = (item, settings.retry)
        policy.attempts = .max
        let delay = policy.delay(afterAttempt: item.attempt, chance: settings.chance()) ?? policy.maximumDelay
        item.attempt += 1
        return .later(item, delay)
    }
}

extension WorkItem {
    /// Whether the event cannot be read, and what is to be done about that is done.
    var isSettledUnread: Bool {
        if case .unreadable = content { letter == nil && settlement != .handled } else { false }
    }
}

extension ReceivedMessage {
    var inboxKey: InboxKey { InboxKey(source: envelope.source, id: envelope.id, redrive: redrive) }

    /// Whether a handler is to have the event: one that was redriven is for the handler that failed.
    func isMeant(for handler: Handler) -> Bool {
        redrive?.handler.map { $0 == handler.name } ?? true
    }
}
