import JSONSchema

/// Changes to JSON values, for the tests that mutate schemas.
extension JSONNode {
    /// The value with another one at a JSON Pointer; `nil` from the body takes the member or element away.
    func editing(_ pointer: String, _ body: (JSONNode) -> JSONNode?) -> JSONNode {
        let parts = pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst().map { part in
            String(part).replacing("~1", with: "/").replacing("~0", with: "~")
        }
        return editing(parts[...], body) ?? JSONNode(.null)
    }

    private func editing(_ parts: ArraySlice<String>, _ body: (JSONNode) -> JSONNode?) -> JSONNode? {
        guard let name = parts.first else { return body(self) }
        switch value {
        case .object(let members):
            return JSONNode(
                .object(
                    members.compactMap { member in
                        guard member.name == name else { return member }
                        return member.node.editing(parts.dropFirst(), body).map { Member(name: name, node: $0) }
                    }))
        case .array(let elements):
            return JSONNode(
                .array(
                    elements.enumerated().compactMap { index, element in
                        String(index) == name ? element.editing(parts.dropFirst(), body) : element
                    }))
        default: return self
        }
    }

    /// The object with a member, in the place of one of that name, else behind the others.
    func setting(_ name: String, _ node: JSONNode?) -> JSONNode {
        var members = members ?? []
        if let index = members.firstIndex(where: { $0.name == name }) {
            if let node { members[index] = Member(name: name, node: node) } else { members.remove(at: index) }
        } else if let node {
            members.append(Member(name: name, node: node))
        }
        return JSONNode(.object(members))
    }

    /// The object with a member under another name, in the same place.
    func renaming(_ name: String, to other: String) -> JSONNode {
        JSONNode(.object((members ?? []).map { $0.name == name ? Member(name: other, node: $0.node) : $0 }))
    }

    /// The value with every node changed, the innermost first.
    func mapping(_ body: (JSONNode) -> JSONNode) -> JSONNode {
        switch value {
        case .object(let members):
            body(JSONNode(.object(members.map { Member(name: $0.name, node: $0.node.mapping(body)) })))
        case .array(let elements): body(JSONNode(.array(elements.map { $0.mapping(body) })))
        default: body(self)
        }
    }

    /// Strings as an array.
    static func strings(_ texts: [String]) -> JSONNode { JSONNode(.array(texts.map { JSONNode(.string($0)) })) }
}

extension JSONNode {
    /// The value with places of its own for every node, as if it had been read from a file.
    var numbered: JSONNode {
        var next = 0
        return numbered(&next)
    }

    private func numbered(_ next: inout Int) -> JSONNode {
        let offset = next
        next += 1
        let numberedValue: Value
        switch value {
        case .object(let members):
            numberedValue = .object(
                members.map { member in
                    let nameOffset = next
                    next += 1
                    return Member(name: member.name, nameOffset: nameOffset, node: member.node.numbered(&next))
                })
        case .array(let elements): numberedValue = .array(elements.map { $0.numbered(&next) })
        default: numberedValue = value
        }
        return JSONNode(numberedValue, offset: offset, endOffset: next)
    }
}
