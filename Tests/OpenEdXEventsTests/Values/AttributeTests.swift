import Testing

@testable import OpenEdXEvents

@Suite("Attribute names and values")
struct AttributeTests {
    @Test(
        "OEP41-32: names of lower case letters and digits",
        arguments: [
            ("traceparent", 0), ("a", 0), ("2fa", 1), ("abcdefghijklmnopqrst", 0), ("abcdefghijklmnopqrstu", 1),
        ])
    func names(name: String, warnings: Int) {
        let findings = AttributeName.findings(name)
        #expect(findings.count == warnings)
        #expect(findings.allSatisfy { $0.severity == .warning && $0.rule == .attributeName })
        #expect(AttributeName.isValid(name))
    }

    @Test(
        "OEP41-32: other names are errors",
        arguments: ["", "data", "data_base64", "Trace", "trace-parent", "trace parent", "ä", "a\0", "trace.parent"])
    func badNames(name: String) {
        #expect(AttributeName.findings(name).map(\.severity) == [.error])
        #expect(!AttributeName.isValid(name))
    }

    @Test("OEP41-33: each type has a canonical string, and reads it back")
    func canonical() throws {
        let time = try #require(EventTime("2026-03-14T15:09:26.5Z"))
        let cases: [(AttributeValue, String)] = [
            (.boolean(true), "true"), (.boolean(false), "false"), (.integer(0), "0"), (.integer(.min), "-2147483648"),
            (.integer(.max), "2147483647"), (.string("ž\u{1F393}"), "ž\u{1F393}"), (.string(""), ""),
            (.binary([0, 255, 1]), "AP8B"), (.binary([]), ""), (.uri("urn:x:y"), "urn:x:y"),
            (.uriReference("../a?b#c"), "../a?b#c"), (.timestamp(time), "2026-03-14T15:09:26.500Z"),
        ]
        for (value, text) in cases {
            #expect(value.canonical == text)
            #expect(AttributeValue(text, as: value.type) == value)
            #expect(value.check(attribute: "x").isEmpty)
        }
    }

    @Test(
        "OEP41-33: what is not of the type is refused",
        arguments: [
            ("True", AttributeType.boolean), ("1", .boolean), ("", .boolean), ("2147483648", .integer),
            ("-2147483649", .integer), ("+1", .integer), ("01", .integer), ("1.0", .integer), ("1e3", .integer),
            ("", .integer), ("-", .integer), (" 1", .integer), ("99999999999999999999", .integer), ("AP8", .binary),
            ("AP8B=", .binary), ("A", .binary), ("AP9=", .binary), ("A===", .binary), ("AP-B", .binary),
            ("AP8B\n", .binary), ("AB==", .binary), ("a/b", .uri), ("", .uri), ("http://a b", .uri),
            ("http://a#f", .uri), ("a b", .uriReference), ("%zz", .uriReference), ("yesterday", .timestamp),
        ])
    func notOfType(text: String, type: AttributeType) {
        #expect(AttributeValue(text, as: type) == nil)
    }

    @Test("OEP41-33: minus zero is a zero")
    func minusZero() {
        #expect(AttributeValue("-0", as: .integer) == .integer(0))
    }

    @Test(
        "OEP41-34: control characters and noncharacters are found where they are",
        arguments: [
            (0x00, 1), (0x1F, 1), (0x20, nil), (0x7E, nil), (0x7F, 1), (0x80, 1), (0x9F, 1), (0xA0, nil), (0xFDCF, nil),
            (0xFDD0, 1), (0xFDEF, 1), (0xFDF0, nil), (0xFFFD, nil), (0xFFFE, 1), (0xFFFF, 1), (0x10000, nil),
            (0x1FFFD, nil), (0x1FFFE, 1), (0x1FFFF, 1), (0x2FFFE, 1), (0xFFFFF, 1), (0x10FFFD, nil), (0x10FFFE, 1),
            (0x10FFFF, 1), (0x1F393, nil), (0x1BFFF, nil), (0x10FBFE, nil), (0xFBFE, nil), (0xE000, nil), (0xD7FF, nil),
        ] as [(UInt32, Int?)])
    func characters(code: UInt32, offset: Int?) throws {
        let scalar = try #require(Unicode.Scalar(code))
        let text = "a" + String(Character(scalar)) + "z"
        #expect(AttributeText.firstForbidden(text) == offset)
        #expect(
            AttributeValue.string(text).check(attribute: "x").map(\.rule)
                == (offset == nil ? [] : [.attributeCharacters]))
    }

    @Test("OEP41-34: of all scalars, exactly 65 controls and 66 noncharacters are forbidden")
    func allCharacters() {
        var count = 0
        for code in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(code) else { continue }
            if AttributeText.firstForbidden(Array(UTF8.encode(scalar)!)) != nil { count += 1 }
        }
        #expect(count == 65 + 66)
    }

    @Test("OEP41-33: a value that breaks its type is a finding that does not show it")
    func check() {
        let findings =
            AttributeValue.uri("no secret").check(attribute: "schema", offset: 7)
            + AttributeValue.uriReference("no secret").check(attribute: "ref")
        #expect(findings.map(\.rule) == [.attributeType, .attributeType])
        #expect(findings.map(\.offset) == [7, nil])
        #expect(!findings.description.contains("secret"))
    }

    @Test("OEP41-33: base64 is read as it is written, for every length")
    func base64() {
        var random = SeededGenerator(seed: 3)
        for count in 0..<100 {
            let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
            let text = Base64.encodeBytes(bytes)
            #expect(text.count == Base64.encodedCount(count))
            #expect(Base64.decode(text) == bytes)
            #expect(Base64.decode(text.dropLast()) == nil || count == 0)
        }
        #expect(Base64.decode(Array("Zm9vYmFy".utf8)) == Array("foobar".utf8))
        #expect(Base64.decode(Array("====".utf8)) == nil)
        #expect(Base64.decode(Array("Zg==Zg==".utf8)) == nil)
    }
}
