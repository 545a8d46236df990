#if ServiceLifecycle
import ServiceLifecycle
import ServiceLifecycleTestKit
import Testing

@testable import OpenEdXEvents

@Suite("swift-service-lifecycle bridge", .timeLimit(.minutes(1)))
struct ServiceLifecycleTests {
    @Test("a graceful shutdown drains the consumer: what was taken in is handled")
    func drain() async throws {
        let bus = try TestBus()
        let seen = Log<Int>()
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self) { seen.append($0.payload.number) }
        let consumer: any Service = try EventConsumer(
            transport: bus.transport, handlers: handlers, configuration: bus.configuration)
        try await bus.emit(0..<10)
        try await testGracefulShutdown { trigger in
            async let run: Void = consumer.run()
            await bus.facts.waitForSettled(10)
            trigger.triggerGracefulShutdown()
            try await run
        }
        #expect(seen.all.sorted() == Array(0..<10))
        let last = bus.facts.facts.compactMap { if case .consumer(_, let state) = $0 { state } else { nil } }.last
        #expect(last == .stopped(reason: nil))
    }
}
#endif
