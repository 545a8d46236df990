/// How an event stands in a message: structured JSON, binary, or a format of your own.
///
/// A format turns an encoded event into headers and a value, and back. Both calls are synchronous, so that the common
/// formats cost nothing; a format that needs something from elsewhere, such as a schema registry, answers `waiting`
/// with a dependency. The producer then awaits it before anything is sent. The consumer holds back the event's key,
/// retries until the dependency answers, and reads again: while a registry is down, no event is lost or dead-lettered.
public protocol EnvelopeFormat: Sendable {
    /// A short name for messages and metrics, such as `structured`.
    var name: String { get }

    /// Whether names on the legacy list may be written in this format (see ``EventType/isLegacy``).
    var writesLegacyTypes: Bool { get }

    /// Whether this format can read the message; decided from its headers alone (rule 40).
    func recognizes(_ message: IncomingMessage) -> Bool

    /// Reads the envelope of a message.
    func read(_ message: IncomingMessage) -> EnvelopeReading

    /// Writes an event that was encoded, checked and measured.
    func write(_ event: EncodedEvent) -> EnvelopeWriting
}

extension EnvelopeFormat {
    /// `false`: names on the legacy list are refused.
    public var writesLegacyTypes: Bool { false }
}

/// What came of reading a message.
public enum EnvelopeReading: Sendable {
    /// The event's envelope, with its data still as bytes.
    case event(ReceivedEnvelope)
    /// The message holds no event that can be read.
    case unreadable(EnvelopeError)
    /// Something is needed first; then read again.
    case waiting(FormatDependency)
}

/// What came of writing an event.
public enum EnvelopeWriting: Sendable {
    /// Headers and value for the transport.
    case message(headers: [MessageHeader], value: [UInt8]?)
    /// The event cannot be written in this format.
    case refused(EnvelopeError)
    /// Something is needed first; then write again.
    case waiting(FormatDependency)
}

/// Something that a format needs from elsewhere before it can go on.
public struct FormatDependency: Sendable {
    /// What is needed, for messages; no payload values.
    public let name: String
    /// Fetches it, so that the next try finds it. Throws when it cannot be had now.
    public let resolve: @Sendable () async throws -> Void

    /// A dependency by its name, with what fetches it.
    public init(_ name: String, resolve: @escaping @Sendable () async throws -> Void) {
        self.name = name
        self.resolve = resolve
    }
}
