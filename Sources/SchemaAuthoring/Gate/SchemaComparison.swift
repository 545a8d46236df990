import JSONSchema
import OpenEdXEvents

/// Compares a schema with the one before it: every difference that matters, wherever it is, with what it means.
///
/// Whatever is not provably harmless, or an addition that readers and writers of the old schema get on with, is breaking.
struct SchemaComparison {
    /// Pairs of schemas that are compared at the most; more, and the schemas are taken to differ.
    private static let mostPairs = 200_000

    private struct Pair: Hashable {
        let old: Int
        let new: Int
    }

    let oldRoot: JSONNode
    let newRoot: JSONNode
    private(set) var changes: [SchemaChange] = []
    private var seen: Set<Pair> = []

    init(_ oldRoot: JSONNode, _ newRoot: JSONNode) {
        self.oldRoot = oldRoot
        self.newRoot = newRoot
    }

    /// The differences between two versions of a file.
    static func changes(from old: JSONNode, to new: JSONNode) -> [SchemaChange] {
        var comparison = SchemaComparison(old, new)
        comparison.compare(old, new, Place(names: [], pointer: "", oldPointer: ""))
        return comparison.changes
    }

    /// Where the comparison is.
    struct Place {
        /// The path into the data.
        var names: [String]
        /// The pointer of the new schema.
        var pointer: String
        var oldPointer: String

        var text: String { names.isEmpty ? "the data" : "'\(names.joined(separator: "."))'" }

        func field(_ name: String, _ new: String, _ old: String) -> Place {
            Place(names: names + [name], pointer: new, oldPointer: old)
        }

        func within(_ new: String, _ old: String) -> Place { Place(names: names, pointer: new, oldPointer: old) }
    }

    /// Whether two schemas say the same.
    func isEquivalent(_ old: JSONNode, _ new: JSONNode) -> Bool {
        var inner = SchemaComparison(oldRoot, newRoot)
        inner.compare(old, new, Place(names: [], pointer: "", oldPointer: ""))
        return inner.changes.isEmpty
    }

    mutating func compare(_ old: JSONNode, _ new: JSONNode, _ place: Place) {
        guard seen.insert(Pair(old: old.offset, new: new.offset)).inserted else { return }
        guard seen.count <= Self.mostPairs else {
            if seen.count == Self.mostPairs + 1 {
                add(.changedKeyword, .compatibleMinor, .breaking, new.offset, place, "is too large to be compared")
            }
            return
        }
        let flatOld = FlatSchema(old, pointer: place.oldPointer, root: oldRoot)
        let flatNew = FlatSchema(new, pointer: place.pointer, root: newRoot)
        compare(flatOld, flatNew, place)
    }

    mutating func compare(_ old: FlatSchema, _ new: FlatSchema, _ place: Place) {
        guard old.isNever == new.isNever else {
            return add(
                .changedKeyword, .compatibleMinor, .breaking, new.node.offset, place,
                new.isNever ? "is forbidden now" : "was forbidden, and is allowed now")
        }
        let isAboutNull = ["allOf", "anyOf", "oneOf", "not", "if"].contains {
            old.keywords[$0] != nil && new.keywords[$0] != nil
        }
        if isAboutNull, old.hasNullBeside != new.hasNullBeside {
            add(
                .nullability, .optionalIsNullable, .breaking, new.node.offset, place,
                "allows null otherwise than before")
        }
        compareTypes(old, new, place)
        compareMarks(old, new, place)
        let pair = KeywordPair(old: old, new: new, place: place)
        compareValues(pair)
        compareBounds(pair)
        compareText(pair)
        compareObject(pair)
        compareSubschemas(pair)
        compareLists(pair)
        compareOthers(pair)
        guard old.others.count == new.others.count else {
            return add(
                .changedKeyword, .compatibleMinor, .breaking, new.node.offset, place,
                "has other schemas behind its references")
        }
        for (oldOther, newOther) in zip(old.others, new.others) { compare(oldOther, newOther, place) }
    }

    // MARK: Types and marks

    private mutating func compareTypes(_ old: FlatSchema, _ new: FlatSchema, _ place: Place) {
        guard old.types != new.types else { return }
        let offset = new.node["type"]?.offset ?? new.node.offset
        let words = { (types: Set<String>?) in types.map { $0.sorted().joined(separator: " or ") } ?? "anything" }
        if let oldTypes = old.types, let newTypes = new.types,
            oldTypes.subtracting(["null"]) == newTypes.subtracting(["null"])
        {
            let isNullable = newTypes.contains("null")
            return add(
                .nullability, .optionalIsNullable, .breaking, offset, place,
                isNullable
                    ? "may be null now, which old readers do not expect"
                    : "may be null no more, which old writers do not know")
        }
        add(
            .retyped, .compatibleMinor, .breaking, offset, place,
            "was \(words(old.types)), and is \(words(new.types)) now")
    }

    private mutating func compareMarks(_ old: FlatSchema, _ new: FlatSchema, _ place: Place) {
        if old.isPersonal, !new.isPersonal {
            add(
                .droppedMark, .personalData, .breaking, new.node.offset, place,
                "was marked as personal data, and is no more", "Put \"x-personal-data\": true back.")
        }
        let isObject = new.keywords["properties"] != nil && old.keywords["properties"] != nil
        if isObject, old.title != new.title {
            add(
                .changedTitle, .compatibleMinor, .notable, new.node["title"]?.offset ?? new.node.offset, place,
                "has another title, for which its Swift type is named",
                "Put the title '\(old.title ?? "")' back: code that is written stays as it is.")
        }
    }

    // MARK: Collecting

    mutating func add(
        _ kind: SchemaFinding.Kind, _ rule: Rule, _ weight: SchemaChange.Weight, _ offset: Int, _ place: Place,
        _ message: String, _ hint: String = ""
    ) {
        changes.append(
            SchemaChange(
                kind: kind, rule: rule, weight: weight, offset: offset, pointer: place.pointer,
                message: "\(place.text) \(message)", hint: hint))
    }
}

/// Two versions of a schema, whose keywords are compared.
struct KeywordPair {
    let old: FlatSchema
    let new: FlatSchema
    let place: SchemaComparison.Place

    func old(_ keyword: String) -> JSONNode? { old.keywords[keyword]?.node }
    func new(_ keyword: String) -> JSONNode? { new.keywords[keyword]?.node }
    /// Where a keyword of the new schema stands, or the schema where it has none.
    func offset(_ keyword: String) -> Int { (new(keyword) ?? new.node).offset }
    /// The place of a keyword's value.
    func inside(_ keyword: String) -> SchemaComparison.Place {
        place.within(
            new.keywords[keyword]?.pointer ?? new.pointer, old.keywords[keyword]?.pointer ?? old.pointer)
    }
}
