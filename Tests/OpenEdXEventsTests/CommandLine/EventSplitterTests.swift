import Testing

@testable import openedx_events

@Suite("Inspect: cutting the input into events")
struct EventSplitterTests {
    /// What a stream is cut into: each document's text, "broken" or "too large", with line and column.
    private func pieces(_ text: String, chunk: Int = 1 << 20, limit: Int = 1_000) -> [String] {
        var splitter = EventSplitter(limit: limit)
        var pieces: [String] = []
        let take = { (piece: EventSplitter.Piece) in
            let place = "\(piece.line):\(piece.column) "
            switch piece.content {
            case .document(let bytes): pieces.append(place + String(decoding: bytes, as: UTF8.self))
            case .tooLarge: pieces.append(place + "too large")
            case .broken: pieces.append(place + "broken")
            }
        }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            splitter.consume(Array(rest.prefix(chunk)), take)
            rest = rest.dropFirst(chunk)
        }
        splitter.finish(take)
        return pieces
    }

    @Test("one event, however it is laid out")
    func one() {
        #expect(pieces(#"{"a":1}"#) == [#"1:1 {"a":1}"#])
        #expect(pieces("\n \n  {\n\"a\" : [1,\n{}]\n}\n") == ["3:3 {\n\"a\" : [1,\n{}]\n}"])
        #expect(pieces(" \n\r\n\t").isEmpty)
        #expect(pieces("").isEmpty)
    }

    @Test("brackets and quotes within strings do not count")
    func strings() {
        let text = #"{"a":"}]\"{\\","b":"["}"#
        #expect(pieces(text + "\n" + text) == ["1:1 " + text, "2:1 " + text])
    }

    @Test("one event a line, with empty lines and either line end")
    func lines() {
        #expect(pieces("{}\n\n{\"a\":1}\r\n  {}") == ["1:1 {}", "3:1 {\"a\":1}\r", "4:3 {}"])
    }

    @Test("a line that is cut short takes no other with it")
    func cutShort() {
        #expect(pieces("{}\n{\"a\":\n{}\n") == ["1:1 {}", "2:1 {\"a\":", "3:1 {}"])
        #expect(pieces("{}\n{\"a\":\"b\n{}") == ["1:1 {}", "2:1 {\"a\":\"b", "3:1 {}"])
        #expect(pieces("{\"a\":\"b\n{}\n{}") == ["1:1 {\"a\":\"b\n", "2:1 {}", "3:1 {}"])
        #expect(pieces("{\"a\":1,\n{}\n{}") == ["1:1 {\"a\":1,\n", "2:1 {}", "3:1 {}"])
        #expect(pieces("{\"a\":[1\n{}") == ["1:1 {\"a\":[1\n", "2:1 {}"])
        #expect(pieces("{]\n{}") == ["1:1 {]", "2:1 {}"])
        #expect(pieces("{}\nhello\n{}") == ["1:1 {}", "2:1 hello", "3:1 {}"])
        #expect(pieces("hello\n{}") == ["1:1 hello", "2:1 {}"])
    }

    @Test("a sound event is never cut where a line begins with a brace")
    func unindented() {
        for text in ["{\n\"a\":\n{\n}\n}", "{\"a\":[\n{},\n{}]}", "{\"a\":[1,\n{}]}"] {
            #expect(pieces(text) == ["1:1 " + text])
        }
    }

    @Test("what follows an event on its line belongs to it, as an error that its reader finds")
    func trailing() {
        #expect(pieces("{} x\n{}") == ["1:1 {} x", "2:1 {}"])
        #expect(pieces("{}{}\n{}") == ["1:1 {}{}", "2:1 {}"])
    }

    @Test("OEP41-39: a batch's events stand alone, an empty batch has none")
    func batch() {
        #expect(pieces("[]").isEmpty)
        #expect(pieces("[\n]\n").isEmpty)
        #expect(pieces("[{},{\"a\":[1,2]} , 3]") == ["1:2 {}", "1:5 {\"a\":[1,2]}", "1:19 3"])
        #expect(pieces("[\n  {\n  },\n  {}\n]\n") == ["2:3 {\n  }", "4:3 {}"])
        #expect(pieces("[\"a,]\",[1,[2]]]") == ["1:2 \"a,]\"", "1:8 [1,[2]]"])
        #expect(pieces("[{}]\n[{}]\n") == ["1:2 {}", "2:2 {}"])
    }

    @Test("OEP41-39: a batch that is broken between its events says so, and keeps them")
    func brokenBatch() {
        #expect(pieces("[{}") == ["1:2 {}", "1:4 broken"])
        #expect(pieces("[") == ["1:2 broken"])
        #expect(pieces("[{") == ["1:2 {", "1:3 broken"])
        #expect(pieces("[{},]") == ["1:2 {}", "1:5 broken"])
        #expect(pieces("[,{}]") == ["1:2 broken", "1:3 {}"])
        #expect(pieces("[{},,{}]") == ["1:2 {}", "1:5 broken", "1:6 {}"])
        #expect(pieces("[{}{}]") == ["1:2 {}", "1:4 broken", "1:4 {}"])
        #expect(pieces("[{}] x") == ["1:2 {}", "1:6 broken", "1:6 x"])
        #expect(pieces("[\n{\"a\":\"b,\n{}\n]") == ["2:1 {\"a\":\"b,\n", "3:1 {}"])
        #expect(pieces("{}\n[{},\n{}") == ["1:1 {}", "2:2 {}", "2:5 broken", "3:1 {}"])
    }

    @Test("a document that is too large is passed over in bounded memory")
    func tooLarge() {
        let large = "{\"a\":\"\(String(repeating: "x", count: 1_000))\"}"
        #expect(pieces("\(large)\n{}\n") == ["1:1 too large", "2:1 {}"])
        #expect(pieces("[\(large),{}]") == ["1:2 too large", "1:1011 {}"])
        #expect(pieces("{}", limit: 2) == ["1:1 {}"])
        #expect(pieces("{} ", limit: 2) == ["1:1 too large"])
    }

    @Test("nesting of any depth is followed without recursion")
    func deep() {
        let deep = String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000)
        #expect(pieces("{\"a\":\(deep)}\n{}\n", limit: 1 << 20).count == 2)
    }

    @Test("a byte order mark hides nothing")
    func byteOrderMark() {
        #expect(pieces("\u{FEFF}{\n}") == ["1:1 \u{FEFF}{\n}"])
    }

    @Test("where the stream is cut into chunks makes no difference", arguments: [1, 2, 3, 5, 64])
    func chunks(size: Int) {
        let text = "[{\"a\":\"\\\"}é\"},\n{}]\n{\"b\":1}\n{\"c\":\n{}\nx\n[{},,]\n" + SampleEvents.pretty
        #expect(pieces(text, chunk: size) == pieces(text))
    }
}
