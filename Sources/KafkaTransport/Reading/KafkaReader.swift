import Dispatch
package import OpenEdXEvents
import Synchronization

/// Reads topics without joining a group: nobody is disturbed, nothing is committed, and no permission for a group is
/// needed.
///
/// For one task. A thread of its own polls only while ``next(atMost:)`` waits, so that what is read ahead is what
/// librdkafka's own limits allow.
package final class KafkaReader: Sendable {
    /// What was read in one go.
    package struct Step: Sendable {
        /// Messages in order per partition.
        package var messages: [IncomingMessage]
        /// For the partitions that moved, or whose end was met, the offset that is read next.
        package var next: [TopicPartition: Int64]
    }

    /// Where reading begins.
    package enum Start: Sendable, Hashable {
        case beginning
        case end
        /// The first message stored at or after a time; the end where there is none.
        case time(EventTime)
        /// These offsets; partitions that are not named are not read.
        case offsets([Int32: Int64])
    }

    /// The offset where reading begins, for each partition that is read.
    package let starts: [TopicPartition: Int64]
    /// The offset behind the newest message, of the same partitions, as it was when reading began.
    package let ends: [TopicPartition: Int64]

    private let worker: Worker

    /// Finds the topics' partitions and where to begin, and begins.
    ///
    /// - Parameter timeout: How long brokers may take for each answer.
    /// - Throws: `TransportError` if no broker answers in time, or a topic does not exist or may not be read.
    package init(
        _ configuration: KafkaConfiguration, topics: [String], from start: Start, timeout: Duration,
        observer: (any BusObserver)? = nil
    ) async throws(TransportError) {
        let worker = try Worker(try Self.properties(configuration), observer: observer)
        let result = await worker.begin(within: timeout) { (client, limit) throws(TransportError) in
            try Self.begin(client, topics, start, within: limit)
        }
        do throws(TransportError) {
            (starts, ends) = try result.get()
        } catch {
            await worker.close()
            throw error
        }
        self.worker = worker
    }

    deinit { worker.abandon() }

    /// Waits until a broker answers, so that a command can say at once that none does.
    ///
    /// - Throws: `TransportError` if none answers in time, or the credentials are refused.
    package static func reachBroker(
        _ configuration: KafkaConfiguration, timeout: Duration
    ) async throws(TransportError) {
        let worker = try Worker(try properties(configuration), observer: nil)
        let result = await worker.begin(within: timeout) { (client, limit) throws(TransportError) in
            try client.reach(within: limit)
        }
        await worker.close()
        try result.get()
    }

    private static func properties(
        _ configuration: KafkaConfiguration
    ) throws(TransportError) -> [(name: String, value: String)] {
        do throws(InvalidConfiguration) {
            // The group is named nowhere: this client never asks for one.
            return try configuration.consumerProperties(SubscriptionOptions(group: "none", topics: ["none"]))
                .filter { !groupProperties.contains($0.name) }
        } catch {
            throw TransportError(.invalidArgument, error.description)
        }
    }

    private static let groupProperties: Set<String> = [
        "group.id", "group.instance.id", "partition.assignment.strategy",
        // Measured at an interval, it would pile up while nobody reads.
        "statistics.interval.ms",
    ]

    private static func begin(
        _ client: RDKafkaReader, _ topics: [String], _ start: Start, within limit: RDKafkaReader.TimeLimit
    ) throws(TransportError) -> ([TopicPartition: Int64], [TopicPartition: Int64]) {
        var partitions: [TopicPartition] = []
        for topic in Set(topics).sorted() {
            let count = try client.partitions(of: topic, within: limit)
            let found = (0..<count).map { TopicPartition(topic: topic, partition: $0) }
            guard case .offsets(let offsets) = start else {
                partitions += found
                continue
            }
            if let missing = offsets.keys.filter({ $0 >= count }).min() {
                throw TransportError(
                    .unknownTopic, "topic “\(topic)” has no partition \(missing): they are 0 to \(count - 1)")
            }
            partitions += found.filter { offsets[$0.partition] != nil }
        }
        let ends = try client.offsets(partitions, from: RDKafkaReader.end, within: limit)
        var starts = ends
        switch start {
        case .end: break
        case .beginning:
            starts = try client.offsets(partitions, from: RDKafkaReader.beginning, within: limit)
        case .time(let time):
            let found = try client.offsets(
                partitions, from: max(0, time.milliseconds), within: limit)
            starts.merge(found) { _, found in found }
        case .offsets(let offsets):
            for partition in partitions { starts[partition] = offsets[partition.partition] }
        }
        try client.start(starts)
        return (starts, ends)
    }

    /// Waits for messages or the end of a partition, and returns what has come; `nil` once closed.
    ///
    /// - Throws: `TransportError` when reading cannot go on.
    package func next(atMost limit: Int) async throws(TransportError) -> Step? {
        try await worker.next(atMost: limit).get()
    }

    /// Ends the reading, also a ``next(atMost:)`` that waits.
    package func close() async { await worker.close() }
}

extension KafkaReader {
    /// The thread that owns the client, and what it is asked.
    fileprivate final class Worker: Sendable {
        private typealias Answer = Result<Step?, TransportError>

        private struct State {
            var request: (limit: Int, answer: CheckedContinuation<Answer, Never>)?
            var isClosing = false
            var isDestroyed = false
            var closers: [CheckedContinuation<Void, Never>] = []
        }

        private let client: RDKafkaReader
        private let state = Locked(State())
        /// What the thread waits at while nothing is asked.
        private let bell = DispatchSemaphore(value: 0)

        init(_ properties: [(name: String, value: String)], observer: (any BusObserver)?) throws(TransportError) {
            client = try RDKafkaReader(
                properties,
                reports: ClientReports(
                    "the reader", label: "reader", observer: observer, properties: properties,
                    libraryVersion: RDKafkaProducer.libraryVersion))
        }

        /// Starts the thread with some work, and waits for its result, or less if the task is cancelled.
        func begin<Value: Sendable>(
            within limit: Duration,
            _ body: @escaping @Sendable (RDKafkaReader, RDKafkaReader.TimeLimit) throws(TransportError) -> Value
        ) async -> Result<Value, TransportError> {
            await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    ClientThread.start { [self] in
                        let limit = RDKafkaReader.TimeLimit(end: .now.advanced(by: limit)) { [self] in
                            state.withLock { $0.isClosing }
                        }
                        do throws(TransportError) {
                            continuation.resume(returning: .success(try body(client, limit)))
                        } catch {
                            continuation.resume(returning: .failure(error))
                        }
                        serve()
                    }
                }
            } onCancel: {
                abandon()
            }
        }

        func next(atMost limit: Int) async -> Result<Step?, TransportError> {
            await withCheckedContinuation { continuation in
                let isClosed = state.withLock { state in
                    if !state.isClosing { state.request = (limit, continuation) }
                    return state.isClosing
                }
                if isClosed { continuation.resume(returning: .success(nil)) } else { bell.signal() }
            }
        }

        func close() async {
            abandon()
            await withCheckedContinuation { continuation in
                let isDestroyed = state.withLock { state in
                    if !state.isDestroyed { state.closers.append(continuation) }
                    return state.isDestroyed
                }
                if isDestroyed { continuation.resume() }
            }
        }

        /// Lets the thread end, without waiting for it.
        func abandon() {
            let isFirst = state.withLock { state in
                guard !state.isClosing else { return false }
                state.isClosing = true
                // Under the lock: as soon as the thread knows, it may free the client.
                client.wake()
                return true
            }
            if isFirst { bell.signal() }
        }

        private func serve() {
            // What failed beside messages that came.
            var failure: TransportError?
            while true {
                let (request, isClosing) = state.withLock { ($0.request, $0.isClosing) }
                if isClosing { break }
                guard let request else {
                    bell.wait()
                    continue
                }
                if let error = failure {
                    failure = nil
                    answer(.failure(error))
                    continue
                }
                // A wait without messages ends by itself now and then, only to be begun again.
                let received = client.receive(milliseconds: 1_000, atMost: request.limit)
                failure = received.failure
                if !received.messages.isEmpty || !received.ends.isEmpty {
                    var step = Step(messages: received.messages, next: [:])
                    for message in received.messages {
                        step.next[message.position.topicPartition] = message.position.offset + 1
                    }
                    step.next.merge(received.ends) { max($0, $1) }
                    answer(.success(step))
                }
            }
            answer(.success(nil))
            client.destroy()
            let closers = state.withLock { state in
                state.isDestroyed = true
                defer { state.closers = [] }
                return state.closers
            }
            for closer in closers { closer.resume() }
        }

        private func answer(_ answer: Answer) {
            let request = state.withLock { state in
                defer { state.request = nil }
                return state.request
            }
            request?.answer.resume(returning: answer)
        }
    }
}
