import EventSchemas
import Foundation
import JSONSchema
import OpenEdXEvents

extension Benchmark {
    /// The enrolment's payload against its schema, from its bytes, and Python's validators beside it.
    ///
    /// The peers are given an object that Python has parsed; this package reads the bytes, and finds out on the way
    /// whether they are JSON. `validate-rs-text` is the call that starts from the same bytes.
    static var validations: [Benchmark] {
        [
            validation(
                "validate", .jsonschema,
                "Python's jsonschema, is_valid on an object parsed beforehand; the subject reads bytes",
                atLeast: 20),
            validation(
                "validate-rs", .rust, "jsonschema-rs, is_valid on an object parsed beforehand; the subject reads bytes",
                atLeast: 1),
            validation(
                "validate-rs-text", .rustWithParsing, "jsonschema-rs, json.loads and is_valid: both sides read bytes",
                atLeast: 1),
        ]
    }

    private static func validation(
        _ name: String, _ peer: PythonPeer.Kind, _ against: String, atLeast ratio: Double
    ) -> Benchmark {
        Benchmark(name: name, against: against, gate: .atLeast(ratio, allocations: 1)) {
            let text = Array("\(CourseEnrollmentCreated.schemaText)".utf8)
            let schema = try CompiledSchema(JSONDocument(parsing: text, file: "\(CourseEnrollmentCreated.type)"))
            let instance = try JSONWriter.write(EnrolmentSample.event)
            guard schema.isValid(instance) else { throw UnequalSides() }
            let subject: Work = { operations in
                var valid = 0
                for _ in 0..<operations where schema.isValid(instance) { valid &+= 1 }
                keep(valid)
            }
            do throws(PythonPeer.Unavailable) {
                let python = try PythonPeer(peer, schema: text, instance: instance)
                return Sides(
                    timedSubject: { try await RoundTime.measure(subject, $0) },
                    timedReference: { try python.run($0) }, finish: { python.stop() })
            } catch {
                return Sides(subject: subject, reference: subject, unavailable: error.reason)
            }
        }
    }
}

/// Python in a process of its own, which validates when it is told to and says how long that took.
final class PythonPeer {
    enum Kind: String {
        case jsonschema
        case rust
        case rustWithParsing
    }

    /// Why there is no peer.
    struct Unavailable: Error {
        let reason: String
    }

    // The loop is the one that Python's own timeit has.
    private static let program = """
        import itertools, json, sys, time
        kind, schema, text = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3]
        if kind == "jsonschema":
            import jsonschema
            validator = jsonschema.Draft202012Validator(schema)
        else:
            import jsonschema_rs
            validator = jsonschema_rs.Draft202012Validator(schema)
        check, instance, loads = validator.is_valid, json.loads(text), json.loads
        if not check(instance) or check({}):
            sys.exit("another verdict")
        def parsed(count):
            for _ in itertools.repeat(None, count):
                check(instance)
        def parsing(count):
            for _ in itertools.repeat(None, count):
                check(loads(text))
        run = parsing if kind == "rustWithParsing" else parsed
        print("ready", flush=True)
        for line in sys.stdin:
            wall, processor = time.perf_counter_ns(), time.process_time_ns()
            run(int(line))
            print(time.perf_counter_ns() - wall, time.process_time_ns() - processor, flush=True)
        """

    private let process = Process()
    private let input = Pipe()
    private let output = Pipe()
    private var rest = Data()

    init(_ kind: Kind, schema: [UInt8], instance: [UInt8]) throws(Unavailable) {
        let errors = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            "python3", "-c", Self.program, kind.rawValue, String(decoding: schema, as: UTF8.self),
            String(decoding: instance, as: UTF8.self),
        ]
        process.standardInput = input
        process.standardOutput = output
        process.standardError = errors
        do { try process.run() } catch { throw Unavailable(reason: "python3 cannot be run") }
        guard line() == "ready" else {
            process.waitUntilExit()
            let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
            throw Unavailable(
                reason: complaint.split(separator: "\n").last.map(String.init) ?? "python3 ended without a word")
        }
    }

    /// Validates so many times.
    func run(_ operations: Int) throws(Unavailable) -> RoundTime {
        do { try input.fileHandleForWriting.write(contentsOf: Data("\(operations)\n".utf8)) } catch {
            throw Unavailable(reason: "python3 has ended")
        }
        let numbers = (line() ?? "").split(separator: " ").compactMap { Double($0) }
        guard numbers.count == 2 else { throw Unavailable(reason: "python3 has ended") }
        return RoundTime(wall: numbers[0] / Double(operations), processor: numbers[1] / Double(operations))
    }

    func stop() {
        try? input.fileHandleForWriting.close()
        process.waitUntilExit()
    }

    private func line() -> String? {
        while true {
            if let end = rest.firstIndex(of: 0x0A) {
                let line = String(decoding: rest[..<end], as: UTF8.self)
                rest = Data(rest[(end + 1)...])
                return line
            }
            let more = output.fileHandleForReading.availableData
            if more.isEmpty { return nil }
            rest += more
        }
    }
}
