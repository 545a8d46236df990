import Foundation
import Testing

/// The built tool, run as a process of its own.
enum ToolProcess {
    struct Result {
        let status: Int32
        let output: String
        let errors: String

        /// The lines of the output.
        var lines: [Substring] { output.split(separator: "\n") }
    }

    /// The executable lies beside the bundle of the tests.
    static var executable: URL {
        Bundle.module.bundleURL.deletingLastPathComponent().appendingPathComponent("openedx-events")
    }

    /// Runs the tool to its end.
    static func run(
        _ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:]
    ) throws -> Result {
        try run(executable, arguments, input: input, environment: environment)
    }

    /// Runs a program to its end. Input and output are files, so that neither side waits for the other.
    static func run(
        _ program: URL, _ arguments: [String], input: [UInt8] = [], environment: [String: String] = [:]
    ) throws -> Result {
        try withDirectory { directory in
            let files = ["in", "out", "err"].map { directory.appendingPathComponent($0) }
            try Data(input).write(to: files[0])
            try Data().write(to: files[1])
            try Data().write(to: files[2])
            let process = Process()
            process.executableURL = program
            process.arguments = arguments
            // The search path, and what a sanitizer needs: the tool is built with it too.
            let names = ["PATH", "ASAN_OPTIONS", "TSAN_OPTIONS", "LD_PRELOAD"]
            let inherited = ProcessInfo.processInfo.environment.filter { names.contains($0.key) }
            process.environment = environment.merging(inherited) { given, _ in given }
            process.standardInput = try FileHandle(forReadingFrom: files[0])
            process.standardOutput = try FileHandle(forWritingTo: files[1])
            process.standardError = try FileHandle(forWritingTo: files[2])
            try process.run()
            process.waitUntilExit()
            return Result(
                status: process.terminationStatus,
                output: String(decoding: try Data(contentsOf: files[1]), as: UTF8.self),
                errors: String(decoding: try Data(contentsOf: files[2]), as: UTF8.self))
        }
    }

    /// Lends a directory that is gone afterwards.
    static func withDirectory<Value>(_ body: (URL) throws -> Value) throws -> Value {
        let directory = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: directory, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: directory) }
        return try body(directory)
    }
}
