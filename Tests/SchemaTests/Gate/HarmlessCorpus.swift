import JSONSchema
import OpenEdXEvents
import SchemaAuthoring

@testable import SchemaAuthoring

/// Makes edits that change nothing for anybody, at every place where they can be made.
struct HarmlessCorpus {
    let root: JSONNode

    var edits: [Mutation] {
        var edits = everywhere + definitions + facts
        edits.append(edit("laid out", root))
        edits.append(edit("examples gone", root.setting("examples", nil)))
        edits.append(edit("comment at the root", root.setting("$comment", "A remark.")))
        return edits
    }

    private func edit(_ name: String, _ mutated: JSONNode, at pointer: String = "") -> Mutation {
        Mutation(name: name, pointer: pointer, kind: nil, mutated: mutated)
    }

    /// Edits at one place each.
    private var everywhere: [Mutation] {
        var edits: [Mutation] = []
        func visit(_ node: JSONNode, _ pointer: String, isSchema: Bool) {
            if let members = node.members {
                edits.append(
                    edit(
                        "order of members",
                        root.editing(pointer) { JSONNode(.object(($0.members ?? []).reversed())) }, at: pointer))
                for member in members {
                    let inner = "\(pointer)/\(PointerText.escape(member.name))"
                    // What is below these is no schema, and each member of those is one.
                    guard !["x-event", "examples", "default", "enum"].contains(member.name) || !isSchema else {
                        continue
                    }
                    let names = isSchema && ["properties", "$defs"].contains(member.name)
                    visit(member.node, inner, isSchema: !names)
                }
                guard isSchema else { return }
                if node["description"] != nil {
                    edits.append(set("description changed", pointer, "description", "Said better."))
                    edits.append(set("description gone", pointer, "description", nil))
                }
                edits.append(set("comment", pointer, "$comment", "A remark."))
                edits.append(set("deprecated", pointer, "deprecated", true))
                edits.append(set("examples", pointer, "examples", ["a"]))
                for keyword in ["type", "required", "anyOf"] where node[keyword]?.array != nil {
                    let reversed = JSONNode(.array((node[keyword]?.array ?? []).reversed()))
                    edits.append(set("order of \(keyword)", pointer, keyword, reversed))
                }
                if node["type"]?.string == "string", pointer.contains("/properties/") {
                    edits.append(set("marked", pointer, "x-personal-data", true))
                    edits.append(set("bound that binds nothing", pointer, "minLength", 0))
                }
                if let type = node["type"]?.string {
                    edits.append(set("type in a list", pointer, "type", .strings([type])))
                }
            } else if let elements = node.array, pointer.hasSuffix("/anyOf") {
                for (index, element) in elements.enumerated() { visit(element, "\(pointer)/\(index)", isSchema: true) }
            }
        }
        visit(root, "", isSchema: true)
        return edits
    }

    private func set(_ name: String, _ pointer: String, _ keyword: String, _ value: JSONNode?) -> Mutation {
        edit(name, root.editing(pointer) { $0.setting(keyword, value) }, at: pointer)
    }

    /// Definitions that are reordered, renamed, or written where they are used.
    private var definitions: [Mutation] {
        (root["$defs"]?.members ?? []).flatMap { definition -> [Mutation] in
            let reference = "#/$defs/\(definition.name)"
            let renamed = root.mapping { node in
                node["$ref"]?.string == reference ? node.setting("$ref", "#/$defs/Renamed") : node
            }.editing("/$defs") { $0.renaming(definition.name, to: "Renamed") }
            // What it says itself goes before what the definition says.
            let inlined = root.mapping { node in
                guard node["$ref"]?.string == reference else { return node }
                let own = node.setting("$ref", nil).members ?? []
                return own.reduce(definition.node) { $0.setting($1.name, $1.node) }
            }.editing("/$defs") { $0.setting(definition.name, nil) }
            let wrapped = root.mapping { node in
                guard node["$ref"]?.string == reference, let own = node["$ref"] else { return node }
                return node.setting("$ref", nil).setting("allOf", [.object(["$ref": own])])
            }
            return [
                edit("\(definition.name) renamed", renamed), edit("\(definition.name) inlined", inlined),
                edit("\(definition.name) wrapped", wrapped),
            ]
        }
    }

    private var facts: [Mutation] {
        func fact(_ name: String, _ value: JSONNode) -> Mutation {
            edit("\(name) of the event", root.editing("/x-event") { $0.setting(name, value) }, at: "/x-event")
        }
        return [
            fact("consumers", ["openedx/aspects"]), fact("source", "/openedx/lms/worker"),
            fact("waivers", [.object(["rule": "OEP41-22", "reason": "A reason."])]),
            fact("retirement", .object(["since": "2027-06-01", "reason": "Nobody reads it."])),
        ]
    }
}
