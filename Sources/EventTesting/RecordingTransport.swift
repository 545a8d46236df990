public import OpenEdXEvents
import Synchronization

/// A transport that stores nothing and remembers what was published: for tests of code that emits.
///
/// ```swift
/// let recorder = RecordingTransport()
/// let service = Enrollments(events: try EventProducer(transport: recorder, configuration: configuration))
/// try await service.enroll(learner, in: course)
/// try recorder.expectEmitted(CourseEnrollmentCreated.self) { $0.enrollment.mode == "audit" }
/// ```
///
/// Each recorder is by itself: tests that run side by side do not see each other's events.
public final class RecordingTransport: EventTransport {
    private struct State {
        var messages: [OutgoingMessage] = []
        var offsets: [String: Int64] = [:]
        var failures: [TransportError] = []
        var isShutDown = false
    }

    private let state = Locked(State())

    /// Creates a recording transport.
    public init() {}

    /// What the transport can do.
    public var features: TransportFeatures { [.headers] }

    /// Takes the messages, and returns one outcome for each.
    public func publish(_ batch: [OutgoingMessage]) async throws(TransportError) -> [PublishOutcome] {
        let outcomes = state.withLock { state -> [PublishOutcome]? in
            guard !state.isShutDown else { return nil }
            return batch.map { message in
                if !state.failures.isEmpty { return .failed(state.failures.removeFirst()) }
                let offset = state.offsets[message.topic, default: 0]
                state.offsets[message.topic] = offset + 1
                state.messages.append(message)
                return .stored(Position(topic: message.topic, partition: 0, offset: offset))
            }
        }
        guard let outcomes else { throw TransportError(.closed, "the recording transport is shut down") }
        return outcomes
    }

    /// Always throws: a recorder has nothing to deliver. Use ``EventTestBus`` to test handlers.
    public func subscribe(
        _ options: SubscriptionOptions, onChange: @escaping @Sendable (AssignmentChange) -> Void
    ) async throws(TransportError) -> any EventSubscription {
        throw TransportError(.unsupported, "a recording transport delivers nothing: test handlers with EventTestBus")
    }

    /// Refuses what comes after.
    public func shutDown(within limit: Duration) async {
        state.withLock { $0.isShutDown = true }
    }

    /// Lets the next message fail with an error; called several times, as many.
    public func failNext(with error: TransportError) {
        state.withLock { $0.failures.append(error) }
    }

    /// Everything that was published, in order.
    public var messages: [OutgoingMessage] { state.withLock { $0.messages } }

    /// Forgets what was published.
    public func reset() { state.withLock { $0.messages = [] } }

    /// The events of a type that were published, in order, decoded.
    ///
    /// - Throws: ``ExpectationFailed`` if a message cannot be read.
    public func emitted<E: Event>(
        _ type: E.Type, file: StaticString = #fileID, line: UInt = #line
    ) throws(ExpectationFailed) -> [EmittedEvent<E>] {
        var events: [EmittedEvent<E>] = []
        for (index, message) in messages.enumerated() {
            let envelope = try envelope(of: message, index, file, line)
            guard envelope.type == E.type.name else { continue }
            do throws(PayloadError) {
                events.append(EmittedEvent(payload: try envelope.decode(E.self), envelope: envelope, message: message))
            } catch {
                throw ExpectationFailed("message \(index) is no \(E.self): \(error)", file: file, line: line)
            }
        }
        return events
    }

    /// Expects that events of a type were emitted, and returns them.
    ///
    /// - Parameters:
    ///   - count: How many; without it at least one.
    ///   - condition: Which ones count.
    /// - Throws: ``ExpectationFailed`` with the types that were emitted instead.
    @discardableResult
    public func expectEmitted<E: Event>(
        _ type: E.Type, count: Int? = nil, file: StaticString = #fileID, line: UInt = #line,
        where condition: (E) throws -> Bool = { _ in true }
    ) throws -> [EmittedEvent<E>] {
        let all = try emitted(type, file: file, line: line)
        let matching = try all.filter { try condition($0.payload) }
        let isMet = count.map { $0 == matching.count } ?? !matching.isEmpty
        guard !isMet else { return matching }
        let wanted = count.map(String.init) ?? "at least one"
        throw ExpectationFailed(
            "expected \(wanted) \(E.type) that meet the condition, saw \(matching.count) of \(all.count); "
                + "emitted: \(try summary(file, line))", file: file, line: line)
    }

    /// Expects that nothing was emitted.
    ///
    /// - Throws: ``ExpectationFailed`` with the types that were.
    public func expectNothingEmitted(
        file: StaticString = #fileID, line: UInt = #line
    ) throws(ExpectationFailed) {
        guard messages.isEmpty else {
            throw ExpectationFailed(
                "expected nothing to be emitted, saw: \(try summary(file, line))", file: file, line: line)
        }
    }

    private func summary(_ file: StaticString, _ line: UInt) throws(ExpectationFailed) -> String {
        var counts: [String: Int] = [:]
        for (index, message) in messages.enumerated() {
            counts[try envelope(of: message, index, file, line).type, default: 0] += 1
        }
        let parts = counts.sorted { $0.key < $1.key }.map { "\($0.value) × \($0.key)" }
        return parts.isEmpty ? "nothing" : parts.joined(separator: ", ")
    }

    private func envelope(
        of message: OutgoingMessage, _ index: Int, _ file: StaticString, _ line: UInt
    ) throws(ExpectationFailed) -> ReceivedEnvelope {
        let incoming = IncomingMessage(
            delivery: Delivery(
                position: Position(topic: message.topic, partition: 0, offset: Int64(index)), assignment: .init(0)),
            key: message.key, headers: message.headers, value: message.value, timestamp: EventTime.now())
        for format in [StructuredFormat(), BinaryFormat()] as [any EnvelopeFormat] where format.recognizes(incoming) {
            if case .event(let envelope) = format.read(incoming) { return envelope }
        }
        throw ExpectationFailed("message \(index) holds no event that can be read", file: file, line: line)
    }
}

/// An event that a recorder saw.
public struct EmittedEvent<Payload: Event>: Sendable {
    /// The payload.
    public let payload: Payload
    /// The envelope.
    public let envelope: ReceivedEnvelope
    /// The message as it was given to the transport: topic, key, headers.
    public let message: OutgoingMessage
}
