import KafkaTransport
import OpenEdXEvents

/// A command that looks after a cluster, and that SIGINT and SIGTERM end once the cluster has answered what it was asked
/// last.
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
        let stop = StopSignal()
        let work = StoppableWork(stop) { try await stop.cancelling { try await run(on: admin, terminal) } }
        return try await work.status { work in
            try await admin.closing { _ in try await ShutdownSignals.run(work) }
        }
    }
}

extension KafkaAdmin {
    /// Does some work and closes: the process may end soon, and must not find librdkafka's threads at work.
    func closing<Value>(_ body: (KafkaAdmin) async throws -> Value) async throws -> Value {
        do {
            let value = try await body(self)
            await close()
            return value
        } catch {
            await close()
            throw error
        }
    }

    /// Whether the broker is the embedded one: it refuses to tell its groups, and makes topics only when they are used.
    func isEmbedded() async throws(TransportError) -> Bool {
        do throws(TransportError) {
            _ = try await groups()
            return false
        } catch {
            guard error.code == .unsupported else { throw error }
            return true
        }
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
