import OpenEdXEvents

/// A message, and the event that it holds, if it can be read.
struct ReadMessage: Sendable {
    enum Content: Sendable {
        /// An event, and its document: structured JSON, as it was sent or made from the headers.
        case event(ReceivedEnvelope, document: [UInt8])
        case unreadable(EnvelopeError)
    }

    let message: IncomingMessage
    let content: Content

    /// How an event may stand in a message; which one is decided by the headers alone (rule 40).
    static let formats: [any EnvelopeFormat] = [BinaryFormat(), StructuredFormat()]

    init(_ message: IncomingMessage) {
        self.message = message
        guard let format = Self.formats.first(where: { $0.recognizes(message) }) else {
            content = .unreadable(
                EnvelopeError(.unknownFormat, rule: .kafkaMode, "the message is in no format that is known"))
            return
        }
        switch format.read(message) {
        case .unreadable(let error): content = .unreadable(error)
        case .waiting(let dependency):
            content = .unreadable(
                EnvelopeError(.unknownFormat, rule: .kafkaMode, "reading the message needs \(dependency.name)"))
        case .event(let event):
            do throws(EnvelopeError) {
                let document =
                    format is StructuredFormat ? message.value ?? [] : try event.envelope().unchecked()
                content = .event(event, document: document)
            } catch {
                content = .unreadable(error)
            }
        }
    }

    var event: ReceivedEnvelope? {
        if case .event(let event, _) = content { event } else { nil }
    }

    /// The key as text; a key that is not UTF-8 as base64 behind its name.
    var key: String? {
        message.key.map { key in String(validating: key, as: UTF8.self) ?? "base64:" + Base64.encode(key) }
    }
}
