import InMemoryTransport
import OpenEdXEvents

@testable import openedx_events

/// Runs the commands of the bus in this process, on a bus in memory.
struct BusCommandDouble {
    let transport: InMemoryTransport

    init(partitions: Int32 = 1) {
        var configuration = InMemoryConfiguration()
        configuration.partitions = partitions
        transport = InMemoryTransport(configuration)
    }

    var broker: InMemoryBroker { transport.broker }

    /// Runs a command to its end; a failure is told as the tool tells it.
    func run<C: BusCommand>(
        _ type: C.Type, _ arguments: [String], _ double: TerminalDouble = TerminalDouble(),
        transport other: (any EventTransport)? = nil, until stop: StopSignal = StopSignal()
    ) async throws -> (status: openedx_events.ExitStatus, output: String, errors: String) {
        var status: openedx_events.ExitStatus
        do {
            guard case .run(let parsed) = try ArgumentParser(C.spec).parse(arguments) else {
                return (.success, double.output.text, double.errors.text)
            }
            status = try await C(parsed).run(
                on: TransportBus(transport: other ?? transport), double.terminal, until: stop)
        } catch let failure as CommandFailure {
            double.terminal.complain(C.spec.name, failure.message, hint: failure.hint)
            status = failure.status
        } catch let error as UsageError {
            double.terminal.complain(C.spec.name, error.message, hint: error.hint)
            status = .usage
        }
        return (status, double.output.text, double.errors.text)
    }

    /// Stores messages as they are.
    func store(_ messages: OutgoingMessage...) async throws {
        for outcome in try await transport.publish(messages) {
            if case .failed(let error) = outcome { throw error }
        }
    }

    /// The values of a topic, as text.
    func values(_ topic: String) -> [String] {
        broker.messages(in: topic).map { String(decoding: $0.value ?? [], as: UTF8.self) }
    }
}

extension SampleEvents {
    /// The valid event with another id and other data.
    static func event(_ number: Int, data: String = #"{"name":"personal"}"#) -> String {
        let digits = String(number)
        let id = "5eed" + String(repeating: "0", count: 4 - digits.count) + digits
        return valid.replacing("5eed002e", with: id).replacing(#"{"name":"personal"}"#, with: data)
    }

    /// A message in structured mode.
    static func message(_ document: String, topic: String, key: String? = nil) -> OutgoingMessage {
        OutgoingMessage(
            topic: topic, key: key.map { Array($0.utf8) },
            headers: [MessageHeader("content-type", "application/cloudevents+json")], value: Array(document.utf8))
    }
}
