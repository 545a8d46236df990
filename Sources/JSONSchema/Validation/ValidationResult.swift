import OpenEdXEvents

/// One thing in an instance that is not as the schema wants it. It never holds a value of the instance.
public struct ValidationFinding: Hashable, Sendable {
    /// Where in the instance, as a JSON Pointer (RFC 6901). Empty for the whole of it.
    public let instancePointer: String
    /// Where in the instance, in bytes from its beginning.
    public let instanceOffset: Int
    /// Where the keyword stands in its document, as a JSON Pointer (RFC 6901). Empty if the instance is not JSON.
    public let schemaPointer: String
    /// The file that the keyword stands in.
    public let schemaFile: String
    /// Where in that file the keyword's value begins, in bytes.
    public let schemaOffset: Int
    /// The keyword: `type`, `required`; `false` for a schema that allows nothing; `json` for an instance that is not
    /// JSON.
    public let keyword: String
    /// What was expected, in words, from the schema alone.
    public let expected: String
}

extension ValidationFinding: CustomStringConvertible {
    /// The value as text, for people.
    public var description: String {
        let place = instancePointer.isEmpty ? "the value" : instancePointer
        return "\(place): expected \(expected) (\(keyword)\(schemaPointer.isEmpty ? "" : " at \(schemaPointer)"))"
    }
}

/// What a schema says to an instance.
public struct ValidationResult: Hashable, Sendable {
    /// What is wrong, in the order in which it was met. Empty for a valid instance.
    public let findings: [ValidationFinding]

    init(_ findings: [ValidationFinding]) { self.findings = findings }

    /// Whether the instance is valid.
    public var isValid: Bool { findings.isEmpty }
}

extension TapeView {
    /// Where a value or name begins, in bytes; for a string its quote.
    func offset(of entry: Int) -> Int {
        let start = Int(entries[entry].start)
        return entries[entry].kind == Kind.string ? start - 1 : start
    }

    /// Where a value is in the instance; for a name, its member.
    func pointer(to target: Int) -> String {
        var pointer = ""
        var entry = 0
        while entry != target {
            let isObject = entries[entry].kind == Kind.object
            guard isObject || entries[entry].kind == Kind.array else { break }
            var child = entry + 1
            var position = 0
            var next = child
            while child < Int(entries[entry].next) {
                let value = isObject ? child + 1 : child
                next = Int(entries[value].next)
                if target < next { break }
                position += 1
                child = next
            }
            guard target < next else { break }
            if isObject {
                let name = withString(child) { String(decoding: $0, as: UTF8.self) }
                pointer += "/" + PointerText.escape(name)
                if target == child { break }
                entry = child + 1
            } else {
                pointer += "/\(position)"
                entry = child
            }
        }
        return pointer
    }

    /// Where a value begins and ends in the bytes.
    func range(of entry: Int) -> (start: Int, end: Int) {
        let start = offset(of: entry)
        switch entries[entry].kind {
        case Kind.string: return (start, Int(entries[entry].end) + 1)
        case Kind.object, Kind.array:
            var depth = 0
            var position = start
            repeat {
                switch bytes[position] {
                case Byte.leftBrace, Byte.leftBracket: depth += 1
                case Byte.rightBrace, Byte.rightBracket: depth -= 1
                case Byte.quote:
                    position += 1
                    while bytes[position] != Byte.quote { position += bytes[position] == Byte.backslash ? 2 : 1 }
                default: break
                }
                position += 1
            } while depth > 0
            return (start, position)
        default: return (start, Int(entries[entry].end))
        }
    }
}
