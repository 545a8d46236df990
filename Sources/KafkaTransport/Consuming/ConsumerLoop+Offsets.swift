import OpenEdXEvents
import Synchronization

extension ConsumerLoop {
    /// Where reading a partition begins.
    struct Place {
        var offset: Int64
        var finished: [Range<Int64>] = []
        var end: Int64
        var committed: Int64?
    }

    /// How long a question to the brokers may hold up the thread, in milliseconds. Polling pauses meanwhile.
    private static let patience: Int32 = 5_000

    /// Finds where the group stopped, or where it is to begin.
    func places(of names: [TopicPartition]) throws(TransportError) -> [TopicPartition: Place] {
        let committed = try client.committed(names, milliseconds: Self.patience)
        // A partition without a leader must not keep the member from the others: where its group stopped is known.
        let dispensable = Set(committed.keys)
        let beginnings = try client.offsets(
            names, from: RDKafkaConsumer.beginning, milliseconds: Self.patience, dispensable: dispensable)
        let ends = try client.offsets(
            names, from: RDKafkaConsumer.end, milliseconds: Self.patience, dispensable: dispensable)
        let starts = try targets(
            core.options.start, names.filter { committed[$0] == nil }, beginnings: beginnings, ends: ends)
        var places: [TopicPartition: Place] = [:]
        for name in names {
            let beginning = beginnings[name] ?? 0
            let end = ends[name] ?? beginning
            guard let known = committed[name] else {
                places[name] = Place(offset: starts[name] ?? beginning, end: end)
                continue
            }
            let isKnown = beginnings[name] != nil && ends[name] != nil
            var place = Place(
                offset: max(known.offset, beginning), end: isKnown ? end : known.offset, committed: known.offset)
            switch CommitMetadata(known.metadata, committedAt: known.offset) {
            case .none: break
            case .finished(let ranges): place.finished = ranges
            case .ignored(let reason): core.reports.record(.commitMetadataIgnored(name, reason: reason))
            }
            if isKnown, known.offset > end {
                // The topic was made anew, or lost its newest messages: what it holds was not seen under these offsets.
                place.offset = beginning
                place.finished = []
                core.reports.record(
                    .transport(
                        TransportError(
                            .other,
                            "\(name) ends at \(end), before the committed offset \(known.offset): read from its "
                                + "beginning", isRetriable: true)))
            }
            places[name] = place
        }
        return places
    }

    /// The offsets that a target means in these partitions; none where it does not name one.
    private func targets(
        _ target: SeekTarget, _ names: [TopicPartition], beginnings: [TopicPartition: Int64],
        ends: [TopicPartition: Int64]
    ) throws(TransportError) -> [TopicPartition: Int64] {
        let names = Set(names)
        switch target {
        case .beginning: return beginnings.filter { names.contains($0.key) }
        case .end: return ends.filter { names.contains($0.key) }
        case .time(let time):
            let found = try client.offsets(
                Array(names), from: max(0, time.milliseconds), milliseconds: Self.patience)
            return ends.filter { names.contains($0.key) }.merging(found) { $1 }
        case .positions(let positions):
            var offsets: [TopicPartition: Int64] = [:]
            for position in positions where names.contains(position.topicPartition) {
                let name = position.topicPartition
                let beginning = beginnings[name] ?? 0
                offsets[name] = min(max(position.offset, beginning), max(beginning, ends[name] ?? position.offset))
            }
            return offsets
        }
    }

    // MARK: Moving

    func seek(to target: SeekTarget) throws(TransportError) {
        let current = core.reading.withLock { reading in
            reading.partitions.filter { if case .revoking = $0.phase { false } else { true } }
        }
        let names = current.map(\.name)
        let beginnings = try client.offsets(names, from: RDKafkaConsumer.beginning, milliseconds: Self.patience)
        let ends = try client.offsets(names, from: RDKafkaConsumer.end, milliseconds: Self.patience)
        let offsets = try targets(target, names, beginnings: beginnings, ends: ends)
        let moved = current.filter { offsets[$0.name] != nil }
        guard !moved.isEmpty else { return }
        let assignments = core.reading.withLock { reading in
            reading.remove(Set(moved.map(\.assignment.id)))
            return moved.map { old in
                let assignment = reading.nextAssignment(old.name)
                let offset = offsets[old.name] ?? old.next
                var partition = PartitionReading(
                    assignment, at: offset, end: max(offset, ends[old.name] ?? 0), committed: old.committed)
                partition.savedRevision = nil
                reading.assign(partition)
                return assignment
            }
        }
        core.onChange(.lost(moved.map(\.assignment)))
        core.onChange(.assigned(assignments))
        try move(offsets, paused: moved.filter(\.isPaused).map(\.name))
        let waiter = core.reading.withLock { reading in
            reading.begin(assignments)
            return reading.wake()
        }
        waiter?.resume()
    }

    /// Moves librdkafka's own place. A partition that was assigned just now may not be ready for it at once.
    private func move(_ offsets: [TopicPartition: Int64], paused: [TopicPartition]) throws(TransportError) {
        var error = client.seek(offsets)
        for _ in 0..<50 where error != nil {
            handle(client.rest(milliseconds: 20))
            error = client.seek(offsets)
        }
        if let error {
            // The place is not what was told: only a new subscription can be right.
            giveUp(error)
            throw error
        }
        let resumed = offsets.filter { paused.contains($0.key) }
        if !resumed.isEmpty, let error = client.resume(resumed) { throw error }
    }

    /// How far each assigned partition is.
    func progress() -> [TopicPartition: PartitionProgress] {
        let partitions = core.reading.withLock { $0.partitions }
        var progress: [TopicPartition: PartitionProgress] = [:]
        for partition in partitions {
            let next = partition.next
            let end = max(partition.end, client.lastKnownEnd(of: partition.name) ?? 0, next)
            progress[partition.name] = PartitionProgress(committed: partition.committed, next: next, end: end)
        }
        return progress
    }

    // MARK: Committing

    /// Commits at the interval and when asked.
    func startCommit(_ now: ContinuousClock.Instant) {
        guard case .running = stage else { return }
        if client.isRejoining {
            // Sent now it would wait behind the request to join, and then carry the number of the old generation, for which
            // librdkafka takes all partitions away.
            let late = TransportError(.notAssigned, "\(core.reports.client) is being rebalanced", isRetriable: true)
            for reply in commits.giveUp(now: now, after: Self.farewellLimit) { reply.fail(late) }
            return
        }
        guard let number = commits.begin(now: now) else { return }
        let entries = core.reading.withLock { $0.commitEntries() }
        guard !entries.isEmpty else {
            for reply in commits.end(number) ?? [] { reply.succeed(()) }
            return
        }
        commitUnderWay = entries
        do throws(TransportError) {
            try client.commit(Self.places(entries), number: number)
        } catch {
            endCommit(number, CommitResult(error: error))
        }
    }

    /// Begins a commit outside of the schedule, before partitions are given up; `nil` if there is nothing to do.
    func commitLast(
        _ entries: [ReadingState.CommitEntry], _ now: ContinuousClock.Instant, within limit: Duration
    ) -> LastCommit? {
        guard !entries.isEmpty else { return nil }
        let commit = LastCommit(
            entries: entries, deadline: now.advanced(by: limit), number: commits.number(), retry: nil)
        if !client.isRejoining { return send(commit) }
        var later = commit
        later.retry = now
        return later
    }

    private func send(_ commit: LastCommit) -> LastCommit? {
        do throws(TransportError) {
            try client.commit(Self.places(commit.entries), number: commit.number)
            return commit
        } catch {
            core.reports.record(.transport(error))
            return nil
        }
    }

    /// Sends a last commit again if that is due; `nil` once it took too long.
    func again(_ commit: LastCommit, _ now: ContinuousClock.Instant) -> LastCommit? {
        if now >= commit.deadline {
            core.reports.record(
                .transport(TransportError(.timedOut, "the last commit of \(core.reports.client) is not answered")))
            return nil
        }
        guard let retry = commit.retry, retry <= now, !client.isRejoining else { return commit }
        var commit = commit
        commit.number = commits.number()
        commit.retry = nil
        return send(commit)
    }

    /// A commit is through.
    func committed(_ number: UInt64, _ result: CommitResult) {
        if let commit = revocation?.commit, commit.number == number {
            if mayPass(result) {
                revocation?.commit?.retry = .now.advanced(by: Self.retryPause)
            } else {
                report(result)
                release()
            }
        } else if case .committing(var commit) = stage, commit.number == number {
            if mayPass(result) {
                commit.retry = .now.advanced(by: Self.rebalancePatience)
                stage = .committing(commit)
            } else {
                report(result)
                leave()
            }
        } else if !mayPass(result)
            || !commits.retry(number, now: .now, after: Self.rebalancePatience, within: Self.farewellLimit)
        {
            endCommit(number, result)
        }
    }

    /// Whether the group was only between two generations.
    private func mayPass(_ result: CommitResult) -> Bool {
        let errors = [result.error].compactMap { $0 } + result.failed.values
        return !errors.isEmpty && errors.allSatisfy { $0.code == .notAssigned && $0.isRetriable }
    }

    private func endCommit(_ number: UInt64, _ result: CommitResult) {
        guard let replies = commits.end(number) else { return }
        if result.error == nil {
            core.reading.withLock { reading in
                for entry in commitUnderWay where result.failed[entry.assignment.partition] == nil {
                    reading.noteCommitted(entry)
                }
            }
        }
        commitUnderWay = []
        guard let error = result.error ?? result.failed.values.first else {
            for reply in replies { reply.succeed(()) }
            return
        }
        if replies.isEmpty { core.reports.record(.transport(error)) }
        for reply in replies { reply.fail(error) }
    }

    private func report(_ result: CommitResult) {
        if let error = result.error ?? result.failed.values.first { core.reports.record(.transport(error)) }
    }

    private static func places(_ entries: [ReadingState.CommitEntry]) -> [TopicPartition: CommittedPlace] {
        Dictionary(entries.map { ($0.assignment.partition, $0.place) }) { $1 }
    }
}
