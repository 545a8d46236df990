extension JSONNode {
    /// The value as JSON without white space; members keep their order and numbers their text.
    public func compactBytes() -> [UInt8] {
        var writer = NodeWriter(indent: 0, isCanonical: false)
        writer.write(self, depth: 0)
        return writer.bytes
    }

    /// The value as JSON for people: a member or element a line, and a line feed at the end; members keep their order
    /// and numbers their text. Empty arrays and objects stay on their line.
    ///
    /// - Parameter indent: How many spaces a level is indented by, at least 1.
    public func prettyBytes(indent: Int = 2) -> [UInt8] {
        var writer = NodeWriter(indent: max(indent, 1), isCanonical: false)
        writer.write(self, depth: 0)
        writer.bytes.append(0x0A)
        return writer.bytes
    }

    /// The value as JSON in one form: equal values have equal bytes. No white space, members in the order of their
    /// names' UTF-8, numbers without needless zeros.
    public func canonicalBytes() -> [UInt8] {
        var writer = NodeWriter(indent: 0, isCanonical: true)
        writer.write(self, depth: 0)
        return writer.bytes
    }
}

private struct NodeWriter {
    var bytes: [UInt8] = []
    let indent: Int
    let isCanonical: Bool

    mutating func write(_ node: JSONNode, depth: Int) {
        switch node.value {
        case .null: bytes.append(contentsOf: "null".utf8)
        case .bool(let bool): bytes.append(contentsOf: (bool ? "true" : "false").utf8)
        case .number(let number): bytes.append(contentsOf: (isCanonical ? number.canonicalText : number.text).utf8)
        case .string(let string): write(string)
        case .array(let elements):
            writeList(elements, depth, "[", "]") { $0.write($1, depth: depth + 1) }
        case .object(let members):
            writeList(isCanonical ? JSONNode.sorted(members) : members, depth, "{", "}") {
                $0.write($1.name)
                $0.bytes.append(contentsOf: ($0.indent > 0 ? ": " : ":").utf8)
                $0.write($1.node, depth: depth + 1)
            }
        }
    }

    private mutating func writeList<Item>(
        _ items: [Item], _ depth: Int, _ open: String, _ close: String, _ write: (inout NodeWriter, Item) -> Void
    ) {
        bytes.append(contentsOf: open.utf8)
        for (index, item) in items.enumerated() {
            if index > 0 { bytes.append(UInt8(ascii: ",")) }
            breakLine(depth + 1)
            write(&self, item)
        }
        if !items.isEmpty { breakLine(depth) }
        bytes.append(contentsOf: close.utf8)
    }

    private mutating func breakLine(_ depth: Int) {
        guard indent > 0 else { return }
        bytes.append(0x0A)
        bytes.append(contentsOf: repeatElement(0x20, count: depth * indent))
    }

    private mutating func write(_ string: String) {
        bytes.append(UInt8(ascii: "\""))
        for byte in string.utf8 {
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(contentsOf: [UInt8(ascii: "\\"), byte])
            case 0x08: bytes.append(contentsOf: "\\b".utf8)
            case 0x0A: bytes.append(contentsOf: "\\n".utf8)
            case 0x0C: bytes.append(contentsOf: "\\f".utf8)
            case 0x0D: bytes.append(contentsOf: "\\r".utf8)
            case 0x09: bytes.append(contentsOf: "\\t".utf8)
            case ..<0x20:
                let digits = Array("0123456789abcdef".utf8)
                bytes.append(contentsOf: "\\u00".utf8)
                bytes.append(contentsOf: [digits[Int(byte >> 4)], digits[Int(byte & 15)]])
            default: bytes.append(byte)
            }
        }
        bytes.append(UInt8(ascii: "\""))
    }
}
