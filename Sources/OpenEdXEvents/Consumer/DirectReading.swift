/// What a worker has at hand to read the next event as it read the one before: at once, while it is decoded.
///
/// The usual event is written by this library, and has one handler with nothing around it. Its envelope is read up to the
/// data, which the handler's decoding validates while it reads; so the bytes are gone through once. Every other event is
/// scanned as a whole first, and so is each for which this turns out to be wrong.
struct DirectReading {
    /// The type of the event before.
    private var type: [UInt8] = []
    private var handlers = HandlerSet.none
    /// How the handler of that type is called.
    private var body: Handler.Single?
    /// How many events are not tried, since others before were not to be read at once.
    private var pause = 0
    private var failures = 0

    /// After so many failures in a row, two to the power of it events go by before another try.
    private static let longestPause = 8

    /// Reads the beginning of a message's event; `nil` if it has to be read as a whole.
    mutating func begin(
        _ message: IncomingMessage, _ facts: HeaderFacts, _ settings: ConsumerSettings, _ strings: StringCache
    ) -> (ReceivedMessage, Handler.Single)? {
        if pause > 0 {
            pause -= 1
            return nil
        }
        let head = message.withValue { document -> (scan: EnvelopeScan, dataStart: Int)? in
            guard let head = EnvelopeScan.scanHead(document) else { return nil }
            return find(UnsafeBufferPointer(rebasing: document[head.scan.type.range]), settings) ? head : nil
        }
        guard case .some(.some(let head)) = head, let body else {
            fail()
            return nil
        }
        return (ReceivedMessage(message, head.scan, dataStart: head.dataStart, for: handlers, facts, strings), body)
    }

    /// Finds how to call the handler of a type.
    private mutating func find(_ type: UnsafeBufferPointer<UInt8>, _ settings: ConsumerSettings) -> Bool {
        if self.type.withUnsafeBufferPointer({ holdSameBytes($0, type) }) { return body != nil }
        self.type = Array(type)
        handlers = settings.table.handlers(of: type) ?? .none
        body = handlers.handlers.first?.isTyped == true ? handlers.direct : nil
        return body != nil
    }

    /// An event was read at once.
    mutating func succeed() { failures = 0 }

    /// An event was not to be read at once.
    mutating func fail() {
        failures = min(failures + 1, Self.longestPause)
        pause = 1 << failures
    }
}
