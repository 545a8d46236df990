import OpenEdXEvents
import Synchronization

extension BrokerState {
    enum Fetched {
        case batch([IncomingMessage])
        /// There is nothing; worth another look once the member's signal differs.
        case nothing(signal: Int)
        case ended
        case failed(TransportError)
    }

    /// Delivers the next messages of a member's partitions, which take turns in being the first.
    mutating func fetch(_ member: Member, atMost limit: Int) -> Fetched {
        member.reading.withLock { reading in
            switch reading.condition {
            case .open: break
            case .closing, .ended(nil): return .ended
            case .ended(.some(let error)): return .failed(error)
            }
            if reading.hasWaiter {
                return .failed(TransportError(.invalidArgument, "another task waits for the next batch already"))
            }
            var room = min(max(1, limit), reading.unsettledLimit - reading.unsettled)
            reading.waitsForRoom = room <= 0
            guard room > 0, !faults.isAway else { return .nothing(signal: reading.signal) }
            var batch: [IncomingMessage] = []
            let count = reading.partitions.count
            let first = reading.turn < count ? reading.turn : 0
            for step in 0..<count where room > 0 {
                let index = first + step < count ? first + step : first + step - count
                guard case .reading = reading.partitions[index].phase else { continue }
                let topic = reading.partitions[index].topic
                let number = reading.partitions[index].index
                let log = topics[topic].partitions[number].log
                let before = batch.count
                let isOpen = Self.take(room, of: log, &reading.partitions[index], into: &batch)
                if !isOpen { reading.waitsForRoom = true }
                reading.unsettled += batch.count - before
                room -= batch.count - before
                if batch.count > before { reading.turn = index + 1 }
            }
            guard !batch.isEmpty else { return .nothing(signal: reading.signal) }
            if faults.hasRepeats { repeatDeliveries(&batch) }
            return .batch(batch)
        }
    }

    /// Delivers from one partition; false if it must stop until something is finished.
    private static func take(
        _ limit: Int, of log: PartitionLog, _ partition: inout ReadingState.Partition,
        into batch: inout [IncomingMessage]
    ) -> Bool {
        // What was dropped before it was read is passed over, as `auto.offset.reset=earliest` does.
        var next = max(partition.next, log.start)
        defer { partition.next = next }
        let end = log.end
        guard next < end else { return true }
        batch.reserveCapacity(batch.count + min(limit, Int(end - next)))
        let name = partition.assignment.partition
        var room = limit
        while room > 0, next < end {
            guard partition.tracker.canDeliver(next) else { return false }
            if partition.tracker.deliver(next) {
                let stored = log[next]
                batch.append(
                    IncomingMessage(
                        delivery: Delivery(
                            position: Position(topic: name.topic, partition: name.partition, offset: next),
                            assignment: partition.assignment.id),
                        key: stored.key, headers: stored.headers, value: stored.value, timestamp: stored.timestamp))
                room -= 1
            }
            next += 1
        }
        return true
    }

    /// Delivers some messages twice, because a test asked for it.
    private mutating func repeatDeliveries(_ batch: inout [IncomingMessage]) {
        var repeated: [IncomingMessage] = []
        for message in batch {
            repeated.append(message)
            if faults.nextIsRepeated(message.position.topic) { repeated.append(message) }
        }
        batch = repeated
    }

    /// How far a member is in its partitions.
    func progress(of member: Member) throws(TransportError) -> [TopicPartition: PartitionProgress] {
        if faults.isAway { throw FaultPlan.away }
        guard let group = groups[member.options.group], group.members[member.id] != nil else {
            throw TransportError(.closed, "the subscription is closed")
        }
        let partitions = member.reading.withLock { reading in
            reading.partitions.map { ($0.name, $0.tracker.firstUnfinished(from: $0.next)) }
        }
        var progress: [TopicPartition: PartitionProgress] = [:]
        for (name, next) in partitions {
            progress[name] = PartitionProgress(
                committed: group.coordinator.committed[name]?.offset, next: next, end: log(of: name)?.end ?? next)
        }
        return progress
    }
}
