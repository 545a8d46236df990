/// Takes batches from the subscription, reads the envelopes, and gives to the workers what has a handler.
struct ConsumerIntake: Sendable {
    let settings: ConsumerSettings
    let engine: ConsumerEngine
    let subscription: any EventSubscription

    func run() async {
        while let capacity = await engine.capacity() {
            switch await read(atMost: min(capacity, settings.batchSize)) {
            case .success(let batch?): take(batch)
            case .success(nil): return engine.drain()
            case .failure(let error) where error.code == .cancelled: return
            case .failure(let error): return engine.stop(.transport(error))
            case nil: continue
            }
        }
    }

    /// Waits for messages, in a task of its own so that a pause can end the wait: `nil` then, and the messages come with
    /// the next call.
    private func read(atMost limit: Int) async -> Result<[IncomingMessage]?, TransportError>? {
        let reading = Task { [subscription] () -> Result<[IncomingMessage]?, TransportError> in
            do throws(TransportError) {
                return .success(try await subscription.nextBatch(atMost: limit))
            } catch {
                return .failure(error)
            }
        }
        engine.hold(reading)
        let result = await withTaskCancellationHandler {
            await reading.value
        } onCancel: {
            reading.cancel()
        }
        if case .failure(let error) = result, error.code == .cancelled, reading.isCancelled, !Task.isCancelled {
            return nil
        }
        return result
    }

    private func take(_ batch: [IncomingMessage]) {
        var items: [(item: WorkItem, key: [UInt8]?)] = []
        items.reserveCapacity(batch.count)
        for message in batch {
            guard let item = item(of: message) else { continue }
            items.append((item, orderingKey(of: message)))
        }
        engine.add(items)
    }

    /// What is to be done with a message; `nil` if it is done with.
    private func item(of message: IncomingMessage) -> WorkItem? {
        let redrive = Redrive(message.headers)
        if let redrive, redrive.group != settings.group {
            settle(message, as: .otherGroup, reference: nil)
            return nil
        }
        switch settings.read(message) {
        case .event(let envelope):
            guard let handlers = envelope.withTypeBytes(settings.table.handlers(of:)) else {
                settle(message, as: .unhandled, reference: envelope)
                return nil
            }
            return settings.item(message, envelope, handlers, redrive)
        case .waiting(let dependency):
            return WorkItem(.waiting(message, dependency))
        case .unreadable(let error):
            return WorkItem(.unreadable(message, error))
        }
    }

    private func settle(_ message: IncomingMessage, as settlement: Settlement, reference: ReceivedEnvelope?) {
        subscription.complete(message.delivery)
        settings.observer?.record(
            .settled(
                EventReference(
                    type: reference?.type ?? "", id: reference?.id ?? "", position: message.position,
                    key: message.key),
                settlement))
    }

    private func orderingKey(of message: IncomingMessage) -> [UInt8]? {
        switch settings.ordering {
        case .key: message.key
        case .partition: []
        }
    }
}
