#if Tracing
import Instrumentation
import ServiceContextModule
public import Tracing

/// Puts a span of the kind `producer` around each publish, and its context into the messages' headers.
///
/// Add it to the producer's middleware. One span stands for all events of one call; errors are told by their reason,
/// never by values.
public struct PublishTracing: PublishMiddleware {
    private let tracer: any Tracer

    /// Creates the middleware; without a tracer, with the one that the process is bootstrapped with.
    public init(tracer: any Tracer = InstrumentationSystem.tracer) {
        self.tracer = tracer
    }

    /// Publishes within a producer span.
    public func publish(
        _ events: [OutgoingEvent], next: @Sendable ([OutgoingEvent]) async -> [EmitOutcome]
    ) async -> [EmitOutcome] {
        guard let first = events.first else { return await next(events) }
        let isOneTopic = events.allSatisfy { $0.topic == first.topic }
        let span = tracer.startAnySpan(
            isOneTopic ? "publish \(first.topic)" : "publish", context: tracer.enclosingContext(), ofKind: .producer)
        defer { span.end() }
        span.attributes["messaging.operation.type"] = "send"
        span.attributes["messaging.batch.message_count"] = events.count
        if isOneTopic { span.attributes["messaging.destination.name"] = first.topic }
        if events.count == 1 {
            span.attributes["cloudevents.event_id"] = first.event.id.description
            span.attributes["cloudevents.event_type"] = first.event.type.name
            span.attributes["cloudevents.event_source"] = first.event.source.description
        }
        var traced = events
        for index in traced.indices {
            tracer.inject(span.context, into: &traced[index].headers, using: HeaderCarrier())
        }
        let outcomes = await ServiceContext.$current.withValue(span.context) { await next(traced) }
        let failures = outcomes.compactMap { outcome in
            if case .failure(let error) = outcome { error } else { nil }
        }
        if let failure = failures.first {
            span.attributes["openedx.failed_count"] = failures.count
            span.setStatus(SpanStatus(code: .error, message: failure.description))
        }
        return outcomes
    }
}

/// Puts a span of the kind `consumer` around each call of a handler, as a child of the span that published the event.
///
/// Add it to the consumer's handlers as middleware. What a handler emits belongs to its span.
public struct HandlerTracing: HandlerMiddleware {
    private let tracer: any Tracer

    /// Creates the middleware; without a tracer, with the one that the process is bootstrapped with.
    public init(tracer: any Tracer = InstrumentationSystem.tracer) {
        self.tracer = tracer
    }

    /// Calls the handler within a consumer span.
    public func handle(_ context: HandlerContext, next: @Sendable () async throws -> Void) async throws {
        var parent = ServiceContext.current ?? .topLevel
        tracer.extract(context.headers, into: &parent, using: HeaderCarrier())
        let span = tracer.startAnySpan("process \(context.position.topic)", context: parent, ofKind: .consumer)
        defer { span.end() }
        let event = context.metadata
        span.attributes["messaging.operation.type"] = "process"
        span.attributes["messaging.destination.name"] = context.position.topic
        span.attributes["messaging.destination.partition.id"] = String(context.position.partition)
        span.attributes["messaging.message.offset"] = context.position.offset
        span.attributes["messaging.consumer.group.name"] = context.group
        span.attributes["messaging.batch.message_count"] = context.count
        span.attributes["cloudevents.event_id"] = event.id
        span.attributes["cloudevents.event_type"] = event.type
        span.attributes["cloudevents.event_source"] = event.source
        span.attributes["openedx.handler"] = context.handler
        span.attributes["openedx.attempt"] = context.attempt
        // What the handler emits carries the span even without tracing in the producer, if the tracer speaks W3C.
        var headers: [MessageHeader] = []
        tracer.inject(span.context, into: &headers, using: HeaderCarrier())
        let trace = TraceContext.extract(from: headers) ?? TraceContext.current
        do {
            try await ServiceContext.$current.withValue(span.context) {
                try await TraceContext.$current.withValue(trace) { try await next() }
            }
        } catch {
            // The error itself may hold payload values: only its reason is told.
            span.setStatus(SpanStatus(code: .error, message: reason(of: error)))
            throw error
        }
    }
}

extension Tracer {
    /// The context of the task; without one, that of the event which is being handled.
    fileprivate func enclosingContext() -> ServiceContext {
        if let context = ServiceContext.current { return context }
        var context = ServiceContext.topLevel
        var headers: [MessageHeader] = []
        TraceContext.current?.inject(into: &headers)
        extract(headers, into: &context, using: HeaderCarrier())
        return context
    }
}

/// Message headers as tracers see them.
private struct HeaderCarrier: Injector, Extractor {
    func inject(_ value: String, forKey key: String, into carrier: inout [MessageHeader]) {
        carrier.removeAll { $0.name == key }
        carrier.append(MessageHeader(key, value))
    }

    func extract(key: String, from carrier: [MessageHeader]) -> String? { carrier[key]?.text }
}
#endif
