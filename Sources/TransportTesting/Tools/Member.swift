import OpenEdXEvents
import Synchronization

/// A subscription under test: each call has the limit, and what it announces and delivers is checked.
final class Member: Sendable {
    let name: String
    let transport: any EventTransport
    let subscription: any EventSubscription
    let collector: Collector
    let assignments: Watched<AssignmentLog>
    private let limits: Limits
    private let isClosed = Locked(false)

    init(
        _ name: String, _ subscription: any EventSubscription, of transport: any EventTransport,
        assignments: Watched<AssignmentLog>, limits: Limits
    ) {
        self.name = name
        self.subscription = subscription
        self.transport = transport
        self.assignments = assignments
        self.limits = limits
        collector = Collector(subscription, name: name, limit: limits.limit, clock: limits.clock)
    }

    // MARK: Reading

    /// Reads until the condition holds for what this call has read.
    func read(
        _ expected: String, atMost count: Int = 64, fileID: String = #fileID, line: Int = #line,
        onBatch: @escaping @Sendable ([IncomingMessage]) throws -> Void = { _ in },
        until condition: @escaping @Sendable ([IncomingMessage]) -> Bool
    ) async throws -> [IncomingMessage] {
        try await collector.read(
            expected, atMost: count, fileID: fileID, line: line, onBatch: onBatch, until: condition)
    }

    /// Reads until all the positions were seen, and returns all that came.
    @discardableResult
    func read(
        through positions: [Position], completing: Bool = false, atMost count: Int = 64, fileID: String = #fileID,
        line: Int = #line
    ) async throws -> [IncomingMessage] {
        try await collector.read(through: positions, atMost: count, fileID: fileID, line: line) { [subscription] in
            if completing { subscription.complete($0.map(\.delivery)) }
        }
    }

    /// Reads until there are that many messages.
    func read(
        count wanted: Int, atMost count: Int = 64, fileID: String = #fileID, line: Int = #line
    ) async throws -> [IncomingMessage] {
        try await read("\(wanted) messages", atMost: count, fileID: fileID, line: line) { $0.count >= wanted }
    }

    /// Begins to wait for a batch.
    func beginReading(atMost count: Int = 64) -> PendingRead {
        PendingRead(subscription, atMost: count, collector: collector, limits: limits)
    }

    // MARK: Settling

    func complete(_ messages: some Sequence<IncomingMessage>) {
        subscription.complete(messages.map(\.delivery))
    }

    func abandon(_ messages: some Sequence<IncomingMessage>) {
        for message in messages { subscription.abandon(message.delivery) }
    }

    func commit(fileID: String = #fileID, line: Int = #line) async throws {
        try await limits.run("\(name) commits", fileID: fileID, line: line) { [subscription] in
            try await subscription.commit()
        }
    }

    // MARK: Where it is

    func progress(fileID: String = #fileID, line: Int = #line) async throws -> [TopicPartition: PartitionProgress] {
        try await limits.run("\(name) tells its progress", fileID: fileID, line: line) { [subscription] in
            try await subscription.progress()
        }
    }

    func progress(
        of partition: TopicPartition, fileID: String = #fileID, line: Int = #line
    ) async throws -> PartitionProgress {
        let all = try await progress(fileID: fileID, line: line)
        guard let progress = all[partition] else {
            throw ConformanceFailure(
                expected: "\(name) tells its progress in \(partition), which it is assigned",
                seen: "progress in \(all.keys.sorted())", fileID: fileID, line: line)
        }
        return progress
    }

    func seek(to target: SeekTarget, fileID: String = #fileID, line: Int = #line) async throws {
        try await limits.run("\(name) seeks", fileID: fileID, line: line) { [subscription] in
            try await subscription.seek(to: target)
        }
        // Some targets are only resolved when they are needed: a transport that tells its progress has done it.
        _ = try await progress(fileID: fileID, line: line)
    }

    /// Waits for announcements until the condition holds.
    @discardableResult
    func wait(
        _ expected: String, fileID: String = #fileID, line: Int = #line,
        until condition: @escaping @Sendable (AssignmentLog) -> Bool
    ) async throws -> AssignmentLog {
        try await assignments.wait(
            "\(name): \(expected)", within: limits, fileID: fileID, line: line, until: condition)
    }

    /// Waits until it is assigned just so many partitions, and knows where it is in each.
    @discardableResult
    func waitForPartitions(
        _ count: Int, fileID: String = #fileID, line: Int = #line
    ) async throws -> Set<TopicPartition> {
        let log = try await wait("is assigned \(count) partitions", fileID: fileID, line: line) {
            $0.current.count == count
        }
        _ = try await progress(fileID: fileID, line: line)
        return log.partitions
    }

    // MARK: Leaving

    /// Closes the subscription; by default without waiting for what is unsettled.
    func close(within limit: Duration = .zero, fileID: String = #fileID, line: Int = #line) async throws {
        isClosed.withLock { $0 = true }
        try await limits.run("\(name) closes", fileID: fileID, line: line) { [subscription] in
            await subscription.close(within: limit)
        }
    }

    /// Ends without goodbye.
    func crash(by harness: any ConformanceHarness) async throws {
        isClosed.withLock { $0 = true }
        try await harness.crash(subscription, of: transport)
    }

    /// Closes what a case left open, and throws if its announcements contradicted each other.
    func tearDown() async throws {
        if !isClosed.withLock({ $0 }) { try await close() }
        let contradictions = assignments.value.contradictions
        try expect(
            contradictions.isEmpty, "\(name) announces what can be", seen: contradictions.joined(separator: ", "))
    }
}

/// A call of `nextBatch` that is under way.
final class PendingRead: Sendable {
    typealias Outcome = Result<[IncomingMessage]?, TransportError>

    private let task: Task<Void, Never>
    private let outcome = Watched<Outcome?>(nil)
    private let collector: Collector
    private let count: Int
    private let limits: Limits

    init(_ subscription: any EventSubscription, atMost count: Int, collector: Collector, limits: Limits) {
        self.collector = collector
        self.count = count
        self.limits = limits
        let outcome = outcome
        task = Task.immediate {
            do throws(TransportError) {
                let batch = try await subscription.nextBatch(atMost: count)
                outcome.update { $0 = .success(batch) }
            } catch {
                outcome.update { $0 = .failure(error) }
            }
        }
    }

    /// What came so far, `nil` while it waits.
    var current: Outcome? { outcome.value }

    func cancel() { task.cancel() }

    /// Waits for what comes.
    func value(
        _ expected: String, fileID: String = #fileID, line: Int = #line
    ) async throws -> Outcome {
        let result = try await outcome.wait(
            "\(collector.name): \(expected)", within: limits, fileID: fileID, line: line
        ) { $0 != nil }
        if case .success(let batch?) = result {
            try collector.check(batch, atMost: count, fileID: fileID, line: line)
        }
        // The wait ends with a result or throws.
        return result ?? .success(nil)
    }
}
