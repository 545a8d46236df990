import OpenEdXEvents
import Synchronization

extension BrokerState {
    // MARK: Joining and leaving

    /// A member joins its group.
    mutating func join(_ member: Member, _ effects: inout Effects) throws(TransportError) {
        if faults.isAway { throw FaultPlan.away }
        if clients[member.client]?.isClosed ?? true {
            throw TransportError(.closed, "the transport is shut down: make a new one")
        }
        let options = member.options
        guard !options.group.isEmpty, !options.topics.isEmpty else {
            throw TransportError(.invalidArgument, "a subscription needs the name of a group and at least one topic")
        }
        var partitions: [String: Int32] = [:]
        var indices: Set<Int> = []
        for name in options.topics {
            if TopicName.isPattern(name) {
                indices.formUnion(try topics(matching: name))
            } else {
                indices.insert(try topic(name, &effects))
            }
        }
        for index in indices { partitions[topics[index].name] = Int32(topics[index].partitions.count) }
        for index in indices { topics[index].readers.append(member) }
        groups[options.group, default: Group()].members[member.id] = member
        let (replaced, actions) = groups[options.group, default: Group()].coordinator.join(
            member.id, name: options.memberName, partitions: partitions)
        if let replaced { fence(replaced, in: options.group, &effects) }
        apply(actions, in: options.group, &effects)
    }

    private func topics(matching pattern: String) throws(TransportError) -> [Int] {
        guard let matches = TopicName.matcher(pattern) else {
            throw TransportError(.invalidArgument, "the pattern “\(pattern)” is no regular expression")
        }
        return topics.indices.filter { matches(topics[$0].name) }
    }

    /// A new topic is for those whose patterns match it.
    mutating func offer(_ topic: Int, _ effects: inout Effects) {
        for (name, group) in groups {
            for member in group.members.values.sorted(by: { $0.id < $1.id }) {
                let patterns = member.options.topics.filter(TopicName.isPattern)
                guard patterns.contains(where: { TopicName.matcher($0)?(topics[topic].name) ?? false }) else {
                    continue
                }
                topics[topic].readers.append(member)
                let actions = groups[name]?.coordinator.extend(
                    member.id, by: topics[topic].name, partitions: Int32(topics[topic].partitions.count))
                apply(actions ?? [], in: name, &effects)
            }
        }
    }

    /// A member with the name of another took its place.
    private mutating func fence(_ id: MemberID, in group: String, _ effects: inout Effects) {
        if let timer = groups[group]?.absences.removeValue(forKey: id) { effects.cancelled.append(timer) }
        guard let member = groups[group]?.members[id] else { return }
        let error = TransportError(
            .notAssigned, "another member of group “\(group)” has the same name and took its place", isFatal: true)
        end(member, in: group, with: error, &effects)
    }

    /// Takes everything from a member: it is told, and its reader gets the error from now on.
    private mutating func end(
        _ member: Member, in group: String, with error: TransportError, isTold: Bool = true, _ effects: inout Effects
    ) {
        let (waiter, closer) = member.reading.withLock { reading in
            if case .open = reading.condition { reading.condition = .ended(error) }
            let lost = reading.removeAll()
            effects.cancelled += lost.compactMap(\.revocationTimer)
            if isTold, !lost.isEmpty { reading.changes.append(.lost(lost.map(\.assignment))) }
            return (reading.wake(), reading.endWaitUntilSettled())
        }
        if let waiter { effects.resumed.append(waiter) }
        if let closer { effects.resumed.append(closer) }
        effects.announce(member)
        forget(member, in: group)
    }

    private mutating func forget(_ member: Member, in group: String) {
        groups[group]?.members[member.id] = nil
        for index in topics.indices { topics[index].readers.removeAll { $0 === member } }
    }

    /// A member commits and leaves; one with a name is away.
    mutating func leave(_ member: Member, _ effects: inout Effects) {
        let group = member.options.group
        guard groups[group]?.members[member.id] != nil else { return }
        do throws(TransportError) {
            try commit(member, &effects)
        } catch {
            effects.facts.append(.transport(error))
        }
        member.reading.withLock { reading in
            effects.cancelled += reading.removeAll().compactMap(\.revocationTimer)
            reading.condition = .ended(nil)
            reading.changes = []
        }
        forget(member, in: group)
        if member.options.memberName == nil {
            apply(groups[group]?.coordinator.leave(member.id) ?? [], in: group, &effects)
        } else {
            groups[group]?.coordinator.setAway(member.id)
            effects.absences.append((group, member.id))
        }
        storeBlocked(&effects)
    }

    /// A member is gone without goodbye: nobody knows until its session is over.
    mutating func crash(_ member: Member, _ effects: inout Effects) {
        let group = member.options.group
        guard groups[group]?.members[member.id] != nil else { return }
        let error = TransportError(.closed, "the member was lost", isFatal: true)
        end(member, in: group, with: error, isTold: false, &effects)
        groups[group]?.coordinator.setAway(member.id)
        effects.absences.append((group, member.id))
    }

    /// A member was away for too long.
    mutating func expire(_ id: MemberID, in group: String, _ effects: inout Effects) {
        groups[group]?.absences[id] = nil
        guard let coordinator = groups[group]?.coordinator, coordinator.isAway(id) else { return }
        apply(groups[group]?.coordinator.leave(id) ?? [], in: group, &effects)
    }

    // MARK: Assignments

    private mutating func apply(_ actions: [GroupCoordinator.Action], in group: String, _ effects: inout Effects) {
        var assigned: [MemberID: [Assignment]] = [:]
        var revoked: [MemberID: [Assignment]] = [:]
        for action in actions {
            switch action {
            case .assign(let id, let partition):
                guard let member = groups[group]?.members[id] else { continue }
                assigned[id, default: []].append(assign(partition, to: member, in: group, &effects))
            case .revoke(let id, let partition):
                guard let member = groups[group]?.members[id] else { continue }
                if let assignment = member.reading.withLock({ $0.revoke(partition) }) {
                    revoked[id, default: []].append(assignment)
                }
            }
        }
        for id in Set(assigned.keys).union(revoked.keys).sorted() {
            guard let member = groups[group]?.members[id] else { continue }
            member.reading.withLock { reading in
                if let revoked = revoked[id] { reading.changes.append(.revoking(revoked)) }
                if let assigned = assigned[id] { reading.changes.append(.assigned(assigned)) }
            }
            if let revoked = revoked[id] { effects.revocations.append((member, revoked.map(\.id))) }
            effects.announce(member)
        }
    }

    private mutating func assign(
        _ partition: TopicPartition, to member: Member, in group: String, _ effects: inout Effects
    ) -> Assignment {
        let topic = indices[partition.topic] ?? 0
        let log = topics[topic].partitions[Int(partition.partition)].log
        var offset: Int64
        var finished: [Range<Int64>] = []
        let committed = groups[group]?.coordinator.committed[partition]
        if let committed {
            offset = committed.offset
            switch CommitMetadata(committed.metadata, committedAt: offset) {
            case .none: break
            case .finished(let ranges): finished = ranges
            case .ignored(let reason): effects.facts.append(.commitMetadataIgnored(partition, reason: reason))
            }
        } else {
            offset = place(member.options.start, partition, log) ?? log.start
        }
        offset = log.clamped(offset)
        let tracker = OffsetTracker(resumingAt: offset, finished: finished)
        let name = TopicPartition(topic: topics[topic].name, partition: partition.partition)
        return member.reading.withLock {
            $0.assign(name, topic: topic, tracker: tracker, at: offset, isCommitted: committed != nil)
        }
    }

    /// The offset that a target means in a partition; `nil` if it does not name it.
    private func place(_ target: SeekTarget, _ partition: TopicPartition, _ log: PartitionLog) -> Int64? {
        switch target {
        case .beginning: log.start
        case .end: log.end
        case .time(let time): log.offset(from: time)
        case .positions(let positions):
            positions.last { $0.topicPartition == partition }.map { log.clamped($0.offset) }
        }
    }

    /// A member is through with partitions that were revoked, or out of time for them.
    mutating func release(_ member: Member, _ ids: [AssignmentID], isLate: Bool, _ effects: inout Effects) {
        let group = member.options.group
        guard groups[group]?.members[member.id] != nil else { return }
        if let error = faults.nextCommitError(group) {
            effects.facts.append(.transport(error))
        } else {
            saveCommits(of: member, in: group) { ids.contains($0.assignment.id) }
        }
        let (released, closer) = member.reading.withLock { reading in
            let released = ids.compactMap { reading.remove($0) }
            if isLate, !released.isEmpty { reading.changes.append(.lost(released.map(\.assignment))) }
            return (released, reading.closerIfSettled())
        }
        if let closer { effects.resumed.append(closer) }
        effects.cancelled += released.compactMap(\.revocationTimer)
        if isLate { effects.announce(member) }
        for partition in released {
            apply(groups[group]?.coordinator.release(partition.name, by: member.id) ?? [], in: group, &effects)
        }
        effects.wake([member])
        storeBlocked(&effects)
    }

    /// Moves the partitions of a member.
    mutating func seek(_ member: Member, to target: SeekTarget, _ effects: inout Effects) throws(TransportError) {
        if faults.isAway { throw FaultPlan.away }
        try member.reading.withLock { reading throws(TransportError) in
            guard case .open = reading.condition else {
                throw TransportError(.closed, "the subscription is closed")
            }
            var lost: [Assignment] = []
            var assigned: [Assignment] = []
            for partition in reading.partitions {
                switch partition.phase {
                case .assigned, .reading: break
                case .toBeRevoked, .revoking: continue
                }
                let log = topics[partition.topic].partitions[partition.index].log
                guard let offset = place(target, partition.name, log) else { continue }
                reading.remove(partition.assignment.id)
                lost.append(partition.assignment)
                assigned.append(
                    reading.assign(
                        partition.name, topic: partition.topic, tracker: OffsetTracker(resumingAt: offset),
                        at: offset, isCommitted: false))
            }
            if !lost.isEmpty { reading.changes += [.lost(lost), .assigned(assigned)] }
        }
        effects.announce(member)
        effects.wake([member])
        storeBlocked(&effects)
    }

    // MARK: Committing

    /// Commits what a member has finished.
    mutating func commit(_ member: Member, _ effects: inout Effects) throws(TransportError) {
        let group = member.options.group
        guard groups[group]?.members[member.id] != nil else {
            throw TransportError(.notAssigned, "the subscription is not a member of group “\(group)” any more")
        }
        guard member.reading.withLock({ $0.partitions.contains(where: \.needsCommit) }) else { return }
        if let error = faults.nextCommitError(group) { throw error }
        saveCommits(of: member, in: group) { _ in true }
        storeBlocked(&effects)
    }

    /// Takes over what a member has finished of some of its partitions.
    mutating func saveCommits(
        of member: Member, in group: String, where isMeant: (ReadingState.Partition) -> Bool
    ) {
        let points = member.reading.withLock { reading in
            var points: [(TopicPartition, OffsetTracker.CommitPoint)] = []
            for index in reading.partitions.indices {
                guard reading.partitions[index].needsCommit, isMeant(reading.partitions[index]) else { continue }
                reading.partitions[index].savedRevision = reading.partitions[index].tracker.revision
                points.append((reading.partitions[index].name, reading.partitions[index].tracker.committable))
            }
            return points
        }
        for (name, point) in points {
            groups[group]?.coordinator.committed[name] = GroupCoordinator.Committed(
                offset: point.offset, metadata: point.metadata)
        }
    }
}
