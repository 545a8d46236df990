import JSONSchema
import OpenEdXEvents

/// What differs between two versions of an event, in words for readers. The gate, not this, says what is a break.
struct VersionComparison {
    /// A difference.
    struct Change: Hashable {
        enum Kind: String {
            case added
            case removed
            case changed
        }

        let kind: Kind
        /// A sentence; what stands in backticks is code.
        let text: String
    }

    /// The differences: the event's own facts first, then fields in the order of the newer version.
    private(set) var changes: [Change] = []

    init(from old: EventSchema, to new: EventSchema) {
        compareFacts(old, new)
        compareFields(old, new)
    }

    // MARK: - Facts

    private mutating func compareFacts(_ old: EventSchema, _ new: EventSchema) {
        fact("The status", old.status.rawValue, new.status.rawValue)
        fact("The Swift type", old.title, new.title)
        fact("The owner", old.owners.joined(separator: ", "), new.owners.joined(separator: ", "))
        fact("The source", old.source, new.source)
        fact("The topic", old.topic, new.topic)
        fact("The key", old.keyPath?.joined(separator: "."), new.keyPath?.joined(separator: "."))
        for name in new.consumers where !old.consumers.contains(name) {
            add(.added, "\(code(name)) is known to read it now.")
        }
        for name in old.consumers where !new.consumers.contains(name) {
            add(.removed, "\(code(name)) is no longer known to read it.")
        }
        if old.retirement == nil, new.retirement != nil { add(.changed, "It is to be retired.") }
        if old.summary != new.summary { add(.changed, "The event is described in other words.") }
    }

    private mutating func fact(_ name: String, _ old: String?, _ new: String?) {
        let (old, new) = (old ?? "", new ?? "")
        guard old != new else { return }
        if old.isEmpty {
            add(.added, "\(name) is \(code(new)) now; there was none.")
        } else if new.isEmpty {
            add(.removed, "\(name) was \(code(old)), and there is none now.")
        } else {
            add(.changed, "\(name) is \(code(new)) now; it was \(code(old)).")
        }
    }

    // MARK: - Fields

    private mutating func compareFields(_ old: EventSchema, _ new: EventSchema) {
        let (before, after) = (old.fields, new.fields)
        let known = Dictionary(before.map { ($0.text, $0) }) { first, _ in first }
        let kept = Set(after.map(\.text))
        for path in after {
            guard let other = known[path.text] else {
                // What is new with its object goes without saying.
                if !Self.hasParent(path, in: after, missing: { known[$0] == nil }) { addField(path) }
                continue
            }
            compare(other.field, path.field, code(path.text))
        }
        for path in before where !kept.contains(path.text) {
            if !Self.hasParent(path, in: before, missing: { !kept.contains($0) }) {
                add(.removed, "\(code(path.text)) is gone.")
            }
        }
    }

    /// Whether an object around the field is missing in the other version too.
    private static func hasParent(_ path: DataPath, in paths: [DataPath], missing: (String) -> Bool) -> Bool {
        path.names.indices.dropFirst().contains { end in
            let name = path.names[end - 1]
            guard name != "[]", name != "{}" else { return false }
            return missing(path.names[..<end].joined(separator: "."))
        }
    }

    private mutating func addField(_ path: DataPath) {
        let field = path.field
        var text = "\(code(path.text)) is new: \(field.type.nullableWords)"
        text += field.isRequired ? ", always there." : Self.optional(field)
        if field.isPersonal { text += " It is personal data." }
        if let summary = field.summary { text += " " + summary }
        add(.added, text)
    }

    private static func optional(_ field: DataField) -> String {
        guard let value = field.defaultValue else { return ", and may be left out." }
        return ", and \(code(json(value))) where it is left out."
    }

    private mutating func compare(_ old: DataField, _ new: DataField, _ name: String) {
        if old.type.words != new.type.words {
            add(.changed, "\(name) is \(code(new.type.words)) now; it was \(code(old.type.words)).")
        }
        if old.type.isNullable != new.type.isNullable {
            add(.changed, "\(name) \(new.type.isNullable ? "may be" : "may no longer be") `null`.")
        }
        if old.isRequired != new.isRequired {
            add(.changed, "\(name) \(new.isRequired ? "must always be there" : "may be left out") now.")
        }
        let (oldDefault, newDefault) = (old.defaultValue.map(Self.json), new.defaultValue.map(Self.json))
        if oldDefault != newDefault {
            add(.changed, "\(name) has \(newDefault.map { "the default \(code($0))" } ?? "no default") now.")
        }
        if old.isPersonal != new.isPersonal {
            add(.changed, "\(name) is \(new.isPersonal ? "marked" : "no longer marked") as personal data.")
        }
        compareConstraints(old, new, name)
        if old.summary != new.summary { add(.changed, "\(name) is described in other words.") }
    }

    private mutating func compareConstraints(_ old: DataField, _ new: DataField, _ name: String) {
        let (oldCases, newCases) = (DataConstraint.cases(of: old), DataConstraint.cases(of: new))
        if oldCases.isEmpty != newCases.isEmpty {
            add(
                .changed,
                newCases.isEmpty
                    ? "\(name) takes any value of its type now."
                    : "\(name) takes only \(newCases.map { code($0) }.joined(separator: ", ")) now.")
        } else {
            for value in newCases where !oldCases.contains(value) { add(.added, "\(name) takes \(code(value)) too.") }
            for value in oldCases where !newCases.contains(value) {
                add(.removed, "\(name) no longer takes \(code(value)).")
            }
        }
        let before = DataConstraint.constraints(of: old)
        let after = DataConstraint.constraints(of: new)
        for constraint in after where !before.contains(constraint) {
            add(.changed, "\(name) has the \(code(constraint.keyword)) \(code(constraint.value)) now.")
        }
        for constraint in before where !after.contains(where: { $0.keyword == constraint.keyword }) {
            add(.changed, "\(name) has no \(code(constraint.keyword)) any more.")
        }
    }

    private mutating func add(_ kind: Change.Kind, _ text: String) { changes.append(Change(kind: kind, text: text)) }

    private static func json(_ node: JSONNode) -> String { String(decoding: node.compactBytes(), as: UTF8.self) }
}

/// A text between backticks, which it must not hold itself.
private func code(_ text: String) -> String { "`\(text.replacing("`", with: "'"))`" }
