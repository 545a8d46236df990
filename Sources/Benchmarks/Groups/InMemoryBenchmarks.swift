import EventSchemas
import InMemoryTransport
import OpenEdXEvents

extension Benchmark {
    /// From typed emit to typed handler through the whole bus in memory: routes, keys, offsets, commits, retries.
    static var inMemory: Benchmark {
        Benchmark(
            name: "in-memory",
            against: "the same encoder, bytes through an AsyncStream in batches of 500, the same decoder",
            roundSize: .fixed(50_000), gate: .atLeast(0.5, allocations: 12)
        ) {
            let events = EnrolmentSample.events(MemoryBus.batchSize, courses: 64)
            let bus = try MemoryBus.ofEnrolments()
            let pipe = StreamPipe { document in
                keep(try decoded(document).enrollment.course.displayName.utf8.count)
            }
            return Sides(
                subject: { operations in try await bus.emit(operations, from: events) },
                reference: { operations in
                    var writer = JSONWriter()
                    try await pipe.send(operations, batchSize: MemoryBus.batchSize) { count in
                        var batch: [[UInt8]] = []
                        batch.reserveCapacity(count)
                        for event in events.prefix(count) {
                            let head = try EnrolmentSample.head()
                            batch.append(try EncodedEvent.encode(event, head: head, into: &writer).document)
                        }
                        return batch
                    }
                },
                finish: {
                    try await bus.stop()
                    try await pipe.stop()
                })
        }
    }

    /// The same bus against a stream that only hands prepared bytes on: no encoding, no decoding, no copy even.
    static var inMemoryBytes: Benchmark {
        Benchmark(
            name: "in-memory-bytes", against: "prepared bytes through an AsyncStream in batches of 500, not looked at",
            roundSize: .fixed(50_000)
        ) {
            let events = EnrolmentSample.events(MemoryBus.batchSize, courses: 64)
            let bus = try MemoryBus.ofEnrolments()
            let documents = try events.map { event in
                var writer = JSONWriter()
                return try EncodedEvent.encode(event, head: try EnrolmentSample.head(), into: &writer).document
            }
            let pipe = StreamPipe { keep($0.count) }
            return Sides(
                subject: { operations in try await bus.emit(operations, from: events) },
                reference: { operations in
                    try await pipe.send(operations, batchSize: MemoryBus.batchSize) { Array(documents.prefix($0)) }
                },
                finish: {
                    try await bus.stop()
                    try await pipe.stop()
                })
        }
    }
}
