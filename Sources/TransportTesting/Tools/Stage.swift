import OpenEdXEvents
import Synchronization

/// What one run of a case stands on: it makes transports, topics and members, and ends them all.
final class Stage: Sendable {
    private struct Made {
        var transports: [any EventTransport] = []
        var members: [Member] = []
        var readers: [Reader] = []
    }

    let harness: any ConformanceHarness
    let limits: Limits
    private let made = Locked(Made())

    init(_ harness: any ConformanceHarness) {
        self.harness = harness
        limits = Limits(limit: harness.limit, clock: harness.clock)
    }

    /// How often a case may ask for a rebalance.
    var rounds: Int { harness.rebalancesAtOnce ? 12 : 3 }

    /// The case's own transport: the first that was made.
    func transport(fileID: String = #fileID, line: Int = #line) async throws -> any EventTransport {
        if let first = made.withLock({ $0.transports.first }) { return first }
        return try await newTransport(fileID: fileID, line: line)
    }

    /// Another transport over the same store.
    func newTransport(fileID: String = #fileID, line: Int = #line) async throws -> any EventTransport {
        let transport = try await limits.run("a new transport", fileID: fileID, line: line) { [harness] in
            try await harness.makeTransport()
        }
        made.withLock { $0.transports.append(transport) }
        return transport
    }

    /// A new topic.
    func topic(partitions: Int32 = 1, fileID: String = #fileID, line: Int = #line) async throws -> String {
        try await limits.run("a new topic", fileID: fileID, line: line) { [harness] in
            try await harness.makeTopic(partitions: partitions)
        }
    }

    // MARK: Publishing

    /// Publishes on the case's transport, or another, and returns where the messages lie.
    @discardableResult
    func publish(
        _ batch: [OutgoingMessage], on other: (any EventTransport)? = nil, fileID: String = #fileID,
        line: Int = #line
    ) async throws -> [Position] {
        let outcomes = try await outcomes(of: batch, on: other, fileID: fileID, line: line)
        var positions: [Position] = []
        for (message, outcome) in zip(batch, outcomes) {
            guard case .stored(let position) = outcome else {
                throw ConformanceFailure(
                    expected: "each message is stored", seen: "\(outcome)", fileID: fileID, line: line)
            }
            try expect(
                position.topic == message.topic && message.partition ?? position.partition == position.partition,
                "a message is stored where it was sent, in \(message.topic)", seen: "\(position)", fileID: fileID,
                line: line)
            positions.append(position)
        }
        try expect(
            Set(positions).count == positions.count, "each message has a position of its own",
            seen: "\(positions.map(\.description))", fileID: fileID, line: line)
        return positions
    }

    /// Publishes, whatever becomes of it.
    func outcomes(
        of batch: [OutgoingMessage], on other: (any EventTransport)? = nil, fileID: String = #fileID,
        line: Int = #line
    ) async throws -> [PublishOutcome] {
        let transport =
            if let other { other } else { try await transport(fileID: fileID, line: line) }
        let outcomes = try await limits.run("\(batch.count) messages are published", fileID: fileID, line: line) {
            try await transport.publish(batch)
        }
        try expectEqual(outcomes.count, batch.count, "one outcome a message", fileID: fileID, line: line)
        return outcomes
    }

    /// Publishes the last message of each partition: who has received it has received all that was before it.
    func mark(
        _ topic: String, partitions: Int32 = 1, fileID: String = #fileID, line: Int = #line
    ) async throws -> [Position] {
        try await publish(
            (0..<partitions).map { OutgoingMessage(topic: topic, partition: $0, value: Array("mark".utf8)) },
            fileID: fileID, line: line)
    }

    // MARK: Subscribing

    /// Joins a group under the case's name for it; groups of one case never meet those of another.
    func join(
        _ name: String = "A", _ topics: String..., group: String = "group", start: SeekTarget = .beginning,
        on other: (any EventTransport)? = nil, fileID: String = #fileID, line: Int = #line,
        adjust: (inout SubscriptionOptions) -> Void = { _ in }
    ) async throws -> Member {
        let transport =
            if let other { other } else { try await transport(fileID: fileID, line: line) }
        var options = SubscriptionOptions(group: "\(topics[0]).\(group)", topics: topics, start: start)
        // Cases commit by asking for it, so that what is committed does not depend on how fast they run.
        options.commitInterval = .seconds(3_600)
        adjust(&options)
        let assignments = Watched(AssignmentLog())
        let subscription = try await limits.run("\(name) joins", fileID: fileID, line: line) { [options] in
            try await transport.subscribe(options) { change in assignments.update { $0.note(change) } }
        }
        let member = Member(name, subscription, of: transport, assignments: assignments, limits: limits)
        made.withLock { $0.members.append(member) }
        return member
    }

    /// Reads a member in the background.
    func startReading(
        _ member: Member, onto board: Watched<Board>, fileID: String = #fileID, line: Int = #line,
        settle: @escaping @Sendable (IncomingMessage) -> Reader.Settlement = { _ in .complete }
    ) -> Reader {
        let reader = Reader(member, onto: board, limits: limits, fileID: fileID, line: line, settle: settle)
        made.withLock { $0.readers.append(reader) }
        return reader
    }

    // MARK: Time

    /// Lets time pass in steps until the condition holds.
    func passTime(
        _ step: Duration, _ expected: String, fileID: String = #fileID, line: Int = #line,
        until condition: @escaping @Sendable () async throws -> Bool
    ) async throws {
        try await limits.run(expected, fileID: fileID, line: line, seen: "not that") { [harness] in
            while try await !condition() {
                try Task.checkCancellation()
                try await harness.letTimePass(step)
            }
        }
    }

    // MARK: The end

    /// Ends all that was made; throws the first thing that went wrong.
    func tearDown() async throws {
        let made = made.withLock { made in
            defer { made = Made() }
            return made
        }
        var first: (any Error)?
        func attempt(_ operation: () async throws -> Void) async {
            do { try await operation() } catch { first = first ?? error }
        }
        for reader in made.readers { await attempt { try await reader.stop() } }
        for member in made.members { await attempt { try await member.tearDown() } }
        for transport in made.transports {
            await attempt {
                try await limits.run("the transport shuts down", fileID: #fileID, line: #line) {
                    await transport.shutDown(within: .zero)
                }
            }
        }
        if let first { throw first }
    }
}
