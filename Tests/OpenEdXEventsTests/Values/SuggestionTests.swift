import OpenEdXEvents
import Testing

@Suite("Command line: suggestions")
struct SuggestionTests {
    private let names = ["inspect", "completion", "demo", "emit", "tail"]

    @Test(
        "a slip of the finger is understood",
        arguments: [
            ("insepct", "inspect"), ("inspct", "inspect"), ("INSPECT", "inspect"), ("comp", "completion"),
            ("dmeo", "demo"), ("emitt", "emit"), ("tial", "tail"),
        ])
    func close(typed: String, meant: String) {
        #expect(Suggestion.closest(to: typed, among: names) == meant)
    }

    @Test("what is close to nothing gets no suggestion", arguments: ["", "x", "frobnicate", "mode1234"])
    func far(typed: String) {
        #expect(Suggestion.closest(to: typed, among: names) == nil)
    }

    @Test("a word of any length is dealt with at once")
    func long() {
        #expect(Suggestion.closest(to: String(repeating: "e", count: 1_000_000), among: names) == nil)
    }

    @Test("the distance counts inserted, removed, replaced and swapped letters")
    func distance() {
        #expect(Suggestion.distance(Array("abc"), Array("abc")) == 0)
        #expect(Suggestion.distance(Array("abc"), Array("acb")) == 1)
        #expect(Suggestion.distance(Array("abc"), Array("ab")) == 1)
        #expect(Suggestion.distance(Array(""), Array("abc")) == 3)
        #expect(Suggestion.distance(Array("kitten"), Array("sitting")) == 3)
    }
}
