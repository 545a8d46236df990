import KafkaTransport
import OpenEdXEvents

/// A command that looks after a cluster, and that SIGINT and SIGTERM end once the cluster has answered.
protocol AdminCommand: Command {
    /// Which Kafka it works on.
    var kafka: KafkaOptions { get }

    /// Does its work.
    ///
    /// - Throws: ``CommandFailure`` for what the user is to be told; a `TransportError` becomes one.
    func run(on admin: KafkaAdmin, _ terminal: Terminal) async throws -> ExitStatus
}

extension AdminCommand {
    func run(_ terminal: Terminal) async throws -> ExitStatus {
        let configuration = try kafka.configuration(terminal)
        let admin: KafkaAdmin
        do throws(InvalidConfiguration) {
            admin = try KafkaAdmin(configuration, timeout: kafka.timeout)
        } catch {
            throw CommandFailure(error)
        }
        let work = StoppableWork(StopSignal()) { try await run(on: admin, terminal) }
        do {
            try await ShutdownSignals.run(work)
            // The process ends soon, and must not find librdkafka's threads at work.
            await admin.close()
        } catch {
            await admin.close()
            if let error = error as? TransportError { throw CommandFailure(error) }
            throw error
        }
        return work.value ?? .interrupted
    }
}

extension JSONWriter {
    /// One line of JSON, an object with what the body writes.
    static func line(_ body: (inout JSONWriter) throws(PayloadError) -> Void) throws(PayloadError) -> String {
        var json = JSONWriter(capacity: 256)
        json.beginObject()
        try body(&json)
        json.endObject()
        return String(decoding: json.bytes, as: UTF8.self)
    }
}
