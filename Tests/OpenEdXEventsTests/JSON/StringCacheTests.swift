import OpenEdXEvents
import Testing

@Suite("Strings that were read before")
struct StringCacheTests {
    private let cache = StringCache()

    /// Reads a string as it stands in JSON, without its quotes.
    private func read(_ contents: String) throws -> String {
        try Array("\"\(contents)\"".utf8).withUnsafeBufferPointer { bytes in
            try JSONReader.read(String.self, validated: bytes, strings: cache)
        }
    }

    /// Where the bytes of a string lie.
    private func address(_ text: String) -> UnsafePointer<UInt8>? {
        text.utf8.withContiguousStorageIfAvailable { $0.baseAddress } ?? nil
    }

    /// Reads a string three times; whether the last two times it was the same memory.
    private func isKept(_ contents: String) throws -> Bool {
        _ = try read(contents)
        let second = try read(contents)
        let third = try read(contents)
        #expect(second == third)
        return address(second) == address(third)
    }

    @Test("are as they stand in the document, whatever was read before", arguments: 0..<8 as Range<UInt64>)
    func sameText(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        // Alike in length and at both ends, so that they meet in their places.
        let parts: [(json: String, text: String)] = [
            ("a", "a"), ("b", "b"), (#"\u0061"#, "a"), (#"\n"#, "\n"), ("é", "é"), (#"\u00e9"#, "é"), ("🎓", "🎓"),
            (#"\ud83c\udf93"#, "🎓"), (#"\\"#, "\\"), ("0123456789", "0123456789"),
        ]
        for _ in 0..<5_000 {
            let chosen = (0..<Int.random(in: 0...12, using: &generator)).map { _ in
                parts.randomElement(using: &generator) ?? parts[0]
            }
            let ends = ["", "course-v1:", "a long beginning that all have"].randomElement(using: &generator) ?? ""
            let json = ends + chosen.map(\.json).joined() + ends
            let text = ends + chosen.map(\.text).joined() + ends
            #expect(try read(json).utf8.elementsEqual(text.utf8))
        }
    }

    @Test("differ in one byte at any place", arguments: [1, 7, 8, 15, 16, 17, 24, 31, 32, 33, 100, 511, 512])
    func oneByte(count: Int) throws {
        let plain = [UInt8](repeating: UInt8(ascii: "x"), count: count)
        for _ in 0..<3 {
            for index in 0..<count {
                var bytes = plain
                bytes[index] = UInt8(ascii: "y")
                let text = String(decoding: bytes, as: UTF8.self)
                #expect(try read(text) == text)
                #expect(try read(String(decoding: plain, as: UTF8.self)).utf8.elementsEqual(plain))
            }
        }
    }

    @Test(
        "are made once, if they need memory and not too much of it",
        arguments: [(15, false), (16, true), (512, true), (513, false)])
    func sizes(count: Int, isKept: Bool) throws {
        let text = String(repeating: "x", count: count)
        #expect(try read(text) == text)
        // Fifteen bytes lie in the string itself, wherever that is.
        if count > 15 { #expect(try self.isKept(text) == isKept) }
    }

    @Test("are made once if escaped, too; and an escape is not what it looks like")
    func escaped() throws {
        #expect(try isKept(#"back \"and\" forth, twenty bytes"#))
        // As long, with the same bytes at the beginning, in the middle and at the end: they share a place.
        let plain = "12345678.u0061." + String(repeating: "-", count: 49)
        let escape = #"12345678\u0061."# + String(repeating: "-", count: 49)
        let text = "12345678a." + String(repeating: "-", count: 49)
        for _ in 0..<3 {
            for _ in 0..<3 { #expect(try read(plain) == plain) }
            for _ in 0..<3 { #expect(try read(escape) == text) }
        }
        #expect(try isKept(plain))
        #expect(try isKept(escape))
    }

    @Test("are not driven out by what comes once")
    func onceOnly() throws {
        let text = "course-v1:OpenedX+DemoX+2026"
        _ = try read(text)
        let kept = try read(text)
        for number in 0..<10_000 { _ = try read("a learner's name, number \(number)") }
        #expect(try address(read(text)) == address(kept))
        // The same two, the kept one in between.
        for _ in 0..<3 {
            for number in 0..<2_000 { _ = try read("a learner's name, number \(number)") }
            #expect(try address(read(text)) == address(kept))
        }
    }

    @Test("make way for what comes more often now")
    func replaced() throws {
        let texts = (0..<2_000).map { "course-v1:OpenedX+DemoX+2026_\($0)" }
        for text in texts { #expect(try isKept(text)) }
    }

    @Test("are nobody's while somebody else has them")
    func lent() throws {
        let text = "course-v1:OpenedX+DemoX+2026"
        _ = try read(text)
        let kept = try read(text)
        #expect(cache.lend() != nil)
        #expect(cache.lend() == nil)
        let other = try read(text)
        #expect(other == kept)
        #expect(address(other) != address(kept))
        cache.giveBack()
        #expect(try address(read(text)) == address(kept))
    }

    @Test("are given back by a payload that cannot be read")
    func failing() throws {
        #expect(throws: PayloadError.self) {
            try Array("7".utf8).withUnsafeBufferPointer {
                try JSONReader.read(String.self, validated: $0, strings: cache)
            }
        }
        #expect(cache.lend() != nil)
    }

    @Test("may be asked for by many at once")
    func concurrent() async {
        await withTaskGroup(of: Bool.self) { group in
            for task in 0..<4 {
                group.addTask {
                    (0..<5_000).allSatisfy { number in
                        let text = "course-v1:OpenedX+DemoX+\(task % 2)_\(number % 7)_2026"
                        return (try? read(text)) == text
                    }
                }
            }
            for await isRight in group { #expect(isRight) }
        }
    }
}
