import OpenEdXEvents

/// A decimal digit as a type.
protocol Digit: Sendable {
    static var digit: Int { get }
}

enum Digits {
    enum D0: Digit { static let digit = 0 }
    enum D1: Digit { static let digit = 1 }
    enum D2: Digit { static let digit = 2 }
    enum D3: Digit { static let digit = 3 }
    enum D4: Digit { static let digit = 4 }
    enum D5: Digit { static let digit = 5 }
    enum D6: Digit { static let digit = 6 }
    enum D7: Digit { static let digit = 7 }
    enum D8: Digit { static let digit = 8 }
    enum D9: Digit { static let digit = 9 }

    static let all: [any Digit.Type] = [
        D0.self, D1.self, D2.self, D3.self, D4.self, D5.self, D6.self, D7.self, D8.self, D9.self,
    ]
}

/// Ten thousand event types in one declaration: the number stands in the four parameters.
struct NumberedEvent<A: Digit, B: Digit, C: Digit, D: Digit>: Event {
    static var type: EventType {
        let name = NumberedEvents.name(A.digit * 1_000 + B.digit * 100 + C.digit * 10 + D.digit)
        guard let type = try? EventType(name) else { preconditionFailure("not an event type: \(name)") }
        return type
    }

    init(from json: inout JSONReader) throws(PayloadError) { try json.skipValue() }

    func write(to json: inout JSONWriter) throws(PayloadError) { json.writeNull() }
}

enum NumberedEvents {
    /// The type's name; two digits at the end of the subject are alike for many, as names in real catalogues are.
    static func name(_ number: Int) -> String { "org.openedx.learning.sample\(number).certificate.created.v1" }

    /// Registers a counting handler for each of the first so many types.
    static func register(_ count: Int, in handlers: inout EventHandlers, counting tally: Tally) {
        func on<A: Digit, B: Digit, C: Digit, D: Digit>(_: A.Type, _: B.Type, _: C.Type, _: D.Type, _ number: Int) {
            handlers.on(NumberedEvent<A, B, C, D>.self, name: "handler-\(number)") { _ in tally.add() }
        }
        for number in 0..<count {
            let digits = [number / 1_000, number / 100 % 10, number / 10 % 10, number % 10].map { Digits.all[$0] }
            on(digits[0], digits[1], digits[2], digits[3], number)
        }
    }

    /// Messages of the first so many types in turns, in batches.
    static func batches(types: Int, batchSize: Int) throws -> [[OutgoingMessage]] {
        let source = try EventSource(service: "lms", process: .web)
        let host = try SourceHost("lms.example.org")
        let messages = try (0..<max(types, batchSize)).map { index in
            var writer = JSONWriter()
            let type = try EventType(name(index % types))
            let head = EventHead(
                type: type, id: EventID(), time: EventTime.now(), source: source, sourceHost: host, minorVersion: 0)
            let event = try EncodedEvent.encode(EnrolmentSample.event, head: head, into: &writer)
            return OutgoingMessage(
                topic: MemoryBus.topic, key: Array("key-\(index % 64)".utf8),
                headers: [MessageHeader("content-type", "application/cloudevents+json")], value: event.document)
        }
        return stride(from: 0, to: messages.count, by: batchSize).map {
            Array(messages[$0..<min($0 + batchSize, messages.count)])
        }
    }
}
