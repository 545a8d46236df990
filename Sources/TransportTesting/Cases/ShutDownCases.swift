import OpenEdXEvents

/// The end of a transport.
enum ShutDownCases {
    static let all: [ConformanceCase] = [
        ConformanceCase("every outcome is known when a transport shuts down, and what was stored is there", flush),
        ConformanceCase("publishing and subscribing after shutting down throw closed", closed),
        ConformanceCase("shutting down twice ends", twice),
        ConformanceCase("what was published outlives its transport", outlives),
    ]

    static func flush(_ stage: Stage) async throws {
        let topic = try await stage.topic(partitions: 2)
        let transport = try await stage.newTransport()
        let isUnderWay = Watched(0)
        /// Publishes until the transport refuses; returns what was stored.
        @Sendable func publishOn(_ publisher: Int) async throws -> [Position: Sample] {
            var stored: [Position: Sample] = [:]
            for batch in 0... {
                let samples = Sample.row(5, key: "publisher\(publisher)", from: batch * 5)
                let outcomes: [PublishOutcome]
                do throws(TransportError) {
                    outcomes = try await transport.publish(samples.outgoing(to: topic))
                } catch {
                    try expectEqual(error.code, .closed, "the error of publishing after shutting down")
                    break
                }
                try expectEqual(outcomes.count, samples.count, "one outcome a message")
                for (sample, outcome) in zip(samples, outcomes) {
                    if case .stored(let position) = outcome { stored[position] = sample }
                }
                isUnderWay.update { $0 += 1 }
                // A transport that never waits would else keep a thread for each publisher.
                await Task.yield()
            }
            return stored
        }
        let publishers = (0..<4).map { number in Task { try await publishOn(number) } }
        _ = try await isUnderWay.wait("publishing is under way", within: stage.limits, fileID: #fileID, line: #line) {
            $0 >= 8
        }
        try await shutDown(transport, stage)
        let stored = try await stage.limits.run("every outcome is known", fileID: #fileID, line: #line) {
            var stored: [Position: Sample] = [:]
            for publisher in publishers { stored.merge(try await publisher.value) { first, _ in first } }
            return stored
        }
        let member = try await stage.join("A", topic)
        let seen = try await member.read(through: Array(stored.keys), completing: true)
        for message in seen {
            guard let sample = stored[message.position] else { continue }
            try expectEqual(Sample(message), sample, "the message stored at \(message.position)")
        }
    }

    static func closed(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let transport = try await stage.newTransport()
        try await stage.publish(Sample.row(1).outgoing(to: topic), on: transport)
        try await shutDown(transport, stage)
        let publishing = try await stage.limits.run("publishing ends", fileID: #fileID, line: #line) {
            await code { try await transport.publish(Sample.row(1, from: 1).outgoing(to: topic)) }
        }
        try expectEqual(publishing, TransportError.Code.closed, "the error of publishing after shutting down")
        let subscribing = try await stage.limits.run("subscribing ends", fileID: #fileID, line: #line) {
            await code {
                let options = SubscriptionOptions(group: "\(topic).late", topics: [topic])
                try await transport.subscribe(options) { _ in }.close(within: .zero)
            }
        }
        try expectEqual(subscribing, TransportError.Code.closed, "the error of subscribing after shutting down")
        try expectEqual(try await SettlingCases.rest(stage, topic), Sample.row(1), "what was published in time")
    }

    static func twice(_ stage: Stage) async throws {
        let transport = try await stage.newTransport()
        async let first: Void = shutDown(transport, stage)
        async let second: Void = shutDown(transport, stage)
        try await first
        try await second
        try await shutDown(transport, stage)
    }

    static func outlives(_ stage: Stage) async throws {
        let topic = try await stage.topic()
        let transport = try await stage.newTransport()
        try await stage.publish(Sample.row(5).outgoing(to: topic), on: transport)
        try await shutDown(transport, stage)
        try expectEqual(try await SettlingCases.rest(stage, topic), Sample.row(5), "all")
    }

    /// The code of the error that an operation throws.
    private static func code<Value>(_ operation: () async throws -> Value) async -> TransportError.Code? {
        do {
            _ = try await operation()
            return nil
        } catch {
            return (error as? TransportError)?.code
        }
    }

    private static func shutDown(_ transport: any EventTransport, _ stage: Stage) async throws {
        try await stage.limits.run("the transport shuts down", fileID: #fileID, line: #line) {
            [limits = stage.limits] in await transport.shutDown(within: limits.limit)
        }
    }
}
