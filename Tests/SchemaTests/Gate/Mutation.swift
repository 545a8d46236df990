import JSONSchema
import OpenEdXEvents
import SchemaAuthoring

@testable import SchemaAuthoring

/// A change of a published schema, and what the gate must make of it.
struct Mutation {
    let name: String
    /// Where it was made, as a JSON Pointer.
    let pointer: String
    /// The kind that must be among the findings; `nil` if there must be none.
    let kind: SchemaFinding.Kind?
    /// The schema before, where it is not the real one.
    var base: JSONNode?
    let mutated: JSONNode
}

/// Makes mutations of every kind at every place of a schema where the kind can be.
struct MutationCorpus {
    let root: JSONNode
    /// The places of all schemas within the file.
    private let places: [(pointer: String, node: JSONNode)]

    init(root: JSONNode) {
        self.root = root
        places = Self.places(of: root)
    }

    private static func places(of root: JSONNode) -> [(pointer: String, node: JSONNode)] {
        var places: [(String, JSONNode)] = []
        func visit(_ node: JSONNode, _ pointer: String) {
            guard let members = node.members else { return }
            places.append((pointer, node))
            for member in members {
                let inner = "\(pointer)/\(PointerText.escape(member.name))"
                switch member.name {
                case "properties", "$defs":
                    for entry in member.node.members ?? [] {
                        visit(entry.node, "\(inner)/\(PointerText.escape(entry.name))")
                    }
                case "anyOf":
                    for (index, entry) in (member.node.array ?? []).enumerated() { visit(entry, "\(inner)/\(index)") }
                case "items", "additionalProperties": visit(member.node, inner)
                default: break
                }
            }
        }
        visit(root, "")
        return places
    }

    /// Everything that must be refused.
    var breaks: [Mutation] {
        facts
            + places.flatMap { place in
                fields(place.pointer, place.node) + types(place.pointer, place.node)
                    + keywords(place.pointer, place.node)
            }
    }

    // MARK: Facts

    private var facts: [Mutation] {
        func fact(_ name: String, _ value: JSONNode?, _ kind: SchemaFinding.Kind) -> Mutation {
            Mutation(
                name: "\(name) of the event", pointer: "/x-event", kind: kind,
                mutated: root.editing("/x-event") { $0.setting(name, value) })
        }
        var mutations = [
            fact("topic", "other-topic", .changedTopic), fact("topic", nil, .changedTopic),
            fact("key", "other.path", .changedKey), fact("key", nil, .changedKey),
            fact("status", "draft", .unpublished), fact("minorversion", 7, .deletedVersion),
            fact("type", "org.openedx.learning.other.thing.created.v1", .deletedVersion),
            Mutation(
                name: "$id", pointer: "", kind: .changedIdentifier,
                mutated: root.setting("$id", "https://example.org/other.json")),
        ]
        if root["x-event"]?["owner"] != nil { mutations.append(fact("owner", "openedx/other", .changedOwner)) }
        if root["x-event"]?["owners"] != nil {
            mutations.append(fact("owners", ["openedx/other", "openedx/another"], .changedOwner))
        }
        return mutations
    }

    // MARK: Fields

    private func fields(_ pointer: String, _ node: JSONNode) -> [Mutation] {
        guard let properties = node["properties"]?.members else { return [] }
        let required = (node["required"]?.array ?? []).compactMap(\.string)
        func mutation(
            _ name: String, _ kind: SchemaFinding.Kind, _ body: @escaping (JSONNode) -> JSONNode
        ) -> Mutation {
            Mutation(name: name, pointer: pointer, kind: kind, mutated: root.editing(pointer, body))
        }
        func withRequired(_ node: JSONNode, _ names: [String]) -> JSONNode {
            node.setting("required", .strings(names))
        }
        var mutations: [Mutation] = []
        for property in properties {
            let name = property.name
            let others = required.filter { $0 != name }
            mutations.append(
                mutation("\(name) removed", .removedField) { node in
                    withRequired(node.editing("/properties") { $0.setting(name, nil) }, others)
                })
            mutations.append(
                mutation("\(name) renamed", .renamedField) { node in
                    withRequired(
                        node.editing("/properties") { $0.renaming(name, to: name + "_2") },
                        required.map { $0 == name ? name + "_2" : $0 })
                })
            if required.contains(name) {
                mutations.append(
                    mutation("\(name) no longer required", .noLongerRequired) { withRequired($0, others) })
            } else {
                mutations.append(
                    mutation("\(name) newly required", .newlyRequired) { withRequired($0, required + [name]) })
            }
        }
        let new = JSONNode.object(["type": "string", "description": "New."])
        mutations += [
            mutation("new and required", .newlyRequired) { node in
                withRequired(node.editing("/properties") { $0.setting("brand_new", new) }, required + ["brand_new"])
            },
            mutation("new and optional", .unraisedMinor) { node in
                node.editing("/properties") { properties in
                    properties.setting("brand_new", .object(["type": ["null", "string"], "default": .null]))
                }
            },
            mutation("closed", .objectClosed) { $0.setting("additionalProperties", false) },
            mutation("closed when evaluated", .objectClosed) { $0.setting("unevaluatedProperties", false) },
            mutation("restricted to strings", .objectClosed) {
                $0.setting("additionalProperties", .object(["type": "string"]))
            },
            mutation("must have members", .narrowedBound) { $0.setting("minProperties", 1) },
            mutation("dependent", .newlyRequired) {
                $0.setting("dependentRequired", JSONNode(.object([.init(name: "a", node: ["b"])])))
            },
            mutation("names narrowed", .changedKeyword) {
                $0.setting("propertyNames", .object(["maxLength": 9]))
            },
        ]
        return mutations
    }

    // MARK: Types

    private func types(_ pointer: String, _ node: JSONNode) -> [Mutation] {
        func mutation(_ name: String, _ kind: SchemaFinding.Kind, _ type: JSONNode?) -> Mutation {
            Mutation(
                name: name, pointer: pointer, kind: kind, mutated: root.editing(pointer) { $0.setting("type", type) })
        }
        if let type = node["type"]?.string {
            guard type != "null" else { return [mutation("null retyped", .retyped, "boolean")] }
            var mutations = [
                mutation("retyped", .retyped, type == "string" ? "integer" : "string"),
                mutation("untyped", .retyped, nil),
            ]
            // Where it is one of two, null is there already.
            if !pointer.contains("/anyOf/"), !isNullableDefinition(pointer) {
                mutations.append(mutation("nullable", .nullability, .strings([type, "null"])))
            }
            if type == "integer" { mutations.append(mutation("widened to number", .retyped, "number")) }
            return mutations
        }
        let types = (node["type"]?.array ?? []).compactMap(\.string)
        guard types.contains("null") else { return [] }
        let rest = types.filter { $0 != "null" }
        return [
            mutation("never null", .nullability, .strings(rest)),
            mutation("retyped and nullable", .retyped, .strings(["null", rest == ["string"] ? "boolean" : "string"])),
        ]
    }

    /// Whether a definition is only used where `null` is allowed beside it.
    private func isNullableDefinition(_ pointer: String) -> Bool {
        let uses = places.filter { $0.node["$ref"]?.string == "#" + pointer }
        return !uses.isEmpty && uses.allSatisfy { $0.pointer.contains("/anyOf/") }
    }

    // MARK: Other keywords

    private func keywords(_ pointer: String, _ node: JSONNode) -> [Mutation] {
        func set(
            _ name: String, _ keyword: String, _ value: JSONNode?, _ kind: SchemaFinding.Kind, base: JSONNode? = nil
        ) -> Mutation {
            Mutation(
                name: name, pointer: pointer, kind: kind,
                base: base.map { base in root.editing(pointer) { $0.setting(keyword, base) } },
                mutated: root.editing(pointer) { $0.setting(keyword, value) })
        }
        guard !pointer.isEmpty, node["type"]?.string != "null" else { return [] }
        var mutations: [Mutation] = []
        if node["x-personal-data"] != nil {
            mutations.append(set("mark dropped", "x-personal-data", nil, .droppedMark))
            mutations.append(set("mark denied", "x-personal-data", false, .droppedMark))
        }
        if node["default"] != nil {
            mutations.append(set("default dropped", "default", nil, .changedDefault))
            mutations.append(set("default changed", "default", "other", .changedDefault))
        }
        let types =
            node["type"].map { type in type.string.map { [$0] } ?? (type.array ?? []).compactMap(\.string) } ?? []
        if types.contains("string") { mutations += strings(node, set) }
        if types.contains("integer") || types.contains("number") {
            mutations += [
                set("minimum added", "minimum", 0, .narrowedBound),
                set("minimum raised", "minimum", 5, .narrowedBound, base: 1),
                set("minimum lowered", "minimum", 1, .unraisedMinor, base: 5),
                set("exclusive minimum", "exclusiveMinimum", 5, .narrowedBound, base: 1),
                set("maximum added", "maximum", 10, .narrowedBound),
                set("maximum lowered", "maximum", 10, .narrowedBound, base: 11),
                set("maximum raised", "maximum", 11, .unraisedMinor, base: 10),
                set("exclusive maximum", "exclusiveMaximum", 10, .narrowedBound, base: 11),
                set("multiple", "multipleOf", 2, .narrowedBound),
                set("multiple of a multiple", "multipleOf", 4, .narrowedBound, base: 2),
            ]
        }
        if types.contains("array") {
            mutations += [
                set("fewer elements", "maxItems", 10, .narrowedBound, base: 20),
                set("more elements needed", "minItems", 2, .narrowedBound, base: 1),
                set("unique", "uniqueItems", true, .narrowedBound),
                set("elements untyped", "items", nil, .retyped),
                set("contains", "contains", .object(["const": "a"]), .changedKeyword),
            ]
        }
        if node["additionalProperties"]?.members != nil {
            mutations += [
                set("map untyped", "additionalProperties", nil, .retyped),
                set("fewer members", "maxProperties", 3, .narrowedBound, base: 9),
                set("names", "propertyNames", .object(["pattern": "^a"]), .changedKeyword),
            ]
        }
        if !types.isEmpty {
            mutations += [
                set("constant", "const", "a", .narrowedEnum),
                set("negation", "not", .object(["const": "a"]), .changedKeyword),
                set("condition", "if", .object(["const": "a"]), .changedKeyword),
                set("choice", "oneOf", [.object(["minLength": 1]), .object(["maxLength": 3])], .changedKeyword),
                set("hint for Avro", "x-avro", "other", .changedAvro),
            ]
        }
        return mutations
    }

    private func strings(
        _ node: JSONNode,
        _ set: (String, String, JSONNode?, SchemaFinding.Kind, JSONNode?) -> Mutation
    ) -> [Mutation] {
        var mutations = [
            set("enum added", "enum", ["a", "b"], .narrowedEnum, nil),
            set("enum narrowed", "enum", ["a", .null], .narrowedEnum, ["a", "b", .null]),
            set("enum widened", "enum", ["a", "b", .null], .unraisedMinor, ["a", .null]),
            set("enum dropped", "enum", nil, .unraisedMinor, ["a", .null]),
            set("enum changed", "enum", ["a", "c"], .narrowedEnum, ["a", "b"]),
            set("longest added", "maxLength", 64, .narrowedBound, nil),
            set("longest lowered", "maxLength", 64, .narrowedBound, 65),
            set("longest raised", "maxLength", 65, .unraisedMinor, 64),
            set("shortest added", "minLength", 1, .narrowedBound, nil),
            set("pattern added", "pattern", "^a", .changedPattern, nil),
            set("pattern changed", "pattern", "^a", .changedPattern, "^b"),
            set("pattern dropped", "pattern", nil, .unraisedMinor, "^b"),
            set("format changed", "format", "hostname", .changedFormat, nil),
            set("encoded", "contentEncoding", "quoted-printable", .changedKeyword, nil),
        ]
        if node["format"] != nil { mutations.append(set("format dropped", "format", nil, .changedFormat, nil)) }
        return mutations
    }
}
