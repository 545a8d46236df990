import InMemoryTransport
import OpenEdXEvents
import Synchronization
import Testing

@Suite("In-memory transport")
struct InMemoryTransportTests {
    private func messages(_ count: Int, to topic: String = "t", partition: Int32? = 0) -> [OutgoingMessage] {
        (0..<count).map { OutgoingMessage(topic: topic, partition: partition, value: Array("\($0)".utf8)) }
    }

    private func options(
        _ group: String = "g", _ topics: [String] = ["t"], start: SeekTarget = .beginning, name: String? = nil,
        limit: Int = 2_048
    ) -> SubscriptionOptions {
        SubscriptionOptions(
            group: group, topics: topics, start: start, unsettledLimit: limit, memberName: name)
    }

    private func subscribe(
        _ transport: InMemoryTransport, _ options: SubscriptionOptions
    ) async throws -> any EventSubscription {
        try await transport.subscribe(options) { _ in }
    }

    private func texts(_ batch: [IncomingMessage]?) -> [String] {
        (batch ?? []).map { String(decoding: $0.value ?? [], as: UTF8.self) }
    }

    @Test("a full partition waits for the group that reads it, drops what it is through with, and loses nothing")
    func waitsForRoom() async throws {
        var configuration = InMemoryConfiguration(clock: VirtualClock())
        configuration.retention = Retention(messages: 64, bytes: .max)
        let transport = InMemoryTransport(configuration)
        try transport.broker.createTopic("t", partitions: 1)
        let subscription = try await subscribe(transport, options())
        async let published = transport.publish(messages(1_000))
        var seen: [String] = []
        while seen.count < 1_000, let batch = try await subscription.nextBatch(atMost: 10) {
            seen += texts(batch)
            for message in batch { subscription.complete(message.delivery) }
        }
        #expect(seen == (0..<1_000).map(String.init))
        #expect(try await published.count == 1_000)
        #expect(transport.broker.messages(in: "t").count <= 64)
        await subscription.close(within: .zero)
        await transport.shutDown(within: .zero)
    }

    @Test("a group that seeks past what fills a partition lets the publisher go on")
    func seekMakesRoom() async throws {
        let clock = VirtualClock()
        var configuration = InMemoryConfiguration(clock: clock)
        configuration.retention = Retention(messages: 2, bytes: .max)
        let transport = InMemoryTransport(configuration)
        try transport.broker.createTopic("t", partitions: 1)
        let subscription = try await subscribe(transport, options())
        async let published = transport.publish(messages(3))
        #expect(try await subscription.nextBatch(atMost: 2) != nil)
        // The timers of the commits and of the publish.
        await clock.waitForSleepers(2)
        #expect(transport.broker.waitingPublishes == 1)
        try await subscription.seek(to: .end)
        #expect(try await published.map { $0.position?.offset } == [0, 1, 2])
        #expect(try await texts(subscription.nextBatch(atMost: 2)) == ["2"])
        await subscription.close(within: .zero)
    }

    @Test("a full partition that nobody reads fails by name when the time to wait is over")
    func waitEnds() async throws {
        let clock = VirtualClock()
        var configuration = InMemoryConfiguration(clock: clock)
        configuration.retention = Retention(messages: 2, bytes: .max, whenFull: .wait(atMost: .seconds(5)))
        let transport = InMemoryTransport(configuration)
        async let published = transport.publish(messages(3))
        await clock.waitForSleepers(1)
        clock.advance(by: .seconds(5))
        let outcomes = try await published
        #expect(outcomes.map(\.isStored) == [true, true, false])
        #expect(outcomes[2].error?.code == .timedOut)
        #expect(outcomes[2].error?.message.contains("“t”") == true)
    }

    @Test("a full partition refuses, or drops the oldest, as configured")
    func fullOtherwise() async throws {
        for whenFull in [Retention.WhenFull.refuse, .dropOldest] {
            var configuration = InMemoryConfiguration(clock: VirtualClock())
            configuration.retention = Retention(messages: 2, bytes: .max, whenFull: whenFull)
            let transport = InMemoryTransport(configuration)
            let outcomes = try await transport.publish(messages(3))
            if whenFull == .refuse {
                #expect(outcomes[2].error?.code == .full)
                #expect(transport.broker.messages(in: "t").map(\.position.offset) == [0, 1])
            } else {
                #expect(outcomes.filter(\.isStored).count == 3)
                #expect(transport.broker.messages(in: "t").map(\.position.offset) == [1, 2])
            }
        }
    }

    @Test("cancelling a publish that waits takes nothing back: its outcomes are known")
    func cancelledPublish() async throws {
        let transport = InMemoryTransport(InMemoryConfiguration(clock: VirtualClock()))
        try transport.broker.hold(topic: "t")
        let clock = VirtualClock()
        let publishing = Task {
            async let outcomes = transport.publish(messages(2))
            try? await clock.sleep(for: .seconds(1))
            return try await outcomes
        }
        await clock.waitForSleepers(1)
        publishing.cancel()
        // The hold may end before or after the publish began: either way both are stored.
        transport.broker.release(topic: "t")
        #expect(try await publishing.value.allSatisfy(\.isStored))
    }

    @Test("held messages keep their order and are stored on release; shutting down fails what is still held by name")
    func holding() async throws {
        let clock = VirtualClock()
        let transport = InMemoryTransport(InMemoryConfiguration(clock: clock))
        let other = InMemoryTransport(broker: transport.broker)
        try transport.broker.hold(topic: "t")
        async let first = transport.publish(messages(2))
        await clock.waitForSleepers(1)
        async let second = other.publish(messages(1))
        await clock.waitForSleepers(2)
        async let closed: Void = other.shutDown(within: .seconds(1))
        await clock.waitForSleepers(3)
        clock.advance(by: .seconds(1))
        let failed = try await second
        #expect(failed[0].error?.code == .closed && failed[0].error?.message.contains("“t”") == true)
        await closed
        transport.broker.release(topic: "t")
        #expect(try await first.map { $0.position?.offset } == [0, 1])
        await #expect(throws: TransportError(.closed, "")) { try await other.publish([]) }
    }

    @Test("while the broker is away messages wait and commits fail; when it is back nothing is lost")
    func away() async throws {
        let clock = VirtualClock()
        let transport = InMemoryTransport(InMemoryConfiguration(clock: clock))
        try transport.broker.createTopic("t", partitions: 1)
        _ = try await transport.publish(messages(1))
        let subscription = try await subscribe(transport, options())
        let batch = try #require(try await subscription.nextBatch(atMost: 10))
        transport.broker.goAway()
        async let published = transport.publish(messages(2))
        subscription.complete(batch.map(\.delivery))
        await #expect(throws: TransportError(.unavailable, "")) { try await subscription.commit() }
        await #expect(throws: TransportError(.unavailable, "")) { try await subscription.progress() }
        await #expect(throws: TransportError(.unavailable, "")) { try await self.subscribe(transport, self.options()) }
        await clock.waitForSleepers(2)
        #expect(transport.broker.waitingPublishes == 1)
        transport.broker.comeBack()
        #expect(try await published.map { $0.position?.offset } == [1, 2])
        #expect(try await texts(subscription.nextBatch(atMost: 10)) == ["0", "1"])
        try await subscription.commit()
        #expect(transport.broker.committedOffsets(of: "g").values.max() == 1)
        await subscription.close(within: .zero)
    }

    @Test("scripted faults hit what they name: the n-th message, a whole batch, a commit")
    func scripted() async throws {
        let transport = InMemoryTransport(InMemoryConfiguration(clock: VirtualClock()))
        let broker = transport.broker
        broker.failPublishing(to: "t", skipping: 1, count: 2, with: TransportError(.timedOut, "a fault"))
        let outcomes = try await transport.publish(messages(4) + messages(1, to: "u"))
        #expect(outcomes.map(\.isStored) == [true, false, false, true, true])
        broker.refuseNextBatch(with: TransportError(.unavailable, "a fault"))
        await #expect(throws: TransportError(.unavailable, "")) { try await transport.publish(self.messages(1)) }
        #expect(try await transport.publish(messages(1)).allSatisfy(\.isStored))
        let subscription = try await subscribe(transport, options())
        subscription.complete(try #require(try await subscription.nextBatch(atMost: 10)).map(\.delivery))
        broker.failCommits(of: "g", with: TransportError(.other, "a fault"))
        await #expect(throws: TransportError(.other, "")) { try await subscription.commit() }
        try await subscription.commit()
        #expect(broker.committedOffsets(of: "g").values.max() == 3)
        await subscription.close(within: .zero)
    }

    @Test("a delivery that is repeated is settled once")
    func repeated() async throws {
        let transport = InMemoryTransport(InMemoryConfiguration(clock: VirtualClock()))
        transport.broker.repeatDeliveries(of: "t")
        _ = try await transport.publish(messages(2))
        let subscription = try await subscribe(transport, options(limit: 2))
        let batch = try #require(try await subscription.nextBatch(atMost: 10))
        #expect(texts(batch) == ["0", "0", "1"])
        for message in batch { subscription.complete(message.delivery) }
        try await subscription.commit()
        #expect(transport.broker.committedOffsets(of: "g").values.max() == 2)
        await subscription.close(within: .zero)
    }

    @Test("a crashed member's partitions go over when its session is over, from what was committed")
    func crash() async throws {
        let clock = VirtualClock()
        let transport = InMemoryTransport(InMemoryConfiguration(clock: clock))
        try transport.broker.createTopic("t", partitions: 1)
        _ = try await transport.publish(messages(3))
        let first = try await subscribe(transport, options())
        let batch = try #require(try await first.nextBatch(atMost: 10))
        first.complete(batch[0].delivery)
        try await first.commit()
        first.complete(batch[1].delivery)
        transport.broker.crash(first)
        await #expect(throws: TransportError(.closed, "")) { try await first.nextBatch(atMost: 1) }
        await #expect(throws: TransportError(.notAssigned, "")) { try await first.commit() }
        let second = try await subscribe(transport, options())
        // The commit timers of both, and the session.
        await clock.waitForSleepers(3)
        clock.advance(by: .seconds(45))
        #expect(try await texts(second.nextBatch(atMost: 10)) == ["1", "2"])
        await second.close(within: .zero)
    }

    @Test("a member with a name keeps its partitions over a restart; one that is replaced is told so")
    func namedMember() async throws {
        let clock = VirtualClock()
        let transport = InMemoryTransport(InMemoryConfiguration(clock: clock))
        try transport.broker.createTopic("t", partitions: 2)
        let first = try await subscribe(transport, options(name: "a"))
        let other = try await subscribe(transport, options(name: "b"))
        let before = try await first.progress().keys.sorted()
        #expect(before.count == 1)
        await first.close(within: .zero)
        #expect(try await other.progress().count == 1)
        let again = try await subscribe(transport, options(name: "a"))
        #expect(try await again.progress().keys.sorted() == before)
        let changes = Changes()
        let usurper = try await transport.subscribe(options(name: "b"), onChange: changes.add)
        #expect(changes.assigned.count == 1)
        await #expect(throws: TransportError(.notAssigned, "")) { try await other.nextBatch(atMost: 1) }
        await usurper.close(within: .zero)
        await again.close(within: .zero)
        // Both are away now; when the session is over a newcomer gets everything.
        let last = try await subscribe(transport, options())
        #expect(try await last.progress().isEmpty)
        await clock.waitForSleepers(3)
        clock.advance(by: .seconds(45))
        _ = try await transport.publish(messages(1, partition: 1))
        #expect(try await last.nextBatch(atMost: 1)?.count == 1)
        #expect(try await last.progress().count == 2)
        await last.close(within: .zero)
    }

    @Test("a revoked partition goes over when what was delivered is settled, or when the limit is over")
    func revoking() async throws {
        let clock = VirtualClock()
        let transport = InMemoryTransport(InMemoryConfiguration(clock: clock))
        try transport.broker.createTopic("t", partitions: 2)
        _ = try await transport.publish(messages(2, partition: 0) + messages(2, partition: 1))
        let changes = Changes()
        let first = try await transport.subscribe(options(), onChange: changes.add)
        let batch = try #require(try await first.nextBatch(atMost: 10))
        #expect(batch.count == 4)
        let second = try await subscribe(transport, options())
        #expect(changes.revoking.count == 1)
        #expect(try await second.progress().isEmpty)
        let revoked = try #require(changes.revoking.first)
        let inFlight = batch.filter { $0.delivery.assignment == revoked.id }
        first.complete(inFlight[0].delivery)
        // Two commit timers and the limit of the revocation.
        await clock.waitForSleepers(3)
        clock.advance(by: .seconds(30))
        let repeated = try #require(try await second.nextBatch(atMost: 10))
        #expect(repeated.map(\.position) == [inFlight[1].position])
        #expect(changes.lost == [revoked])
        first.complete(inFlight[1].delivery)
        try await first.commit()
        #expect(transport.broker.committedOffsets(of: "g")[revoked.partition] == 1)
        await first.close(within: .zero)
        await second.close(within: .zero)
    }

    @Test("foreign commit metadata is passed over, and said so")
    func foreignMetadata() async throws {
        let facts = Facts()
        var configuration = InMemoryConfiguration(clock: VirtualClock())
        configuration.observer = facts
        let transport = InMemoryTransport(configuration)
        try transport.broker.createTopic("t", partitions: 1)
        _ = try await transport.publish(messages(3))
        transport.broker.setCommit(
            of: "g", Position(topic: "t", partition: 0, offset: 1), metadata: "someone else's")
        let subscription = try await subscribe(transport, options())
        #expect(try await texts(subscription.nextBatch(atMost: 10)) == ["1", "2"])
        #expect(facts.ignored == 1)
        await subscription.close(within: .zero)
    }

    @Test("topics are created by their use, or not, as configured; an existing one is not changed")
    func topics() async throws {
        var configuration = InMemoryConfiguration(clock: VirtualClock())
        configuration.createsTopics = false
        let transport = InMemoryTransport(configuration)
        await #expect(throws: TransportError(.unknownTopic, "")) { try await self.subscribe(transport, self.options()) }
        #expect(try await transport.publish(messages(1))[0].error?.code == .unknownTopic)
        try transport.broker.createTopic("t", partitions: 2)
        try transport.broker.createTopic("t", partitions: 2)
        #expect(throws: TransportError(.invalidArgument, "")) { try transport.broker.createTopic("t", partitions: 3) }
        #expect(throws: TransportError(.invalidArgument, "")) { try transport.broker.createTopic("a b") }
        #expect(throws: TransportError(.invalidArgument, "")) { try transport.broker.createTopic("u", partitions: 0) }
        #expect(try await transport.publish(messages(1, partition: 2))[0].error?.code == .unknownTopic)
        #expect(transport.broker.topics == ["t": 2])
    }

    @Test("what is finished is committed at the interval of the clock")
    func interval() async throws {
        let clock = VirtualClock()
        let transport = InMemoryTransport(InMemoryConfiguration(clock: clock))
        _ = try await transport.publish(messages(2))
        let subscription = try await subscribe(transport, options())
        subscription.complete(try #require(try await subscription.nextBatch(atMost: 10)).map(\.delivery))
        await clock.waitForSleepers(1)
        clock.advance(by: .seconds(1))
        // The timer sleeps again once it has committed.
        await clock.waitForSleepers(1)
        #expect(transport.broker.committedOffsets(of: "g").values.max() == 2)
        await subscription.close(within: .zero)
    }

    @Test("a subscription that is dropped without being closed leaves its group")
    func dropped() async throws {
        let transport = InMemoryTransport(InMemoryConfiguration(clock: VirtualClock()))
        try transport.broker.createTopic("t", partitions: 1)
        var first: (any EventSubscription)? = try await subscribe(transport, options())
        #expect(try await first?.progress().count == 1)
        first = nil
        let second = try await subscribe(transport, options())
        #expect(try await second.progress().count == 1)
        await second.close(within: .zero)
    }
}

extension PublishOutcome {
    fileprivate var isStored: Bool { position != nil }

    fileprivate var position: Position? {
        if case .stored(let position) = self { position } else { nil }
    }

    fileprivate var error: TransportError? {
        if case .failed(let error) = self { error } else { nil }
    }
}

/// Collects what a subscriber is told.
private final class Changes: Sendable {
    private let all = Locked<[AssignmentChange]>([])

    func add(_ change: AssignmentChange) { all.withLock { $0.append(change) } }

    var assigned: [Assignment] {
        all.withLock { changes in
            changes.flatMap { change -> [Assignment] in if case .assigned(let all) = change { all } else { [] } }
        }
    }
    var revoking: [Assignment] {
        all.withLock { changes in
            changes.flatMap { change -> [Assignment] in if case .revoking(let all) = change { all } else { [] } }
        }
    }
    var lost: [Assignment] {
        all.withLock { changes in
            changes.flatMap { change -> [Assignment] in if case .lost(let all) = change { all } else { [] } }
        }
    }
}

/// Counts the facts about ignored metadata.
private final class Facts: BusObserver {
    private let count = Locked(0)

    var ignored: Int { count.withLock { $0 } }

    func record(_ fact: BusFact) {
        if case .commitMetadataIgnored = fact { count.withLock { $0 += 1 } }
    }
}
