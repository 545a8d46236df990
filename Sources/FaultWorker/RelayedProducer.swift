import Foundation
import KafkaTransport
import OpenEdXEvents
import Synchronization

/// Emits what is not known to be stored, as the relay of an outbox does: what was under way when the process was killed
/// is sent again, with the ids it had.
struct RelayedProducer {
    private static let batchSize = 200

    private let settings: Settings
    private let producer: EventProducer
    private let journal: Journal
    /// How many events of each lane are known to be stored.
    private let stored: [Int]

    init(_ directory: URL, _ settings: Settings) throws {
        self.settings = settings
        var stored = Array(repeating: 0, count: Lane.count)
        journal = try Journal(directory.appendingPathComponent("stored")) { line in
            let parts = line.split(separator: " ").compactMap { Int($0) }
            if parts.count == 2, stored.indices.contains(parts[0]) { stored[parts[0]] = parts[1] }
        }
        self.stored = stored
        producer = try EventProducer(
            transport: settings.transport,
            configuration: .init(
                source: try EventSource(service: "faults", process: .worker),
                routes: [Route(NumberPassed.type, to: settings.topic, key: "key")]))
    }

    func run(events: Int) async throws {
        let total = Counter(stored.reduce(0, +))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<Lane.count {
                let lane = Lane(number, keys: settings.keys)
                let stored = stored[number]
                group.addTask { [producer, journal] in
                    let share = lane.share(of: events)
                    for begin in stride(from: stored, to: share, by: Self.batchSize) {
                        let end = min(begin + Self.batchSize, share)
                        for outcome in await producer.emit(contentsOf: (begin..<end).map(lane.emission)) {
                            _ = try outcome.get()
                        }
                        try journal.append("\(number) \(end)")
                        say("stored \(total.add(end - begin))")
                    }
                }
            }
            try await group.waitForAll()
        }
        await settings.transport.shutDown(within: .seconds(30))
    }
}

/// Counts events of several tasks.
final class Counter: Sendable {
    private let number: Atomic<Int>

    init(_ number: Int) { self.number = Atomic(number) }

    /// Adds and returns the sum.
    func add(_ events: Int) -> Int { number.add(events, ordering: .relaxed).newValue }
}

/// Writes a line to standard output at once.
func say(_ line: String) {
    FileHandle.standardOutput.write(Data((line + "\n").utf8))
}
