import JSONSchema
import OpenEdXEvents

/// A schema with its references followed: what it says in one place, however it is written.
///
/// A reference is the same as what it leads to, so renaming or inlining a definition changes nothing; and `anyOf` with a
/// `null` beside one other schema is the same as that schema with `null` among its types.
struct FlatSchema {
    /// A keyword's value, and where it stands.
    struct Keyword {
        let node: JSONNode
        let pointer: String
    }

    /// The keywords, without `$ref`, `$defs` and what only describes.
    private(set) var keywords: [String: Keyword] = [:]
    /// Schemas that hold as well, and cannot be merged into this one.
    private(set) var others: [FlatSchema] = []
    /// The types that are allowed; `nil` for all.
    private(set) var types: Set<String>?
    /// Whether nothing is valid.
    private(set) var isNever = false
    /// Whether it is marked as personal data.
    private(set) var isPersonal = false
    private(set) var title: String?
    /// Whether `null` is allowed whatever the keywords say that speak of all types.
    private(set) var hasNullBeside = false
    /// The schema as it is written.
    let node: JSONNode
    let pointer: String

    /// What says nothing of which instances are valid, or is looked at elsewhere.
    private static let passedOver: Set<String> = SchemaVocabulary.annotations.union([
        "$ref", "$defs", "x-event", "x-personal-data",
    ])
    /// What could refuse a `null` that the types allow.
    private static let aboutAllTypes = ["enum", "const", "allOf", "anyOf", "oneOf", "not", "if"]

    init(_ node: JSONNode, pointer: String, root: JSONNode) {
        self.init(node, pointer: pointer, root: root, depth: 0)
    }

    private init(_ node: JSONNode, pointer: String, root: JSONNode, depth: Int) {
        self.node = node
        self.pointer = pointer
        guard let members = node.members else {
            isNever = node.bool == false
            return
        }
        for member in members where !Self.passedOver.contains(member.name) {
            keywords[member.name] = Keyword(
                node: member.node, pointer: pointer + "/" + PointerText.escape(member.name))
        }
        title = node["title"]?.string
        isPersonal = node["x-personal-data"]?.bool == true
        if let type = keywords.removeValue(forKey: "type")?.node {
            types = Set(type.string.map { [$0] } ?? (type.array ?? []).compactMap(\.string))
            // Every whole number is a number.
            if types?.contains("number") == true { types?.remove("integer") }
        }
        // A chain of references that never ends is the loader's finding; here it is cut.
        guard depth < 32 else { return }
        if let text = node["$ref"]?.string, text.hasPrefix("#"), let target = root.resolve(fragment: text.dropFirst()) {
            merge(FlatSchema(target, pointer: String(text.dropFirst()), root: root, depth: depth + 1))
        } else if let reference = node["$ref"] {
            keywords["$ref"] = Keyword(node: reference, pointer: pointer + "/$ref")
        }
        if let all = keywords["allOf"], let only = all.node.array, only.count == 1 {
            keywords["allOf"] = nil
            merge(FlatSchema(only[0], pointer: all.pointer + "/0", root: root, depth: depth + 1))
        }
        for keyword in ["anyOf", "oneOf"] { mergeNull(keyword, root, depth) }
    }

    /// Takes over what a schema says that holds as well.
    private mutating func merge(_ other: FlatSchema) {
        isPersonal = isPersonal || other.isPersonal
        title = title ?? other.title
        isNever = isNever || other.isNever
        hasNullBeside = hasNullBeside || other.hasNullBeside
        let clashes = other.keywords.contains { name, keyword in
            guard name != "default", let own = keywords[name] else { return false }
            return !own.node.isEqual(to: keyword.node)
        }
        guard !clashes, types == nil || other.types == nil || types == other.types else {
            others.append(other)
            return
        }
        types = types ?? other.types
        keywords.merge(other.keywords) { own, _ in own }
        others += other.others
    }

    /// Makes of a choice between `null` and one other schema that schema, with `null` among its types.
    private mutating func mergeNull(_ keyword: String, _ root: JSONNode, _ depth: Int) {
        guard types == nil, let choice = keywords[keyword], let schemas = choice.node.array, schemas.count == 2
        else { return }
        let choices = schemas.enumerated().map { index, schema in
            FlatSchema(schema, pointer: "\(choice.pointer)/\(index)", root: root, depth: depth + 1)
        }
        guard let null = choices.firstIndex(where: \.isNull) else { return }
        let other = choices[1 - null]
        guard let types = other.types, !types.contains("null"), other.others.isEmpty, !other.isNever,
            !other.keywords.keys.contains(where: { keywords[$0] != nil && $0 != "default" })
        else { return }
        keywords[keyword] = nil
        merge(other)
        self.types = types.union(["null"])
        hasNullBeside = Self.aboutAllTypes.contains { other.keywords[$0] != nil }
    }

    /// Whether it allows `null`, and nothing else.
    private var isNull: Bool { types == ["null"] && keywords.isEmpty && others.isEmpty && !isNever }
}
