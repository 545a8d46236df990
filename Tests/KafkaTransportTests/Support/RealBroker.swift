import Foundation
import Testing

/// An Apache Kafka of the tests' own on the loopback interface, which can be killed and brought back.
///
/// It is run by two scripts, `start` and `stop`, in the folder that the environment variable `KAFKA_TEST_TOOLS` names,
/// else in `../shared/kafka` beside the package.
final class RealBroker: Sendable {
    /// The folder with the scripts; `nil` if there is none.
    static let tools: URL? = {
        let package = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let folder =
            ProcessInfo.processInfo.environment["KAFKA_TEST_TOOLS"].map { URL(fileURLWithPath: $0, isDirectory: true) }
            ?? package.deletingLastPathComponent().appendingPathComponent("shared/kafka")
        let start = folder.appendingPathComponent("start").path
        return FileManager.default.isExecutableFile(atPath: start) ? folder : nil
    }()

    /// What the broker is, beside one plain node of the newest version.
    struct Options {
        var nodes = 1
        var version: String?
        var isSecure = false
        /// Properties of the broker, `name=value` each.
        var properties: [String] = []

        fileprivate var arguments: [String] {
            ["--nodes", String(nodes)] + (version.map { ["--kafka", $0] } ?? []) + (isSecure ? ["--secure"] : [])
                + properties.flatMap { ["--set", $0] }
        }
    }

    /// What `start` printed, by name: addresses, and the folder of certificates.
    let variables: [String: String]
    private let directory: URL
    private let tools: URL
    /// `--set` is not kept from one start to the next.
    private let properties: [String]

    /// Starts a broker in a temporary folder.
    ///
    /// - Throws: `ProcessRunner.Failure` if there are no scripts, or a node does not come up.
    init(_ options: Options = Options()) async throws {
        guard let tools = Self.tools else {
            throw ProcessRunner.Failure(description: "no scripts to start Kafka with: set KAFKA_TEST_TOOLS")
        }
        self.tools = tools
        directory = FileManager.default.temporaryDirectory.appendingPathComponent("kafka-" + UUID().uuidString)
        properties = options.properties.flatMap { ["--set", $0] }
        variables = Self.variables(
            try await Self.run(tools, "start", [directory.path] + options.arguments))
    }

    /// The addresses of all nodes.
    var bootstrapServers: String { variables["KAFKA_BOOTSTRAP_SERVERS"] ?? "" }

    /// Kills the nodes, or one of them, with SIGKILL.
    func kill(node: Int? = nil) async throws {
        _ = try await Self.run(tools, "stop", [directory.path, "--kill"] + nodeArguments(node))
    }

    /// Ends the nodes, or one of them, in good order.
    func stop(node: Int? = nil) async throws {
        _ = try await Self.run(tools, "stop", [directory.path] + nodeArguments(node))
    }

    /// Brings back what does not run, with the same data on the same addresses.
    func restart() async throws {
        _ = try await Self.run(tools, "start", [directory.path] + properties)
    }

    /// Runs one of Kafka's own programs against the broker, and returns its lines.
    func run(_ program: String, _ arguments: [String]) async throws -> [String] {
        try await Self.run(tools, "run", [program, "--bootstrap-server", bootstrapServers] + arguments)
    }

    /// Makes a topic.
    func makeTopic(_ name: String, partitions: Int = 4) async throws {
        _ = try await run("topics", ["--create", "--topic", name, "--partitions", String(partitions)])
    }

    /// Kills what runs and removes the folder.
    func close() async {
        try? await kill()
        try? FileManager.default.removeItem(at: directory)
    }

    /// Lends a broker that is gone afterwards.
    static func with<Value: Sendable>(
        _ options: Options = Options(), _ body: (RealBroker) async throws -> Value
    ) async throws -> Value {
        let broker = try await RealBroker(options)
        do {
            let value = try await body(broker)
            await broker.close()
            return value
        } catch {
            await broker.close()
            throw error
        }
    }

    private func nodeArguments(_ node: Int?) -> [String] { node.map { ["--node", String($0)] } ?? [] }

    private static func run(_ tools: URL, _ script: String, _ arguments: [String]) async throws -> [String] {
        let result = try await ProcessRunner.run(tools.appendingPathComponent(script), arguments)
        guard result.ending == .exited(0) else {
            throw ProcessRunner.Failure(description: "\(script) \(arguments.dropFirst()): \(result.errors)")
        }
        return result.lines
    }

    private static func variables(_ lines: [String]) -> [String: String] {
        var variables: [String: String] = [:]
        for line in lines {
            let parts = line.split(separator: "=", maxSplits: 1).map(String.init)
            if parts.count == 2 { variables[parts[0]] = parts[1] }
        }
        return variables
    }
}

/// Whether tests with faults on a real broker run: they take minutes, so they are asked for.
enum FaultTests {
    static let areOn: Bool = {
        guard ProcessInfo.processInfo.environment["KAFKA_FAULT_TESTS"] == "1" else {
            say("not run: fault tests on a real Kafka, as KAFKA_FAULT_TESTS=1 is not set")
            return false
        }
        guard RealBroker.tools != nil else {
            say("not run: fault tests, as there are no scripts to start Kafka with (KAFKA_TEST_TOOLS)")
            return false
        }
        return true
    }()

    /// How many events the long tests pass; `KAFKA_FAULT_EVENTS` makes it fewer while one works on them.
    static let events = ProcessInfo.processInfo.environment["KAFKA_FAULT_EVENTS"].flatMap { Int($0) } ?? 300_000

    static func say(_ line: String) {
        FileHandle.standardError.write(Data((line + "\n").utf8))
    }
}
