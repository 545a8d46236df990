import JSONSchema
import OpenEdXEvents
import Testing

@testable import SchemaAuthoring

@Suite("The AsyncAPI document")
struct AsyncAPIExportTests {
    private func document(_ schemas: [SiteFixtures.Schema]) throws -> JSONNode {
        AsyncAPIExport(try SiteFixtures.catalogue(schemas).types).document
    }

    @Test("has a message for every published type, a channel for every topic, and no reference that leads nowhere")
    func wholeCatalogue() throws {
        let catalogue = try SiteFixtures.real()
        let file = AsyncAPIExport(catalogue.types).file
        let root = try JSONDocument(parsing: Array(file.text.utf8), file: file.path).root
        let published = catalogue.types.compactMap(\.published)
        #expect(root["components"]?["messages"]?.members?.map(\.name) == published.map(\.type.name))
        #expect(root["channels"]?.members?.count == Set(published.compactMap(\.topic)).count)
        var count = 0
        check(root, in: root, &count)
        #expect(count > 300)
        #expect(AsyncAPIExport(catalogue.types).file == file)
    }

    /// Every reference leads somewhere in the document, and stands alone, as AsyncAPI wants it.
    private func check(_ node: JSONNode, in root: JSONNode, _ count: inout Int) {
        for element in node.array ?? [] { check(element, in: root, &count) }
        for member in node.members ?? [] {
            if member.name == "$ref", let text = member.node.string {
                count += 1
                #expect(text.hasPrefix("#/") && root.node(at: String(text.dropFirst())) != nil, "\(text)")
                #expect(node.members?.count == 1, "\(text)")
            }
            check(member.node, in: root, &count)
        }
    }

    @Test("shares definitions that are equal with all that they refer to, and keeps others apart")
    func sharing() throws {
        func schema(_ name: String, leaf: String) -> SiteFixtures.Schema {
            var schema = SiteFixtures.Schema(type: "org.openedx.learning.\(name).created.v1", title: name.uppercased())
            schema.body = """
                "properties": {"user": {"$ref": "#/$defs/User", "description": "Who."}}, "$defs": {
                "User": {"type": "object", "properties": {"leaf": {"$ref": "#/$defs/Leaf"}}},
                "Leaf": {"type": "\(leaf)"}}
                """
            schema.examples = "[]"
            return schema
        }
        let root = try document([
            schema("a", leaf: "string"), schema("b", leaf: "string"), schema("c", leaf: "integer"),
        ])
        let schemas = try #require(root["components"]?["schemas"])
        #expect(schemas.members?.map(\.name) == ["CloudEventHeaders", "User", "Leaf", "C.User", "C.Leaf"])
        func reference(_ type: String) -> String? {
            root["components"]?["messages"]?[type]?["payload"]?["properties"]?["user"]?["allOf"]?[0]?["$ref"]?.string
        }
        #expect(reference("org.openedx.learning.a.created.v1") == "#/components/schemas/User")
        #expect(reference("org.openedx.learning.b.created.v1") == "#/components/schemas/User")
        #expect(reference("org.openedx.learning.c.created.v1") == "#/components/schemas/C.User")
        #expect(
            schemas["C.User"]?["properties"]?["leaf"]?["$ref"]?.string == "#/components/schemas/C.Leaf")
    }

    @Test("has what owners send and consumers receive, and nobody sends what is retired")
    func operations() throws {
        let types = try SiteFixtures.history().types
        let root = AsyncAPIExport(types).document
        let operations = try #require(root["operations"])
        #expect(operations.members?.map(\.name) == ["openedx-notes.send.notes", "openedx-search.receive.notes"])
        #expect(operations["openedx-notes.send.notes"]?["messages"]?.array?.count == 2)
        #expect(root["channels"]?["notes"]?["messages"]?.members?.count == 3)
    }

    @Test("leaves drafts out: they are promised to nobody")
    func drafts() throws {
        let root = try document([SiteFixtures.Schema(status: "draft")])
        #expect(root["channels"]?.members?.isEmpty == true)
        #expect(root["components"]?["messages"]?.members?.isEmpty == true)
    }

    @Test("OEP41-41: describes a message by the headers and the data of binary mode")
    func message() throws {
        var schema = SiteFixtures.Schema()
        schema.facts += #", "key": "id""#
        let message = try document([schema])["components"]?["messages"]?["org.openedx.learning.note.created.v1"]
        #expect(message?["contentType"]?.string == "application/json")
        #expect(message?["bindings"]?["kafka"]?["key"]?["description"]?.string == "The value at id of the payload.")
        #expect(message?["payload"]?["properties"]?["id"]?["type"]?.string == "string")
        #expect(message?["payload"]?["x-event"] == nil)
        let example = message?["examples"]?[0]
        #expect(example?["payload"]?["id"]?.string == "17")
        #expect(example?["headers"]?["ce_source"]?.string == "/openedx/notes/web")
        #expect(message?["headers"]?["allOf"]?[0]?["$ref"]?.string == "#/components/schemas/CloudEventHeaders")
    }
}
