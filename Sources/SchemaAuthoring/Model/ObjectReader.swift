import JSONSchema
import OpenEdXEvents

/// Reads the members of a JSON object in a file of ours, and reports all that is wrong with them at once.
struct ObjectReader {
    let document: JSONDocument
    let node: JSONNode
    let pointer: String
    private(set) var findings: [SchemaFinding] = []

    /// Takes an object; any other value is a finding, and is read as an object without members.
    init(_ document: JSONDocument, _ node: JSONNode, pointer: String, members: [String]) {
        self.document = document
        self.node = node
        self.pointer = pointer
        guard let found = node.members else {
            report(.wrongValue, node.offset, pointer, "this is \(node.kind) where an object belongs")
            return
        }
        for member in found where !members.contains(member.name) {
            report(
                .unknownMember, member.nameOffset, place(member.name), "unknown member '\(member.name)'",
                Suggestion.closest(to: member.name, among: members).map { "Did you mean '\($0)'?" }
                    ?? "The members are \(members.joined(separator: ", ")).")
        }
    }

    /// A string that must not be empty.
    mutating func text(_ name: String, isRequired: Bool = false, hint: String? = nil) -> String? {
        guard let value = value(name, isRequired: isRequired, hint: hint) else { return nil }
        guard let text = value.string else { return wrong(name, value, "a string") }
        guard !text.isEmpty else {
            report(.wrongValue, value.offset, place(name), "'\(name)' is empty", hint)
            return nil
        }
        return text
    }

    /// A whole number from 0.
    mutating func count(_ name: String, rule: Rule?) -> Int? {
        guard let value = value(name, isRequired: true) else { return nil }
        guard let number = value.int, (0...Int(Int32.max)).contains(number) else {
            report(
                .wrongValue, value.offset, place(name), "'\(name)' is a whole number from 0 to \(Int32.max)", rule: rule
            )
            return nil
        }
        return number
    }

    /// A list of strings; none if the member is absent.
    mutating func texts(_ name: String) -> [String] {
        var texts: [String] = []
        for (index, element) in elements(name).enumerated() {
            guard let text = element.string, !text.isEmpty else {
                report(
                    .wrongValue, element.offset, "\(place(name))/\(index)", "'\(name)' holds strings that are not empty"
                )
                continue
            }
            texts.append(text)
        }
        return texts
    }

    /// A list of objects, each read by the body; none if the member is absent.
    mutating func objects<Element>(
        _ name: String, members: [String], _ body: (inout ObjectReader) -> Element?
    ) -> [Element] {
        var result: [Element] = []
        for (index, element) in elements(name).enumerated() {
            var reader = ObjectReader(document, element, pointer: "\(place(name))/\(index)", members: members)
            let value = element.members == nil ? nil : body(&reader)
            findings += reader.findings
            if let value { result.append(value) }
        }
        return result
    }

    /// A member's value; one that is missing though it is required is a finding.
    mutating func value(_ name: String, isRequired: Bool, hint: String? = nil) -> JSONNode? {
        if let value = node[name] { return value }
        if isRequired, node.members != nil {
            report(.missingMember, node.offset, pointer, "'\(name)' is missing", hint)
        }
        return nil
    }

    private mutating func elements(_ name: String) -> [JSONNode] {
        guard let value = node[name] else { return [] }
        return value.array ?? wrong(name, value, "an array") ?? []
    }

    private mutating func wrong<Value>(_ name: String, _ value: JSONNode, _ expected: String) -> Value? {
        report(.wrongValue, value.offset, place(name), "'\(name)' is \(value.kind) where \(expected) belongs")
        return nil
    }

    /// The pointer of a member.
    func place(_ name: String) -> String { pointer + "/" + PointerText.escape(name) }

    /// Adds a finding.
    mutating func report(
        _ kind: SchemaFinding.Kind, _ offset: Int, _ pointer: String, _ message: String, _ hint: String? = nil,
        rule: Rule? = nil
    ) {
        findings.append(
            SchemaFinding(kind, rule: rule, in: document, at: offset, pointer: pointer, message, hint: hint))
    }

    /// Takes over what another reader found.
    mutating func take(_ findings: [SchemaFinding]) { self.findings += findings }

    /// Adds a finding at a member's value, or at the object where there is no such member.
    mutating func report(
        _ kind: SchemaFinding.Kind, at name: String, _ message: String, _ hint: String? = nil, rule: Rule? = nil
    ) {
        let value = node[name]
        report(kind, value?.offset ?? node.offset, value == nil ? pointer : place(name), message, hint, rule: rule)
    }
}
