/// Takes batches from the subscription and gives them to the workers.
struct ConsumerIntake: Sendable {
    let settings: ConsumerSettings
    let engine: ConsumerEngine
    let subscription: any EventSubscription

    func run() async {
        var headers: HeaderFacts?
        while let capacity = await engine.capacity() {
            switch await read(atMost: min(capacity, settings.batchSize)) {
            case .success(let batch?): take(batch, &headers)
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

    private func take(_ batch: [IncomingMessage], _ headers: inout HeaderFacts?) {
        guard settings.opensOnArrival else { return engine.add(batch) }
        var items: [WorkItem] = []
        items.reserveCapacity(batch.count)
        for message in batch {
            var item = WorkItem(.arrived(message))
            if let settlement = settings.open(&item, &headers) {
                subscription.complete(message.delivery)
                settings.observer?.record(.settled(item.reference, settlement))
                continue
            }
            items.append(item)
        }
        engine.add(items)
    }
}
