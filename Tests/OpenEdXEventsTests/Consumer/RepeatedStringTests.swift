import InMemoryTransport
import OpenEdXEvents
import Synchronization
import Testing

/// An event whose text is read without Foundation.
private struct Remark: Event {
    static let type: EventType = "org.openedx.learning.remark.created.v1"
    private static let names: JSONFieldNames = ["text"]

    var text: String

    init(text: String) { self.text = text }

    init(from json: inout JSONReader) throws(PayloadError) {
        var text: String?
        try json.beginObject()
        while let field = try json.nextField(of: Self.names) {
            switch field {
            case 0: text = try json.read(String.self)
            default: try json.skipValue()
            }
        }
        guard let text else { throw json.missing("text") }
        self.text = text
    }

    func write(to json: inout JSONWriter) throws(PayloadError) {
        json.beginObject()
        try json.member("text", text)
        json.endObject()
    }
}

@Suite("Strings that come again to a consumer", .timeLimit(.minutes(1)))
struct RepeatedStringTests {
    private let text = "Distributed systems, from \"it works here\" on"

    /// Consumes six events with one text and returns the texts as the handlers got them.
    private func texts(
        _ register: (inout EventHandlers, @escaping @Sendable (String, String) -> Void) -> Void
    ) async throws -> [String: [String]] {
        let bus = try TestBus(partitions: 1)
        let producer = try EventProducer(
            transport: bus.transport,
            configuration: .init(
                source: EventSource(service: "notes", process: .web),
                routes: [Route(Remark.type, to: TestBus.topic)]))
        for outcome in await producer.emit(contentsOf: Array(repeating: Remark(text: text), count: 6)) {
            _ = try outcome.get()
        }
        var configuration = bus.configuration
        configuration.concurrency = 1
        let seen = Locked<[String: [String]]>([:])
        var handlers = EventHandlers()
        register(&handlers) { handler, text in seen.withLock { $0[handler, default: []].append(text) } }
        try await bus.consuming(handlers, configuration) { _ in await bus.facts.waitForSettled(6) }
        return seen.withLock { $0 }
    }

    /// How many pieces of memory the texts lie in.
    private func places(_ texts: [String]?) -> Int {
        Set((texts ?? []).map { $0.utf8.withContiguousStorageIfAvailable { $0.baseAddress } }).count
    }

    @Test("they are made twice, and handed out from then on")
    func single() async throws {
        let texts = try await texts { handlers, note in
            handlers.on(Remark.self) { note("a", $0.payload.text) }
        }
        #expect(texts["a"] == Array(repeating: text, count: 6))
        #expect(places(texts["a"]) == 2)
    }

    @Test("to a handler of batches as well")
    func batch() async throws {
        let texts = try await texts { handlers, note in
            handlers.onBatch(of: Remark.self, upTo: 10) { for event in $0 { note("a", event.payload.text) } }
        }
        #expect(texts["a"] == Array(repeating: text, count: 6))
        #expect(places(texts["a"]) == 2)
    }

    @Test("what a second handler decodes says nothing about how often a string comes")
    func second() async throws {
        let texts = try await texts { handlers, note in
            handlers.on(Remark.self, name: "a") { note("a", $0.payload.text) }
            handlers.on(Remark.self, name: "b") { note("b", $0.payload.text) }
        }
        #expect(texts["b"] == Array(repeating: text, count: 6))
        #expect(places(texts["a"]) == 2 && places(texts["b"]) == 6)
    }
}
