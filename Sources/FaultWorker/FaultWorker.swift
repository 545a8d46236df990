import Foundation
import KafkaTransport
import OpenEdXEvents

/// A process that emits or handles numbered events through Kafka, made to be killed: the fault tests run it.
///
///     FaultWorker produce DIRECTORY EVENTS [NAME=VALUE]...
///     FaultWorker consume DIRECTORY [NAME=VALUE]...
///
/// The directory holds what a service would keep in its database, so a process that is started again goes on where the
/// one before was killed. `bootstrap`, `topic` and `keys` are settings of the worker; every other name is a property of
/// librdkafka.
@main
struct FaultWorker {
    static func main() async {
        do {
            try await run(Array(CommandLine.arguments.dropFirst()))
        } catch {
            FileHandle.standardError.write(Data("FaultWorker: \(error)\n".utf8))
            exit(1)
        }
    }

    private static func run(_ arguments: [String]) async throws {
        guard arguments.count >= 2 else { throw Misuse(description: "a command and a directory are needed") }
        let directory = URL(fileURLWithPath: arguments[1], isDirectory: true)
        switch arguments[0] {
        case "produce":
            guard arguments.count >= 3, let events = Int(arguments[2]) else {
                throw Misuse(description: "the number of events is needed")
            }
            try await RelayedProducer(directory, Settings(arguments.dropFirst(3))).run(events: events)
        case "consume":
            try await RecordingConsumer(directory, Settings(arguments.dropFirst(2))).run()
        default: throw Misuse(description: "there is no command \(arguments[0])")
        }
    }

    struct Misuse: Error, CustomStringConvertible {
        let description: String
    }
}

/// What the worker is told on its command line.
struct Settings {
    let topic: String
    let keys: Int
    let transport: KafkaTransport

    init(_ arguments: some Sequence<String>) throws {
        var values: [String: String] = [:]
        for argument in arguments {
            let parts = argument.split(separator: "=", maxSplits: 1).map(String.init)
            guard parts.count == 2 else { throw FaultWorker.Misuse(description: "\(argument) is not NAME=VALUE") }
            values[parts[0]] = parts[1]
        }
        guard let bootstrap = values.removeValue(forKey: "bootstrap"), let topic = values.removeValue(forKey: "topic")
        else { throw FaultWorker.Misuse(description: "bootstrap= and topic= are needed") }
        self.topic = topic
        keys = values.removeValue(forKey: "keys").flatMap { Int($0) } ?? 1_000
        var configuration = KafkaConfiguration(bootstrapServers: bootstrap.split(separator: ",").map(String.init))
        configuration.properties = values
        transport = try KafkaTransport(configuration)
    }
}
