import OpenEdXEvents

extension Benchmark {
    /// What watching costs: the bus with metrics against the bus without an observer.
    static var observer: Benchmark {
        Benchmark(
            name: "observer", against: "the same bus without an observer, instead of with EventMetrics",
            roundSize: .fixed(50_000)
        ) {
            let events = EnrolmentSample.events(MemoryBus.batchSize, courses: 64)
            let watched = try MemoryBus.ofEnrolments(observer: EventMetrics())
            let unwatched = try MemoryBus.ofEnrolments()
            return Sides(
                subject: { operations in try await watched.emit(operations, from: events) },
                reference: { operations in try await unwatched.emit(operations, from: events) },
                finish: {
                    try await watched.stop()
                    try await unwatched.stop()
                })
        }
    }
}
