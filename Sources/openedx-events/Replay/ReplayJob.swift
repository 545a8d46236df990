import OpenEdXEvents

/// Sends what a reader gives once more, batch by batch.
struct ReplayJob {
    enum Destination: Hashable, Sendable {
        case topic(String)
        /// The same topic and partition, for one group alone.
        case group(String, handler: String?)
    }

    struct Result: Sendable {
        /// How many messages were read, and how many of them were, or would be, sent.
        fileprivate(set) var read = 0
        fileprivate(set) var sent = 0
        /// The first that could not be stored.
        fileprivate(set) var failure: TransportError?
        /// For each partition the offset behind the last that is done with.
        fileprivate(set) var next: [TopicPartition: Int64] = [:]

        func text(isDry: Bool) -> String {
            "\(sent) \(sent == 1 ? "event" : "events") \(isDry ? "would be sent" : "sent"), \(read - sent) passed over"
        }

        var json: String { "{\"read\":\(read),\"sent\":\(sent),\"complete\":\(failure == nil)}" }

        /// How to go on where it ended.
        var continuation: String? {
            guard !next.isEmpty else { return nil }
            let places = next.sorted { $0.key < $1.key }.map { "\($0.key.partition)@\($0.value)" }
            return "Go on with --from \(places.joined(separator: ",")); partitions that are not named were not begun."
        }
    }

    let transport: any EventTransport
    let destination: Destination
    let filter: EventFilter
    let isDry: Bool
    let terminal: Terminal

    func run(_ reader: any TopicReader, until stop: StopSignal) async throws -> Result {
        var result = Result()
        var meter = ProgressMeter(terminal)
        let transport = transport
        let registration = stop.onGiven { Task { await transport.shutDown(within: EmitJob.stopLimit) } }
        defer { registration.cancel() }
        try await reader.readAll(until: stop) { batch in
            let chosen = filter.isEmpty ? batch : batch.filter { filter.matches(ReadMessage($0)) }
            if !isDry, !chosen.isEmpty {
                let outcomes = try await transport.publish(chosen.map(outgoing))
                for case .failed(let error) in outcomes { result.failure = result.failure ?? error }
                // Kept as it was: a batch that failed in part is read again as a whole.
                if result.failure != nil { return false }
            }
            result.read += batch.count
            result.sent += chosen.count
            for message in batch { result.next[message.position.topicPartition] = message.position.offset + 1 }
            meter.update { result.text(isDry: isDry) }
            return true
        }
        meter.clear()
        return result
    }

    private func outgoing(_ message: IncomingMessage) -> OutgoingMessage {
        switch destination {
        case .topic(let topic):
            return OutgoingMessage(topic: topic, key: message.key, headers: message.headers, value: message.value)
        case .group(let group, let handler):
            let count = Redrive(message.headers)?.count ?? 0
            let original = message.headers.filter { !Redrive.headerNames.contains($0.name) }
            return OutgoingMessage(
                topic: message.position.topic, partition: message.position.partition, key: message.key,
                headers: original + Redrive(group: group, handler: handler, count: count + 1).headers,
                value: message.value)
        }
    }
}
