import OpenEdXEvents
import Synchronization

/// The producing side of a transport: one client of librdkafka and the thread that serves it.
///
/// Publishers hand their messages to librdkafka themselves, which reads the values where they are. The thread serves the reports, and hands over
/// what found the queue full.
final class ProducerClient: Sendable {
    private struct Contents {
        var queue = PublishQueue<DeliveryBatch>()
        /// When to give up what is not acknowledged, once closed.
        var deadline: ContinuousClock.Instant?
        var hasEnded = false
        var closers: [CheckedContinuation<Void, Never>] = []
    }

    private let client: RDKafkaProducer
    private let reports: ClientReports
    private let contents = Locked(Contents())

    init(_ properties: [(name: String, value: String)], reports: ClientReports) throws(TransportError) {
        client = try RDKafkaProducer(properties, reports: reports)
        self.reports = reports
    }

    /// Starts the thread, which ends after ``close(within:)``.
    func start() {
        ClientThread.start { self.run() }
    }

    /// How many messages have been handed over and not been reported on; not to be asked once closed.
    var unreported: Int { Int(client.unreported) }

    func publish(_ messages: [OutgoingMessage]) async throws(TransportError) -> [PublishOutcome] {
        var outcomes = try await hand(over: messages)
        // A broker refuses a whole request for one message, or for the sum of small ones: each is tried by itself, in
        // order. Twice, as it may have shared that request with another publisher's.
        for index in outcomes.indices where Self.isTooLarge(outcomes[index]) {
            for _ in 0..<2 where Self.isTooLarge(outcomes[index]) {
                do throws(TransportError) {
                    outcomes[index] = try await hand(over: [messages[index]])[0]
                } catch {
                    return outcomes
                }
            }
        }
        return outcomes
    }

    private static func isTooLarge(_ outcome: PublishOutcome) -> Bool {
        guard case .failed(let error) = outcome else { return false }
        return error.underlyingCode == RDKafkaProducer.requestTooLarge
    }

    private func hand(over messages: [OutgoingMessage]) async throws(TransportError) -> [PublishOutcome] {
        let batch = DeliveryBatch(messages)
        switch contents.withLock({ $0.queue.begin(batch) }) {
        case .refused:
            batch.discard()
            throw KafkaTransport.closed
        case .wait: client.wake()
        case .handOver:
            let stopped = client.send(batch, from: 0)
            let isClosed = contents.withLock { contents in
                contents.queue.end(batch, stoppedAt: stopped)
                return contents.queue.isClosed
            }
            if stopped != nil || isClosed { client.wake() }
        }
        return await batch.outcomes { [reports] code, topic in reports.error(code, ofTopic: topic) }
    }

    /// Refuses new messages, waits at most the limit for those it took, fails the rest, and ends the thread.
    func close(within limit: Duration) async {
        beginClose(within: limit)
        await withCheckedContinuation { continuation in
            let hasEnded = contents.withLock { contents in
                if !contents.hasEnded { contents.closers.append(continuation) }
                return contents.hasEnded
            }
            if hasEnded { continuation.resume() }
        }
    }

    /// Refuses new messages; the thread does the rest.
    func beginClose(within limit: Duration) {
        let deadline = ContinuousClock.now.advanced(by: max(.zero, limit))
        contents.withLock { contents in
            contents.queue.close()
            contents.deadline = min(contents.deadline ?? deadline, deadline)
        }
        client.wake()
    }

    // MARK: The thread

    private func run() {
        var deadline: ContinuousClock.Instant?
        while deadline == nil {
            // Woken by a report, or by wake(); the limit is for what no one says.
            let events = client.poll(milliseconds: 100)
            for case .failed(let error) in events where error.code == .authentication { failQueued() }
            serveWaiting()
            deadline = contents.withLock { $0.queue.isClosed ? $0.deadline : nil }
        }
        drain()
        // Freed first: the process may exit as soon as the closers go on, and must not find librdkafka's threads at work.
        client.destroy()
        reports.forgetStatistics()
        let closers = contents.withLock { contents in
            contents.hasEnded = true
            defer { contents.closers = [] }
            return contents.closers
        }
        for closer in closers { closer.resume() }
    }

    /// Refused credentials do not become right by waiting: what is queued fails now, unless the client had been let in.
    private func failQueued() {
        if !reports.hasSucceeded { client.purge(inFlight: false) }
    }

    /// Hands over what waits for room, in order, until there is none.
    private func serveWaiting() {
        while let first = contents.withLock({ $0.queue.first }) {
            let stopped = client.send(first.batch, from: first.next)
            contents.withLock { $0.queue.advanceFirst(to: stopped) }
            if stopped != nil { return }
        }
    }

    /// Waits for what was taken until the deadline, and fails what is left.
    private func drain() {
        while true {
            serveWaiting()
            let (isIdle, deadline) = contents.withLock { ($0.queue.isIdle, $0.deadline) }
            let isFlushed = client.flush(milliseconds: 20)
            if isFlushed && isIdle { return }
            if let deadline, ContinuousClock.now >= deadline { break }
        }
        reports.beginShutDown()
        repeat {
            client.purge(inFlight: true)
            _ = client.poll(milliseconds: 10)
            serveWaiting()
        } while !contents.withLock { $0.queue.isIdle } || client.unreported > 0
    }
}
