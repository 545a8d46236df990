public import OpenEdXEvents

/// What a transport's tests tell the suite about it.
///
/// One harness stands for one store or cluster. Its functions are called from several tasks at once.
public protocol ConformanceHarness: Sendable {
    /// The transport's name in reports, such as `Kafka (mock cluster)`.
    var name: String { get }

    /// Makes a transport over the same store or cluster, as another process would.
    ///
    /// The suite shuts it down.
    func makeTransport() async throws -> any EventTransport

    /// Makes a topic under a name that no other has, and returns the name.
    ///
    /// - Parameter partitions: How many partitions it has, from 1.
    func makeTopic(partitions: Int32) async throws -> String

    /// The features that the environment lacks though the transport has them, such as
    /// ``OpenEdXEvents/TransportFeatures/seekByTime`` on librdkafka's mock cluster. Cases that need them are not run,
    /// and the run says so. None by default.
    var lacking: TransportFeatures { get }

    /// What this harness can do. Everything but crashing and unknown topics by default.
    var abilities: HarnessAbilities { get }

    /// Ends a member without goodbye, as a process that is killed, and lets go of its transport.
    ///
    /// The time that the group needs to miss the member is passed by ``letTimePass(_:)``, afterwards.
    func crash(_ subscription: any EventSubscription, of transport: any EventTransport) async throws

    /// The name of a topic that does not exist and that using it does not create.
    func unknownTopic() async throws -> String

    /// The most bytes of a value that is surely taken, without key and headers.
    var largestValue: Int { get }

    /// The bytes of a value that is surely refused as too large. One more than ``largestValue`` by default.
    var tooLargeValue: Int { get }

    /// How long each wait of the suite may last before the case fails; generous, since it is only waited out where
    /// something is broken. 60 seconds by default.
    var limit: Duration { get }

    /// The clock that measures ``limit``. The system's by default, also where the transport has a virtual one: else a
    /// transport that hangs would hang the suite.
    var clock: any Clock<Duration> { get }

    /// Lets that much time pass for the transport: moves its virtual clock, or sleeps, as the default does.
    ///
    /// The suite calls it again and again until what has to happen has happened. A harness whose clock is virtual
    /// serves one case at a time, since cases that run beside each other would move each other's time.
    func letTimePass(_ duration: Duration) async throws

    /// Whether groups rebalance without waiting for sessions and heartbeats. Where they do not, the suite asks for
    /// fewer rebalances. False by default.
    var rebalancesAtOnce: Bool { get }
}

extension ConformanceHarness {
    /// Nothing is lacking.
    public var lacking: TransportFeatures { [] }
    /// Nothing but letting time pass.
    public var abilities: HarnessAbilities { .passingTime }
    /// One byte more than the largest value.
    public var tooLargeValue: Int { largestValue + 1 }
    /// A minute.
    public var limit: Duration { .seconds(60) }
    /// The system's clock.
    public var clock: any Clock<Duration> { ContinuousClock() }
    /// Rebalances take their time.
    public var rebalancesAtOnce: Bool { false }

    /// Throws: without this ability its cases are not run.
    public func crash(_ subscription: any EventSubscription, of transport: any EventTransport) async throws {
        throw ConformanceFailure(expected: "a harness that can crash members", seen: "crash is not implemented")
    }

    /// Throws: without this ability its cases are not run.
    public func unknownTopic() async throws -> String {
        throw ConformanceFailure(expected: "a harness that knows an unknown topic", seen: "it is not implemented")
    }

    /// Sleeps on the clock.
    public func letTimePass(_ duration: Duration) async throws { try await clock.sleep(for: duration) }
}
