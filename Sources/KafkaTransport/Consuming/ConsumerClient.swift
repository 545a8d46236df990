import OpenEdXEvents
import Synchronization

/// A member of a group: what its client's thread shares with those who read, settle and ask.
final class ConsumerClient: Sendable {
    private struct Ending {
        var hasEnded = false
        var closers: [CheckedContinuation<Void, Never>] = []
    }

    let options: SubscriptionOptions
    let onChange: @Sendable (AssignmentChange) -> Void
    let client: RDKafkaConsumer
    let reports: ClientReports
    let reading: Locked<ReadingState>
    /// The messages that are through.
    let pool = MessagePool()
    /// How long a topic may be unknown: as long as a producer lets it be.
    let topicPatience: Duration
    private let mailbox = Locked(Mailbox<ConsumerRequest>(capacity: 1_024))
    private let ending = Locked(Ending())
    private let lastNumber = Atomic<UInt64>(0)
    /// Called when the thread has left the group.
    private let onEnd: @Sendable () -> Void

    /// What may wait between the broker and the reader, unless fewer may be unsettled.
    private static let waitingLimit = Load(messages: 4_096, bytes: 16 << 20)

    init(
        _ properties: [(name: String, value: String)], options: SubscriptionOptions, reports: ClientReports,
        onChange: @escaping @Sendable (AssignmentChange) -> Void, onEnd: @escaping @Sendable () -> Void
    ) throws(TransportError) {
        client = try RDKafkaConsumer(properties, reports: reports, pool: pool)
        self.options = options
        self.reports = reports
        self.onChange = onChange
        self.onEnd = onEnd
        let patience = properties.last { $0.name == "topic.metadata.propagation.max.ms" }.flatMap { Int64($0.value) }
        topicPatience = .milliseconds(patience ?? 30_000)
        let gate = IntakeGate(
            messages: min(max(options.unsettledLimit, 512), Self.waitingLimit.messages),
            bytes: Self.waitingLimit.bytes)
        reading = Locked(ReadingState(unsettledLimit: options.unsettledLimit, gate: gate))
    }

    /// Joins the group and starts the thread, which ends when the member has left it.
    func start() throws(TransportError) {
        do throws(TransportError) {
            try client.subscribe(to: options.topics)
        } catch {
            client.destroy()
            throw error
        }
        ClientThread.start { ConsumerLoop(self).run() }
    }

    // MARK: Asking the thread

    /// Asks the client's thread for something and waits for the answer.
    func ask<Value: Sendable>(
        _ request: (Reply<Value>) -> ConsumerRequest
    ) async throws(TransportError) -> Value {
        let number = lastNumber.wrappingAdd(1, ordering: .relaxed).newValue
        return try await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                put(request(Reply(number: number, continuation: continuation)))
                // Cancelled before the request was put in, the handler came too early.
                if Task.isCancelled { put(.forget(number), isShort: true) }
            }
        } onCancel: {
            put(.forget(number), isShort: true)
        }.get()
    }

    private func put(_ request: ConsumerRequest, isShort: Bool = false) {
        switch mailbox.withLock({ $0.put(request, isShort: isShort) }) {
        case .taken: client.wake()
        case .closed: request.fail(Self.closed)
        case .full:
            request.fail(TransportError(.full, "too much is asked of the subscription at once", isRetriable: true))
        }
    }

    func takeRequests() -> [ConsumerRequest] { mailbox.withLock { $0.takeAll() } }

    static let closed = TransportError(.closed, "the subscription is closed")

    // MARK: The end

    /// Ends delivery at once, and waits until the member has left the group.
    func close(within limit: Duration) async {
        beginClose(within: limit)
        await withCheckedContinuation { continuation in
            let hasEnded = ending.withLock { ending in
                if !ending.hasEnded { ending.closers.append(continuation) }
                return ending.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }

    /// Ends delivery at once; the thread does the rest.
    func beginClose(within limit: Duration) {
        let waiter = reading.withLock { reading in
            if case .open = reading.condition { reading.condition = .closing }
            return reading.wake()
        }
        waiter?.resume()
        put(.close(within: limit), isShort: true)
    }

    /// Ends the thread without leaving the group, as a killed process would, and waits for that.
    func crash() async {
        put(.crash, isShort: true)
        await close(within: .zero)
    }

    /// The thread is through.
    func end(_ error: TransportError?) {
        let waiter = reading.withLock { reading in
            if case .ended = reading.condition {} else { reading.condition = .ended(error) }
            return reading.wake()
        }
        waiter?.resume()
        for request in mailbox.withLock({ $0.close() }) { request.fail(Self.closed) }
        reports.forgetStatistics()
        let closers = ending.withLock { ending in
            ending.hasEnded = true
            defer { ending.closers = [] }
            return ending.closers
        }
        onEnd()
        for closer in closers { closer.resume() }
    }
}
