import OpenEdXEvents

extension Benchmark {
    /// The same messages, of ten types, to a consumer with ten thousand types and to one with ten.
    static var registeredTypes: Benchmark {
        Benchmark(
            name: "registered-types", against: "the same messages to a consumer with 10 types instead of 10 000",
            roundSize: .fixed(50_000), gate: Gate(ratio: 0.9...1.1)
        ) {
            let messages = try NumberedEvents.batches(types: 10, batchSize: MemoryBus.batchSize)
            return try sides(subject: messages, reference: messages)
        }
    }

    /// Messages of all ten thousand types: what the machine's caches make of it, beside what the look-up does.
    static var registeredTypesSpread: Benchmark {
        Benchmark(
            name: "registered-types-spread",
            against: "messages of 10 types to a consumer with 10, instead of all 10 000 to one with 10 000",
            roundSize: .fixed(50_000)
        ) {
            try sides(
                subject: try NumberedEvents.batches(types: 10_000, batchSize: MemoryBus.batchSize),
                reference: try NumberedEvents.batches(types: 10, batchSize: MemoryBus.batchSize))
        }
    }

    private static func sides(
        subject: [[OutgoingMessage]], reference: [[OutgoingMessage]]
    ) throws -> Sides {
        func bus(types: Int) throws -> MemoryBus {
            try MemoryBus { tally in
                var handlers = EventHandlers()
                NumberedEvents.register(types, in: &handlers, counting: tally)
                return handlers
            }
        }
        let many = try bus(types: 10_000)
        let few = try bus(types: 10)
        return Sides(
            subject: { operations in try await many.publish(operations, from: subject) },
            reference: { operations in try await few.publish(operations, from: reference) },
            finish: {
                try await many.stop()
                try await few.stop()
            })
    }
}
