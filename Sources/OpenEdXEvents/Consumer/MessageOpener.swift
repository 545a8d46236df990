/// What whoever opens messages, one after another, remembers of those before.
struct MessageOpener {
    /// Strings of their payloads, to be read from here; `nil` for somebody who opens one message.
    let strings: StringCache?
    private var headers: HeaderFacts?

    init(strings: StringCache? = nil) { self.strings = strings }

    /// What a message's headers say.
    mutating func headers(of message: IncomingMessage, _ formats: [any EnvelopeFormat]) -> HeaderFacts {
        if let headers, headers.hold(for: message.headers) { return headers }
        let facts = HeaderFacts(message, formats)
        headers = facts
        return facts
    }
}
