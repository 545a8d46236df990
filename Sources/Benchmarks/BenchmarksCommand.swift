import Foundation

/// Measures speed and memory of the bus.
@main
struct BenchmarksCommand {
    private static var benchmarks: [Benchmark] {
        [
            .encode, .scan, .scanKnown, .typedDecode, .typedDecodeKnown, .inMemory, .inMemoryBytes, .registeredTypes,
            .registeredTypesSpread,
            .observer, .kafkaPublish, .kafkaConsume, .kafkaLatency, .kafkaConcurrent, .kafkaConcurrentEager,
        ] + Benchmark.validations
    }

    static func main() async {
        do {
            exit(try await run(BenchmarkOptions(Array(CommandLine.arguments.dropFirst()))))
        } catch let problem as BenchmarkOptions.Problem {
            complain("\(problem.message). See --help.")
            exit(64)
        } catch {
            complain("\(error)")
            exit(70)
        }
    }

    private static func run(_ options: BenchmarkOptions) async throws -> Int32 {
        if options.wantsHelp {
            print(BenchmarkOptions.help)
            return 0
        }
        print(Machine.description)
        if !Machine.isOptimized { complain("warning: times of a debug build mean nothing: use -c release") }
        if let events = options.soak { return try await Soak.run(events: events) ? 0 : 1 }
        if let events = options.kafkaSoak { return try await KafkaSoak.run(events: events) ? 0 : 1 }
        let chosen = benchmarks.filter { benchmark in
            options.filters.isEmpty || options.filters.contains { benchmark.name.contains($0) }
        }
        guard !chosen.isEmpty else {
            complain("no benchmark has that name: there are " + benchmarks.map(\.name).joined(separator: ", "))
            return 64
        }
        let runner = BenchmarkRunner(isQuick: options.isQuick)
        var results: [BenchmarkResult] = []
        for benchmark in chosen {
            complain("measuring \(benchmark.name) …")
            results.append(try await runner.run(benchmark))
        }
        let report = Report(results: results, countsTime: !options.isQuick && Machine.isOptimized)
        print("")
        print(report.lines.joined(separator: "\n"))
        try ResultFile.write(results)
        return options.checksGates && report.isMissed ? 1 : 0
    }

    private static func complain(_ message: String) {
        FileHandle.standardError.write(Data((message + "\n").utf8))
    }
}
