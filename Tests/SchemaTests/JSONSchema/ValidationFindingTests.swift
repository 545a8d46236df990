import JSONSchema
import Testing

/// What validation says, and what it must not say.
@Suite struct ValidationFindingTests {
    private func schema(_ text: String, _ options: SchemaOptions = SchemaOptions()) throws -> CompiledSchema {
        try CompiledSchema(JSONDocument(parsing: Array(text.utf8), file: "schema.json"), options: options)
    }

    @Test func everyFindingNamesBothPlacesAndWhatWasExpected() throws {
        let schema = try schema(
            """
            {"type": "object", "required": ["id", "name"], "properties": {
              "id": {"type": "integer", "minimum": 1},
              "tags": {"type": "array", "items": {"enum": ["a", "b"]}, "maxItems": 2, "uniqueItems": true},
              "user": {"$ref": "#/$defs/user"}},
             "additionalProperties": false,
             "$defs": {"user": {"properties": {"mail": {"type": "string", "maxLength": 3}}}}}
            """)
        let result = schema.validate(
            Array(
                "{\"id\": 0, \"tags\": [\"a\",\"secret\",\"a\"], \"user\": {\"mail\": \"secret@x\"}, \"o/p\": 1}".utf8))
        let found = result.findings.map { "\($0.instancePointer) \($0.schemaPointer) \($0.keyword)" }
        #expect(
            found == [
                "/id /properties/id/minimum minimum", "/tags/1 /properties/tags/items/enum enum",
                "/tags /properties/tags/maxItems maxItems", "/tags /properties/tags/uniqueItems uniqueItems",
                "/user/mail /$defs/user/properties/mail/maxLength maxLength",
                "/o~1p /additionalProperties additionalProperties", " /required required",
            ])
        #expect(result.findings.allSatisfy { $0.schemaFile == "schema.json" && !$0.expected.isEmpty })
        #expect(result.findings.map(\.instanceOffset)[1] == 23)
        #expect(!result.description.contains("secret"))
    }

    @Test func theBranchThatWasMeantSpeaks() throws {
        let schema = try schema(
            "{\"anyOf\": [{\"type\": \"null\"}, {\"type\": \"object\", \"required\": [\"a\"]}, {\"type\": \"array\"}]}")
        #expect(schema.validate(Array("{}".utf8)).findings.map(\.keyword) == ["required"])
        #expect(schema.validate(Array("1".utf8)).findings.map(\.keyword) == ["anyOf"])
        #expect(schema.isValid(Array("null".utf8)))
    }

    @Test func findingsAreBounded() throws {
        let schema = try schema("{\"items\": {\"type\": \"null\"}}", SchemaOptions(maximumFindings: 7))
        let many = "[" + Array(repeating: "1", count: 5_000).joined(separator: ",") + "]"
        #expect(schema.validate(Array(many.utf8)).findings.count == 7)
    }

    @Test(arguments: ["", "{", "{\"a\":1,\"a\":2}", "nul", "[1,]", "\u{feff}1", "1 2"])
    func whatIsNotJSONIsAFinding(_ text: String) throws {
        let result = try schema("true").validate(Array(text.utf8))
        #expect(result.findings.map(\.keyword) == ["json"])
        #expect(try !schema("true").isValid(Array(text.utf8)))
    }

    @Test(
        arguments: [
            (
                "{\"type\": \"integer\"}", ["1", "1.0", "1e3", "12345678901234567890123", "-0.0", "1.5e1"],
                ["1.5", "1e-1", "\"1\""]
            ),
            ("{\"multipleOf\": 0.01}", ["0.07", "1.23", "4.35", "1e300", "0", "-0.35"], ["0.001", "1.234", "1e-3"]),
            ("{\"multipleOf\": 1e-8}", ["12391239123", "0.00000001"], ["1e-9"]),
            (
                "{\"multipleOf\": 123456789012345678901234567890}", ["246913578024691357802469135780", "0"],
                ["123456789012345678901234567891", "1e60", "1e400000000"]
            ),
            ("{\"multipleOf\": 7}", ["7e100", "49", "14.0"], ["1e100", "8"]),
            (
                "{\"maximum\": 18446744073709551615}", ["18446744073709551615", "18446744073709551615.0", "1e19"],
                ["18446744073709551616", "18446744073709551615.0000001", "1e20"]
            ),
            (
                "{\"exclusiveMinimum\": 972783798187987123879878123.18878137}",
                ["972783798187987123879878123.188781371"], ["972783798187987123879878123.188781370"]
            ),
            ("{\"minimum\": -1.5}", ["-1.5", "-1", "-1.50"], ["-1.6", "-2", "-1e400"]),
            ("{\"const\": 1}", ["1", "1.0", "10e-1"], ["1.0000000000000000001", "true", "\"1\""]),
            (
                "{\"enum\": [[false], {\"a\": 1, \"b\": 2}]}", ["[false]", "{\"b\":2.0,\"a\":1}"],
                ["[0]", "[]", "{\"a\":1}"]
            ),
            ("{\"maxLength\": 2}", ["\"🐲🐲\"", "\"\\ud83d\\udc32é\"", "\"ab\""], ["\"abc\"", "\"e\\u0301x\""]),
            ("{\"minLength\": 2.0}", ["\"ab\""], ["\"🐲\""]),
            (
                "{\"required\": [\"foo\\nbar\", \"__proto__\"]}", ["{\"foo\\nbar\":1,\"\\u005f_proto__\":2}"],
                ["{\"__proto__\":1}"]
            ),
            (
                "{\"properties\": {\"é\": {\"type\": \"null\"}}}", ["{\"\\u00e9\":null}", "{\"e\\u0301\":1}"],
                ["{\"\\u00e9\":1}"]
            ),
            ("{\"maxItems\": 99999999999999999999}", ["[1]"], []),
        ] as [(String, [String], [String])])
    func numbersStringsAndNamesAreComparedExactly(_ text: String, _ valid: [String], _ invalid: [String]) throws {
        let schema = try schema(text)
        for instance in valid { #expect(schema.isValid(Array(instance.utf8)), "\(instance) for \(text)") }
        for instance in invalid { #expect(!schema.isValid(Array(instance.utf8)), "\(instance) for \(text)") }
    }

    @Test func uniqueItemsLooksAtManyAndEqualOnes() throws {
        let schema = try schema("{\"uniqueItems\": true}")
        let many = (0..<20_000).map { "{\"k\": [\($0)]}" }
        #expect(schema.isValid(Array("[\(many.joined(separator: ","))]".utf8)))
        #expect(!schema.isValid(Array("[\((many + ["{\"k\":[17.0]}"]).joined(separator: ","))]".utf8)))
        #expect(!schema.isValid(Array("[{\"a\":1,\"b\":2},{\"b\":2,\"a\":1}]".utf8)))
        #expect(schema.isValid(Array("[1,true,[1],[true],\"1\",0,false,[0],[false],null,{},[],[[]],\"\"]".utf8)))
    }

    @Test func largeInstancesAreRead() throws {
        let schema = try schema(
            "{\"items\": {\"properties\": {\"n\": {\"type\": \"integer\"}}, \"required\": [\"n\"]}, \"minItems\": 1}")
        let many = "[" + (0..<50_000).map { "{\"n\":\($0)}" }.joined(separator: ",") + "]"
        #expect(schema.isValid(Array(many.utf8)))
        #expect(schema.validate(Array((many.dropLast() + ",{}]").utf8)).findings.map(\.instancePointer) == ["/50000"])
        #expect(schema.isValid(Array("[{\"n\":0}]".utf8)) && !schema.isValid(Array("[]".utf8)))
    }

    @Test func formatsAreAssertedIfTheMetaSchemaSaysSo() throws {
        let meta = try JSONDocument(
            .object([
                "$id": "https://example.org/meta",
                "$vocabulary": .object([
                    "https://json-schema.org/draft/2020-12/vocab/core": true,
                    "https://json-schema.org/draft/2020-12/vocab/format-assertion": false,
                ]),
            ]), file: "meta.json")
        let document = try JSONDocument(
            .object(["$schema": "https://example.org/meta", "format": "ipv4", "minLength": 100]), file: "s.json")
        let schema = try CompiledSchema(document, resources: SchemaResources(["https://example.org/meta": meta]))
        // Without the validation vocabulary, minLength says nothing.
        #expect(schema.isValid(Array("\"127.0.0.1\"".utf8)) && !schema.isValid(Array("\"x\"".utf8)))
    }

    @Test func theMetaSchemaValidatesSchemas() throws {
        let schema = try schema("{\"$ref\": \"https://json-schema.org/draft/2020-12/schema\"}")
        #expect(schema.isValid(Array("{\"type\":\"object\",\"$defs\":{\"a\":{\"minLength\":1}}}".utf8)))
        #expect(!schema.isValid(Array("{\"$defs\":{\"a\":{\"minLength\":-1}}}".utf8)))
        #expect(!schema.isValid(Array("{\"properties\":{\"a\":{\"items\":{\"type\":\"wrong\"}}}}".utf8)))
    }

    @Test func alteredInstancesNeverTrap() throws {
        let schema = try schema(
            """
            {"properties": {"a": {"items": {"$ref": "#"}, "uniqueItems": true}, "b": {"pattern": "é+$", "maxLength": 9},
             "c": {"multipleOf": 0.3, "maximum": 1e9}, "d": {"enum": [1, "x", {"y": [null]}]}},
             "unevaluatedProperties": {"type": "string", "format": "date-time"}, "propertyNames": {"maxLength": 5}}
            """, SchemaOptions(formats: .assertion))
        let bytes = Array(
            "{\"a\":[{\"b\":\"xé\"},{\"c\":-0.6e1},[],\"\\u00e9\\ud83d\\udc32\"],\"d\":{\"y\":[null]},\"e\":\"2020-01-01T00:00:00Z\"}"
                .utf8)
        #expect(schema.isValid(bytes))
        for count in bytes.indices { _ = schema.validate(Array(bytes[..<count])) }
        for index in bytes.indices {
            for byte in UInt8.min...UInt8.max {
                var altered = bytes
                altered[index] = byte
                let result = schema.validate(altered)
                #expect(result.isValid == schema.isValid(altered))
            }
        }
    }
}
