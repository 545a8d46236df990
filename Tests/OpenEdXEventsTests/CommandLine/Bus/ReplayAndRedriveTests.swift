import InMemoryTransport
import OpenEdXEvents
import Synchronization
import Testing

@testable import openedx_events

@Suite("Replay and redrive")
struct ReplayAndRedriveTests {
    private let bus = BusCommandDouble(partitions: 2)

    private func store(_ count: Int) async throws {
        for number in 0..<count {
            try await bus.store(
                SampleEvents.message(SampleEvents.event(number), topic: "t", key: "key \(number % 5)"))
        }
    }

    @Test("into another topic: key, headers and value as they are, in order per key")
    func copy() async throws {
        try await store(40)
        let result = try await bus.run(
            ReplayCommand.self, ["-t", "t", "--from", "beginning", "--into", "copy", "-f", "json"])
        #expect(result.status == .success && result.output == "{\"read\":40,\"sent\":40,\"complete\":true}\n")
        func contents(_ topic: String) -> [String: [String]] {
            Dictionary(grouping: bus.broker.messages(in: topic)) { String(decoding: $0.key ?? [], as: UTF8.self) }
                .mapValues { $0.map { String(decoding: $0.value ?? [], as: UTF8.self) } }
        }
        #expect(contents("copy") == contents("t"))
        #expect(bus.broker.messages(in: "copy").allSatisfy { $0.headers.count == 1 })
    }

    @Test("for one group: copies in the same partitions that only this group handles, and no endless loop")
    func group() async throws {
        try await store(10)
        let result = try await bus.run(
            ReplayCommand.self, ["-t", "t", "--from", "beginning", "--group", "g", "--handler", "h"])
        #expect(result.status == .success && result.output == "10 events sent, 0 passed over\n")
        let messages = bus.broker.messages(in: "t")
        #expect(messages.count == 20)
        let copies = messages.filter { Redrive($0.headers) != nil }
        #expect(copies.count == 10)
        #expect(copies.allSatisfy { Redrive($0.headers) == Redrive(group: "g", handler: "h", count: 1) })
        for copy in copies {
            let original = messages.first { $0.value == copy.value && Redrive($0.headers) == nil }
            #expect(original?.position.partition == copy.position.partition && original?.key == copy.key)
        }
    }

    @Test("a dry run counts and sends nothing; filters choose")
    func dry() async throws {
        try await store(10)
        let result = try await bus.run(
            ReplayCommand.self,
            ["-t", "t", "--from", "beginning", "--into", "copy", "--key", "key 3", "--dry-run"])
        #expect(result.output == "2 events would be sent, 8 passed over\n")
        #expect(bus.values("copy").isEmpty)
    }

    @Test("single offsets leave out partitions that are not named")
    func partition() async throws {
        try await bus.store(
            OutgoingMessage(topic: "t", partition: 0, value: [1]),
            OutgoingMessage(topic: "t", partition: 1, value: [2]),
            OutgoingMessage(topic: "t", partition: 1, value: [3]))
        let result = try await bus.run(
            ReplayCommand.self, ["-t", "t", "--from", "1@1", "--into", "copy"])
        #expect(result.status == .success, "\(result.errors)")
        #expect(bus.broker.messages(in: "copy").map(\.value) == [[3]])
    }

    @Test("a topic is not replayed into itself for all, and one destination must be named: exit 64")
    func usage() async throws {
        for options in [["--into", "t"], [], ["--into", "a", "--group", "g"], ["--into", "a", "--handler", "h"]] {
            let result = try await bus.run(ReplayCommand.self, ["-t", "t", "--from", "beginning"] + options)
            #expect(result.status == .usage, "\(options)")
        }
    }

    @Test("dead letters are listed without their values, and sent back once")
    func redrive() async throws {
        try await deadLetter()
        let list = try await bus.run(RedriveCommand.self, ["-g", "search", "--dry-run"])
        #expect(list.status == .success && list.output.contains("t[") && list.output.contains("handler index"))
        #expect(list.output.hasSuffix("1 dead letter would be sent back\n") && !list.output.contains("personal"))
        let none = try await bus.run(RedriveCommand.self, ["-g", "search", "--handler", "other"])
        #expect(none.output == "0 sent back, 1 passed over\n")
        let sent = try await bus.run(
            RedriveCommand.self, ["-g", "search", "--type", "*.enrollment.created.v1", "-f", "json"])
        #expect(sent.output == "{\"redriven\":1,\"passed_over\":0,\"foreign\":0}\n")
        #expect(bus.broker.messages(in: "t").count { Redrive($0.headers)?.handler == "index" } == 1)
        #expect(try await bus.run(RedriveCommand.self, ["-g", "search"]).output == "0 sent back, 0 passed over\n")
    }

    private struct Broken: Error {}

    /// Lets an event fail for good in a consumer.
    private func deadLetter() async throws {
        var handlers = EventHandlers()
        handlers.on(Anything.self, name: "index") { _ in throw Broken() }
        var configuration = EventConsumer.Configuration(group: "search", topics: ["t"])
        configuration.retry = RetryPolicy(attempts: 1)
        let letters = Letters()
        configuration.observer = letters
        let consumer = try EventConsumer(
            transport: bus.transport, handlers: handlers, configuration: configuration)
        letters.consumer.withLock { $0 = consumer }
        try await bus.store(SampleEvents.message(SampleEvents.valid, topic: "t"))
        try await consumer.run()
    }

    private struct Anything: Event, Codable {
        static let type: EventType = "org.openedx.learning.course.enrollment.created.v1"
    }

    /// Stops a consumer at its first dead letter.
    private final class Letters: BusObserver {
        let consumer = Locked<EventConsumer?>(nil)

        func record(_ fact: BusFact) {
            guard case .settled = fact else { return }
            consumer.withLock { $0 }?.shutDown()
        }
    }
}
