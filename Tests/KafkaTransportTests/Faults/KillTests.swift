import Testing

/// Everything on the way of the events is killed with SIGKILL and comes back, again and again.
@Suite("Kills", .serialized, .enabled(if: FaultTests.areOn), .timeLimit(.minutes(20)))
struct KillTests {
    @Test("Nothing is lost and order is kept while one broker, the producer and the consumer are killed in turns")
    func oneNode() async throws {
        try await check(RealBroker.Options())
    }

    @Test("Nothing is lost and order is kept while the leaders of a cluster of three are killed in turns")
    func cluster() async throws {
        try await check(RealBroker.Options(nodes: 3))
    }

    private func check(_ options: RealBroker.Options) async throws {
        let events = FaultTests.events
        let figures = try await RealBroker.with(options) { broker in
            try await KillRun(broker: broker, events: events, nodes: options.nodes).run()
        }
        FaultTests.say(
            "\(options.nodes == 1 ? "one node" : "\(options.nodes) nodes"): \(events) events, \(figures.stored) stored, "
                + "\(figures.effects) handled, \(figures.absorbed) duplicates absorbed")
        #expect(figures.problems.isEmpty)
        #expect(figures.effects == events)
        // None lost on the way in; what is more was sent again by a producer that could not know.
        #expect(figures.stored >= events)
        // Each message that is there twice was absorbed once, and so was what a killed consumer had not committed.
        #expect(figures.absorbed >= figures.stored - events)
    }
}
