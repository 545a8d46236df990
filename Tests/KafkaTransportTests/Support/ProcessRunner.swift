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
    /// Whether the id may belong to another process by now.
    private let isReaped = Locked(false)
    private let errorFile: URL

    /// Starts a program; its environment is what is given, where programs are found, and what a sanitizer needs.
    init(
        _ program: URL, _ arguments: [String], environment: [String: String] = [:],
        input: FileHandle = .nullDevice
    ) throws {
        errorFile = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        var ends: [Int32] = [-1, -1]
        guard pipe(&ends) == 0 else { throw Failure(description: "no pipe: \(errno)") }
        defer { close(ends[1]) }
        for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
        let names = ["PATH", "ASAN_OPTIONS", "TSAN_OPTIONS", "LD_PRELOAD"]
        let inherited = ProcessInfo.processInfo.environment.filter { names.contains($0.key) }
        pid = try Self.spawn(
            program.path, arguments, environment.merging(inherited) { given, _ in given },
            input: input.fileDescriptor, output: ends[1], errors: errorFile.path)
        let (lines, continuation) = AsyncStream.makeStream(of: String.self)
        self.lines = lines
        let reader = PipeReader(ends[0]) { continuation.yield($0) }
        Thread.detachNewThread { [self, ended] in
            var status: siginfo_t = siginfo_t()
            // Left to be reaped under the lock, so that nobody signals whoever has the number next.
            while waitid(P_PID, id_t(pid), &status, WEXITED | WNOWAIT) != 0, errno == EINTR {}
            let code = isReaped.withLock { isReaped in
                isReaped = true
                var code: Int32 = 0
                waitpid(pid, &code, 0)
                return code
            }
            // A grandchild may hold the pipe open for ever: what the child wrote is there by now.
            reader.end {
                continuation.finish()
                ended.open(code & 0x7F == 0 ? .exited(code >> 8 & 0xFF) : .killed(signal: code & 0x7F))
            }
        }
    }

    /// Foundation's `Process` sees a process end only when all it has left behind have ended too: a broker lives on.
    private static func spawn(
        _ program: String, _ arguments: [String], _ environment: [String: String], input: Int32, output: Int32,
        errors: String
    ) throws -> Int32 {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        posix_spawn_file_actions_adddup2(&actions, input, 0)
        posix_spawn_file_actions_adddup2(&actions, output, 1)
        posix_spawn_file_actions_addopen(&actions, 2, errors, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
        let words = ([program] + arguments).map { strdup($0) } + [nil]
        let variables = environment.map { strdup($0.key + "=" + $0.value) } + [nil]
        defer { for text in words + variables { free(text) } }
        var pid: pid_t = 0
        let code = posix_spawn(&pid, program, &actions, nil, words, variables)
        guard code == 0 else { throw Failure(description: "\(program) cannot be started: \(code)") }
        return pid
    }

    deinit { try? FileManager.default.removeItem(at: errorFile) }

    /// Kills the process with SIGKILL: nothing of it runs any more.
    func kill() { sendSignal(SIGKILL) }

    /// Asks the process to end, with SIGTERM.
    func terminate() { sendSignal(SIGTERM) }

    /// Asks the process to end as a person at a terminal does, with SIGINT.
    func interrupt() { sendSignal(SIGINT) }

    private func sendSignal(_ signal: Int32) {
        isReaped.withLock { isReaped in
            if !isReaped { _ = Foundation.kill(pid, signal) }
        }
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

/// Reads a pipe without waiting, whenever there is something.
// Unchecked: the splitter is touched on the queue alone.
private final class PipeReader: @unchecked Sendable {
    private let descriptor: Int32
    private let queue = DispatchQueue(label: "pipe")
    private let source: any DispatchSourceRead
    private let onLine: @Sendable (String) -> Void
    private var splitter = LineSplitter()

    /// Takes the descriptor over.
    init(_ descriptor: Int32, onLine: @escaping @Sendable (String) -> Void) {
        self.descriptor = descriptor
        self.onLine = onLine
        _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        source.setEventHandler { [weak self] in self?.read() }
        source.setCancelHandler { close(descriptor) }
        source.resume()
    }

    /// Reads what is left, and then no more.
    func end(_ then: @escaping @Sendable () -> Void) {
        queue.async {
            if !self.source.isCancelled { self.read() }
            self.source.cancel()
            then()
        }
    }

    private func read() {
        var bytes = [UInt8](repeating: 0, count: 4_096)
        while true {
            let count = Foundation.read(descriptor, &bytes, bytes.count)
            guard count > 0 else {
                if count == 0 { source.cancel() }
                return
            }
            for line in splitter.lines(of: bytes[..<count]) { onLine(line) }
        }
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
