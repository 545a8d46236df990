import Foundation
import Testing

@Suite(
    "Commands on a Kafka that refuses them",
    .enabled(if: BrokerEnvironment.isSecure, Comment(rawValue: BrokerEnvironment.missingSecure)))
struct RefusedProcessTests {
    /// Each command, with what it needs to get as far as the broker; the topic is there.
    private static func arguments(_ command: String, _ topic: String) -> [String] {
        switch command {
        case "consume": [command, "-t", topic, "-g", topic]
        case "replay": [command, "-t", topic, "--from", "beginning", "--into", topic + "-2"]
        case "redrive", "lag": [command, "-g", topic]
        case "reset-offsets": [command, "-g", topic, "-t", topic, "--to", "beginning"]
        case "topics": [command]
        default: [command, "-t", topic]
        }
    }

    private func run(
        _ command: String, _ topic: String, as user: String, _ password: String
    ) async throws -> ProcessRunner.Result {
        let folder = try TemporaryFolder()
        let input = try folder.write(EventLines.event(1) + "\n", to: "input")
        return try await ProcessRunner.run(
            try BuiltProgram.named("openedx-events"), Self.arguments(command, topic),
            environment: [
                "KAFKA_BOOTSTRAP_SERVERS": BrokerEnvironment.sasl.joined(separator: ","),
                "OPENEDX_EVENTS_KAFKA_SECURITY_PROTOCOL": "sasl_plaintext",
                "OPENEDX_EVENTS_KAFKA_SECURITY_SASL_MECHANISM": "PLAIN",
                "OPENEDX_EVENTS_KAFKA_SECURITY_SASL_USERNAME": user,
                "OPENEDX_EVENTS_KAFKA_SECURITY_SASL_PASSWORD": password,
            ], input: try FileHandle(forReadingFrom: URL(fileURLWithPath: input)))
    }

    private func madeTopic() async throws -> String {
        let topic = CommandLineBroker.name("refused")
        let made = try await CommandLineBroker(.real).run(["emit", "-t", topic], input: EventLines.event(1))
        try #require(made.ending == .exited(0), "\(made.errors)")
        return topic
    }

    @Test(
        "a wrong password: exit 77, and the password is not shown",
        arguments: ["emit", "tail", "consume", "replay", "redrive", "topics", "lag", "reset-offsets"])
    func unknown(command: String) async throws {
        let result = try await run(command, try await madeTopic(), as: "admin", "wrong-password-4711")
        #expect(result.ending == .exited(77) && result.lines.isEmpty, "\(result.errors)")
        #expect(result.errors.contains("openedx-events \(command): authentication failed"), "\(result.errors)")
        #expect(!result.errors.contains("4711"))
    }

    @Test("no permission: exit 77", arguments: ["tail", "consume", "replay", "lag"])
    func forbidden(command: String) async throws {
        let result = try await run(command, try await madeTopic(), as: "guest", "guest-secret")
        #expect(result.ending == .exited(77) && result.lines.isEmpty, "\(result.errors)")
        #expect(result.errors.contains("openedx-events \(command): not authorized"), "\(result.errors)")
    }

    @Test("no permission to write: the event is named, exit 1")
    func unwritable() async throws {
        let result = try await run("emit", try await madeTopic(), as: "guest", "guest-secret")
        #expect(result.ending == .exited(1), "\(result.errors)")
        #expect(result.lines.first?.hasPrefix("line 1: failed") == true, "\(result.lines)")
    }
}
