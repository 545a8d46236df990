import Foundation
import OpenEdXEvents

/// A file of lines that survives the process: what it was told before a kill is there after it.
///
/// A line is one `write` to a file opened for appending. A line that a kill cut off is cut away at the next opening, as
/// a database rolls a transaction back.
struct Journal: Sendable {
    private let descriptor: Int32

    /// Opens or makes the file, and hands over the lines that it has.
    init(_ url: URL, line: (Substring) throws -> Void) throws {
        let bytes = (try? Data(contentsOf: url)) ?? Data()
        let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
        for text in String(decoding: bytes[..<end], as: UTF8.self).split(separator: "\n") { try line(text) }
        descriptor = open(url.path, O_WRONLY | O_CREAT | O_APPEND, 0o644)
        guard descriptor >= 0, ftruncate(descriptor, off_t(end)) == 0 else {
            throw FaultWorker.Misuse(description: "\(url.lastPathComponent) cannot be opened")
        }
    }

    /// Appends a line.
    func append(_ line: String) throws {
        let bytes = Array((line + "\n").utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count else {
            throw FaultWorker.Misuse(description: "a journal cannot be written")
        }
    }
}
