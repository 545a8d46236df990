import OpenEdXEvents
import Testing

@Suite("The scanner takes RFC 8259 to the letter")
struct JSONScannerTests {
    @Test(
        "accepts every form of a value",
        arguments: [
            "null", "true", "false", "0", "-0", "7", "-12", "10", "0.5", "-0.0", "1e3", "1E+3", "1.25e-7", "0e0",
            "123456789012345678901234567890", "1e400", "-1e-400", "\"\"", "[]", "{}", " [ ] ", "\t{\n}\r", "[1,2]",
            "[ 1 , 2 ]", "[[],{},[[]]]", "{\"\":null}", "{\"a\":{\"b\":[{}]}}", "{ \"a\" : 1 , \"b\" : 2 }",
            "\"plain text that is longer than sixteen bytes\"", "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"", "\"\\u0000\\u001F\"",
            "\"\\uD83C\\uDF93\"", "\"\\ud83c\\udf93\"", "\"\\uFFFF\\uFDD0\"", "\"é ž ‰ 🎓 \u{10FFFF}\"",
            "\"\u{7F}\u{80}\u{FFFE}\"", "[true,false,null]",
        ])
    func accepts(_ text: String) {
        #expect(jsonFailure(text) == nil)
    }

    @Test(
        "refuses what only resembles JSON, at the byte where it goes wrong",
        arguments: [
            ("", .unexpectedEnd, 0), ("  ", .unexpectedEnd, 2), ("[", .unexpectedEnd, 1), ("{", .unexpectedEnd, 1),
            ("{\"a\"", .unexpectedEnd, 4), ("{\"a\":", .unexpectedEnd, 5), ("{\"a\":1", .unexpectedEnd, 6),
            ("{\"a\":1,", .unexpectedEnd, 7), ("[1", .unexpectedEnd, 2), ("[1,", .unexpectedEnd, 3),
            ("\"", .unexpectedEnd, 1), ("\"abc", .unexpectedEnd, 4), ("\"\\", .unexpectedEnd, 2),
            ("\"\\u12", .unexpectedEnd, 5), ("tru", .unexpectedEnd, 3), ("-", .unexpectedEnd, 1),
            ("1.", .unexpectedEnd, 2), ("1e", .unexpectedEnd, 2), ("1e+", .unexpectedEnd, 3),
            ("[,]", .unexpectedByte, 1), ("[1,]", .unexpectedByte, 3), ("[1 2]", .unexpectedByte, 3),
            ("{,}", .unexpectedByte, 1), ("{\"a\":1,}", .unexpectedByte, 7), ("{\"a\" 1}", .unexpectedByte, 5),
            ("{a:1}", .unexpectedByte, 1), ("{1:1}", .unexpectedByte, 1), ("{\"a\":}", .unexpectedByte, 5),
            ("[}", .unexpectedByte, 1), ("{\"a\":1]", .unexpectedByte, 6), ("]", .unexpectedByte, 0),
            ("nul", .unexpectedEnd, 3), ("nulL", .unexpectedByte, 3), ("True", .unexpectedByte, 0),
            ("'a'", .unexpectedByte, 0), ("NaN", .unexpectedByte, 0), ("Infinity", .unexpectedByte, 0),
            ("-Infinity", .invalidNumber, 1), ("+1", .unexpectedByte, 0), (".5", .unexpectedByte, 0),
            ("01", .invalidNumber, 1), ("-01", .invalidNumber, 2), ("00", .invalidNumber, 1),
            ("1.e3", .invalidNumber, 2), ("1.5.", .trailingBytes, 3), ("1e5.5", .trailingBytes, 3),
            ("0x10", .trailingBytes, 1), ("1_000", .trailingBytes, 1), ("--1", .invalidNumber, 1),
            ("// a\n1", .unexpectedByte, 0), ("1 // a", .trailingBytes, 2), ("1 1", .trailingBytes, 2),
            ("{}{}", .trailingBytes, 2), ("null,", .trailingBytes, 4), ("\"a\"b", .trailingBytes, 3),
            ("\"\\a\"", .invalidEscape, 1), ("\"\\U0041\"", .invalidEscape, 1), ("\"\\u004g\"", .invalidEscape, 6),
            ("\"\\x41\"", .invalidEscape, 1), ("\"\\'\"", .invalidEscape, 1),
            ("\"a\u{0}\"", .controlCharacter, 2), ("\"\n\"", .controlCharacter, 1), ("\"\t\"", .controlCharacter, 1),
            ("\"sixteen bytes or more \u{1F}\"", .controlCharacter, 23), ("\u{A0}1", .unexpectedByte, 0),
            ("[1]\u{0}", .trailingBytes, 3), ("\u{C}1", .unexpectedByte, 0),
        ] as [(String, JSONError.Code, Int)])
    func refuses(_ text: String, _ code: JSONError.Code, _ offset: Int) {
        let failure = jsonFailure(text)
        #expect(failure?.code == code)
        #expect(failure?.offset == offset)
    }

    @Test(
        "refuses escaped surrogates that are no pair",
        arguments: [
            "\"\\uD800\"", "\"\\uDC00\"", "\"\\uDFFF\\uD800\"", "\"\\uD800\\u0041\"", "\"\\uD800\\uD800\"",
            "\"\\uD800 \\uDC00\"", "\"\\uD800\\n\"", "\"\\uD83Cx\"", "\"long enough for a block \\uDC00 and more\"",
        ])
    func loneSurrogate(_ text: String) {
        #expect(jsonFailure(text)?.code == .loneSurrogate)
    }

    @Test(
        "refuses bytes that are not UTF-8",
        arguments: [
            [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xC2, 0x20], [0xE0, 0x80, 0x80], [0xE0, 0x9F, 0xBF],
            [0xE1, 0x80], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x8F, 0xBF, 0xBF],
            [0xF1, 0x80, 0x80], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xF8, 0x88, 0x80, 0x80, 0x80],
            [0xFE], [0xFF], [0xC3, 0xA9, 0x80], [0xE2, 0x28, 0xA1], [0xE2, 0x82, 0x28], [0xF0, 0x9F, 0x8E, 0x28],
        ] as [[UInt8]])
    func notUTF8(_ bytes: [UInt8]) {
        for padding in [0, 3, 14, 15, 16, 31] {
            let quoted = Array("\"".utf8) + Array(repeating: 0x61, count: padding) + bytes
            for document in [quoted + Array("\"".utf8), quoted + Array("\" and white space to the end\"".utf8)] {
                #expect(jsonFailure(document)?.code == .invalidUTF8)
            }
        }
    }

    @Test("accepts the first and last character of each length in UTF-8")
    func boundaries() {
        for scalar in ["\u{80}", "\u{7FF}", "\u{800}", "\u{D7FF}", "\u{E000}", "\u{FFFF}", "\u{10000}", "\u{10FFFF}"] {
            #expect(jsonFailure("\"\(scalar)\"") == nil)
            #expect(jsonFailure("\"0123456789abc\(scalar)0123456789abcdef\"") == nil)
        }
    }

    @Test("refuses a byte order mark, and UTF-16")
    func byteOrderMark() {
        #expect(jsonFailure([0xEF, 0xBB, 0xBF, 0x31]) == JSONError(.byteOrderMark, offset: 0))
        #expect(jsonFailure([0xFE, 0xFF, 0x00, 0x31])?.code == .unexpectedByte)
        #expect(jsonFailure([0x31, 0x00])?.code == .trailingBytes)
    }

    @Test("accepts 512 arrays in each other and refuses 513", arguments: ["[]", "{}"])
    func depth(_ kind: String) {
        func document(_ depth: Int) -> String {
            if kind == "[]" { return nested(depth) }
            return String(repeating: "{\"a\":", count: depth) + "1" + String(repeating: "}", count: depth)
        }
        #expect(jsonFailure(document(512)) == nil)
        #expect(jsonFailure(document(513))?.code == .tooDeep)
        #expect(jsonFailure(document(513))?.offset == (kind == "[]" ? 512 : 512 * 5))
        #expect(jsonFailure(String(repeating: kind == "[]" ? "[" : "{\"a\":", count: 100_000))?.code == .tooDeep)
    }

    @Test("a string of escapes and characters by turns needs no stack, and fails at its first wrong byte")
    func alternating() {
        for unit in ["é\\n", "\\n🎓a", "aé\\\"žluť"] {
            let text = String(repeating: unit, count: 200_000)
            #expect(jsonFailure("[\"\(text)\"]") == nil)
            #expect(jsonFailure("[\"\(text)\u{1}\"]") == JSONError(.controlCharacter, offset: 2 + text.utf8.count))
            #expect(jsonFailure("[\"\(text)")?.code == .unexpectedEnd)
            let broken = Array("[\"".utf8) + Array(text.utf8) + [0xC3] + Array("\u{1}, and more text\"]".utf8)
            #expect(jsonFailure(broken) == JSONError(.invalidUTF8, offset: 2 + text.utf8.count))
        }
    }

    @Test("says what went wrong in words")
    func description() {
        #expect(
            jsonFailure("[1,]")?.description == "not JSON: a byte that is not allowed there at byte 3")
    }
}
