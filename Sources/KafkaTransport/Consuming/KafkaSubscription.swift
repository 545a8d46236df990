public import OpenEdXEvents
import Synchronization

/// One member of a consumer group of Kafka, made by ``KafkaTransport/subscribe(_:onChange:)``.
///
/// Before the group has assigned anything, ``seek(to:)`` and ``progress()`` wait for that.
public final class KafkaSubscription: EventSubscription, RecyclingSubscription {
    private let core: ConsumerClient

    init(_ core: ConsumerClient) { self.core = core }

    deinit { core.beginClose(within: .zero) }

    /// Waits for messages and returns at least one and at most `limit`, in order per partition; `nil` once closed.
    ///
    /// - Throws: ``OpenEdXEvents/TransportError`` when the subscription cannot go on: refused credentials, a missing
    ///   permission, a topic that does not exist, or another member with the same name. Cancelling the task throws
    ///   ``OpenEdXEvents/TransportError/Code/cancelled`` and loses no message.
    public func nextBatch(atMost limit: Int) async throws(TransportError) -> [IncomingMessage]? {
        while true {
            if Task.isCancelled {
                throw TransportError(.cancelled, "the task was cancelled; no message is lost by that")
            }
            let (fetched, wakesClient) = core.reading.withLock { $0.fetch(atMost: limit) }
            if wakesClient { core.client.wake() }
            switch fetched {
            case .batch(let batch): return batch
            case .ended: return nil
            case .failed(let error): throw error
            case .nothing(let signal): await wait(since: signal)
            }
        }
    }

    /// Waits until there may be something, or the task is cancelled.
    private func wait(since signal: Int) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isWaiting = core.reading.withLock { reading in
                    !Task.isCancelled && reading.wait(continuation, seen: signal)
                }
                if !isWaiting { continuation.resume() }
            }
        } onCancel: {
            core.reading.withLock { $0.wake() }?.resume()
        }
    }

    /// Marks a delivery as finished.
    public func complete(_ delivery: Delivery) { settle(delivery, isFinished: true) }

    /// Marks several deliveries as finished.
    public func complete(_ deliveries: [Delivery]) {
        for delivery in deliveries { complete(delivery) }
    }

    /// Marks messages as finished, and takes them for new ones to be made of.
    package func finish(_ messages: inout [IncomingMessage]) {
        let (waiter, wakesClient) = core.reading.withLock { [messages] in $0.finish(messages) }
        core.pool.giveBack(&messages)
        waiter?.resume()
        if wakesClient { core.client.wake() }
    }

    /// Gives a delivery back unfinished: it blocks the committed prefix, and its next owner receives it again.
    public func abandon(_ delivery: Delivery) { settle(delivery, isFinished: false) }

    private func settle(_ delivery: Delivery, isFinished: Bool) {
        let (waiter, wakesClient) = core.reading.withLock {
            $0.settle(delivery.position.offset, under: delivery.assignment, isFinished: isFinished)
        }
        waiter?.resume()
        if wakesClient { core.client.wake() }
    }

    /// Commits now what is contiguously finished, with what is finished beyond it as metadata.
    ///
    /// - Throws: ``OpenEdXEvents/TransportError`` if the group's coordinator refuses or does not answer.
    public func commit() async throws(TransportError) { try await core.ask(ConsumerRequest.commit) }

    /// Moves the assigned partitions elsewhere.
    ///
    /// - Throws: ``OpenEdXEvents/TransportError`` if the brokers do not say where that is.
    public func seek(to target: SeekTarget) async throws(TransportError) {
        try await core.ask { ConsumerRequest.seek(target, $0) }
    }

    /// How far each assigned partition is.
    ///
    /// - Throws: ``OpenEdXEvents/TransportError`` if the subscription is closed, or no broker answers before the group
    ///   has assigned anything.
    public func progress() async throws(TransportError) -> [TopicPartition: PartitionProgress] {
        try await core.ask(ConsumerRequest.progress)
    }

    /// Stops delivery, waits at most the limit for what was delivered to be settled, commits, and leaves the group.
    public func close(within limit: Duration) async { await core.close(within: limit) }

    /// Ends as a killed process would: without a commit, and without telling the group.
    package func crash() async { await core.crash() }
}
