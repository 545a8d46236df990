import EventSchemas
import OpenEdXEvents

/// The least that takes events from one task to another: batches through an `AsyncStream`, and acknowledgements back,
/// so that no more than a few batches are under way.
struct StreamPipe {
    /// Batches under way at the most: about as many events as the bus in memory may hold.
    private static let window = 8

    private let tally = Tally()
    private let batches: AsyncStream<[[UInt8]]>.Continuation
    private let acknowledgements: AsyncStream<Void>
    private let receiver: Task<Void, any Error>

    /// Starts the receiving task, which hands over each event's bytes.
    init(receive: @escaping @Sendable ([UInt8]) throws -> Void) {
        let (stream, batches) = AsyncStream.makeStream(of: [[UInt8]].self)
        let (acknowledgements, acknowledge) = AsyncStream.makeStream(of: Void.self)
        self.batches = batches
        self.acknowledgements = acknowledgements
        receiver = Task { [tally] in
            for await batch in stream {
                for bytes in batch {
                    try receive(bytes)
                    tally.add()
                }
                acknowledge.yield()
            }
        }
    }

    /// Sends so many events in batches and waits until all have arrived.
    func send(_ operations: Int, batchSize: Int, make: (_ count: Int) throws -> [[UInt8]]) async throws {
        tally.expect(operations)
        var acknowledged = acknowledgements.makeAsyncIterator()
        var left = operations
        var underWay = 0
        while left > 0 {
            let batch = try make(min(left, batchSize))
            if underWay == Self.window {
                _ = await acknowledged.next()
                underWay -= 1
            }
            batches.yield(batch)
            underWay += 1
            left -= batch.count
        }
        for _ in 0..<underWay { _ = await acknowledged.next() }
        await tally.wait()
    }

    func stop() async throws {
        batches.finish()
        try await receiver.value
    }
}
