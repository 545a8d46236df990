import EventSchemas
import Foundation
import OpenEdXEvents

extension Benchmark {
    /// Everything validated, attributes and data found, nothing decoded: what an event costs that nobody handles.
    static var scan: Benchmark {
        Benchmark(
            name: "scan",
            against: "Foundation's JSONDecoder as a consumer needs it: the head for the type, then the envelope",
            gate: .atLeast(40, allocations: 0)
        ) {
            let document = try EnrolmentSample.document()
            return scanSides(document, against: foundationDispatch(document))
        }
    }

    /// The same against one pass of Foundation's, which has to know the type beforehand.
    static var scanKnown: Benchmark {
        Benchmark(
            name: "scan-known", against: "Foundation's JSONDecoder in one pass, its type known beforehand"
        ) {
            let document = try EnrolmentSample.document()
            return scanSides(document, against: foundationDecode(document))
        }
    }

    private static func scanSides(_ document: [UInt8], against reference: @escaping Work) -> Sides {
        Sides(
            subject: { operations in
                var total = 0
                for _ in 0..<operations {
                    try document.withUnsafeBufferPointer { bytes in
                        total &+= try EnvelopeScan.scan(bytes).data.range.count
                    }
                }
                keep(total)
            },
            reference: reference)
    }

    /// From the bytes of an envelope to the typed payload.
    static var typedDecode: Benchmark {
        Benchmark(
            name: "typed-decode",
            against: "Foundation's JSONDecoder as a consumer needs it: the head for the type, then the envelope",
            gate: .atLeast(14)
        ) {
            let document = try EnrolmentSample.document()
            return try decodeSides(document, against: foundationDispatch(document))
        }
    }

    /// The same against one pass of Foundation's, which has to know the type beforehand.
    static var typedDecodeKnown: Benchmark {
        Benchmark(
            name: "typed-decode-known", against: "Foundation's JSONDecoder in one pass, its type known beforehand"
        ) {
            let document = try EnrolmentSample.document()
            return try decodeSides(document, against: foundationDecode(document))
        }
    }

    private static func decodeSides(_ document: [UInt8], against reference: @escaping Work) throws -> Sides {
        guard try decoded(document) == EnrolmentSample.event else { throw UnequalSides() }
        return Sides(
            subject: { operations in
                var total = 0
                for _ in 0..<operations {
                    total &+= try decoded(document).enrollment.course.displayName.utf8.count
                }
                keep(total)
            },
            reference: reference)
    }

    /// What a consumer does with an event that is handled.
    static func decoded(_ document: [UInt8]) throws -> CourseEnrollmentCreated {
        try ReceivedEnvelope(structured: document).decode(CourseEnrollmentCreated.self)
    }

    /// Two passes: the payload's type is not known before the head is read.
    private static func foundationDispatch(_ document: [UInt8]) -> Work {
        let data = Data(document)
        let decoder = JSONDecoder()
        return { operations in
            var total = 0
            for _ in 0..<operations {
                guard try decoder.decode(PlainHead.self, from: data).type == CourseEnrollmentCreated.type.name else {
                    continue
                }
                total &+= try decoder.decode(PlainEnvelope.self, from: data).data.enrollment.course.displayName.utf8
                    .count
            }
            keep(total)
        }
    }

    private static func foundationDecode(_ document: [UInt8]) -> Work {
        let data = Data(document)
        let decoder = JSONDecoder()
        return { operations in
            var total = 0
            for _ in 0..<operations {
                total &+= try decoder.decode(PlainEnvelope.self, from: data).data.enrollment.course.displayName.utf8
                    .count
            }
            keep(total)
        }
    }
}
