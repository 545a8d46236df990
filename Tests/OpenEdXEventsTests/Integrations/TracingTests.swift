#if Tracing
import InMemoryTracing
import InMemoryTransport
import Testing
import Tracing

@testable import OpenEdXEvents

@Suite("swift-distributed-tracing bridge", .timeLimit(.minutes(1)))
struct TracingTests {
    private func producer(_ bus: TestBus, _ tracer: InMemoryTracer) throws -> EventProducer {
        try EventProducer(
            transport: bus.transport,
            configuration: .init(
                source: EventSource(service: "notes", process: .web),
                routes: [Route(NoteCreated.type, to: TestBus.topic), Route(NoteDeleted.type, to: TestBus.topic)],
                middleware: [PublishTracing(tracer: tracer)]))
    }

    @Test("a handler's span is the child of the span that published, and what it emits belongs to it")
    func chain() async throws {
        let bus = try TestBus()
        let tracer = InMemoryTracer()
        let producer = try producer(bus, tracer)
        var handlers = EventHandlers()
        handlers.use(HandlerTracing(tracer: tracer))
        handlers.on(NoteCreated.self, name: "index") { _ in _ = try await producer.emit(NoteDeleted(number: 1)) }
        try await bus.consuming(handlers) { _ in
            try await producer.emit(NoteCreated(course: "c", number: 1))
            await bus.facts.waitForSettled(2)
        }
        let spans = tracer.finishedSpans
        let published = try #require(spans.first { $0.kind == .producer && $0.parentSpanID == nil })
        let handled = try #require(spans.first { $0.kind == .consumer })
        let republished = try #require(spans.first { $0.kind == .producer && $0.parentSpanID != nil })
        #expect(spans.count == 3)
        #expect(published.operationName == "publish notes")
        #expect(handled.operationName == "process notes")
        #expect(handled.parentSpanID == published.spanID)
        #expect(republished.parentSpanID == handled.spanID)
        #expect(Set(spans.map(\.traceID)).count == 1)
        #expect(handled.attributes.get("openedx.handler") == "index")
        #expect(handled.attributes.get("cloudevents.event_type") == .string(NoteCreated.type.name))
        #expect(handled.attributes.get("messaging.consumer.group.name") == .string(TestBus.group))
        #expect(handled.status == nil)
    }

    @Test("OEP41-28: a failure marks the span with its reason, and the error itself is not recorded")
    func failure() async throws {
        struct Leak: Error { let email = "jane.doe@example.org" }
        let bus = try TestBus()
        let tracer = InMemoryTracer()
        var configuration = bus.configuration
        configuration.onFailure = .skip
        configuration.retry = RetryPolicy(attempts: 1, initialDelay: .seconds(1), jitter: 0)
        var handlers = EventHandlers()
        handlers.use(HandlerTracing(tracer: tracer))
        handlers.on(NoteCreated.self) { _ in throw Leak() }
        try await bus.emit(0..<1)
        try await bus.consuming(handlers, configuration) { _ in await bus.facts.waitForSettled(1) }
        let span = try #require(tracer.finishedSpans.first)
        #expect(span.status?.code == .error)
        #expect(span.errors.isEmpty)
        #expect(span.status?.message?.contains("jane") == false)
    }

    @Test("a publish that fails marks the span")
    func publishFailure() async throws {
        let bus = try TestBus()
        let tracer = InMemoryTracer()
        let producer = try producer(bus, tracer)
        await bus.transport.shutDown(within: .zero)
        await #expect(throws: EmitError.self) { try await producer.emit(NoteDeleted(number: 1)) }
        let span = try #require(tracer.finishedSpans.first)
        #expect(span.status?.code == .error)
        #expect(span.attributes.get("openedx.failed_count") == .int64(1))
    }

    @Test("one span stands for a batch, and all its messages carry it")
    func batch() async throws {
        let bus = try TestBus()
        let tracer = InMemoryTracer()
        let producer = try producer(bus, tracer)
        _ = await producer.emit(contentsOf: (0..<5).map { NoteDeleted(number: $0) })
        #expect(tracer.finishedSpans.count == 1)
        #expect(tracer.finishedSpans.first?.attributes.get("messaging.batch.message_count") == .int64(5))
        #expect(tracer.performedContextInjections.count == 5)
    }
}
#endif
