import OpenEdXEvents
import Synchronization

/// What the thread of a consuming client does: it alone speaks to librdkafka, and tells the subscriber of changes.
///
/// It polls whatever happens, so that a slow handler never costs the membership: too much waiting is paused, and
/// partitions that are taken away are given up when their work is done, while polling goes on.
final class ConsumerLoop {
    /// Where the member is between joining and having left.
    enum Stage {
        case running
        /// Waits until what was delivered is settled.
        case settling(until: ContinuousClock.Instant)
        case committing(LastCommit)
        case leaving(until: ContinuousClock.Instant)
        case ended
    }

    /// The last commit of partitions that are given up: tried again while the group rebalances.
    struct LastCommit {
        let entries: [ReadingState.CommitEntry]
        /// When to give it up.
        let deadline: ContinuousClock.Instant
        var number: UInt64
        /// When to send it again.
        var retry: ContinuousClock.Instant?

        var next: ContinuousClock.Instant { min(retry ?? deadline, deadline) }
    }

    /// Partitions that are taken away, and how far that is.
    struct Revocation {
        let names: [TopicPartition]
        let assignments: [Assignment]
        let deadline: ContinuousClock.Instant
        /// The last commit, once it is on its way.
        var commit: LastCommit?
        /// What was not settled in time.
        var late: [Assignment] = []
    }

    let core: ConsumerClient
    var client: RDKafkaConsumer { core.client }
    var stage = Stage.running
    var commits: CommitSchedule<Reply<Void>>
    var commitUnderWay: [ReadingState.CommitEntry] = []
    var revocation: Revocation?
    /// What was taken away while the last commit of all was on its way.
    var heldBack: [TopicPartition] = []
    /// Partitions whose place is still to be looked up, and when to try.
    var arrivals: [TopicPartition] = []
    var arrivalsDue = ContinuousClock.now
    var isAssignmentDue = false
    /// Whether the group has said for the first time what is for this member, be it nothing.
    var hasAssignment = false
    /// Topics are unknown.
    private struct Missing {
        let error: TransportError
        /// When to give up.
        let deadline: ContinuousClock.Instant
        /// When to look again.
        var next: ContinuousClock.Instant
    }

    private var missing: Missing?
    /// What has to wait for the first assignment.
    var waiting: [ConsumerRequest] = []
    private var failure: TransportError?
    private var fullSince: ContinuousClock.Instant?
    private var stirring = FetchStirring()
    private let stirrer = FetchStirrer()

    /// How long a poll waits at the most, in milliseconds: for what no one wakes the thread for.
    private static let pollLimit = Duration.milliseconds(100)
    private static let batch = Load(messages: 512, bytes: 4 << 20)
    /// How long a last commit, and the farewell of the group, may take.
    static let farewellLimit = Duration.seconds(10)
    /// How long a commit that met a rebalance waits for its end. Sent again before, it might carry the number of a
    /// generation that has just ended, for which librdkafka takes all partitions away.
    static let rebalancePatience = Duration.seconds(3)
    /// How soon the last commit of partitions that are taken away is sent again, and for how long: the group waits.
    static let retryPause = Duration.milliseconds(50)
    static let retryLimit = Duration.seconds(5)

    init(_ core: ConsumerClient) {
        self.core = core
        commits = CommitSchedule(every: core.options.commitInterval, from: .now)
    }

    func run() {
        while true {
            for request in core.takeRequests() { serve(request) }
            let now = ContinuousClock.now
            act(now)
            if case .ended = stage { break }
            receive(now)
        }
        for reply in commits.stop() { reply.fail(ConsumerClient.closed) }
        for request in waiting { request.fail(ConsumerClient.closed) }
        stirrer.finish()
        // Freed first: the process may exit as soon as the closers go on, and must not find librdkafka's threads at work.
        client.destroy()
        core.end(failure)
    }

    // MARK: Requests

    private func serve(_ request: ConsumerRequest) {
        switch request {
        case .commit(let reply): commits.ask(reply, now: .now)
        case .seek, .progress: hasAssignment ? answer(request) : waiting.append(request)
        case .forget(let number):
            for request in waiting where request.number == number {
                request.fail(TransportError(.cancelled, "the task was cancelled"))
            }
            waiting.removeAll { $0.number == number }
        case .close(let limit):
            if case .running = stage { stage = .settling(until: .now.advanced(by: max(.zero, limit))) }
        case .crash:
            stage = .ended
        }
    }

    /// Answers what needs to know the partitions.
    func answer(_ request: ConsumerRequest) {
        guard case .running = stage else { return request.fail(ConsumerClient.closed) }
        switch request {
        case .seek(let target, let reply):
            do throws(TransportError) {
                try seek(to: target)
                reply.succeed(())
            } catch {
                reply.fail(error)
            }
        case .progress(let reply): reply.succeed(progress())
        case .commit, .forget, .close, .crash: break
        }
    }

    // MARK: Receiving

    private func receive(_ now: ContinuousClock.Instant) {
        let milliseconds = Int32(clamping: min(Self.pollLimit, untilDue(now)).wholeMilliseconds + 1)
        let (isFull, resumed) = core.reading.withLock { ($0.isFull, $0.resume()) }
        if !resumed.isEmpty, let error = client.resume(resumed) { core.reports.record(.transport(error)) }
        guard isFull, case .running = stage else {
            fullSince = nil
            return take(milliseconds)
        }
        let since = fullSince ?? now
        fullSince = since
        guard now >= since.advanced(by: IntakeGate.patience) else {
            // A reader that takes enough wakes the thread.
            let isResting = core.reading.withLock { reading in
                reading.isResting = reading.isFull
                return reading.isResting
            }
            return isResting ? handle(client.rest(milliseconds: milliseconds)) : ()
        }
        fullSince = nil
        client.pause(core.reading.withLock { $0.pause() })
        take(milliseconds)
    }

    private func take(_ milliseconds: Int32) {
        // What comes while the subscription closes is for the next owner: nobody would take it.
        let isOpen = if case .running = stage { true } else { false }
        let received = client.receive(
            milliseconds: milliseconds, atMost: Self.batch.messages, bytes: Self.batch.bytes
        ) { name in isOpen ? core.reading.withLock { $0.assignment(of: name) } : nil }
        if !received.runs.isEmpty || !received.ends.isEmpty {
            let waiter = core.reading.withLock { reading in
                var waiter: ReadingState.Waiter?
                for run in received.runs {
                    waiter = reading.add(run.messages, bytes: run.bytes, to: run.assignment) ?? waiter
                }
                for (name, offset) in received.ends { reading.reach(end: offset, of: name) }
                return waiter
            }
            waiter?.resume()
        }
        handle(received.events)
        handle(client.rest(milliseconds: 0))
        keepFetching()
    }

    /// Wakes the fetching again once half of what was fetched ahead is read.
    private func keepFetching() {
        guard !RDKafkaConsumer.fetchesByItself, stirring.isDue(queued: client.queued) else { return }
        stirrer.stir(client, core.reading.withLock { $0.partitions.map(\.name) })
    }

    /// How long until something is due.
    private func untilDue(_ now: ContinuousClock.Instant) -> Duration {
        var due: [ContinuousClock.Instant] = []
        // While the member rejoins nothing is committed; its end wakes the thread.
        let isRejoining = client.isRejoining
        if case .running = stage, !isRejoining, let commit = commits.next { due.append(commit) }
        if let revocation { due.append(revocation.commit?.next ?? revocation.deadline) }
        if isAssignmentDue { due.append(arrivalsDue) }
        if let missing { due.append(missing.next) }
        switch stage {
        case .settling(let limit), .leaving(let limit): due.append(limit)
        case .committing(let commit): due.append(isRejoining ? commit.deadline : commit.next)
        case .running, .ended: break
        }
        return max(.zero, due.map { now.duration(to: $0) }.min() ?? Self.pollLimit)
    }

    // MARK: Events

    func handle(_ events: [ClientEvent]) {
        for event in events {
            switch event {
            case .assigned(let names): assigned(names)
            case .revoked(let names, let isLost): revoked(names, isLost: isLost)
            case .committed(let number, let result): committed(number, result)
            case .failed(let error): failed(error)
            }
        }
    }

    /// What librdkafka reports goes to the observer; what will not pass ends the subscription.
    private func failed(_ error: TransportError) {
        if error.isFatal { return giveUp(error) }
        switch error.code {
        case .authentication, .authorization, .invalidArgument: return giveUp(error)
        case .unknownTopic: return miss(error)
        case .unavailable: break
        default: return
        }
        for request in waiting { request.fail(error) }
        waiting = []
    }

    /// A topic that was made just now is not known everywhere: only one that stays unknown ends a subscription that has
    /// nothing else to read.
    private func miss(_ error: TransportError) {
        guard missing == nil, core.reading.withLock({ $0.partitions.isEmpty }) else { return }
        let now = ContinuousClock.now
        missing = Missing(error: error, deadline: now.advanced(by: core.topicPatience), next: now)
    }

    /// Looks again for topics that are unknown. librdkafka itself would look after minutes.
    func lookForTopics(_ now: ContinuousClock.Instant) {
        guard let missing, missing.next <= now else { return }
        guard core.reading.withLock({ $0.partitions.isEmpty }) else { return self.missing = nil }
        guard now < missing.deadline else {
            self.missing = nil
            return giveUp(missing.error)
        }
        let found = client.refreshTopics(milliseconds: 1_000)
        // A member to whom the group gives nothing of a topic that is there stands by.
        if core.options.topics.allSatisfy({ TopicName.isPattern($0) || found.contains($0) }) {
            return self.missing = nil
        }
        self.missing?.next = .now.advanced(by: .milliseconds(200))
    }

    /// Ends the subscription with an error, which reading throws from now on.
    func giveUp(_ error: TransportError) {
        guard case .running = stage else { return }
        failure = error
        let (lost, waiter) = core.reading.withLock { reading in
            reading.condition = .ended(error)
            let lost = reading.remove(Set(reading.partitions.map(\.assignment.id)))
            return (lost.map(\.assignment), reading.wake())
        }
        for request in waiting { request.fail(error) }
        waiting = []
        for reply in commits.stop() { reply.fail(error) }
        if !lost.isEmpty { core.onChange(.lost(lost)) }
        waiter?.resume()
        leave()
    }
}
