import JSONSchema
import OpenEdXEvents
import SchemaAuthoring
import Testing

@Suite("Avro schemas")
struct AvroSchemaTests {
    @Test("each of the 72 types that the running bus sends has its Avro schema, byte for byte")
    func running() throws {
        for (type, fixture) in SchemaFixtures.events {
            let event = try #require(SchemaFixtures.catalogue[type]?.latest, "\(type)")
            let schema = try AvroSchema(event)
            let expected = try JSONDocument(parsing: Array(fixture.avroSchemaText.utf8), file: type)
            #expect(schema.node.isEqual(to: expected.root), "\(type)")
            #expect(schema.text == fixture.avroSchemaText, "\(type)")
        }
    }

    @Test("types that the running bus cannot send, and drafts, have one too")
    func others() throws {
        for history in SchemaFixtures.catalogue.types {
            let file = try AvroSchema.file(of: history.latest)
            #expect(file.path == history.type.name + ".avsc")
            let node = try JSONDocument(parsing: Array(file.text.utf8), file: file.path).root
            #expect(node["namespace"]?.string == history.type.name && node["name"]?.string == "CloudEvent")
        }
    }

    @Test("what JSON Schema can say and Avro cannot is refused, with every place")
    func refused() throws {
        let event = try SchemaMaker.event(
            properties: """
                "a": {"type": "string"}, "b": {"type": ["string", "integer"]}, "c": true,
                "d": {"type": "array", "items": {"type": ["null", "integer"]}}
                """)
        let failure = #expect(throws: AvroFailure.self) { try AvroSchema(event) }
        #expect(failure?.findings.map(\.pointer) == ["/properties/b", "/properties/c"])
        #expect(failure?.findings.allSatisfy { $0.line == 4 || $0.line == 5 } == true)
    }
}
