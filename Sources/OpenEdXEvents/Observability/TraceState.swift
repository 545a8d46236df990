/// The `tracestate` of W3C Trace Context: what tracing systems carry along, at most 32 members.
public struct TraceState: Hashable, Sendable, CustomStringConvertible {
    /// One system's entry.
    public struct Member: Hashable, Sendable {
        /// The system's key, such as `vendor` or `tenant@vendor`.
        public let key: String
        /// The system's value.
        public let value: String
    }

    /// The members, the newest first; at least one.
    public let members: [Member]

    /// The header's text, without optional spaces and empty members.
    public let description: String

    /// How many bytes are passed on for certain; what is longer is shortened by whole members.
    static let sizeLimit = 512
    private static let memberLimit = 32

    /// Reads the header; several headers are joined with commas first.
    ///
    /// `nil` if a member breaks the grammar, a key stands twice, there are more than 32 members, or none.
    public init?(_ text: String) {
        var members: [Member] = []
        var keys: Set<String> = []
        for part in text.utf8.split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false) {
            let part = Self.trimmed(part)
            if part.isEmpty { continue }
            guard members.count < Self.memberLimit, let equals = part.firstIndex(of: UInt8(ascii: "=")) else {
                return nil
            }
            let (key, value) = (part[..<equals], part[part.index(after: equals)...])
            guard Self.isKey(key), Self.isValue(value), let key = String(key), let value = String(value),
                keys.insert(key).inserted
            else { return nil }
            members.append(Member(key: key, value: value))
        }
        members = Self.shortened(members)
        guard !members.isEmpty else { return nil }
        self.members = members
        description = members.map { $0.key + "=" + $0.value }.joined(separator: ",")
    }

    /// Drops members until the limit is kept: those over 128 bytes first, then from the end.
    private static func shortened(_ members: [Member]) -> [Member] {
        func size(_ member: Member) -> Int { member.key.utf8.count + member.value.utf8.count + 1 }
        var members = members
        var total = members.reduce(-1) { $0 + size($1) + 1 }
        func drop(at index: Int) { total -= size(members.remove(at: index)) + 1 }
        for index in members.indices.reversed() where total > sizeLimit && size(members[index]) > 128 {
            drop(at: index)
        }
        while total > sizeLimit { drop(at: members.count - 1) }
        return members
    }

    private static func trimmed(_ text: Substring.UTF8View) -> Substring.UTF8View {
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || $0 == 0x09 }
        var text = text.drop(while: isSpace)
        while let last = text.last, isSpace(last) { text.removeLast() }
        return text
    }

    // A lower-case letter or digit, then letters, digits and “_-*/”; with one “@”, tenant@system.
    private static func isKey(_ key: Substring.UTF8View) -> Bool {
        let parts = key.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        func isPart(_ part: Substring.UTF8View, limit: Int, isLetterFirst: Bool) -> Bool {
            guard let first = part.first, part.count <= limit else { return false }
            guard isLetter(first) || !isLetterFirst && isDigit(first) else { return false }
            return part.allSatisfy { isLetter($0) || isDigit($0) || [0x5F, 0x2D, 0x2A, 0x2F].contains($0) }
        }
        switch parts.count {
        case 1: return isPart(parts[0], limit: 256, isLetterFirst: false)
        case 2:
            return isPart(parts[0], limit: 241, isLetterFirst: false)
                && isPart(parts[1], limit: 14, isLetterFirst: true)
        default: return false
        }
    }

    // 1 to 256 printable characters without “,” and “=”; spaces at the end were cut.
    private static func isValue(_ value: Substring.UTF8View) -> Bool {
        !value.isEmpty && value.count <= 256
            && value.allSatisfy { (0x20...0x7E).contains($0) && $0 != 0x2C && $0 != 0x3D }
    }

    private static func isLetter(_ byte: UInt8) -> Bool { (0x61...0x7A).contains(byte) }
    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }
}
