public import OpenEdXEvents
import Synchronization

/// Reads a subscription until what is waited for has come, within a limit, and checks each batch on the way.
///
/// A batch has at least one message and no more than asked for, and within one assignment offsets grow: so nothing is
/// delivered twice or out of order there.
public final class Collector: Sendable {
    /// The name of the member in failures.
    public let name: String
    private let subscription: any EventSubscription
    private let limits: Limits
    private let last = Locked<[Assignment: Int64]>([:])

    /// Creates a collector.
    ///
    /// - Parameters:
    ///   - name: The name of the member in failures.
    ///   - limit: How long one ``read(_:atMost:fileID:line:onBatch:until:)`` may take.
    ///   - clock: Measures the limit.
    public init(
        _ subscription: any EventSubscription, name: String, limit: Duration = .seconds(60),
        clock: any Clock<Duration> = ContinuousClock()
    ) {
        self.subscription = subscription
        self.name = name
        limits = Limits(limit: limit, clock: clock)
    }

    /// Reads until the condition holds for the messages that this call has read, and returns these.
    ///
    /// - Parameters:
    ///   - expected: What is waited for, in words.
    ///   - count: The most messages of one batch.
    ///   - onBatch: Is given each batch at once.
    /// - Throws: ``ConformanceFailure`` with what was seen, if the limit passes, the subscription ends or throws, or a
    ///   batch is not as it has to be.
    @discardableResult
    public func read(
        _ expected: String, atMost count: Int = 64, fileID: String = #fileID, line: Int = #line,
        onBatch: @escaping @Sendable ([IncomingMessage]) throws -> Void = { _ in },
        until condition: @escaping @Sendable ([IncomingMessage]) -> Bool
    ) async throws -> [IncomingMessage] {
        let read = MessageStore()
        return try await limits.run(
            "\(name) receives \(expected)", fileID: fileID, line: line, seen: read.messages.listed
        ) {
            while !condition(read.messages) {
                let batch = try await self.next(atMost: count, fileID: fileID, line: line)
                guard let batch else {
                    throw ConformanceFailure(
                        expected: "\(self.name) receives \(expected)",
                        seen: "the end of the subscription after \(read.messages.listed)", fileID: fileID, line: line)
                }
                read.append(batch)
                try onBatch(batch)
            }
            return read.messages
        }
    }

    /// Reads until every one of the positions was seen, and fails as soon as one was passed over.
    @discardableResult
    public func read(
        through positions: [Position], atMost count: Int = 64, fileID: String = #fileID, line: Int = #line,
        onBatch: @escaping @Sendable ([IncomingMessage]) -> Void = { _ in }
    ) async throws -> [IncomingMessage] {
        let missing = MissingPositions(positions)
        let expected = "all of \(positions.count) messages"
        return try await read(
            expected, atMost: count, fileID: fileID, line: line,
            onBatch: { batch in
                if let skipped = missing.remove(batch) {
                    throw ConformanceFailure(
                        expected: "\(self.name) receives \(expected)",
                        seen: "a later message than \(skipped), which has not come", fileID: fileID, line: line)
                }
                onBatch(batch)
            }, until: { _ in missing.isEmpty })
    }

    /// Reads one batch without a limit and checks it.
    func next(atMost count: Int, fileID: String, line: Int) async throws -> [IncomingMessage]? {
        guard let batch = try await subscription.nextBatch(atMost: count) else { return nil }
        try check(batch, atMost: count, fileID: fileID, line: line)
        return batch
    }

    func check(_ batch: [IncomingMessage], atMost count: Int, fileID: String, line: Int) throws(ConformanceFailure) {
        try expect(
            (1...count).contains(batch.count), "\(name) receives batches of 1 to \(count) messages",
            seen: "one of \(batch.count)", fileID: fileID, line: line)
        for message in batch {
            let position = message.position
            let assignment = Assignment(position.topicPartition, message.delivery.assignment)
            let previous = last.withLock { $0.updateValue(position.offset, forKey: assignment) }
            guard let previous, previous >= position.offset else { continue }
            throw ConformanceFailure(
                expected: "\(name) receives growing offsets within one assignment",
                seen: "\(position) after offset \(previous) under assignment \(assignment.id.number)", fileID: fileID,
                line: line)
        }
    }
}

/// The positions that have not come yet. Looking through all messages after each batch would be quadratic.
private final class MissingPositions: Sendable {
    /// The offsets per partition, the lowest last.
    private let offsets: Locked<[TopicPartition: [Int64]]>

    init(_ positions: [Position]) {
        offsets = Locked(
            Dictionary(grouping: Set(positions), by: \.topicPartition).mapValues { $0.map(\.offset).sorted(by: >) })
    }

    var isEmpty: Bool { offsets.withLock { $0.isEmpty } }

    /// Strikes off what came; returns a position that was passed over, as within a partition the order is kept.
    func remove(_ batch: [IncomingMessage]) -> Position? {
        offsets.withLock { offsets in
            for message in batch {
                let partition = message.position.topicPartition
                guard let lowest = offsets[partition]?.last, lowest <= message.position.offset else { continue }
                if lowest < message.position.offset {
                    return Position(topic: partition.topic, partition: partition.partition, offset: lowest)
                }
                offsets[partition]?.removeLast()
                if offsets[partition]?.isEmpty ?? false { offsets[partition] = nil }
            }
            return nil
        }
    }
}

/// The messages read so far, shared with whoever reports that time ran out.
private final class MessageStore: Sendable {
    private let store = Locked<[IncomingMessage]>([])

    var messages: [IncomingMessage] { store.withLock { $0 } }

    func append(_ batch: [IncomingMessage]) { store.withLock { $0 += batch } }
}
