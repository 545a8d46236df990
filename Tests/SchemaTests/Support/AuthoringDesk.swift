import Foundation
import OpenEdXEvents
import Synchronization

@testable import SchemaAuthoring
@testable import openedx_events

/// A directory of its own for the tests of the commands, which run the tool within this process.
final class AuthoringDesk {
    struct Result {
        let status: Int32
        let output: String
        let errors: String
        var lines: [Substring] { output.split(separator: "\n") }
    }

    private final class Source: ByteSource {
        private let rest: Locked<ArraySlice<UInt8>>
        init(_ text: String) { rest = Locked(Array(text.utf8)[...]) }
        func read() throws(SystemFailure) -> [UInt8] {
            rest.withLock { rest in
                let piece = Array(rest.prefix(11))
                rest = rest.dropFirst(11)
                return piece
            }
        }
    }

    let folder: URL
    var schemas: String { folder.appendingPathComponent("schemas").path }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Writes a file below the directory and returns its path.
    @discardableResult
    func write(_ text: String, to path: String) throws -> String {
        let url = folder.appendingPathComponent(path)
        try FileManager.default.createDirectory(
            at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
        return url.path
    }

    func read(_ path: String) throws -> String {
        try String(contentsOf: folder.appendingPathComponent(path), encoding: .utf8)
    }

    /// Writes a registry and samples as the schemas.
    func publish(_ samples: SchemaSample...) throws {
        if case .bytes(let bytes) = SchemaSample.registry.content {
            try write(String(decoding: bytes, as: UTF8.self), to: "schemas/registry.json")
        }
        for sample in samples { try write(sample.text, to: "schemas/" + sample.path) }
    }

    /// Runs the tool; what is interactive is asked.
    func run(_ arguments: String..., input: String = "", isInteractive: Bool = false) async -> Result {
        await run(arguments, input: input, isInteractive: isInteractive)
    }

    func run(_ arguments: [String], input: String = "", isInteractive: Bool = false) async -> Result {
        let (output, errors) = (Sink(), Sink())
        var terminal = Terminal(input: Source(input), output: output, errors: errors)
        terminal.isInputInteractive = isInteractive
        let status = await OpenEdXEventsTool.tool.run(arguments, on: terminal)
        return Result(status: status.code, output: output.text, errors: errors.text)
    }
}
