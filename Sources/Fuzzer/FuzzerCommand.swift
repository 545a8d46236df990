import Foundation
import OpenEdXEvents

/// Mutates documents and checks everything that reads or writes them.
@main
struct FuzzerCommand {
    static func main() {
        do {
            exit(try run(FuzzerOptions(Array(CommandLine.arguments.dropFirst()))))
        } catch let problem as FuzzerOptions.Problem {
            complain("\(problem.message). See --help.")
            exit(64)
        } catch {
            complain("\(error)")
            exit(70)
        }
    }

    private static func run(_ options: FuzzerOptions) throws -> Int32 {
        if options.wantsHelp {
            print(FuzzerOptions.help)
            return 0
        }
        if options.isReplay {
            for file in options.files {
                try check([UInt8](try Data(contentsOf: URL(fileURLWithPath: file))))
                print("\(file): passed")
            }
            return 0
        }
        return try fuzz(options)
    }

    private static func fuzz(_ options: FuzzerOptions) throws -> Int32 {
        let corpus = try Corpus(files: options.files)
        let keeper = try InputKeeper(directory: options.directory)
        var generator = SplitMix64(seed: options.seed)
        let clock = ContinuousClock()
        let start = clock.now
        var valid = 0
        var slowest = (duration: Duration.zero, bytes: 0, number: 0)
        for number in 0..<options.inputs {
            let input = Mutator.input(from: corpus, using: &generator)
            try keeper.keep(input)
            let begin = clock.now
            do throws(Mismatch) {
                if try check(input) { valid += 1 }
            } catch {
                let path = try keeper.store(input, name: "mismatch-\(options.seed)-\(number).json")
                complain("\(error.check): \(error.message)\ninput \(number) of seed \(options.seed) is in \(path)")
                return 1
            }
            let duration = begin.duration(to: clock.now)
            if duration > slowest.duration { slowest = (duration, input.count, number) }
            if number > 0, number.isMultiple(of: 1_000_000) { complain("\(number) inputs") }
        }
        let seconds = Double(start.duration(to: clock.now) / .nanoseconds(1)) / 1e9
        print(
            "\(options.inputs) inputs, \(valid) of them valid JSON, no mismatch: "
                + "\(Int(Double(options.inputs) / max(seconds, 1e-9))) inputs/s; "
                + "the slowest, number \(slowest.number) of \(slowest.bytes) bytes, took "
                + "\(Int(slowest.duration / .microseconds(1))) µs")
        return 0
    }

    /// Runs all checks and returns whether the input is valid JSON.
    @discardableResult
    private static func check(_ input: [UInt8]) throws(Mismatch) -> Bool {
        let verdict = ModelParser.judge(input)
        try GrammarCheck.run(input, verdict)
        try EnvelopeFuzzCheck.run(input, verdict)
        guard verdict.isValid, let model = verdict.value else { return false }
        try ReaderCheck.run(input, model)
        try PayloadCheck.run(input, model)
        if let range = dataRange(input) {
            let data = Array(input[range])
            let part = ModelParser.judge(data)
            if let model = part.value { try PayloadCheck.run(data, model) }
        }
        return true
    }

    /// Where the data of an event stands, if the input is one.
    private static func dataRange(_ input: [UInt8]) -> Range<Int>? {
        input.withUnsafeBufferPointer { bytes -> Range<Int>? in
            guard let scan = try? EnvelopeScan.scan(bytes), scan.dataKind == .json else { return nil }
            return scan.data.range
        }
    }

    private static func complain(_ message: String) {
        FileHandle.standardError.write(Data((message + "\n").utf8))
    }
}
