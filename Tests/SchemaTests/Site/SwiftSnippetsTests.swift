import OpenEdXEvents
import Testing

@testable import SchemaAuthoring

@Suite("The Swift of an event's page")
struct SwiftSnippetsTests {
    @Test("names what is generated: the type, and what it is made of")
    func generated() throws {
        let catalogue = try SiteFixtures.real()
        for record in SwiftModel(catalogue).events {
            let event = try #require(record.event)
            let snippets = SwiftSnippets(event)
            #expect(snippets.handle.contains("handlers.on(\(record.name).self"))
            let arguments = record.fields.filter { !$0.isOptional || $0.writesNull }.map { "\($0.name): \($0.name)" }
            guard let emit = snippets.emit else {
                #expect(event.type.isLegacy || event.status == .retired)
                continue
            }
            #expect(emit.contains("let event = \(record.name)(\(arguments.joined(separator: ", ")))"))
            #expect(emit.contains("\(record.name).type"))
        }
    }

    @Test("chains what may be absent on the way to the key, and emits nothing that is retired")
    func chained() throws {
        var schema = SiteFixtures.Schema()
        schema.facts += #", "key": "user.class.uuid""#
        schema.body = """
            "properties": {"user": {"type": ["null", "object"], "default": null, "properties": {"class": {
            "type": "object", "properties": {"uuid": {"type": "string"}}, "required": ["uuid"]}},
            "required": ["class"]}}
            """
        schema.examples = "[]"
        schema.status = "retired"
        schema.facts += #", "retirement": {"reason": "old"}"#
        let event = try SiteFixtures.catalogue([schema]).events[0]
        #expect(SwiftSnippets(event).handle.contains("print(event.payload.user?.class.uuid)"))
        #expect(SwiftSnippets(event).emit == nil)
    }

    @Test("marks keywords, strings and comments, and nothing within them")
    func markup() {
        #expect(
            CodeMarkup.swift("let a = \"try <b>\" // in & out").text
                == "<span class=\"w\">let</span> a = <span class=\"s\">&quot;try &lt;b&gt;&quot;</span> "
                + "<span class=\"c\">// in &amp; out</span>")
    }
}
