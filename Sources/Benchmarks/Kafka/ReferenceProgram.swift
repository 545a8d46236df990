import Foundation

/// The program in C that Kafka is measured against, running one command in a process of its own.
///
/// Calls block the calling thread: while the program works, this process is to do nothing.
final class ReferenceProgram {
    /// What a run took, in nanoseconds.
    struct Answer {
        let wall: Int
        let processor: Int
        /// The median of single operations; 0 where they are not timed.
        let median: Int
    }

    /// Why the program cannot be run.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let command: String
    private let process = Process()
    private let input = Pipe()
    private let output: UnsafeMutablePointer<FILE>

    /// Starts the program, which lies beside this one.
    init(_ arguments: [String]) throws {
        command = arguments.first ?? ""
        guard
            let program = Bundle.main.executableURL?.deletingLastPathComponent()
                .appendingPathComponent("rdkafka-reference"),
            FileManager.default.isExecutableFile(atPath: program.path)
        else {
            throw Failure(description: "rdkafka-reference is not built: swift build -c release")
        }
        let pipe = Pipe()
        process.executableURL = program
        process.arguments = arguments
        process.standardInput = input
        process.standardOutput = pipe
        try process.run()
        guard let file = fdopen(dup(pipe.fileHandleForReading.fileDescriptor), "r") else {
            throw Failure(description: "the output of rdkafka-reference cannot be read")
        }
        output = file
    }

    deinit { fclose(output) }

    /// Runs a command to its end.
    static func run(_ arguments: [String]) throws {
        let program = try ReferenceProgram(arguments)
        program.close()
        guard program.process.terminationStatus == 0 else { throw program.failure }
    }

    /// Writes a line and reads the answer.
    func ask(_ line: String) throws -> String {
        input.fileHandleForWriting.write(Data((line + "\n").utf8))
        var answer: UnsafeMutablePointer<CChar>?
        var capacity = 0
        defer { free(answer) }
        guard getline(&answer, &capacity, output) > 0, let answer else { throw failure }
        return String(cString: answer).trimmingCharacters(in: .newlines)
    }

    /// Has so many operations done and returns what they took.
    func run(_ operations: Int) throws -> Answer {
        let numbers = try ask(String(operations)).split(separator: " ").compactMap { Int($0) }
        guard numbers.count == 3 else { throw failure }
        return Answer(wall: numbers[0], processor: numbers[1], median: numbers[2])
    }

    /// Has so many operations done and returns their times, each as long as the mean.
    func time(_ operations: Int) throws -> RoundTime {
        let answer = try run(operations)
        return RoundTime(
            wall: Double(answer.wall) / Double(operations), processor: Double(answer.processor) / Double(operations))
    }

    /// Ends the input and waits for the program.
    func close() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    private var failure: Failure { Failure(description: "rdkafka-reference \(command) failed") }
}
