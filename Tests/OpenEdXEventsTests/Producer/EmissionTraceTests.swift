import EventTesting
import OpenEdXEvents
import Testing

@Suite("Trace context of what is emitted", .timeLimit(.minutes(1)))
struct EmissionTraceTests {
    private let note = NoteCreated(course: "c", number: 1)

    @Test("OEP41-43: an emission continues the current trace with a span of its own")
    func continues() async throws {
        let setup = try RecordedProducer()
        let parent = try #require(
            TraceContext(
                traceparent: "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", tracestate: "vendor=1"))
        try await TraceContext.$current.withValue(parent) {
            _ = try await setup.producer.emit(note)
            _ = try await setup.producer.emit(note)
        }
        var spans = [parent.spanID]
        for message in setup.recorder.messages {
            #expect(message.headers["tracestate"]?.text == "vendor=1")
            let text = try #require(message.headers["traceparent"]?.text)
            let context = try #require(TraceContext(traceparent: text))
            #expect(context.traceID == parent.traceID)
            #expect(context.isSampled)
            spans.append(context.spanID)
        }
        #expect(Set(spans).count == 3)
    }

    @Test("outside of a trace no context is made up")
    func outside() async throws {
        let setup = try RecordedProducer()
        try await setup.producer.emit(note)
        #expect(setup.recorder.messages.first?.headers.map(\.name) == ["content-type"])
    }
}
