import JSONSchema
import Testing

/// Bad schemas: everything that is wrong at once, each with its place; and no input that traps or hangs.
@Suite struct SchemaErrorTests {
    private func errors(
        _ text: String, resources: SchemaResources = .none, options: SchemaOptions = SchemaOptions()
    ) throws -> [SchemaError] {
        do {
            _ = try CompiledSchema(
                JSONDocument(parsing: Array(text.utf8), file: "bad.json"), resources: resources, options: options)
            return []
        } catch let error as SchemaErrors {
            return error.errors
        }
    }

    @Test func everyErrorIsFoundAtOnceWithItsLineAndColumn() throws {
        let text = """
            {
              "type": "strin",
              "required": "id",
              "properties": {
                "a": {"$ref": "#/$defs/nowhere"},
                "b": {"pattern": "("},
                "c": 17,
                "d": {"minLength": -1, "maximum": "9"},
                "e": {"allOf": []},
                "f": {"$ref": "#/$defs/loop"}
              },
              "$defs": {
                "loop": {"anyOf": [{"$ref": "#/$defs/again"}]},
                "again": {"$ref": "#/$defs/loop"},
                "unused": {"type": ["null", "text"]}
              }
            }
            """
        let found = try errors(text).map { "\($0.line):\($0.column) \($0.kind)" }
        #expect(
            found == [
                "2:11 invalid keyword value", "3:15 invalid keyword value", "5:19 unresolved reference",
                "6:22 invalid pattern", "7:10 not a schema", "8:24 invalid keyword value",
                "8:39 invalid keyword value", "9:20 invalid keyword value", "14:23 circular reference",
                "15:33 invalid keyword value",
            ])
        #expect(try errors(text).allSatisfy { $0.file == "bad.json" && !$0.message.isEmpty })
    }

    @Test(arguments: ["12", "\"x\"", "null", "[]", "1.5"])
    func aSchemaThatIsNeitherObjectNorBooleanIsRefused(_ text: String) throws {
        #expect(try errors(text).map(\.kind) == [.notASchema])
    }

    @Test func trueAndFalseAreSchemas() throws {
        #expect(try CompiledSchema(JSONDocument(true, file: "t")).isValid(Array("1".utf8)))
        #expect(try !CompiledSchema(JSONDocument(false, file: "f")).isValid(Array("1".utf8)))
    }

    @Test func unknownKeywordsAreNotedOrRefusedAndOursAreKnown() throws {
        let text = """
            {"properties": {"a": {"minLenght": 1, "x-personal-data": true, "x-other": 1}}, "x-event": {}, "x-avro": 1}
            """
        let schema = try CompiledSchema(JSONDocument(parsing: Array(text.utf8), file: "s.json"))
        #expect(schema.notes.map(\.pointer) == ["/properties/a/minLenght", "/properties/a/x-other"])
        #expect(schema.notes.map(\.column) == [23, 64])
        let refused = try errors(text, options: SchemaOptions(unknownKeywords: .refused))
        #expect(refused == schema.notes.map { note in refused.first { $0.pointer == note.pointer } ?? note })
        #expect(refused.map(\.kind) == [.unknownKeyword, .unknownKeyword])
    }

    @Test func unknownDialectsAndVocabulariesAreRefused() throws {
        #expect(
            try errors("{\"$schema\": \"http://json-schema.org/draft-07/schema#\"}").map(\.kind) == [
                .unsupportedDialect
            ])
        let meta = try JSONDocument(
            .object([
                "$id": "https://example.org/meta",
                "$vocabulary": .object(["https://example.org/vocab/own": true]),
            ]), file: "meta.json")
        let resources = SchemaResources(["https://example.org/meta": meta])
        #expect(
            try errors("{\"$schema\": \"https://example.org/meta\"}", resources: resources).map(\.kind)
                == [.unsupportedDialect])
        #expect(try errors("{\"$schema\": \"https://json-schema.org/draft/2020-12/schema\"}").isEmpty)
    }

    @Test func twoSchemasOfOneNameAreRefused() throws {
        let text =
            "{\"$defs\": {\"a\": {\"$anchor\": \"x\"}, \"b\": {\"$anchor\": \"x\"}, \"c\": {\"$id\": \"u:1\"}, \"d\": {\"$id\": \"u:1\"}}}"
        #expect(try errors(text).map(\.kind) == [.ambiguousName, .ambiguousName])
    }

    @Test(arguments: [
        "{\"$ref\": \"#\"}", "{\"allOf\": [{\"$ref\": \"#\"}]}",
        "{\"if\": true, \"then\": {\"not\": {\"$ref\": \"#\"}}}",
        "{\"dependentSchemas\": {\"a\": {\"$ref\": \"#\"}}}",
    ])
    func aReferenceInACircleIsRefused(_ text: String) throws {
        #expect(try errors(text).map(\.kind) == [.circularReference])
    }

    @Test func aSchemaThatFollowsTheInstanceMayReferToItself() throws {
        let text = "{\"properties\": {\"next\": {\"$ref\": \"#\"}}, \"additionalProperties\": false}"
        let schema = try CompiledSchema(JSONDocument(parsing: Array(text.utf8), file: "tree.json"))
        let deep = String(repeating: "{\"next\":", count: 500) + "{}" + String(repeating: "}", count: 500)
        #expect(schema.isValid(Array(deep.utf8)))
        let wrong = String(repeating: "{\"next\":", count: 400) + "{\"x\":1}" + String(repeating: "}", count: 400)
        let result = schema.validate(Array(wrong.utf8))
        #expect(result.findings.map(\.keyword) == ["additionalProperties"])
        #expect(result.findings.first?.instancePointer == String(repeating: "/next", count: 400) + "/x")
    }

    @Test func dynamicReferencesInACircleEndAtRunTime() throws {
        let text = "{\"$dynamicAnchor\": \"a\", \"anyOf\": [{\"$dynamicRef\": \"#a\"}]}"
        let schema = try CompiledSchema(JSONDocument(parsing: Array(text.utf8), file: "d.json"))
        let result = schema.validate(Array("1".utf8))
        #expect(!result.isValid)
        #expect(result.findings.first?.expected.contains("levels") == true)
        #expect(!schema.isValid(Array("1".utf8)))
    }

    @Test func aSchemaThatAsksForTooMuchIsGivenUp() throws {
        // Each level evaluates the next one twice.
        var levels: [String] = []
        for level in 0..<40 {
            levels.append(
                "\"l\(level)\": {\"allOf\": [{\"$ref\": \"#/$defs/l\(level + 1)\"}, {\"$ref\": \"#/$defs/l\(level + 1)\"}]}"
            )
        }
        let text =
            "{\"$ref\": \"#/$defs/l0\", \"$defs\": {\(levels.joined(separator: ",")), \"l40\": {\"minimum\": 0}}}"
        let schema = try CompiledSchema(
            JSONDocument(parsing: Array(text.utf8), file: "wide.json"), options: SchemaOptions(maximumSteps: 100_000))
        let result = schema.validate(Array("1".utf8))
        #expect(result.findings.first?.expected.contains("100000 steps") == true)
    }

    @Test func aSchemaOfTenMegabytesIsCompiledAndItsErrorsAreFound() throws {
        var text = "{\"properties\": {"
        var number = 0
        let words = String(repeating: "some words ", count: 60)
        while text.utf8.count < 10_000_000 {
            text += "\"property\(number)\": {\"type\": \"string\", \"description\": \"\(words)\"},"
            number += 1
        }
        text += "\"last\": {\"type\": \"wrong\"}, \"odd\": {\"$ref\": \"#/nowhere\"}}}"
        #expect(try errors(text).map(\.kind) == [.invalidKeyword, .unresolvedReference])
    }

    @Test func longChainsOfReferencesAreFollowed() throws {
        let count = 20_000
        let links = (0..<count).map { "\"d\($0)\": {\"$ref\": \"#/$defs/d\($0 + 1)\"}" }.joined(separator: ",")
        let text = "{\"$ref\": \"#/$defs/d0\", \"$defs\": {\(links), \"d\(count)\": {\"type\": \"null\"}}}"
        let schema = try CompiledSchema(JSONDocument(parsing: Array(text.utf8), file: "chain.json"))
        // Too long to be followed at run time, and said so; not followed into the stack's end.
        _ = schema.validate(Array("1".utf8))
    }

    /// A schema that uses most of what there is.
    private static let rich = """
        {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://example.org/rich", "type": "object",
         "properties": {"a": {"$ref": "#/$defs/x"}, "b": {"type": ["string", "null"], "pattern": "^(?=a)[\\\\w\\\\u00e9]{1,3}$"},
          "c": {"enum": [1, "é", null, {"k": [1.5e3]}]}, "d": {"const": [true]}, "e": {"multipleOf": 0.01, "maximum": 1e308}},
         "patternProperties": {"^x-": {"items": {"$dynamicRef": "node#node"}, "prefixItems": [true, false], "contains": {}}},
         "required": ["a", "b"], "unevaluatedProperties": false, "dependentRequired": {"a": ["b"]},
         "$defs": {"x": {"$anchor": "x", "oneOf": [{"type": "integer"}, {"not": {"$ref": "#x2"}}], "format": "date-time"},
          "y": {"$anchor": "x2", "if": {"minLength": 1}, "then": {"uniqueItems": true}, "else": {"maxProperties": 3}},
          "n": {"$id": "node", "$dynamicAnchor": "node", "anyOf": [{"type": "null"}, {"items": {"$ref": "rich#x"}}]}}}
        """

    @Test func truncatedAndAlteredSchemasNeverTrap() throws {
        let bytes = Array(Self.rich.utf8)
        #expect(try errors(Self.rich).isEmpty)
        let instances = ["{\"a\":1,\"b\":\"aé\",\"x-1\":[1,[2]]}", "[]", "{\"c\":{\"k\":[1500]},\"e\":1e307}"].map {
            Array($0.utf8)
        }
        func run(_ bytes: [UInt8]) {
            guard let document = try? JSONDocument(parsing: bytes, file: "fuzz.json"),
                let schema = try? CompiledSchema(document, options: SchemaOptions(formats: .assertion))
            else { return }
            for instance in instances { _ = schema.validate(instance) }
        }
        for count in bytes.indices { run(Array(bytes[..<count])) }
        for index in bytes.indices {
            // Another of these at each place: all of them at all places take a minute without optimization.
            let others: [UInt8] = [0x22, 0x30, 0x5B, 0x5D, 0x7B, 0x7D, 0x2C, 0x2D, 0x61, bytes[index] ^ 0x20]
            for byte in [others[index % others.count], bytes[index] ^ 0x01] {
                var altered = bytes
                altered[index] = byte
                run(altered)
            }
        }
        // Cut a value, or put one in the place of another.
        let nodes = Self.parts(try JSONDocument(parsing: bytes, file: "rich.json").root)
        for (index, part) in nodes.enumerated() {
            let other = nodes[(index * 7 + 3) % nodes.count]
            run(
                Array(bytes[..<part.offset]) + Array(bytes[other.offset..<other.endOffset])
                    + Array(bytes[part.endOffset...]))
        }
    }

    private static func parts(_ node: JSONNode) -> [JSONNode] {
        [node] + (node.array ?? []).flatMap(parts) + (node.members ?? []).flatMap { parts($0.node) }
    }
}
