import Foundation
import KafkaTransport
import OpenEdXEvents

/// The Kafka that the tests of commands run against: an embedded one, and a real one where one is named.
final class CommandLineBroker: Sendable {
    enum Kind: CaseIterable, CustomStringConvertible {
        case embedded
        case real

        var description: String { self == .embedded ? "embedded broker" : "real broker" }

        /// Those that are there.
        static let available: [Kind] = realServers == nil ? [.embedded] : [.embedded, .real]
    }

    static let realServers = ProcessInfo.processInfo.environment["KAFKA_BOOTSTRAP_SERVERS"]

    let servers: String
    let embedded: DevelopmentBroker?

    init(_ kind: Kind = .embedded) throws {
        switch kind {
        case .embedded:
            let broker = try DevelopmentBroker()
            embedded = broker
            servers = broker.bootstrapServers.joined(separator: ",")
        case .real:
            embedded = nil
            servers = Self.realServers ?? ""
        }
    }

    /// A name that no other test has.
    static func name(_ prefix: String) -> String { "\(prefix)-\(EventID())" }

    /// Starts a command.
    func start(_ arguments: [String], input: FileHandle = .nullDevice) throws -> ProcessRunner {
        try ProcessRunner(
            try BuiltProgram.named("openedx-events"), arguments, environment: environment, input: input)
    }

    /// Runs a command to its end.
    func run(_ arguments: [String], input text: String? = nil) async throws -> ProcessRunner.Result {
        let folder = try TemporaryFolder()
        var input = FileHandle.nullDevice
        if let text {
            let path = try folder.write(text, to: "input")
            input = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        }
        return try await ProcessRunner.run(
            try BuiltProgram.named("openedx-events"), arguments, environment: environment, input: input)
    }

    /// Runs a script of bash, in which `$0` is the tool.
    func shell(_ script: String, _ arguments: [String]) async throws -> ProcessRunner.Result {
        let tool = try BuiltProgram.named("openedx-events")
        return try await ProcessRunner.run(
            URL(fileURLWithPath: "/bin/bash"), ["-c", script, tool.path] + arguments, environment: environment)
    }

    /// The embedded broker lets a group wait for the session time-out that was there before.
    var environment: [String: String] {
        [
            "KAFKA_BOOTSTRAP_SERVERS": servers, "OPENEDX_EVENTS_KAFKA_CONSUMER_SESSION_TIMEOUT_MS": "6000",
            "OPENEDX_EVENTS_KAFKA_CONSUMER_HEARTBEAT_INTERVAL_MS": "500",
        ]
    }
}

/// Events as lines of text.
enum EventLines {
    /// An event that keeps every rule, with a number and a key in its data.
    static func event(_ number: Int, keys: Int = 5, padding: String = "") -> String {
        let hex = String(number, radix: 16)
        let id = String(repeating: "0", count: 8 - hex.count) + hex
        return #"{"specversion":"1.0","id":"\#(id)-c0de-11f1-8000-0342ac120002","#
            + #""type":"org.openedx.learning.course.enrollment.created.v1","source":"/openedx/lms/web","#
            + #""sourcehost":"lms.example.org","time":"2026-03-14T15:09:26.535897Z","minorversion":0,"#
            + #""datacontenttype":"application/json","data":{"number":\#(number),"course":"c\#(number % keys)","#
            + #""email":"someone@example.org","padding":"\#(padding)"}}"#
    }

    static func events(_ numbers: Range<Int>) -> String { numbers.map { event($0) + "\n" }.joined() }

    /// An event of so many bytes.
    static func event(size: Int) -> String {
        event(0, padding: String(repeating: "x", count: size - event(0).utf8.count))
    }

    /// The number in an event's data.
    static func number(_ line: String) -> Int? {
        line.firstRange(of: #""number":"#).flatMap { range in Int(line[range.upperBound...].prefix { $0.isNumber }) }
    }
}
