import EventSchemas
import KafkaTransport
import OpenEdXEvents
import Synchronization

/// A long run through Kafka to a slow consumer with an eye on memory.
///
/// The producer runs ahead as fast as the broker takes, so the consumer has far more before it than it may hold, and must
/// pause its partitions again and again.
enum KafkaSoak {
    /// How much the second half may hold more than the first, in bytes: what the allocator keeps to itself varies.
    private static let allowedGrowth = 16 << 20
    /// One event in so many keeps its handler busy.
    private static let slowEvery = 16

    /// Sends so many events; `false` if memory grew.
    static func run(events: Int) async throws -> Bool {
        guard Machine.residentBytes != nil else {
            print("the memory that the process holds cannot be read on this system")
            return false
        }
        // The mock cluster forgets what is not read in time: there the producer's lead is held within what it keeps.
        let stage = try KafkaStage(mockPartitions: 64)
        var configuration = stage.configuration()
        configuration.producer.compression = .lz4
        let bus = try KafkaBus(stage, configuration)
        let lead = stage.isReal ? Int.max : 64 * 300
        let progress = Progress()
        let consumer = try EventConsumer(
            transport: bus.transport, handlers: slowHandlers(progress),
            configuration: .init(group: "soak-\(EventID())", topics: [stage.topic]))
        let running = Task {
            defer { progress.stop() }
            try await consumer.run()
        }
        let emitting = Task {
            var emitted = 0
            while emitted < events {
                await progress.wait(until: emitted - lead)
                let batch = min(8_000, events - emitted)
                try await bus.emit(batch)
                emitted += batch
                progress.emitted.store(emitted, ordering: .relaxed)
            }
        }
        let isFlat = try await watch(events, progress)
        try await emitting.value
        consumer.shutDown()
        try await running.value
        await bus.stop()
        try stage.close()
        return isFlat
    }

    private static func slowHandlers(_ progress: Progress) -> EventHandlers {
        var handlers = EventHandlers()
        handlers.on(CourseEnrollmentCreated.self) { event in
            keep(event.payload.enrollment.course.displayName.utf8.count)
            // Slow, as a handler that waits for a database is.
            if progress.count().isMultiple(of: slowEvery) { try await Task.sleep(for: .milliseconds(1)) }
        }
        return handlers
    }

    /// Looks at the memory a hundred times while the events are handled.
    private static func watch(_ events: Int, _ progress: Progress) async throws -> Bool {
        var firstHalf = 0
        var secondHalf = 0
        print("handled     emitted     memory")
        for part in 1...100 {
            let handled = events / 100 * part
            guard await progress.wait(until: handled) else {
                print("the consumer ended early")
                return false
            }
            let held = Machine.residentBytes ?? 0
            if part <= 50 { firstHalf = max(firstHalf, held) } else { secondHalf = max(secondHalf, held) }
            if part.isMultiple(of: 10) {
                print("\(handled)   \(progress.emitted.load(ordering: .relaxed))   \(megabytes(held))")
            }
        }
        let growth = secondHalf - firstHalf
        print("second half against first: \(growth > 0 ? "+" : "")\(megabytes(growth))")
        return growth <= allowedGrowth
    }

    private static func megabytes(_ bytes: Int) -> String {
        Report.decimal(Double(bytes) / 1_048_576, places: 1) + " MB"
    }
}

/// How far a long run is.
private final class Progress: Sendable {
    let emitted = Atomic(0)
    private let handled = Atomic(0)
    private let waiting = Locked<[(number: Int, resume: CheckedContinuation<Bool, Never>)]?>([])
    /// The least number that anybody waits for.
    private let next = Atomic(Int.max)

    /// Counts a handled event and returns how many there are.
    func count() -> Int {
        let handled = handled.add(1, ordering: .sequentiallyConsistent).newValue
        if handled >= next.load(ordering: .sequentiallyConsistent) { resume() }
        return handled
    }

    /// Waits until so many events are handled; `false` if they will not be.
    @discardableResult
    func wait(until number: Int) async -> Bool {
        await withCheckedContinuation { continuation in
            let isOver = waiting.withLock { waiting in
                waiting?.append((number, continuation))
                if waiting != nil {
                    next.store(min(next.load(ordering: .relaxed), number), ordering: .sequentiallyConsistent)
                }
                return waiting == nil
            }
            if isOver { continuation.resume(returning: false) } else { resume() }
        }
    }

    /// Ends all waits, now and later.
    func stop() {
        let waits = waiting.withLock { waiting in
            defer { waiting = nil }
            return waiting ?? []
        }
        for wait in waits { wait.resume.resume(returning: false) }
    }

    private func resume() {
        let due = waiting.withLock { waiting in
            let handled = handled.load(ordering: .sequentiallyConsistent)
            let due = (waiting ?? []).filter { $0.number <= handled }
            waiting?.removeAll { $0.number <= handled }
            next.store((waiting ?? []).map(\.number).min() ?? .max, ordering: .sequentiallyConsistent)
            return due.map(\.resume)
        }
        for wait in due { wait.resume(returning: true) }
    }
}
