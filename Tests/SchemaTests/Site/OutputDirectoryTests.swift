import Foundation
import Testing

@testable import SchemaAuthoring

@Suite("A directory of output")
struct OutputDirectoryTests {
    /// A fresh directory, removed afterwards.
    private func inDirectory(_ body: (URL) throws -> Void) throws {
        let url = FileManager.default.temporaryDirectory.appendingPathComponent("output-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: url) }
        try body(url)
    }

    private func names(_ url: URL) -> [String] {
        let all = FileManager.default.enumerator(atPath: url.path)?.compactMap { $0 as? String } ?? []
        return all.filter { $0.contains(".txt") }.sorted()
    }

    @Test("loses what is made no more, and keeps what somebody else put there")
    func removesStale() throws {
        try inDirectory { url in
            let directory = OutputDirectory(url.path)
            try directory.write([GeneratedFile(path: "a.txt", text: "1"), GeneratedFile(path: "sub/b.txt", text: "1")])
            try "mine".write(to: url.appendingPathComponent("mine.txt"), atomically: true, encoding: .utf8)
            try directory.write([GeneratedFile(path: "a.txt", text: "2")])
            #expect(names(url) == ["a.txt", "mine.txt"])
            #expect(try String(contentsOf: url.appendingPathComponent("a.txt"), encoding: .utf8) == "2")
        }
    }

    @Test("with files of somebody else is refused, and left as it is")
    func foreign() throws {
        try inDirectory { url in
            try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
            try "mine".write(to: url.appendingPathComponent("mine.txt"), atomically: true, encoding: .utf8)
            #expect(throws: SchemaDirectoryError.self) {
                try OutputDirectory(url.path).write([GeneratedFile(path: "a.txt", text: "1")])
            }
            #expect(names(url) == ["mine.txt"])
        }
    }

    @Test("never removes what a forged list names outside of it")
    func forgedList() throws {
        try inDirectory { url in
            let inner = url.appendingPathComponent("inner")
            let outside = url.appendingPathComponent("outside.txt")
            try OutputDirectory(inner.path).write([GeneratedFile(path: "a.txt", text: "1")])
            try "mine".write(to: outside, atomically: true, encoding: .utf8)
            try "../outside.txt\n\(outside.path)\na.txt\n".write(
                to: inner.appendingPathComponent(OutputDirectory.listName), atomically: true, encoding: .utf8)
            try OutputDirectory(inner.path).write([GeneratedFile(path: "b.txt", text: "1")])
            #expect(names(url) == ["inner/b.txt", "outside.txt"])
        }
    }

    @Test("whose place is taken by a file is refused")
    func file() throws {
        try inDirectory { url in
            try "mine".write(to: url, atomically: true, encoding: .utf8)
            #expect(throws: SchemaDirectoryError.self) { try OutputDirectory(url.path).write([]) }
        }
    }
}
