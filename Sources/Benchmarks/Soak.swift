import EventSchemas
import OpenEdXEvents

/// A long run through the whole bus with an eye on memory.
enum Soak {
    /// How much the second half may hold more than the first, in bytes: what the allocator keeps to itself varies.
    private static let allowedGrowth = 8 << 20

    /// Sends so many events; `false` if memory grew.
    static func run(events: Int) async throws -> Bool {
        guard Machine.residentBytes != nil else {
            print("the memory that the process holds cannot be read on this system")
            return false
        }
        let batch = EnrolmentSample.events(MemoryBus.batchSize, courses: 64)
        let bus = try MemoryBus.ofEnrolments()
        var firstHalf = 0
        var secondHalf = 0
        print("events      memory     events/s")
        for tenth in 1...10 {
            let count = events / 10
            let start = ContinuousClock.now
            // A hundred looks at the memory, so that a peak in between is seen.
            var peak = 0
            for _ in 0..<10 {
                try await bus.emit(count / 10, from: batch)
                peak = max(peak, Machine.residentBytes ?? 0)
            }
            let seconds = Double(start.duration(to: .now) / .nanoseconds(1)) / 1e9
            if tenth <= 5 { firstHalf = max(firstHalf, peak) } else { secondHalf = max(secondHalf, peak) }
            print("\(count * tenth)   \(megabytes(peak))   \(Int(Double(count) / seconds))")
        }
        try await bus.stop()
        let growth = secondHalf - firstHalf
        print("second half against first: \(growth > 0 ? "+" : "")\(megabytes(growth))")
        return growth <= allowedGrowth
    }

    private static func megabytes(_ bytes: Int) -> String {
        Report.decimal(Double(bytes) / 1_048_576, places: 1) + " MB"
    }
}
