import OpenEdXEvents
import Testing

@Suite("No name stands twice in an object")
struct JSONNamesTests {
    @Test(
        "OEP41-31: a repeated name is found at every depth, escaped or not",
        arguments: [
            ("{\"a\":1,\"a\":2}", 7), ("{\"\":1,\"\":2}", 6), ("{\"a\":1,\"b\":2,\"a\":3}", 13),
            ("{\"a\":1,\"\\u0061\":2}", 7), ("{\"\\u0061\":1,\"a\":2}", 12), ("{\"\\u0061\":1,\"\\u0061\":2}", 12),
            ("[{\"a\":{\"b\":1,\"b\":1}}]", 13), ("{\"x\":{\"a\":1},\"x\":2}", 13),
            ("{\"é\":1,\"\\u00e9\":2}", 8), ("{\"🎓\":1,\"\\ud83c\\udf93\":2}", 10), ("{\"\\/\":1,\"/\":2}", 8),
            ("{\"seventeen letters\":1,\"seventeen letters\":2}", 23),
            ("{\"first 8, middle, last eight\":1,\"first 8, middle, last eight\":2}", 33),
        ])
    func repeated(_ text: String, _ offset: Int) {
        #expect(jsonFailure(text) == JSONError(.duplicateName, offset: offset))
    }

    @Test(
        "names that only resemble each other may stand together",
        arguments: [
            "{\"a\":1,\"A\":2,\"\":3,\"a \":4}", "{\"a\":{\"a\":{\"a\":1}},\"b\":{\"a\":1}}", "[{\"a\":1},{\"a\":1}]",
            "{\"first 8, one thing, last eight\":1,\"first 8, two things, last eight\":2}",
            "{\"first 8, one, last eight\":1,\"first 8, two, last eight\":2}", "{\"e\u{301}\":1,\"é\":2}",
            "{\"a\":1,\"a\\u0000\":2,\"a\\u0000\\u0000\":3}", "{\"\\u0000\":1,\"\":2}", "{\"\\\\u0061\":1,\"a\":2}",
        ])
    func alike(_ text: String) {
        #expect(jsonFailure(text) == nil)
    }

    /// An object with so many members, and then those given.
    private func object(_ count: Int, then last: [String] = []) -> String {
        let names = (0..<count).map { "name \($0)" } + last
        return "{" + names.map { "\"\($0)\":0" }.joined(separator: ",") + "}"
    }

    @Test("around every bound of the table", arguments: [1, 8, 31, 32, 33, 34, 127, 128, 129, 130, 1000])
    func bounds(_ count: Int) {
        #expect(jsonFailure(object(count)) == nil)
        #expect(jsonFailure(object(count, then: ["name 0"]))?.code == .duplicateName)
        #expect(jsonFailure(object(count, then: ["name \(count - 1)"]))?.code == .duplicateName)
        #expect(jsonFailure(object(count, then: ["\\u006eame 0"]))?.code == .duplicateName)
        #expect(jsonFailure("{\"name 0\":\(object(count)),\"b\":\(object(count))}") == nil)
        #expect(jsonFailure("{\"b\":\(object(count)),\"b\":0}")?.code == .duplicateName)
        #expect(jsonFailure("[\(object(count)),{\"a\":0,\"a\":0}]")?.code == .duplicateName)
    }

    @Test("in objects nested deeper than the table has room")
    func deep() {
        func document(_ innermost: String) -> String {
            String(repeating: "{\"a\":1,\"b\":", count: 300) + innermost
                + String(repeating: ",\"c\":2}", count: 300)
        }
        #expect(jsonFailure(document("{}")) == nil)
        #expect(jsonFailure(document("{\"a\":1,\"a\":1}"))?.code == .duplicateName)
        let late = String(repeating: "{\"a\":1,\"b\":", count: 300) + "0" + String(repeating: ",\"c\":2}", count: 200)
        #expect(jsonFailure(late + ",\"a\":3" + String(repeating: "}", count: 100))?.code == .duplicateName)
    }

    /// How many names were compared one by one or looked up.
    private func comparisons(_ text: String) -> Int {
        Array(text.utf8).withUnsafeBufferPointer { bytes in
            JSONScanner.withScanner(over: bytes) { scanner in
                #expect(scanner.value(scanner.start, depth: 0, names: 0) != nil)
                return scanner.names.comparisons
            }
        }
    }

    @Test("100 000 names cost 100 times what 1 000 do")
    func linear() {
        let small = comparisons(object(1_000))
        let large = comparisons(object(100_000))
        #expect(small >= 900)
        #expect(large <= 100_000 + 32 * 32)
        #expect(large < 110 * small)
    }

    @Test("names made to collide are compared 32 at a time and no more")
    func collisions() {
        // The same first and last eight bytes and length: what the quick comparison looks at.
        let names = (100_000..<102_000).map { "\"beginning \($0) the ending\":0" }
        let text = "{" + names.joined(separator: ",") + "}"
        #expect(jsonFailure(text) == nil)
        #expect(comparisons(text) <= 2_000 + 32 * 32)
    }
}
