import OpenEdXEvents
import Testing

@Suite("The writer writes compact JSON and escapes no more than it must")
struct JSONWriterTests {
    private func text(_ value: some JSONWritable) throws -> String {
        String(decoding: try JSONWriter.write(value), as: UTF8.self)
    }

    @Test(
        "strings",
        arguments: [
            ("", #""""#), ("plain", #""plain""#), ("/a/b", #""/a/b""#), ("\"\\", #""\"\\""#),
            ("\u{8}\t\n\u{C}\r", #""\b\t\n\f\r""#),
            ("\u{0}\u{1}\u{B}\u{E}\u{1F}", #""\u0000\u0001\u000b\u000e\u001f""#),
            ("\u{7F}\u{80}é🎓\u{10FFFF}", "\"\u{7F}\u{80}é🎓\u{10FFFF}\""), ("\u{2028}", "\"\u{2028}\""),
            ("0123456789abcdef", #""0123456789abcdef""#), ("0123456789abcde\"", #""0123456789abcde\"""#),
        ])
    func strings(_ value: String, _ expected: String) throws {
        #expect(try text(value) == expected)
    }

    @Test("every control character, at every place of a block")
    func controls() throws {
        for place in 0..<40 {
            for control in 0..<0x20 as Range<UInt8> {
                let value =
                    String(repeating: "a", count: place) + String(UnicodeScalar(control))
                    + String(repeating: "b", count: 39 - place)
                let document = try JSONWriter.write(value)
                #expect(jsonFailure(document) == nil)
                #expect(document.count >= value.utf8.count + 3)
                #expect(try JSONReader.read(String.self, from: document) == value)
            }
        }
    }

    @Test("names are escaped like strings")
    func names() throws {
        #expect(try text(["a\"\n/": 1]) == #"{"a\"\n/":1}"#)
    }

    @Test("commas and colons come by themselves")
    func structure() throws {
        struct Shape: JSONWritable {
            func write(to json: inout JSONWriter) throws(PayloadError) {
                json.beginObject()
                json.key("a")
                json.beginArray()
                json.write(1)
                json.writeNull()
                json.beginObject()
                json.endObject()
                json.beginArray()
                json.endArray()
                json.endArray()
                try json.member("b", true)
                try json.member("absent", nil as Int?)
                json.key("c")
                try json.writeRaw(Array(#"{"x": [1, 2]}"#.utf8))
                json.endObject()
            }
        }
        #expect(try text(Shape()) == #"{"a":[1,null,{},[]],"b":true,"c":{"x": [1, 2]}}"#)
    }

    @Test("containers, optionals and dictionaries")
    func containers() throws {
        #expect(try text([1, 2, 3]) == "[1,2,3]")
        #expect(try text([Int]()) == "[]")
        #expect(try text([nil, 1] as [Int?]) == "[null,1]")
        #expect(try text(["b": [true], "a": [false]]) == #"{"a":[false],"b":[true]}"#)
        #expect(try text(nil as String?) == "null")
    }

    @Test("raw JSON is validated")
    func raw() {
        struct Raw: JSONWritable {
            let bytes: [UInt8]
            func write(to json: inout JSONWriter) throws(PayloadError) { try json.writeRaw(bytes) }
        }
        #expect(throws: PayloadError.self) { try text(Raw(bytes: Array("[1,]".utf8))) }
        #expect(throws: PayloadError.self) { try text(Raw(bytes: [])) }
        #expect(throws: PayloadError.self) { try text([Raw(bytes: Array(nested(512).utf8))]) }
    }

    @Test("512 arrays in each other are written, 513 refused")
    func depth() throws {
        struct Nest: JSONWritable {
            let depth: Int
            func write(to json: inout JSONWriter) throws(PayloadError) {
                json.beginArray()
                if depth > 1 { try Nest(depth: depth - 1).write(to: &json) }
                json.endArray()
            }
        }
        #expect(try text(Nest(depth: 512)) == nested(512))
        #expect(throws: PayloadError.self) { try text(Nest(depth: 513)) }
    }

    @Test("strings that come in other storage than native UTF-8")
    func substrings() throws {
        let whole = "a long text with a \"quote\" and é"
        #expect(try text(String(whole.dropFirst(3))) == "\"ong text with a \\\"quote\\\" and é\"")
    }

    @Test("a large document grows the buffer")
    func growth() throws {
        let values = (0..<5_000).map { "\($0) \"quoted\" \u{1} " }
        #expect(try JSONReader.read([String].self, from: try JSONWriter.write(values)) == values)
    }
}
