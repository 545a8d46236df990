import EventSchemas
import Foundation
import OpenEdXEvents

extension Benchmark {
    /// A typed event to the bytes of its envelope.
    static var encode: Benchmark {
        Benchmark(
            name: "encode", against: "Foundation's JSONEncoder, reused, on a plain Codable envelope",
            gate: .atLeast(24, allocations: 1)
        ) {
            let event = EnrolmentSample.event
            let head = try EnrolmentSample.head()
            let plain = PlainEnvelope(event, head)
            let encoder = JSONEncoder()
            encoder.outputFormatting = .withoutEscapingSlashes
            try checkSameContent(event, head, plain, encoder)
            return Sides(
                subject: { operations in
                    var writer = JSONWriter()
                    var total = 0
                    for _ in 0..<operations {
                        total &+= try EncodedEvent.encode(event, head: head, into: &writer).document.count
                    }
                    keep(total)
                },
                reference: { operations in
                    var total = 0
                    for _ in 0..<operations { total &+= try encoder.encode(plain).count }
                    keep(total)
                })
        }
    }

    /// Like must be measured against like: both sides have to write the same members.
    private static func checkSameContent(
        _ event: CourseEnrollmentCreated, _ head: EventHead, _ plain: PlainEnvelope, _ encoder: JSONEncoder
    ) throws {
        var writer = JSONWriter()
        let ours = try EncodedEvent.encode(event, head: head, into: &writer).document
        let theirs = try encoder.encode(plain)
        let left = try JSONSerialization.jsonObject(with: Data(ours)) as? NSDictionary
        let right = try JSONSerialization.jsonObject(with: theirs) as? NSDictionary
        guard left == right, ours.count == theirs.count else { throw UnequalSides() }
    }
}

/// The two sides of a benchmark do not do the same.
struct UnequalSides: Error {}
