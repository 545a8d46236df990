import Foundation
import OpenEdXEvents

/// The results as JSON, for scripts: an array of objects with name, against, ratio and allocations.
enum ResultFile {
    static let path = ".build/benchmarks.json"

    private struct Row: JSONWritable {
        let result: BenchmarkResult

        func write(to json: inout JSONWriter) throws(PayloadError) {
            json.beginObject()
            try json.member("name", result.name)
            try json.member("against", result.against)
            try json.member("ratio", Self.rounded(result.timing.ratio))
            json.key("allocations")
            try json.write(result.allocations.map(Self.rounded))
            json.endObject()
        }

        /// Three decimal places say all that is measured.
        private static func rounded(_ number: Double) -> Double {
            guard number.isFinite else { return 0 }
            return (number * 1_000).rounded() / 1_000
        }
    }

    /// Writes the file below the current directory.
    static func write(_ results: [BenchmarkResult]) throws {
        let bytes = try JSONWriter.write(results.map(Row.init))
        try FileManager.default.createDirectory(atPath: ".build", withIntermediateDirectories: true)
        try Data(bytes + [UInt8(ascii: "\n")]).write(to: URL(fileURLWithPath: path))
    }
}
