/// What a message's headers say to a consumer.
///
/// In structured mode all messages of a topic have the same headers, and a transport hands them on as one array: what
/// they say is found once.
final class HeaderFacts: Sendable {
    /// Kept, so that no other array comes to lie where they do.
    private let headers: [MessageHeader]
    private let place: Int
    /// The first format that recognizes the message; by its headers alone (rule 40).
    let format: (any EnvelopeFormat)?
    /// Whether the messages are in this library's own structured mode.
    let isStructured: Bool
    /// Set if the message was redriven from a dead-letter topic.
    let redrive: Redrive?
    /// Whether the headers say nothing else: no redrive, no chain of handlers, no trace.
    let isPlain: Bool

    init(_ message: IncomingMessage, _ formats: [any EnvelopeFormat]) {
        headers = message.headers
        place = message.headersPlace
        format = formats.first { $0.recognizes(message) }
        isStructured =
            format is StructuredFormat && ContentType.value(in: headers).map(ContentType.isStructuredJSON) == true
        redrive = Redrive(headers)
        isPlain =
            redrive == nil && headers[HandlingContext.hopsHeader] == nil && TraceContext.extract(from: headers) == nil
    }

    /// Whether these are the facts of a message's headers: they are the same array.
    func hold(for message: IncomingMessage) -> Bool { message.headersPlace == place }
}
