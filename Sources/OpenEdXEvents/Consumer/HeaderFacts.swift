/// What a message's headers say to a consumer.
///
/// In structured mode all messages of a topic have the same headers, and a transport hands them on as one array: what
/// they say is found once.
final class HeaderFacts: Sendable {
    private let headers: [MessageHeader]
    /// The first format that recognizes the message; by its headers alone (rule 40).
    let format: (any EnvelopeFormat)?
    /// Set if the message was redriven from a dead-letter topic.
    let redrive: Redrive?
    /// Whether the headers say nothing else: no redrive, no chain of handlers, no trace.
    let isPlain: Bool

    init(_ message: IncomingMessage, _ formats: [any EnvelopeFormat]) {
        headers = message.headers
        format = formats.first { $0.recognizes(message) }
        redrive = Redrive(headers)
        isPlain =
            redrive == nil && headers[HandlingContext.hopsHeader] == nil && TraceContext.extract(from: headers) == nil
    }

    /// Whether these are the facts of such headers: they are the same array.
    func hold(for others: [MessageHeader]) -> Bool {
        headers.withUnsafeBufferPointer { known in
            others.withUnsafeBufferPointer { known.baseAddress == $0.baseAddress && known.count == $0.count }
        }
    }
}
