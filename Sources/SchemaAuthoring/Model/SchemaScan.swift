package import JSONSchema
import OpenEdXEvents

/// Goes through every schema of a file once: unknown keywords, and where references lead.
struct SchemaScan {
    /// A `$ref` of the file.
    struct Reference {
        let node: JSONNode
        let pointer: String
        /// The node that it leads to.
        let target: JSONNode?
    }

    /// More references than any event has; beyond it the file is refused rather than followed.
    private static let mostReferences = 2000

    private let document: JSONDocument
    private(set) var findings: [SchemaFinding] = []
    private(set) var references: [Reference] = []
    /// Where the references begin that lead in a circle.
    private(set) var circular: Set<Int> = []

    init(_ document: JSONDocument) {
        self.document = document
        visit(document.root, pointer: "")
        followReferences()
    }

    // MARK: Keywords

    private mutating func visit(_ node: JSONNode, pointer: String) {
        if node.bool != nil { return }
        guard let members = node.members else {
            report(.notASchema, node.offset, pointer, "a schema is an object or a boolean, and this is neither")
            return
        }
        for member in members {
            let name = member.name
            let place = pointer + "/" + PointerText.escape(name)
            guard SchemaVocabulary.keywords.contains(name), name != "x-event" || pointer.isEmpty else {
                reportUnknown(member, place)
                continue
            }
            switch SchemaVocabulary.applicators[name] {
            case .schema: visit(member.node, pointer: place)
            case .schemas:
                for (index, schema) in (member.node.array ?? []).enumerated() {
                    visit(schema, pointer: "\(place)/\(index)")
                }
            case .members:
                for schema in member.node.members ?? [] {
                    visit(schema.node, pointer: place + "/" + PointerText.escape(schema.name))
                }
            case nil:
                if name == "$ref" { note(member.node, place) }
            }
        }
    }

    private mutating func reportUnknown(_ member: JSONNode.Member, _ pointer: String) {
        let hint: String
        if member.name == "x-event" {
            hint = "It stands at the root of the file alone."
        } else if let instead = SchemaVocabulary.superseded[member.name] {
            hint = "JSON Schema 2020-12 says \(instead)."
        } else if let closest = Suggestion.closest(to: member.name, among: SchemaVocabulary.keywords.sorted()) {
            hint = "Did you mean '\(closest)'?"
        } else {
            hint = "A note belongs into '$comment'; a field belongs below 'properties'."
        }
        report(.unknownKeyword, member.nameOffset, pointer, "unknown keyword '\(member.name)'", hint)
    }

    // MARK: References

    private mutating func note(_ node: JSONNode, _ pointer: String) {
        guard let text = node.string else {
            return report(.wrongValue, node.offset, pointer, "'$ref' is a string")
        }
        guard text.hasPrefix("#") else {
            return report(
                .foreignReference, node.offset, pointer, "the reference leads out of the file",
                "Copy the definition into this file's '$defs': a published file must not change with another.")
        }
        guard text == "#" || text.hasPrefix("#/") else {
            return report(
                .foreignReference, node.offset, pointer, "the reference is no JSON Pointer",
                "Write it as '#/$defs/NAME'.")
        }
        let target = document.root.resolve(fragment: text.dropFirst())
        if target == nil {
            let names = (document.root["$defs"]?.members ?? []).map(\.name)
            let name = text.split(separator: "/").last.map(String.init) ?? ""
            report(
                .danglingReference, node.offset, pointer, "the reference '\(text)' leads nowhere",
                Suggestion.closest(to: name, among: names).map { "Did you mean '#/$defs/\($0)'?" }
                    ?? "Define it below '$defs', or mend the name.")
        }
        references.append(Reference(node: node, pointer: pointer, target: target))
    }

    private mutating func followReferences() {
        guard references.count <= Self.mostReferences else {
            report(
                .tooComplex, 0, "", "the file has \(references.count) references, and \(Self.mostReferences) at most",
                "Split the event: it cannot state one fact.")
            circular = Set(references.map(\.node.offset))
            return
        }
        references.sort { $0.node.offset < $1.node.offset }
        // What leads in a circle goes from a target to a reference within it, and on to that reference's target.
        var components = ReferenceComponents(references)
        for (index, reference) in references.enumerated() where components.isCircular(index) {
            circular.insert(reference.node.offset)
            report(
                .circularReference, reference.node.offset, reference.pointer, "the reference leads back to itself",
                "A value cannot hold itself: refer to the other thing by its key.")
        }
    }

    private mutating func report(
        _ kind: SchemaFinding.Kind, _ offset: Int, _ pointer: String, _ message: String, _ hint: String? = nil
    ) {
        findings.append(
            SchemaFinding(
                kind, rule: nil, in: document, at: offset, pointer: pointer, message, hint: hint))
    }
}

/// Which references lie on a circle: the strongly connected components of the graph of references.
private struct ReferenceComponents {
    private let next: [[Int]]
    private var component: [Int]

    init(_ references: [SchemaScan.Reference]) {
        let offsets = references.map(\.node.offset)
        func firstIndex(atLeast offset: Int) -> Int {
            var (low, high) = (0, offsets.count)
            while low < high {
                let middle = (low + high) / 2
                if offsets[middle] < offset { low = middle + 1 } else { high = middle }
            }
            return low
        }
        var ranges: [Int: Range<Int>] = [:]
        next = references.map { reference in
            guard let target = reference.target else { return [] }
            if let range = ranges[target.offset] { return Array(range) }
            let range = firstIndex(atLeast: target.offset)..<firstIndex(atLeast: target.endOffset)
            ranges[target.offset] = range
            return Array(range)
        }
        component = ReferenceComponents.components(next)
    }

    /// Whether a reference can be followed back to itself.
    mutating func isCircular(_ index: Int) -> Bool {
        next[index].contains { $0 == index || component[$0] == component[index] }
    }

    /// Tarjan's algorithm, without recursion: the chain may be as long as there are references.
    private static func components(_ next: [[Int]]) -> [Int] {
        var index = Array(repeating: -1, count: next.count)
        var low = index
        var component = index
        var path: [Int] = []
        var count = 0
        for root in next.indices where index[root] < 0 {
            var work = [(node: root, edge: 0)]
            while let (node, edge) = work.popLast() {
                if edge == 0 {
                    index[node] = count
                    low[node] = count
                    count += 1
                    path.append(node)
                }
                if edge < next[node].count {
                    work.append((node, edge + 1))
                    let other = next[node][edge]
                    if index[other] < 0 {
                        work.append((other, 0))
                    } else if component[other] < 0 {
                        low[node] = min(low[node], index[other])
                    }
                    continue
                }
                if low[node] == index[node] {
                    while let last = path.popLast() {
                        component[last] = node
                        if last == node { break }
                    }
                }
                if let parent = work.last?.node { low[parent] = min(low[parent], low[node]) }
            }
        }
        return component
    }
}

extension JSONNode {
    /// The node to which the fragment of a reference leads: a JSON Pointer, percent-encoded.
    package func resolve(fragment: some StringProtocol) -> JSONNode? {
        guard let decoded = PercentEncoding.decode(fragment) else { return nil }
        return node(at: decoded)
    }
}

/// Percent-encoding of URIs.
package enum PercentEncoding {
    /// The text without it; `nil` if it is broken or no UTF-8.
    package static func decode(_ text: some StringProtocol) -> String? {
        guard text.utf8.contains(UInt8(ascii: "%")) else { return String(text) }
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let high = rest.popFirst().map { Byte.hexadecimal($0) } ?? 16
            let low = rest.popFirst().map { Byte.hexadecimal($0) } ?? 16
            guard high < 16, low < 16 else { return nil }
            bytes.append(UInt8(high << 4 | low))
        }
        return String(validating: bytes, as: UTF8.self)
    }
}
