import InMemoryTransport
import OpenEdXEvents
import Synchronization
import TransportTesting

/// Runs conformance cases on a broker of its own with a virtual clock: one harness for each case.
struct InMemoryHarness: ConformanceHarness {
    private final class Counter: Sendable {
        private let number = Locked(0)

        func next() -> Int {
            number.withLock { number in
                number += 1
                return number
            }
        }
    }

    let virtualClock = VirtualClock()
    let broker: InMemoryBroker
    private let topics = Counter()
    var lacking: TransportFeatures = []
    var abilities: HarnessAbilities = [.crash, .unknownTopic, .passingTime]
    /// Stands before each transport.
    var wrap: @Sendable (any EventTransport) -> any EventTransport = { $0 }

    init() {
        var configuration = InMemoryConfiguration(clock: virtualClock)
        configuration.createsTopics = false
        configuration.maximumMessageBytes = 100_000
        broker = InMemoryBroker(configuration)
    }

    var name: String { "InMemoryTransport" }
    var largestValue: Int { 100_000 }
    var rebalancesAtOnce: Bool { true }

    func makeTransport() async throws -> any EventTransport { wrap(InMemoryTransport(broker: broker)) }

    func makeTopic(partitions: Int32) async throws -> String {
        let name = "topic-\(topics.next())"
        try broker.createTopic(name, partitions: partitions)
        return name
    }

    func unknownTopic() async throws -> String { "no-such-topic" }

    func crash(_ subscription: any EventSubscription, of transport: any EventTransport) async throws {
        broker.crash((subscription as? BrokenSubscription)?.inner ?? subscription)
    }

    func letTimePass(_ duration: Duration) async throws {
        virtualClock.advance(by: duration)
        // Whoever slept gets to run.
        await Task.yield()
    }
}
