import JSONSchema
import OpenEdXEvents
import Testing

@Suite struct JSONDocumentTests {
    private func document(_ text: String) throws -> JSONDocument {
        try JSONDocument(parsing: Array(text.utf8), file: "some.json")
    }

    @Test func membersKeepTheirOrderAndKnowTheirPlace() throws {
        let document = try document("{\n  \"b\": [1, \"é\", {\"x\": null}],\n  \"a\": true\n}\n")
        #expect(document.root.members?.map(\.name) == ["b", "a"])
        let member = try #require(document.root.member("a"))
        #expect(document.position(of: member.nameOffset) == (3, 3))
        #expect(document.position(of: member.node.offset) == (3, 8))
        #expect(document.root["b"]?[1]?.string == "é")
        let inner = try #require(document.node(at: "/b/2/x"))
        #expect(inner.isNull)
        // Columns are characters: the é before it has two bytes.
        #expect(document.position(of: inner.offset) == (2, 23))
        #expect(document.position(of: 10_000) == (5, 1))
    }

    @Test(arguments: [
        ("{\"a\": 1,\n \"a\": 2}", JSONError.Code.duplicateName, 2, 2), ("", .unexpectedEnd, 1, 1),
        ("[1,\n2", .unexpectedEnd, 2, 2), ("\"\u{e9}\u{1}\"", .controlCharacter, 1, 3), ("{} x", .trailingBytes, 1, 4),
        (String(repeating: "[", count: 600), .tooDeep, 1, 513),
    ])
    func whatIsNoJSONIsRefusedWithItsLineAndColumn(
        _ text: String, _ code: JSONError.Code, _ line: Int, _ column: Int
    ) throws {
        let error = try #require(throws: JSONDocumentError.self) { try document(text) }
        #expect(error.error.code == code)
        #expect((error.line, error.column) == (line, column))
        #expect(error.description.hasPrefix("some.json:\(line):\(column): "))
    }

    @Test func bytesThatAreNotUTF8AreRefused() throws {
        let error = try #require(throws: JSONDocumentError.self) {
            try JSONDocument(parsing: [0x22, 0xFF, 0x22], file: "f")
        }
        #expect(error.error.code == .invalidUTF8)
    }

    @Test func placesInALongLineAreFoundWhereCharactersHaveSeveralBytes() throws {
        let document = try document("[\"" + String(repeating: "ü", count: 5_000) + "\", 7]")
        let seven = try #require(document.root[1])
        #expect(document.position(of: seven.offset) == (1, 5_006))
    }

    @Test(arguments: [
        ("1", "1.0", true), ("1", "10e-1", true), ("0", "-0.0e7", true), ("1e400", "10e399", true),
        ("12345678901234567890123", "12345678901234567890124", false), ("0.1", "0.10000000000000000001", false),
        ("[1,{\"a\":2,\"b\":[]}]", "[1.0,{\"b\":[],\"a\":2}]", true), ("{\"a\":1}", "{\"b\":1}", false),
        ("[1,2]", "[2,1]", false), ("true", "1", false), ("\"\\u00e9\"", "\"é\"", true),
        ("\"e\\u0301\"", "\"é\"", false),
        ("null", "false", false), ("{}", "[]", false),
    ])
    func valuesAreComparedAsJSONAndCanonicalBytesAgree(_ left: String, _ right: String, _ isEqual: Bool) throws {
        let left = try document(left).root
        let right = try document(right).root
        #expect(left.isEqual(to: right) == isEqual)
        #expect((left.canonicalBytes() == right.canonicalBytes()) == isEqual)
    }

    @Test(arguments: [
        ("1.50", "1.5"), ("-0", "0"), ("1E3", "1000"), ("1e-3", "0.001"), ("12.340e1", "123.4"), ("1e300", "1e300"),
        ("-123e-100", "-1.23e-98"),
    ])
    func numbersHaveOneCanonicalText(_ text: String, _ canonical: String) throws {
        let number = try #require(JSONNumber(text))
        #expect(number.canonicalText == canonical)
        #expect(number.text == text)
    }

    @Test(arguments: [
        ("9223372036854775807", Int.max), ("-9223372036854775808", Int.min), ("9223372036854775808", nil), ("1.0", 1),
        ("1.5", nil), ("2e3", 2_000), ("1e30", nil), ("0e99999999999999999999", 0), ("-3.0e0", -3), ("1e-999", nil),
    ])
    func numbersAreIntegersIfTheyAreWholeAndFit(_ text: String, _ int: Int?) throws {
        #expect(try #require(JSONNumber(text)).int == int)
    }

    @Test(arguments: ["", "01", "1.", ".5", "+1", " 1", "1 ", "NaN", "true", "\"1\"", "1e"])
    func otherTextsAreNoNumbers(_ text: String) {
        #expect(JSONNumber(text) == nil)
    }

    @Test func numbersAreOrderedExactly() throws {
        let numbers = ["-1e400", "-2", "-1.5", "0", "1e-400", "0.5", "0.50000000000000000001", "7", "1e400"]
        let parsed = numbers.compactMap { JSONNumber($0) }
        #expect(parsed.shuffled().sorted().map(\.text) == numbers)
        #expect(Set([JSONNumber("1"), JSONNumber("1.0"), JSONNumber("10e-1")]).count == 1)
    }

    @Test func writingKeepsOrderAndNumbersAndEscapesLittle() throws {
        let text = "{\"b\":[1.50,{},[]],\"a\":\"\\\"\\n/\\u0001é\"}"
        let node = try document(text).root
        #expect(String(decoding: node.compactBytes(), as: UTF8.self) == text)
        let pretty = "{\n  \"b\": [\n    1.50,\n    {},\n    []\n  ],\n  \"a\": \"\\\"\\n/\\u0001é\"\n}\n"
        #expect(String(decoding: node.prettyBytes(), as: UTF8.self) == pretty)
        #expect(try document(pretty).root.isEqual(to: node))
    }

    @Test func pointersAreFollowedWithTheirEscapes() throws {
        let document = try document("{\"a/b\":{\"~\":[10,11]},\"\":1}")
        #expect(document.node(at: "/a~1b/~0/1")?.int == 11)
        #expect(document.node(at: "/")?.int == 1)
        #expect(document.node(at: "")?.members?.count == 2)
        for missing in ["a", "/a~1b/~0/2", "/a~1b/~0/01", "/a~2b", "/a~1b/~0/-"] {
            #expect(document.node(at: missing) == nil)
        }
    }

    @Test func aValueMadeByAProgramBecomesADocument() throws {
        let node: JSONNode = .object(["type": "object", "required": ["id"], "x": .null, "n": 3, "t": true])
        let document = try JSONDocument(node, file: "made.json")
        #expect(document.root.isEqual(to: node))
        #expect(document.root.members?.map(\.name) == ["type", "required", "x", "n", "t"])
    }
}
