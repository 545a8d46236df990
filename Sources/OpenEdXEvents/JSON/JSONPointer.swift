/// A place in a JSON document, as RFC 6901 writes it. Made only where something has failed.
struct JSONPointer: CustomStringConvertible {
    private var parts: [String]

    /// The innermost value that holds a byte of a document, or of the beginning of one.
    ///
    /// A byte of a name or right behind it belongs to the member's value, a comma or closing bracket to its container,
    /// the end of the bytes to what is still open.
    init(to offset: Int, in bytes: UnsafeBufferPointer<UInt8>) {
        var frames: [Frame] = []
        var index = 0
        while index < bytes.count {
            let begin = index
            let byte = bytes[index]
            index += 1
            switch byte {
            case Byte.leftBrace, Byte.leftBracket:
                if offset <= begin { break }
                frames.append(byte == Byte.leftBrace ? .name(nil) : .index(0))
            case Byte.rightBrace, Byte.rightBracket:
                if offset <= begin { frames[frames.endIndex - 1] = .name(nil) } else { frames.removeLast() }
            case Byte.comma:
                if offset <= begin {
                    frames[frames.endIndex - 1] = .name(nil)
                } else if case .index(let number) = frames.last {
                    frames[frames.endIndex - 1] = .index(number + 1)
                } else {
                    frames[frames.endIndex - 1] = .name(nil)
                }
            case Byte.quote:
                while index < bytes.count, bytes[index] != Byte.quote {
                    index += bytes[index] == Byte.backslash ? 2 : 1
                }
                if case .name(nil) = frames.last, index < bytes.count {
                    let name = UnsafeBufferPointer(rebasing: bytes[(begin + 1)..<index])
                    frames[frames.endIndex - 1] = .name(String(decoding: [UInt8](unescaping: name), as: UTF8.self))
                }
                index += 1
            default: break
            }
            if offset < index, byte > 0x20 { break }
        }
        parts = frames.compactMap(\.part)
    }

    /// The place of a member of the object here.
    func appending(_ name: String) -> JSONPointer {
        var longer = self
        longer.parts.append(name)
        return longer
    }

    init(_ parts: [String]) { self.parts = parts }

    /// Where the value begins in a validated document; for an absent member, where the object begins.
    func offset(in document: UnsafeBufferPointer<UInt8>) -> Int? {
        var reader = JSONReader(validated: document)
        var begin = 0
        do throws(PayloadError) {
            for part in parts {
                begin = reader.beginValue()
                guard try reader.enter(part) else { return begin }
            }
        } catch {
            return begin
        }
        return reader.beginValue()
    }

    var description: String { parts.map { "/" + PointerText.escape($0) }.joined() }

    private enum Frame {
        case name(String?)
        case index(Int)

        var part: String? {
            switch self {
            case .name(let name): name
            case .index(let index): String(index)
            }
        }
    }
}

extension JSONReader {
    /// The offset of the value that follows.
    fileprivate mutating func beginValue() -> Int {
        _ = peek()
        return offset
    }

    /// Moves to the member or element of that name or index; `false` if there is none.
    fileprivate mutating func enter(_ part: String) throws(PayloadError) -> Bool {
        if peek() == Byte.leftBracket {
            try beginArray()
            var index = 0
            while try nextElement() {
                if String(index) == part { return true }
                try skipValue()
                index += 1
            }
            return false
        }
        return try enter(member: part)
    }

    /// Moves to the member of that name of the object that follows; `false` if there is none, or no object.
    mutating func enter(member name: String) throws(PayloadError) -> Bool {
        guard peek() == Byte.leftBrace else { return false }
        try beginObject()
        while let key = try nextKey() {
            if key.utf8.elementsEqual(name.utf8) { return true }
            try skipValue()
        }
        return false
    }

    /// Moves to the one member that the list names of the object that follows; `false` if there is none, or no object.
    mutating func enter(onlyMemberOf names: JSONFieldNames) throws(PayloadError) -> Bool {
        guard peek() == Byte.leftBrace else { return false }
        try beginObject()
        while let field = try nextField(of: names) {
            if field == 0 { return true }
            try skipValue()
        }
        return false
    }
}
