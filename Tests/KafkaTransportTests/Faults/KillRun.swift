import FaultWorker
import Foundation

/// Numbered events on their way through a broker, while producer, consumer and broker are killed again and again.
///
/// Every kill comes at a number of events, not at a time, and so in the middle of the work however fast the machine is.
struct KillRun {
    let broker: RealBroker
    let events: Int
    var nodes = 1
    var brokerKills = 10
    var producerKills = 10
    var consumerKills = 20

    /// What came of it.
    struct Figures: Sendable {
        /// Messages in the topic; what is more than the events was sent again after a kill.
        var stored = 0
        /// Events that had their effect.
        var effects = 0
        /// Deliveries that the inbox absorbed.
        var absorbed = 0
        var problems: [DeliveryLedger.Problem] = []
    }

    static let topic = "faults"
    private static let keys = 1_000

    private let stored = Milestones()
    private let handled = Milestones()

    init(broker: RealBroker, events: Int, nodes: Int = 1) {
        self.broker = broker
        self.events = events
        self.nodes = nodes
    }

    func run() async throws -> Figures {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        try await broker.makeTopic(Self.topic)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await produce(directory) }
            group.addTask { try await consume(directory) }
            group.addTask { try await killBroker() }
            do {
                try await group.waitForAll()
            } catch {
                // The others wait for numbers that will not come.
                stored.end()
                handled.end()
                throw error
            }
        }
        return try await figures(directory)
    }

    private func produce(_ directory: URL) async throws {
        for kill in 0...producerKills {
            let worker = try start(["produce", directory.path, String(events)], ["linger.ms=5"])
            let reader = read("stored ", of: worker, into: stored)
            if kill < producerKills {
                try await self.kill(worker, after: point(kill, of: producerKills), of: stored)
            }
            try await end(worker, reader, expecting: kill < producerKills ? .killed(signal: SIGKILL) : .exited(0))
        }
    }

    private func consume(_ directory: URL) async throws {
        for kill in 0...consumerKills {
            let worker = try start(["consume", directory.path], ["session.timeout.ms=10000"])
            let reader = read("handled ", of: worker, into: handled)
            if kill < consumerKills {
                try await self.kill(worker, after: point(kill, of: consumerKills), of: handled)
            } else if await handled.wait(for: events) {
                worker.terminate()
            }
            try await end(worker, reader, expecting: kill < consumerKills ? .killed(signal: SIGKILL) : .exited(0))
        }
    }

    private func killBroker() async throws {
        for kill in 0..<brokerKills {
            // Between two kills of the producer.
            let point = (point(kill, of: brokerKills) + point(kill + 1, of: brokerKills)) / 2
            guard await stored.wait(for: point) else { return }
            try await broker.kill(node: nodes == 1 ? nil : leader(of: kill))
            try await broker.restart()
        }
    }

    /// The node that leads one of the partitions now.
    private func leader(of kill: Int) async throws -> Int {
        let lines = try await broker.run("topics", ["--describe", "--topic", Self.topic])
        let leaders = lines.compactMap { line -> Int? in
            let words = line.split(whereSeparator: \.isWhitespace)
            guard let index = words.firstIndex(of: "Leader:"), index + 1 < words.count else { return nil }
            return Int(words[index + 1])
        }
        guard !leaders.isEmpty else { throw ProcessRunner.Failure(description: "no partition has a leader") }
        return leaders[kill % leaders.count]
    }

    /// Where the kills lie: at even distances, none at the beginning, none at the end.
    private func point(_ kill: Int, of kills: Int) -> Int { events * (kill + 1) / (kills + 2) }

    private func start(_ command: [String], _ properties: [String]) throws -> ProcessRunner {
        let settings = ["bootstrap=" + broker.bootstrapServers, "topic=" + Self.topic, "keys=\(Self.keys)"]
        return try ProcessRunner(BuiltProgram.named("FaultWorker"), command + settings + properties)
    }

    /// Follows the numbers that a worker says.
    private func read(_ word: String, of worker: ProcessRunner, into milestones: Milestones) -> Task<[String], Never> {
        Task {
            var others: [String] = []
            for await line in worker.lines {
                if line.hasPrefix(word), let number = Int(line.dropFirst(word.count)) {
                    milestones.report(number)
                } else {
                    others.append(line)
                }
            }
            // A worker that ends of itself before its time takes nobody further.
            if case .exited(let status) = await worker.ending(), status != 0 { milestones.end() }
            return others
        }
    }

    private func kill(_ worker: ProcessRunner, after number: Int, of milestones: Milestones) async throws {
        await milestones.wait(for: number)
        worker.kill()
    }

    private func end(
        _ worker: ProcessRunner, _ reader: Task<[String], Never>, expecting expected: ProcessRunner.Ending
    ) async throws {
        let ending = await worker.ending()
        let others = await reader.value
        guard ending == expected, others.isEmpty else {
            throw ProcessRunner.Failure(
                description: "a worker ended with \(ending): \(others.prefix(10)) \(worker.errors.suffix(2_000))")
        }
    }

    private func figures(_ directory: URL) async throws -> Figures {
        var figures = Figures()
        var ledger = DeliveryLedger()
        for line in try lines(directory.appendingPathComponent("effects")) {
            let parts = line.split(separator: " ")
            guard parts.count == 4, let number = Int(parts[1]) else { continue }
            ledger.record(key: String(parts[0]), number: number)
        }
        var counts: [String: Int] = [:]
        for lane in (0..<Lane.count).map({ Lane($0, keys: Self.keys) }) {
            for index in 0..<lane.share(of: events) { counts[lane.event(index).key, default: 0] += 1 }
        }
        for (key, count) in counts { ledger.close(key: key, count: count) }
        figures.effects = ledger.effects
        figures.problems = ledger.problems
        figures.absorbed = try lines(directory.appendingPathComponent("duplicates")).count
        figures.stored = try await broker.run("offsets", ["--topic", Self.topic])
            .compactMap { $0.split(separator: ":").last.flatMap { Int($0) } }.reduce(0, +)
        return figures
    }

    private func lines(_ file: URL) throws -> [Substring] {
        String(decoding: try Data(contentsOf: file), as: UTF8.self).split(separator: "\n")
    }
}
