import Foundation
import OpenEdXEvents
import Synchronization

/// A child process whose lines are read while it runs, and which can be killed.
final class ProcessRunner: Sendable {
    /// How a process ended.
    enum Ending: Hashable, Sendable {
        case exited(Int32)
        case killed(signal: Int32)
    }

    /// What a process that ran to its end left behind.
    struct Result: Sendable {
        let ending: Ending
        let lines: [String]
        let errors: String
    }

    /// Why a program did not do what it was to do.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    let pid: Int32
    /// The lines of standard output, without their ends, until the process has ended; to be read by one task.
    ///
    /// The tests' own programs write little and are read always: nothing holds them back.
    let lines: AsyncStream<String>
    private let ended = Latch<Ending>()
    private let errorFile: URL

    /// Starts a program; its environment is what is given, and where programs are found.
    init(
        _ program: URL, _ arguments: [String], environment: [String: String] = [:],
        input: FileHandle = .nullDevice
    ) throws {
        let process = Process()
        process.executableURL = program
        process.arguments = arguments
        let inherited = ProcessInfo.processInfo.environment.filter { ["PATH", "ASAN_OPTIONS"].contains($0.key) }
        process.environment = environment.merging(inherited) { given, _ in given }
        process.standardInput = input
        errorFile = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try Data().write(to: errorFile)
        process.standardError = try FileHandle(forWritingTo: errorFile)
        let output = Pipe()
        process.standardOutput = output
        let (lines, continuation) = AsyncStream.makeStream(of: String.self)
        self.lines = lines
        let splitter = Locked(LineSplitter())
        let ended = ended
        output.fileHandleForReading.readabilityHandler = { handle in
            let bytes = handle.availableData
            guard !bytes.isEmpty else {
                handle.readabilityHandler = nil
                continuation.finish()
                return
            }
            for line in splitter.withLock({ $0.lines(of: bytes) }) { continuation.yield(line) }
        }
        process.terminationHandler = { process in
            ended.open(
                process.terminationReason == .exit
                    ? .exited(process.terminationStatus) : .killed(signal: process.terminationStatus))
        }
        try process.run()
        pid = process.processIdentifier
    }

    deinit { try? FileManager.default.removeItem(at: errorFile) }

    /// Kills the process with SIGKILL: nothing of it runs any more.
    func kill() { sendSignal(SIGKILL) }

    /// Asks the process to end, with SIGTERM.
    func terminate() { sendSignal(SIGTERM) }

    /// Asks the process to end as a person at a terminal does, with SIGINT.
    func interrupt() { sendSignal(SIGINT) }

    private func sendSignal(_ signal: Int32) {
        // The id is the child's until its end has been seen.
        if ended.value == nil { Foundation.kill(pid, signal) }
    }

    /// Waits for the end of the process.
    func ending() async -> Ending { await ended.wait() }

    /// What the process wrote to standard error so far.
    var errors: String { (try? String(contentsOf: errorFile, encoding: .utf8)) ?? "" }

    /// Runs a program to its end.
    static func run(
        _ program: URL, _ arguments: [String], environment: [String: String] = [:],
        input: FileHandle = .nullDevice
    ) async throws -> Result {
        let process = try ProcessRunner(program, arguments, environment: environment, input: input)
        var lines: [String] = []
        for await line in process.lines { lines.append(line) }
        return Result(ending: await process.ending(), lines: lines, errors: process.errors)
    }
}

/// Cuts bytes into lines as they come.
struct LineSplitter {
    private var rest: [UInt8] = []

    /// The lines that are whole now.
    mutating func lines(of bytes: some Sequence<UInt8>) -> [String] {
        var lines: [String] = []
        for byte in bytes {
            if byte == UInt8(ascii: "\n") {
                lines.append(String(decoding: rest, as: UTF8.self))
                rest.removeAll(keepingCapacity: true)
            } else {
                rest.append(byte)
            }
        }
        return lines
    }
}

/// A value that comes once and stays.
final class Latch<Value: Sendable>: Sendable {
    private struct State {
        var value: Value?
        var waiting: [CheckedContinuation<Value, Never>] = []
    }

    private let state = Locked(State())

    var value: Value? { state.withLock { $0.value } }

    /// Sets the value; a second one is passed over.
    func open(_ value: Value) {
        let waiting = state.withLock { state in
            guard state.value == nil else { return [CheckedContinuation<Value, Never>]() }
            state.value = value
            defer { state.waiting = [] }
            return state.waiting
        }
        for continuation in waiting { continuation.resume(returning: value) }
    }

    /// Waits for the value.
    func wait() async -> Value {
        await withCheckedContinuation { continuation in
            let value = state.withLock { state in
                if state.value == nil { state.waiting.append(continuation) }
                return state.value
            }
            if let value { continuation.resume(returning: value) }
        }
    }
}
