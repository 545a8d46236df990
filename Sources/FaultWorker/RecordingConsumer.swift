import Foundation
import KafkaTransport
import OpenEdXEvents

/// Handles numbered events, each with one lasting effect: a line with the event's id, which is at the same time what the
/// inbox remembers. Duplicates leave a line of their own.
struct RecordingConsumer {
    private static let sayEvery = 500

    private let settings: Settings
    private let effects: Journal
    private let duplicates: Journal
    private let inbox = MemoryInbox(capacity: .max)
    private let handled: Int

    init(_ directory: URL, _ settings: Settings) throws {
        self.settings = settings
        var handled = 0
        let inbox = inbox
        effects = try Journal(directory.appendingPathComponent("effects")) { line in
            let parts = line.split(separator: " ")
            guard parts.count == 4 else { return }
            inbox.finish(InboxKey(source: String(parts[3]), id: String(parts[2])))
            handled += 1
        }
        duplicates = try Journal(directory.appendingPathComponent("duplicates")) { _ in }
        self.handled = handled
    }

    func run() async throws {
        let count = Counter(handled)
        var handlers = EventHandlers()
        handlers.on(NumberPassed.self) { [effects] event in
            try effects.append(
                "\(event.payload.key) \(event.payload.number) \(event.id) \(event.envelope.source)")
            let handled = count.add(1)
            if handled.isMultiple(of: Self.sayEvery) { say("handled \(handled)") }
        }
        var configuration = EventConsumer.Configuration(group: "faults", topics: [settings.topic])
        // A name, so that a process that comes back takes its partitions at once.
        configuration.memberName = "worker"
        configuration.inbox = inbox
        configuration.onFailure = .stop
        configuration.observer = DuplicateRecorder(journal: duplicates)
        let consumer = try EventConsumer(
            transport: settings.transport, handlers: handlers, configuration: configuration)
        say("handled \(handled)")
        try await ShutdownSignals.run(consumer, transports: [settings.transport])
    }
}

/// Writes a line for each event that the inbox absorbed, and tells what is not good order.
private struct DuplicateRecorder: BusObserver {
    let journal: Journal

    func record(_ fact: BusFact) {
        switch fact {
        case .settled(let event, .duplicate):
            do { try journal.append(event.id) } catch { say("unexpected \(error)") }
        case .settled(_, .handled): break
        case .settled(_, let settlement): say("unexpected \(settlement)")
        case .unreadable(_, let reason): say("unexpected \(reason)")
        default: break
        }
    }
}
