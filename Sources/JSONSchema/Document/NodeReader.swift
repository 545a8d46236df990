import OpenEdXEvents

/// Builds the nodes of a document that was validated: every token is complete, so nothing is checked twice.
struct NodeReader {
    private let bytes: UnsafeBufferPointer<UInt8>
    private var position = 0

    init(_ bytes: UnsafeBufferPointer<UInt8>) { self.bytes = bytes }

    /// Reads the value that follows. Nested as deep as the document, which is 512 levels at most.
    mutating func node() -> JSONNode {
        skipSpace()
        let begin = position
        let value: JSONNode.Value
        switch bytes[position] {
        case Byte.quote: value = .string(string())
        case Byte.leftBrace: value = .object(members())
        case Byte.leftBracket: value = .array(elements())
        case UInt8(ascii: "t"):
            position += 4
            value = .bool(true)
        case UInt8(ascii: "f"):
            position += 5
            value = .bool(false)
        case UInt8(ascii: "n"):
            position += 4
            value = .null
        default: value = .number(number())
        }
        return JSONNode(value, offset: begin, endOffset: position)
    }

    private mutating func members() -> [JSONNode.Member] {
        var members: [JSONNode.Member] = []
        position += 1
        while true {
            skipSpace()
            if bytes[position] == Byte.rightBrace { break }
            if bytes[position] == Byte.comma {
                position += 1
                skipSpace()
            }
            let offset = position
            let name = string()
            skipSpace()
            position += 1
            members.append(JSONNode.Member(name: name, nameOffset: offset, node: node()))
        }
        position += 1
        return members
    }

    private mutating func elements() -> [JSONNode] {
        var elements: [JSONNode] = []
        position += 1
        while true {
            skipSpace()
            if bytes[position] == Byte.rightBracket { break }
            if bytes[position] == Byte.comma { position += 1 }
            elements.append(node())
        }
        position += 1
        return elements
    }

    private mutating func string() -> String {
        position += 1
        let begin = position
        var isEscaped = false
        while bytes[position] != Byte.quote {
            let isEscape = bytes[position] == Byte.backslash
            isEscaped = isEscaped || isEscape
            position += isEscape ? 2 : 1
        }
        let contents = UnsafeBufferPointer(rebasing: bytes[begin..<position])
        position += 1
        if isEscaped { return String(decoding: [UInt8](unescaping: contents), as: UTF8.self) }
        return String(decoding: contents, as: UTF8.self)
    }

    private mutating func number() -> JSONNumber {
        let begin = position
        scan: while position < bytes.count {
            switch bytes[position] {
            case 0x30...0x39, Byte.minus, Byte.plus, Byte.dot, UInt8(ascii: "e"), UInt8(ascii: "E"): position += 1
            default: break scan
            }
        }
        return JSONNumber(valid: String(decoding: bytes[begin..<position], as: UTF8.self))
    }

    private mutating func skipSpace() {
        while bytes[position] <= 0x20 { position += 1 }
    }
}
