import Synchronization

/// Makes version 1 UUIDs of which no two are alike (rule 04): a state machine that is told the time.
///
/// Within one pair of node and clock sequence the time stamps only grow. More ids than the clock has ticks run ahead
/// of it by up to a second; beyond that, or when the clock steps back further, the next clock sequence is taken, and
/// after all 16 384 of them the next node.
package struct EventIDGenerator: Sendable {
    /// Ticks of 100 ns.
    package static let ticksPerSecond: Int64 = 10_000_000
    /// From 15 October 1582, where time stamps begin, to 1970.
    package static let ticksFrom1582To1970: Int64 = 0x01B2_1DD2_1381_4000

    private static let timestampMask: UInt64 = 1 << 60 - 1
    private static let sequences = 1 << 14
    private static let nodeMask: UInt64 = 1 << 47 - 1

    /// 47 bits; the multicast bit is put in between.
    private var node: UInt64
    /// Odd, so that adding it goes through all 2^47 nodes before one comes again.
    private let nodeStep: UInt64
    private let runAheadLimit: UInt64
    private var sequence: UInt64
    private var sequencesUsed = 1
    private var last: UInt64 = 0

    /// Draws the first node and clock sequence.
    ///
    /// - Parameter runAheadLimit: How many ticks the ids may run ahead of the clock.
    package init(
        using random: inout some RandomNumberGenerator,
        runAheadLimit: UInt64 = UInt64(EventIDGenerator.ticksPerSecond)
    ) {
        self.runAheadLimit = runAheadLimit
        node = random.next() & EventIDGenerator.nodeMask
        nodeStep = random.next() & EventIDGenerator.nodeMask | 1
        sequence = random.next() & UInt64(EventIDGenerator.sequences - 1)
    }

    /// Makes the next id.
    ///
    /// - Parameter now: The time in ticks of 100 ns since 15 October 1582; its lower 60 bits count.
    package mutating func next(now: UInt64) -> EventID {
        let now = now & EventIDGenerator.timestampMask
        if now > last {
            last = now
        } else if last - now < runAheadLimit, last < EventIDGenerator.timestampMask {
            last += 1
        } else {
            last = now
            takeNextSequence()
        }
        let high = last << 32 | (last >> 32 & 0xFFFF) << 16 | 0x1000 | last >> 48
        let multicastNode = node & (1 << 40 - 1) | 1 << 40 | (node >> 40) << 41
        return EventID(high: high, low: 0b10 << 62 | sequence << 48 | multicastNode)
    }

    private mutating func takeNextSequence() {
        sequence = (sequence + 1) & UInt64(EventIDGenerator.sequences - 1)
        if sequencesUsed < EventIDGenerator.sequences {
            sequencesUsed += 1
        } else {
            sequencesUsed = 1
            node = (node &+ nodeStep) & EventIDGenerator.nodeMask
        }
    }
}

extension EventIDGenerator {
    /// One for the whole process: two of them could give out the same id.
    private static let ofProcess = Locked(
        {
            var random = SystemRandomNumberGenerator()
            return EventIDGenerator(using: &random)
        }())

    /// The process's next id.
    package static func nextOfProcess() -> EventID {
        let now = WallClock.now()
        let ticks = now.seconds &* ticksPerSecond &+ Int64(now.nanoseconds / 100) &+ ticksFrom1582To1970
        return ofProcess.withLock { $0.next(now: UInt64(truncatingIfNeeded: ticks)) }
    }
}
