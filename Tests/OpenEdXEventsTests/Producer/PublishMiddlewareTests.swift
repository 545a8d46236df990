import EventTesting
import OpenEdXEvents
import Testing

@Suite("Publish middleware", .timeLimit(.minutes(1)))
struct PublishMiddlewareTests {
    private let notes = [NoteCreated(course: "c", number: 1), NoteCreated(course: "c", number: 2)]

    /// A middleware made of a closure.
    private struct Middleware: PublishMiddleware {
        typealias Next = @Sendable ([OutgoingEvent]) async -> [EmitOutcome]
        let body: @Sendable ([OutgoingEvent], Next) async -> [EmitOutcome]

        func publish(_ events: [OutgoingEvent], next: Next) async -> [EmitOutcome] { await body(events, next) }
    }

    @Test("the first middleware is the outermost")
    func order() async throws {
        let log = Log<String>()
        func named(_ name: String) -> Middleware {
            Middleware { events, next in
                log.append("\(name) in")
                let outcomes = await next(events)
                log.append("\(name) out")
                return outcomes
            }
        }
        let setup = try RecordedProducer { $0.middleware = [named("a"), named("b")] }
        try await setup.producer.emit(notes[0])
        #expect(log.all == ["a in", "b in", "b out", "a out"])
        #expect(setup.recorder.messages.count == 1)
    }

    @Test("a middleware sees event, topic and key, and adds headers behind those of the envelope")
    func headers() async throws {
        let setup = try RecordedProducer {
            $0.middleware = [
                Middleware { events, next in
                    #expect(events.map(\.topic) == [RecordedProducer.topic])
                    #expect(events.map(\.key) == [Array("c".utf8)])
                    #expect(events.map(\.event.type) == [NoteCreated.type])
                    var events = events
                    events[0].headers.append(MessageHeader("x", "y"))
                    return await next(events)
                }
            ]
        }
        try await setup.producer.emit(notes[0])
        #expect(setup.recorder.messages.first?.headers.map(\.name) == ["content-type", "x"])
        #expect(setup.recorder.messages.first?.headers["x"]?.text == "y")
    }

    @Test("what a middleware holds back is not sent, and says why")
    func heldBack() async throws {
        let setup = try RecordedProducer {
            $0.middleware = [
                Middleware { events, next in
                    let rest = await next(Array(events.dropFirst()))
                    return [.failure(.heldBack(reason: "over quota"))] + rest
                }
            ]
        }
        let outcomes = await setup.producer.emit(contentsOf: notes)
        #expect(outcomes.map { $0.error?.kind } == ["heldBack", nil])
        #expect(outcomes[0].error?.description.contains("over quota") == true)
        #expect(try setup.recorder.emitted(NoteCreated.self).map(\.payload.number) == [2])
    }

    @Test("a middleware that loses count makes no event look stored")
    func tooFew() async throws {
        let setup = try RecordedProducer {
            $0.middleware = [Middleware { _, _ in [] }]
        }
        let outcomes = await setup.producer.emit(contentsOf: notes)
        #expect(outcomes.map { $0.error?.kind } == ["heldBack", "heldBack"])
        try setup.recorder.expectNothingEmitted()
    }

    @Test("a middleware that drops an event without a word gives its place to no other")
    func droppedFirst() async throws {
        let setup = try RecordedProducer {
            $0.middleware = [Middleware { events, next in await next(Array(events.dropFirst())) }]
        }
        let outcomes = await setup.producer.emit(contentsOf: notes)
        #expect(outcomes.map { $0.error?.kind } == ["heldBack", nil])
    }

    @Test("a middleware that returns too much makes no outcome more than there are events")
    func tooMany() async throws {
        let setup = try RecordedProducer {
            $0.middleware = [
                Middleware { events, next in await next(events) + [.failure(.heldBack(reason: "one too many"))] }
            ]
        }
        let outcomes = await setup.producer.emit(contentsOf: notes)
        #expect(outcomes.map { $0.error?.kind } == [nil, nil])
    }

    @Test("the observer is told what was published and what was not")
    func observer() async throws {
        let facts = FactRecorder()
        let setup = try RecordedProducer { $0.observer = facts }
        setup.recorder.failNext(with: TransportError(.unavailable, "away", isRetriable: true))
        _ = await setup.producer.emit(contentsOf: notes)
        #expect(facts.facts.count == 2)
        guard case .publishFailed(let failed, RecordedProducer.topic, let error, _) = facts.facts.first,
            case .published(let published, let bytes, _) = facts.facts.last
        else {
            Issue.record("told \(facts.facts)")
            return
        }
        #expect(error.code == .unavailable && failed.position == nil)
        #expect(published.type == NoteCreated.type.name && published.position?.offset == 0)
        #expect(bytes == setup.recorder.messages.first?.value?.count)
    }
}
