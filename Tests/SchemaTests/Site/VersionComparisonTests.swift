import Testing

@testable import SchemaAuthoring

@Suite("A comparison of two versions")
struct VersionComparisonTests {
    private func changes(_ old: String, _ new: String, facts: String? = nil) throws -> [String] {
        var before = SiteFixtures.Schema()
        before.body = old
        var after = before
        after.minor = 1
        after.body = new
        if let facts { after.facts = facts }
        let versions = try SiteFixtures.catalogue([before, after]).types[0].versions
        return VersionComparison(from: versions[0], to: versions[1]).changes.map { "\($0.kind.rawValue): \($0.text)" }
    }

    @Test("names fields that came and went, and not again those within them")
    func fields() throws {
        let inner = #"{"type": "object", "title": "Item", "properties": {"b": {"type": "string"}}, "required": ["b"]}"#
        #expect(
            try changes(
                #""properties": {"a": \#(inner)}"#, #""properties": {"list": {"type": "array", "items": \#(inner)}}"#)
                == ["added: `list` is new: array of Item, and may be left out.", "removed: `a` is gone."])
        let grown =
            #"{"type": "object", "title": "Item", "properties": {"b": {"type": "string"}, "c": {"type": "integer"}}}"#
        #expect(
            try changes(#""properties": {"a": \#(inner)}"#, #""properties": {"a": \#(grown)}"#) == [
                "changed: `a.b` may be left out now.", "added: `a.c` is new: integer, and may be left out.",
            ])
    }

    @Test(
        "says what changed of a field",
        arguments: [
            (#"{"type": "string"}"#, #"{"type": "integer"}"#, "changed: `x` is `integer` now; it was `string`."),
            (#"{"type": "string"}"#, #"{"type": ["null", "string"]}"#, "changed: `x` may be `null`."),
            (#"{"type": ["null", "string"]}"#, #"{"type": "string"}"#, "changed: `x` may no longer be `null`."),
            (
                #"{"type": "string"}"#, #"{"type": "string", "x-personal-data": true}"#,
                "changed: `x` is marked as personal data."
            ),
            (
                #"{"type": "string"}"#, #"{"type": "string", "default": "a"}"#,
                "changed: `x` has the default `\"a\"` now."
            ),
            (
                #"{"type": "string", "enum": ["a"]}"#, #"{"type": "string", "enum": ["a", "b"]}"#,
                "added: `x` takes `\"b\"` too."
            ),
            (
                #"{"type": "string", "enum": ["a", "b"]}"#, #"{"type": "string", "enum": ["a"]}"#,
                "removed: `x` no longer takes `\"b\"`."
            ),
            (
                #"{"type": "string"}"#, #"{"type": "string", "enum": ["a", "b"]}"#,
                "changed: `x` takes only `\"a\"`, `\"b\"` now."
            ),
            (
                #"{"type": "string", "enum": ["a"]}"#, #"{"type": "string"}"#,
                "changed: `x` takes any value of its type now."
            ),
            (
                #"{"type": "integer"}"#, #"{"type": "integer", "minimum": 3}"#,
                "changed: `x` has the `minimum` `3` now."
            ),
            (
                #"{"type": "string", "pattern": "^a"}"#, #"{"type": "string"}"#,
                "changed: `x` has no `pattern` any more."
            ),
            (
                #"{"type": "string", "description": "One."}"#, #"{"type": "string", "description": "Two."}"#,
                "changed: `x` is described in other words."
            ),
        ])
    func field(old: String, new: String, text: String) throws {
        #expect(try changes(#""properties": {"x": \#(old)}"#, #""properties": {"x": \#(new)}"#) == [text])
    }

    @Test("says what changed of the event's own facts")
    func facts() throws {
        let body = #""properties": {"id": {"type": "string"}}"#
        #expect(
            try changes(
                body, body, facts: #""owner": "openedx/idle", "topic": "other", "key": "id", "consumers": ["search"]"#)
                == [
                    "changed: The owner is `openedx/idle` now; it was `openedx/notes`.",
                    "removed: The source was `/openedx/notes/web`, and there is none now.",
                    "changed: The topic is `other` now; it was `notes`.",
                    "added: The key is `id` now; there was none.", "added: `search` is known to read it now.",
                ])
    }

    @Test("is empty for versions that differ in order, examples and remarks alone")
    func nothing() throws {
        #expect(
            try changes(
                #""properties": {"a": {"type": "string"}, "b": {"type": "string"}}"#,
                #""$comment": "x", "properties": {"b": {"type": "string"}, "a": {"type": "string"}}"#
            ).isEmpty)
    }
}
