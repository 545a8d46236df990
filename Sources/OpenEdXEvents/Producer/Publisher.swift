/// Takes outgoing events through the middleware and the format to the transport.
struct Publisher: Sendable {
    let transport: any EventTransport
    let format: any EnvelopeFormat
    let middleware: [any PublishMiddleware]
    let observer: (any BusObserver)?

    /// Publishes in one batch and returns one outcome for each event, in order.
    func publish(_ events: [OutgoingEvent]) async -> [EmitOutcome] {
        events.isEmpty ? [] : await publish(events, through: middleware[...])
    }

    private func publish(
        _ events: [OutgoingEvent], through middleware: ArraySlice<any PublishMiddleware>
    ) async -> [EmitOutcome] {
        guard let first = middleware.first else { return await send(events) }
        let rest = middleware.dropFirst()
        let outcomes = await first.publish(events) { await publish($0, through: rest) }
        guard outcomes.count != events.count else { return outcomes }
        // A middleware that loses count must not make an event look stored: only the receipts say whose they are.
        let receipts = outcomes.compactMap { try? $0.get() }
        return events.map { event in
            let receipt = receipts.first { $0.id == event.event.id && $0.position?.topic == event.topic }
            return receipt.map { .success($0) }
                ?? .failure(.heldBack(reason: "a publish middleware returned no outcome for the event"))
        }
    }

    private func send(_ events: [OutgoingEvent]) async -> [EmitOutcome] {
        let start = observer == nil ? nil : ContinuousClock.now
        var messages: [OutgoingMessage] = []
        messages.reserveCapacity(events.count)
        var refused: [(index: Int, error: EmitError)] = []
        // By index here and below: an event taken out of the array would be copied with all that it refers to.
        for index in events.indices {
            // Nearly every format has its answer at hand.
            if case .message(let headers, let value) = format.write(events[index].event) {
                messages.append(Self.message(of: events[index], headers, value))
                continue
            }
            do throws(EmitError) {
                messages.append(try await message(for: events[index]))
            } catch {
                refused.append((index, error))
            }
        }
        let published = await publish(messages)
        var outcomes: [EmitOutcome] = []
        outcomes.reserveCapacity(events.count)
        var (nextRefused, nextPublished) = (0, 0)
        for index in events.indices {
            if nextRefused < refused.count, refused[nextRefused].index == index {
                outcomes.append(.failure(refused[nextRefused].error))
                nextRefused += 1
                continue
            }
            switch published[nextPublished] {
            case .stored(let position):
                outcomes.append(.success(EmitReceipt(of: events[index].event, at: position)))
            case .failed(let error):
                outcomes.append(.failure(.transport(error)))
            }
            nextPublished += 1
        }
        if let observer, let start {
            report(events, outcomes, duration: start.duration(to: .now), to: observer)
        }
        return outcomes
    }

    private static func message(
        of event: OutgoingEvent, _ headers: [MessageHeader], _ value: [UInt8]?
    ) -> OutgoingMessage {
        OutgoingMessage(
            topic: event.topic, key: event.key,
            headers: event.headers.isEmpty ? headers : headers + event.headers, value: value)
    }

    /// Writes an event in the format, waiting for what the format needs first.
    private func message(for event: OutgoingEvent) async throws(EmitError) -> OutgoingMessage {
        var awaited: String?
        while true {
            switch format.write(event.event) {
            case .message(let headers, let value):
                return Self.message(of: event, headers, value)
            case .refused(let error):
                throw .envelope(error)
            case .waiting(let dependency):
                // Asked for the same thing twice, the format would ask for ever.
                guard awaited != dependency.name else {
                    throw .formatUnavailable(format: format.name, dependency: dependency.name)
                }
                awaited = dependency.name
                do {
                    try await dependency.resolve()
                } catch {
                    throw .formatUnavailable(format: format.name, dependency: dependency.name)
                }
            }
        }
    }

    private func publish(_ messages: [OutgoingMessage]) async -> [PublishOutcome] {
        guard !messages.isEmpty else { return [] }
        do throws(TransportError) {
            var outcomes = try await transport.publish(messages)
            while outcomes.count < messages.count {
                outcomes.append(.failed(TransportError(.other, "the transport returned no outcome for the message")))
            }
            return outcomes
        } catch {
            return Array(repeating: .failed(error), count: messages.count)
        }
    }

    private func report(
        _ events: [OutgoingEvent], _ outcomes: [EmitOutcome], duration: Duration, to observer: any BusObserver
    ) {
        for (event, outcome) in zip(events, outcomes) {
            let encoded = event.event
            func reference(_ position: Position?) -> EventReference {
                EventReference(
                    type: encoded.type.name, id: encoded.id.description, position: position, key: event.key)
            }
            switch outcome {
            case .success(let receipt):
                observer.record(
                    .published(reference(receipt.position), bytes: encoded.document.count, duration: duration))
            case .failure(let error):
                let reason: TransportError =
                    if case .transport(let error) = error { error } else { TransportError(.other, error.description) }
                observer.record(
                    .publishFailed(reference(nil), topic: event.topic, error: reason, duration: duration))
            }
        }
    }
}
