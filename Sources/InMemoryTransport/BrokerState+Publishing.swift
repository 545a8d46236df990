import OpenEdXEvents
import Synchronization

extension BrokerState {
    enum Published {
        case done([PublishOutcome])
        /// Some messages are blocked; the outcomes come later, within the limit.
        case pending(UInt64, limit: Duration)
        case refused(TransportError)
    }

    /// Stores the messages, or keeps those that cannot be stored yet.
    mutating func publish(
        _ batch: [OutgoingMessage], by client: UInt64, at now: EventTime, _ effects: inout Effects
    ) -> Published {
        if clients[client]?.isClosed ?? true {
            return .refused(TransportError(.closed, "the transport is shut down: make a new one"))
        }
        if let refusal = faults.nextRefusal() { return .refused(refusal) }
        var outcomes: [PublishOutcome] = []
        outcomes.reserveCapacity(batch.count)
        var blocked: [Int] = []
        var publish: UInt64?
        var topic: Result<Int, TransportError> = .failure(TransportError(.unknownTopic, ""))
        var name = ""
        for index in batch.indices {
            // The topic is looked up once for a run of messages with the same one.
            if index == 0 || batch[index].topic != name {
                name = batch[index].topic
                do throws(TransportError) { topic = .success(try self.topic(name, &effects)) } catch {
                    topic = .failure(error)
                }
                if case .success(let found) = topic {
                    name = topics[found].name
                    effects.wake(topics[found].readers)
                }
            }
            guard case .success(let found) = topic else {
                if case .failure(let error) = topic { outcomes.append(.failed(error)) }
                continue
            }
            switch store(batch[index], in: found, at: now, &effects) {
            case .stored(let partition, let offset):
                outcomes.append(.stored(Position(topic: name, partition: partition, offset: offset)))
            case .failed(let error):
                outcomes.append(.failed(error))
            case .blocked(let partition, let size):
                let number = publish ?? nextNumber()
                publish = number
                let message = StoredMessage(batch[index], timestamp: now)
                topics[found].partitions[partition].blocked.append(
                    Blocked(publish: number, index: index, message: message, size: size))
                blocked.append(index)
                outcomes.append(.failed(FaultPlan.away))
            }
        }
        guard let publish else { return .done(outcomes) }
        var kept: [PublishOutcome?] = outcomes
        for index in blocked { kept[index] = nil }
        pending[publish] = Pending(client: client, outcomes: kept, remaining: blocked.count)
        clients[client]?.pending += 1
        return .pending(publish, limit: waitingLimit)
    }

    /// How long blocked messages wait: for room, unless something else is in the way too.
    private var waitingLimit: Duration {
        if case .wait(let limit) = configuration.retention.whenFull, !faults.isAway, !topics.contains(where: \.isHeld) {
            return limit
        }
        return configuration.deliveryLimit
    }

    private enum Stored {
        case stored(Int32, Int64)
        case failed(TransportError)
        case blocked(Int, size: Int)
    }

    private mutating func store(
        _ message: OutgoingMessage, in topic: Int, at now: EventTime, _ effects: inout Effects
    ) -> Stored {
        let size = StoredMessage.size(key: message.key, headers: message.headers, value: message.value)
        guard size <= configuration.maximumMessageBytes else {
            return .failed(
                TransportError(
                    .messageTooLarge,
                    "key, headers and value have \(size) bytes; \(configuration.maximumMessageBytes) are allowed"))
        }
        let count = Int32(topics[topic].partitions.count)
        if let asked = message.partition, !(0..<count).contains(asked) {
            return .failed(
                TransportError(
                    .unknownTopic, "topic “\(topics[topic].name)” has no partition \(asked): it has \(count)"))
        }
        if !faults.publishes.isEmpty, let error = faults.nextPublishError(topics[topic].name) { return .failed(error) }
        let partition =
            message.partition ?? Partitioner.partition(of: message.key, among: count, using: &generator)
        let index = Int(partition)
        let isBlocked = faults.isAway || topics[topic].isHeld || !topics[topic].partitions[index].blocked.isEmpty
        if isBlocked { return .blocked(index, size: size) }
        if !topics[topic].partitions[index].log.hasRoom(for: size) {
            makeRoom(for: size, topic, index, &effects)
            if !topics[topic].partitions[index].log.hasRoom(for: size) {
                if case .refuse = configuration.retention.whenFull { return .failed(full(topic, index)) }
                wantRoom(topic, index)
                return .blocked(index, size: size)
            }
        }
        let offset = topics[topic].partitions[index].log.append(StoredMessage(message, timestamp: now), size: size)
        return .stored(partition, offset)
    }

    private func full(_ topic: Int, _ partition: Int) -> TransportError {
        TransportError(
            .full, "\(topics[topic].name)[\(partition)] is full and a group has not read it: read, or keep more",
            isRetriable: true)
    }

    // MARK: Room

    /// Drops what may be dropped of a full partition.
    private mutating func makeRoom(for size: Int, _ topic: Int, _ partition: Int, _ effects: inout Effects) {
        if case .dropOldest = configuration.retention.whenFull {
            topics[topic].partitions[partition].log.dropOldest(toFit: size)
            return
        }
        let name = TopicPartition(topic: topics[topic].name, partition: Int32(partition))
        var floor: Int64?
        for group in groups.keys {
            guard let lowest = doneBefore(name, in: group) else { continue }
            floor = min(floor ?? lowest, lowest)
        }
        if let floor { topics[topic].partitions[partition].log.makeRoom(for: size, before: floor) }
    }

    /// The offset before which a group is through with a partition; `nil` if the group has nothing to do with it.
    ///
    /// What the owner has finished is committed first: what is dropped must not be looked for again.
    private mutating func doneBefore(_ partition: TopicPartition, in group: String) -> Int64? {
        guard let coordinator = groups[group]?.coordinator else { return nil }
        if let owner = coordinator.owner(of: partition), let member = groups[group]?.members[owner], !faults.isAway {
            saveCommits(of: member, in: group) { $0.name == partition }
        }
        if let committed = groups[group]?.coordinator.committed[partition] { return committed.offset }
        return coordinator.reads(partition.topic) ? 0 : nil
    }

    /// Asks the owners of a partition to say when they are through with what they have.
    private func wantRoom(_ topic: Int, _ partition: Int) {
        let name = TopicPartition(topic: topics[topic].name, partition: Int32(partition))
        for group in groups.values {
            guard let owner = group.coordinator.owner(of: name), let member = group.members[owner] else { continue }
            member.reading.withLock { reading in
                guard let index = reading.partitions.firstIndex(where: { $0.name == name }) else { return }
                reading.partitions[index].isRoomWanted = true
            }
        }
    }

    // MARK: Blocked messages

    /// Stores the blocked messages of a partition as far as that is possible now.
    mutating func storeBlocked(_ topic: Int, _ partition: Int, _ effects: inout Effects) {
        guard !faults.isAway, !topics[topic].isHeld else { return }
        var isStored = false
        while let first = topics[topic].partitions[partition].blocked.first {
            if !topics[topic].partitions[partition].log.hasRoom(for: first.size) {
                makeRoom(for: first.size, topic, partition, &effects)
            }
            guard topics[topic].partitions[partition].log.hasRoom(for: first.size) else {
                if case .refuse = configuration.retention.whenFull {
                    topics[topic].partitions[partition].blocked.removeFirst()
                    settle(first, .failed(full(topic, partition)), &effects)
                    continue
                }
                wantRoom(topic, partition)
                break
            }
            topics[topic].partitions[partition].blocked.removeFirst()
            let offset = topics[topic].partitions[partition].log.append(first.message, size: first.size)
            isStored = true
            let position = Position(topic: topics[topic].name, partition: Int32(partition), offset: offset)
            settle(first, .stored(position), &effects)
        }
        if isStored { effects.wake(topics[topic].readers) }
    }

    /// Stores the blocked messages of all partitions as far as that is possible now.
    mutating func storeBlocked(_ effects: inout Effects) {
        guard !pending.isEmpty else { return }
        for topic in topics.indices {
            for partition in topics[topic].partitions.indices { storeBlocked(topic, partition, &effects) }
        }
    }

    /// Fails what is still blocked of a publish.
    mutating func failBlocked(_ publish: UInt64, _ error: (String) -> TransportError, _ effects: inout Effects) {
        guard pending[publish] != nil else { return }
        for topic in topics.indices {
            for partition in topics[topic].partitions.indices {
                let blocked = topics[topic].partitions[partition].blocked
                for index in 0..<blocked.count where blocked[index].publish == publish {
                    settle(blocked[index], .failed(error(topics[topic].name)), &effects)
                }
                topics[topic].partitions[partition].blocked.removeAll { $0.publish == publish }
            }
        }
        storeBlocked(&effects)
    }

    private mutating func settle(_ blocked: Blocked, _ outcome: PublishOutcome, _ effects: inout Effects) {
        pending[blocked.publish]?.outcomes[blocked.index] = outcome
        pending[blocked.publish]?.remaining -= 1
        finish(blocked.publish, &effects)
    }

    /// Ends a publish of which every outcome is known, if someone waits for it.
    private mutating func finish(_ publish: UInt64, _ effects: inout Effects) {
        guard let entry = pending[publish], entry.remaining == 0, let continuation = entry.continuation else { return }
        pending[publish] = nil
        effects.outcomes.append((continuation, entry.outcomes.compactMap { $0 }))
        clients[entry.client]?.pending -= 1
        if clients[entry.client]?.pending == 0, let closer = clients[entry.client]?.closer.take() {
            effects.resumed.append(closer)
        }
    }

    /// Someone waits for the outcomes of a publish.
    mutating func await(
        _ publish: UInt64, _ continuation: CheckedContinuation<[PublishOutcome], Never>, _ effects: inout Effects
    ) {
        pending[publish]?.continuation = continuation
        finish(publish, &effects)
    }
}
