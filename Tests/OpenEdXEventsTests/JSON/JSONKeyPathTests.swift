import OpenEdXEvents
import Testing

@Suite("A key path finds a record's key in the payload")
struct JSONKeyPathTests {
    static let payload = Array(
        #"""
        {"a": {"b": "x\u0041", "n": -12, "z": -0, "t": true, "o": {}, "l": [1], "null": null, "f": 1.50, "": 1},
         "a.b": 1, "c": "key"}
        """#.utf8)

    @Test(
        "OEP41-26: text, numbers and booleans; nothing else",
        arguments: [
            ("c", "key"), ("a.b", "xA"), ("a.n", "-12"), ("a.z", "0"), ("a.t", "true"), ("a.f", "1.50"), ("a.o", nil),
            ("a.l", nil), ("a.null", nil), ("a.absent", nil), ("absent.b", nil), ("c.d", nil), ("a", nil),
            ("a.l.0", nil),
        ])
    func finds(_ path: String, _ expected: String?) throws {
        let key = try JSONKeyPath(path).key(in: Self.payload[...])
        #expect(key.map { String(decoding: $0, as: UTF8.self) } == expected)
    }

    @Test(
        "OEP41-26: an empty path or name is refused", arguments: [("", 0), (".", 0), ("a.", 2), ("a..b", 2), (".a", 0)])
    func refuses(_ path: String, _ offset: Int) {
        do {
            _ = try JSONKeyPath(path)
            Issue.record("was taken")
        } catch {
            #expect(error.rule == .routes)
            #expect(error.offset == offset)
        }
    }
}
