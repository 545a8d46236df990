import Synchronization

/// The names of a type's members, in the order in which they are usually written.
///
/// Make one per type, as a static constant; ``JSONReader/nextField(of:)`` answers with an index into it:
///
/// ```swift
/// private static let names: JSONFieldNames = ["id", "is_active", "pii"]
/// ```
///
/// Lists with the same names share one table, which lives as long as the process.
public struct JSONFieldNames: ExpressibleByArrayLiteral, Sendable {
    /// What ``JSONReader/nextField(of:)`` answers for a name that is not in the list.
    public static let unknown = -1

    /// A name with what finds it fast.
    struct Entry {
        /// The token `"name":` in escaped form, as compact JSON has it.
        let token: BytePointer
        let tokenCount: Int
        /// The token's first 8 bytes, and which of them count.
        let head: UInt64
        let mask: UInt64

        /// The name itself.
        var name: UnsafeBufferPointer<UInt8> { UnsafeBufferPointer(start: token + 1, count: tokenCount - 3) }
    }

    // Tables are complete before they are shared, are never changed and never freed: pointers to them stay valid, and
    // may be read from any thread without a retain.
    nonisolated(unsafe) let entries: UnsafePointer<Entry>
    let count: Int

    /// Tables by names, so that the number of tables is bounded by the program's text, not by how often it runs.
    private static let tables = Locked<[[String]: JSONFieldNames]>([:])

    /// Creates a list. The names are of printable ASCII without quotes and backslashes, and different; otherwise the
    /// program traps with the reason, as with any wrong literal.
    public init(arrayLiteral names: StaticString...) {
        self.init(names.map { $0.description })
    }

    package init(_ names: [String]) {
        for name in names {
            precondition(Self.canHold(name), "a member's name is of printable ASCII without quotes and backslashes")
        }
        precondition(Set(names).count == names.count, "a member's name stands twice in a list of field names")
        self = Self.tables.withLock { tables in
            if let table = tables[names] { return table }
            let table = JSONFieldNames(allocating: names)
            tables[names] = table
            return table
        }
    }

    /// Whether a name can stand in a list: its escaped form is the name itself.
    static func canHold(_ name: String) -> Bool {
        name.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F && $0 != Byte.quote && $0 != Byte.backslash }
    }

    private init(allocating names: [String]) {
        let entries = UnsafeMutablePointer<Entry>.allocate(capacity: names.count)
        for (index, name) in names.enumerated() {
            let token = Array("\"\(name)\":".utf8)
            // Padded to a whole word, so that its first word can always be read.
            let bytes = UnsafeMutablePointer<UInt8>.allocate(capacity: token.count + 8)
            bytes.initialize(repeating: 0, count: token.count + 8)
            bytes.update(from: token, count: token.count)
            let mask = token.count >= 8 ? ~0 : (UInt64(1) << (8 * UInt64(token.count))) - 1
            (entries + index).initialize(
                to: Entry(token: bytes, tokenCount: token.count, head: BytePointer(bytes).word & mask, mask: mask))
        }
        self.entries = UnsafePointer(entries)
        count = names.count
    }

    /// Whether the token of a name stands at the position. At least 8 bytes, and the token, lie before `end`, or it is
    /// not looked at.
    @inline(__always)
    func matches(_ index: Int, _ position: BytePointer, before end: BytePointer) -> Bool {
        let entry = entries + index
        let count = entry.pointee.tokenCount
        guard position.distance(to: end) >= max(count, 8), position.word & entry.pointee.mask == entry.pointee.head
        else { return false }
        if count <= 8 { return true }
        let token = entry.pointee.token
        var offset = 8
        while offset &+ 8 <= count {
            if (position + offset).word != (token + offset).word { return false }
            offset &+= 8
        }
        return (position + count - 8).word == (token + count - 8).word
    }

    /// The same, also for tokens near the end.
    func holds(_ index: Int, _ position: BytePointer, before end: BytePointer) -> Bool {
        let count = entries[index].tokenCount
        return position.distance(to: end) >= count
            && holdSameBytes(
                UnsafeBufferPointer(start: position, count: count),
                UnsafeBufferPointer(start: entries[index].token, count: count))
    }

    /// The index of an unescaped name, or ``unknown``.
    @inline(never)
    func index(of name: UnsafeBufferPointer<UInt8>) -> Int {
        for index in 0..<count where entries[index].name.elementsEqual(name) { return index }
        return Self.unknown
    }
}
