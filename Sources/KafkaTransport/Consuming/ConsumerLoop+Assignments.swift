import OpenEdXEvents
import Synchronization

extension ConsumerLoop {
    /// Does what is due: partitions that come and go, commits, and the end.
    func act(_ now: ContinuousClock.Instant) {
        if isAssignmentDue, arrivalsDue <= now { takeOver(now) }
        lookForTopics(now)
        finishRevocation(now)
        startCommit(now)
        finishClosing(now)
    }

    // MARK: Coming

    /// The group gives partitions to this member.
    func assigned(_ names: [TopicPartition]) {
        retryCommits()
        arrivals += names
        isAssignmentDue = true
        arrivalsDue = .now
    }

    /// A rebalance is over: what could not be committed meanwhile can be now.
    private func retryCommits() {
        commits.retryNow(.now)
        if case .committing(var commit) = stage, commit.retry != nil {
            commit.retry = .now
            stage = .committing(commit)
        }
    }

    /// Looks up where to begin, tells the subscriber, and begins.
    private func takeOver(_ now: ContinuousClock.Instant) {
        guard case .running = stage else {
            // Nothing is read any more, but the group waits for an answer.
            _ = client.assign(Dictionary(uniqueKeysWithValues: arrivals.map { ($0, RDKafkaConsumer.end) }))
            isAssignmentDue = false
            arrivals = []
            return
        }
        let places: [TopicPartition: Place]
        do throws(TransportError) {
            places = try self.places(of: arrivals)
        } catch {
            core.reports.record(.transport(error))
            if error.code == .authorization || error.code == .authentication { return giveUp(error) }
            // Polling goes on meanwhile.
            arrivalsDue = now.advanced(by: .milliseconds(250))
            return
        }
        let assignments = core.reading.withLock { reading in
            arrivals.compactMap { name -> Assignment? in
                guard let place = places[name] else { return nil }
                let assignment = reading.nextAssignment(name)
                reading.assign(
                    PartitionReading(
                        assignment, at: place.offset, finished: place.finished, end: place.end,
                        committed: place.committed))
                return assignment
            }
        }
        isAssignmentDue = false
        arrivals = []
        if !assignments.isEmpty { core.onChange(.assigned(assignments)) }
        core.reading.withLock { $0.begin(assignments) }
        if let error = client.assign(places.mapValues(\.offset)) { core.reports.record(.transport(error)) }
        hasAssignment = true
        let requests = waiting
        waiting = []
        for request in requests { answer(request) }
    }

    // MARK: Going

    /// The group takes partitions away.
    func revoked(_ names: [TopicPartition], isLost: Bool) {
        if !isLost { retryCommits() }
        let gone = Set(names)
        arrivals.removeAll { gone.contains($0) }
        if arrivals.isEmpty { isAssignmentDue = false }
        switch stage {
        case .running, .settling: break
        case .committing where !isLost:
            // They are given up once the commit is stored.
            heldBack += names
            return
        case .committing:
            giveUp(names)
            return leave()
        case .leaving, .ended: return giveUp(names)
        }
        let (assignments, waiter) = core.reading.withLock { reading in
            let assignments = reading.revoke(names)
            if isLost { reading.remove(Set(assignments.map(\.id))) }
            return (assignments, reading.wakeForRoom())
        }
        waiter?.resume()
        guard !assignments.isEmpty else { return giveUp(names) }
        if isLost {
            tell(.lost(assignments))
            return giveUp(names)
        }
        tell(.revoking(assignments))
        revocation = Revocation(
            names: names, assignments: assignments, deadline: .now.advanced(by: core.options.rebalanceLimit))
    }

    /// A subscription that is being closed is told of no more changes.
    private func tell(_ change: AssignmentChange) {
        if case .running = stage { core.onChange(change) }
    }

    private func giveUp(_ names: [TopicPartition]) {
        if let error = client.unassign(names) { core.reports.record(.transport(error)) }
    }

    /// Commits what was finished of partitions that are taken away, once all is settled or the time is over, and gives
    /// them up once that is stored.
    private func finishRevocation(_ now: ContinuousClock.Instant) {
        guard let revocation else { return }
        if let commit = revocation.commit {
            self.revocation?.commit = again(commit, now)
            if self.revocation?.commit == nil { release() }
            return
        }
        let isLate = now >= revocation.deadline
        let ids = Set(revocation.assignments.map(\.id))
        let (entries, waiter) = core.reading.withLock {
            reading -> ([ReadingState.CommitEntry]?, ReadingState.Waiter?) in
            guard isLate || reading.isSettled(revocation.assignments) else { return (nil, nil) }
            let entries = reading.commitEntries(of: ids)
            let removed = reading.remove(ids)
            self.revocation?.late = removed.filter { $0.tracker.unsettled > 0 }.map(\.assignment)
            return (entries, reading.wakeForRoom())
        }
        waiter?.resume()
        guard let entries else { return }
        self.revocation?.commit = commitLast(entries, now, within: Self.retryLimit)
        if self.revocation?.commit == nil { release() }
    }

    /// Gives the partitions of the revocation up.
    func release() {
        guard let revocation else { return }
        self.revocation = nil
        giveUp(revocation.names)
        if !revocation.late.isEmpty { tell(.lost(revocation.late)) }
    }

    // MARK: The end

    private func finishClosing(_ now: ContinuousClock.Instant) {
        switch stage {
        case .running, .ended: break
        case .settling(let limit):
            let entries = core.reading.withLock { reading -> [ReadingState.CommitEntry]? in
                guard now >= limit || reading.unsettled == 0 else { return nil }
                let entries = reading.commitEntries()
                reading.remove(Set(reading.partitions.map(\.assignment.id)))
                return entries
            }
            guard let entries else { return }
            let rest = max(Self.farewellLimit, now.duration(to: limit))
            if let commit = commitLast(entries, now, within: rest) { stage = .committing(commit) } else { leave() }
        case .committing(let commit):
            if let commit = again(commit, now) { stage = .committing(commit) } else { leave() }
        case .leaving(let limit): if now >= limit || client.isClosed { stage = .ended }
        }
    }

    /// Leaves the group; the end comes when librdkafka says so, or after a while.
    func leave() {
        stage = .leaving(until: .now.advanced(by: Self.farewellLimit))
        release()
        if !heldBack.isEmpty { giveUp(heldBack) }
        if isAssignmentDue { takeOver(.now) }
        if let error = client.beginClose() {
            core.reports.record(.transport(error))
            stage = .ended
        }
    }
}
