#if Logging
import InMemoryLogging
import Logging
import Testing

@testable import OpenEdXEvents

@Suite("swift-log bridge")
struct LoggingObserverTests {
    private func entries(_ facts: [BusFact], level: Logger.Level = .trace) -> [InMemoryLogHandler.Entry] {
        let handler = InMemoryLogHandler()
        var logger = Logger(label: "test") { _ in handler }
        logger.logLevel = level
        let observer = LoggingObserver(logger)
        for fact in facts { observer.record(fact) }
        return handler.entries
    }

    @Test("a fact is one entry with its fields as metadata")
    func entry() throws {
        let entry = try #require(entries([SampleFacts.all[0]]).first)
        #expect(entry.level == .debug)
        #expect("\(entry.message)" == "event published")
        #expect(entry.metadata[LogKey.topic.rawValue]?.description == "notes")
        #expect(entry.metadata[LogKey.offset.rawValue]?.description == "42")
        #expect(entry.metadata[LogKey.duration.rawValue]?.description == "0.004")
    }

    @Test("OEP41-28: no entry shows a record key, and every field is of the known keys")
    func masked() {
        let all = entries(SampleFacts.all)
        #expect(all.count == SampleFacts.all.count)
        for entry in all {
            #expect(!"\(entry.message) \(entry.metadata)".contains("jane"))
            #expect(entry.metadata.keys.allSatisfy { LogKey(rawValue: $0) != nil })
        }
    }

    @Test("the logger's level decides what is written, and what is in order is at info or below")
    func levels() {
        #expect(entries(SampleFacts.all, level: .critical).isEmpty)
        let normal = SampleFacts.all.filter { LogEntry.level(of: $0) <= .info }
        #expect(entries(normal, level: .notice).isEmpty)
        #expect(entries(normal, level: .trace).count == normal.count)
    }
}
#endif
