import Testing

@testable import OpenEdXEvents

@Suite("Consumer configuration")
struct ConsumerConfigurationTests {
    @Test("everything that is wrong with a configuration is said at once")
    func configuration() throws {
        let bus = try TestBus()
        var configuration = EventConsumer.Configuration(group: "", topics: ["a b"])
        configuration.concurrency = 0
        configuration.deadLetterTopic = "a b"
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self) { _ in }
        handlers.on(NoteCreated.self) { _ in }
        do throws(InvalidConfiguration) {
            _ = try EventConsumer(transport: bus.transport, handlers: handlers, configuration: configuration)
            Issue.record("the configuration was taken")
        } catch {
            #expect(
                error.problems.map(\.setting) == [
                    "handler “NoteCreated”", "group", "concurrency", "deadLetterTopic.topic", "topics[0].topic",
                    "topics",
                ])
        }
    }

    @Test(
        "a pattern for topics is checked: it must be one, and leave the dead letters alone",
        arguments: [
            ("^[", "no regular expression"), ("^", "no regular expression"), ("^search.*", "dead-letter topic"),
        ])
    func patterns(pattern: String, reason: String) throws {
        let bus = try TestBus()
        let error = #expect(throws: InvalidConfiguration.self) {
            try EventConsumer(
                transport: bus.transport, handlers: EventHandlers(),
                configuration: .init(group: "search", topics: [pattern], environment: "stage.1"))
        }
        #expect(error?.problems.map(\.setting) == ["topics[0].topic"])
        #expect(error?.description.contains(reason) == true)
    }

    @Test("a pattern means topics of the environment, and of no other")
    func patternInEnvironment() throws {
        let settings = try ConsumerSettings(
            .init(group: "search", topics: ["^course-.*|grades"], environment: "stage.1"), EventHandlers())
        #expect(settings.subscription.topics == ["^stage\\.1-(course-.*|grades)"])
        let matches = try #require(TopicName.matcher(settings.subscription.topics[0]))
        #expect(matches("stage.1-course-x") && matches("stage.1-grades"))
        for other in ["stage-1-course-x", "prod-stage.1-course-x", "prod-grades", "grades"] { #expect(!matches(other)) }
    }

    @Test("a pattern brings the events of topics that match it, also of those that are made later")
    func patternOfTopics() async throws {
        let bus = try TestBus()
        let seen = Log<String>()
        var handlers = EventHandlers()
        handlers.on(NoteCreated.self) { seen.append("\($0.position.topic) \($0.payload.number)") }
        try await bus.emit([1])
        var configuration = bus.configuration
        configuration.topics = ["^notes.*"]
        let later = try EventProducer(
            transport: bus.transport,
            configuration: .init(
                source: EventSource(service: "notes", process: .web),
                routes: [Route(NoteCreated.type, to: "notes-later"), Route(NoteDeleted.type, to: "other-notes")]))
        try await bus.consuming(handlers, configuration) { _ in
            await bus.facts.waitForSettled(1)
            try await later.emit(NoteDeleted(number: 2))
            try await later.emit(NoteCreated(course: "c", number: 3))
            await bus.facts.waitForSettled(2)
        }
        #expect(seen.all == ["notes 1", "notes-later 3"])
        #expect(bus.facts.settlements == [.handled, .handled])
    }
}
