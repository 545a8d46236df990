/// The kinds of JSON values, each a bit, so that several make a set.
@usableFromInline
package enum JSONKind {
    @inlinable package static var null: UInt8 { 1 }
    @inlinable package static var bool: UInt8 { 2 }
    @inlinable package static var object: UInt8 { 4 }
    @inlinable package static var array: UInt8 { 8 }
    @inlinable package static var string: UInt8 { 16 }
    /// A number that is not whole.
    @inlinable package static var fraction: UInt8 { 32 }
    /// A number that is whole. A tape has both bits for any number: whoever wants to know looks at its digits.
    @inlinable package static var integer: UInt8 { 64 }
    @inlinable package static var number: UInt8 { fraction | integer }
    @inlinable package static var all: UInt8 { 0x7F }
}

/// A value of a document, or a name in it, as the scan found it.
@usableFromInline
package struct TapeEntry: BitwiseCopyable, Sendable {
    /// The first byte; for a string and a name, the one behind the opening quote.
    @usableFromInline package var start: UInt32
    /// The offset behind the last byte; for a string and a name, that of the closing quote; for an array and an object
    /// the number of elements or members.
    @usableFromInline package var end: UInt32
    /// The index of the entry behind this value and all within it; for a name, the hash of the name.
    @usableFromInline package var next: UInt32
    /// The kind in the lowest byte, and above it whether it is escaped.
    @usableFromInline package var info: UInt32

    @inlinable package var kind: UInt8 { UInt8(truncatingIfNeeded: info) }
    @inlinable package var isEscaped: Bool { info & 0x100 != 0 }
    @inlinable package var childCount: Int { Int(end) }
    @inlinable package var hash: UInt32 { next }
}

/// The entries of a document in its order: a container stands before what is in it, a name before its value.
///
/// It is made while the bytes are validated as JSON, so whoever has a tape can jump about in the document without
/// looking at the bytes in between. It lives in this module for the sake of the scanner, whose functions are inlined
/// here.
///
/// Safety: the first entries lie in room that the caller lends for the tape's life; when that is full they move to the
/// heap, to memory that the tape owns and frees. Entries up to `count` are initialized. Offsets point into the bytes
/// that it was built over.
package struct JSONTape: ~Copyable {
    /// Entries for which a caller does well to lend room: one kilobyte, as much as is certain to lie on the machine's
    /// stack.
    package static let room = 64

    private var storage: UnsafeMutablePointer<TapeEntry>
    package private(set) var count = 0
    private var capacity: Int
    private var isOwned = false
    /// How many entries the bytes will hardly need more of, so that growing once is enough.
    private var estimate = 0

    /// Begins a tape in lent room, of at least one entry.
    package init(_ room: UnsafeMutableBufferPointer<TapeEntry>) {
        storage = room.baseAddress.unsafelyUnwrapped
        capacity = room.count
    }

    deinit { if isOwned { storage.deallocate() } }

    /// The entries, as long as the tape lives and nothing is built any more.
    package var entries: UnsafePointer<TapeEntry> { UnsafePointer(storage) }

    @inline(__always)
    private mutating func append(_ entry: TapeEntry) {
        if count == capacity { grow() }
        storage[count] = entry
        count &+= 1
    }

    @inline(never)
    private mutating func grow() {
        let target = max(capacity * 4, estimate)
        let larger = UnsafeMutablePointer<TapeEntry>.allocate(capacity: target)
        larger.update(from: storage, count: count)
        if isOwned { storage.deallocate() }
        storage = larger
        capacity = target
        isOwned = true
    }
}

/// The hash of a name, from what the scanner knows of it.
@inline(__always)
func nameHash(_ head: UInt64, _ tail: UInt64, _ count: Int) -> UInt32 {
    let mixed = (head ^ (tail &<< 23 | tail &>> 41) ^ UInt64(truncatingIfNeeded: count)) &* 0x9E37_79B9_7F4A_7C15
    return UInt32(truncatingIfNeeded: mixed &>> 32)
}

/// The hash of a name that stands alone, the same as in ``TapeEntry/hash``.
package func nameHash(_ name: UnsafeBufferPointer<UInt8>) -> UInt32 {
    var head: UInt64 = 0
    var tail: UInt64 = 0
    for index in 0..<min(8, name.count) { head |= UInt64(name[index]) << (8 * index) }
    if name.count <= 8 {
        tail = head
    } else {
        for index in 0..<8 { tail |= UInt64(name[name.count - 8 + index]) << (8 * index) }
    }
    return nameHash(head, tail, name.count)
}

extension JSONTape {
    /// Builds the tape of a document; answers why it is not JSON, if it is not.
    package mutating func build(over bytes: UnsafeBufferPointer<UInt8>) -> JSONError? {
        guard bytes.count <= Int(Int32.max) else { return JSONError(.tooLarge, offset: Int(Int32.max)) }
        estimate = bytes.count / 6
        return withUnsafeTemporaryAllocation(of: NameTable.Entry.self, capacity: NameTable.capacity) { entries in
            var scanner = JSONScanner(bytes, names: NameTable(entries: entries.baseAddress.unsafelyUnwrapped))
            if let begin = scanner.documentStart(), let after = Self.value(begin, &scanner, &self, 0, 0) {
                scanner.documentEnd(after)
            }
            return scanner.failure
        }
    }

    @inline(__always)
    private static func value(
        _ position: BytePointer, _ scanner: inout JSONScanner, _ tape: inout JSONTape, _ depth: Int, _ names: Int
    ) -> BytePointer? {
        guard position < scanner.end else { return scanner.failUnexpected(position) }
        let byte = position.pointee
        if byte == Byte.quote {
            let escapes = scanner.escapes
            guard let after = scanner.string(position + 1) else { return nil }
            let start = UInt32(truncatingIfNeeded: scanner.offset(position + 1))
            let end = UInt32(truncatingIfNeeded: scanner.offset(after) - 1)
            let info = UInt32(JSONKind.string) | (scanner.escapes == escapes ? 0 : 0x100)
            tape.append(
                TapeEntry(start: start, end: end, next: UInt32(truncatingIfNeeded: tape.count &+ 1), info: info))
            return after
        }
        if byte == Byte.leftBrace { return object(position, &scanner, &tape, depth + 1, names) }
        if byte == Byte.leftBracket { return array(position, &scanner, &tape, depth + 1, names) }
        guard let after = scanner.value(position, depth: depth, names: names) else { return nil }
        let kind: UInt8 =
            switch byte {
            case UInt8(ascii: "n"): JSONKind.null
            case UInt8(ascii: "t"), UInt8(ascii: "f"): JSONKind.bool
            default: JSONKind.number
            }
        tape.append(
            TapeEntry(
                start: UInt32(truncatingIfNeeded: scanner.offset(position)),
                end: UInt32(truncatingIfNeeded: scanner.offset(after)),
                next: UInt32(truncatingIfNeeded: tape.count &+ 1), info: UInt32(kind)))
        return after
    }

    @inline(never)
    private static func object(
        _ begin: BytePointer, _ scanner: inout JSONScanner, _ tape: inout JSONTape, _ depth: Int, _ names: Int
    ) -> BytePointer? {
        guard depth <= JSONScanner.maximumDepth else { return scanner.fail(.tooDeep, begin) }
        let index = open(begin, scanner.offset(begin), &tape)
        var count: UInt32 = 0
        var position = scanner.skipSpace(begin + 1)
        if position < scanner.end, position.pointee == Byte.rightBrace {
            return close(index, JSONKind.object, count, position + 1, &tape)
        }
        var scope = NameTable.Scope(first: names)
        while true {
            guard let (name, valueStart) = scanner.member(position), scanner.insert(name, into: &scope) else {
                return nil
            }
            let start = scanner.offset(name.start)
            tape.append(
                TapeEntry(
                    start: UInt32(truncatingIfNeeded: start),
                    end: UInt32(truncatingIfNeeded: scanner.offset(name.after) - 1),
                    next: nameHash(name.head, name.tail, name.count),
                    info: UInt32(JSONKind.string) | (name.isEscaped ? 0x100 : 0)))
            guard let after = value(valueStart, &scanner, &tape, depth, scope.count) else { return nil }
            count &+= 1
            position = scanner.skipSpace(after)
            guard position < scanner.end else { return scanner.failUnexpected(position) }
            if position.pointee == Byte.comma {
                position = scanner.skipSpace(position + 1)
            } else if position.pointee == Byte.rightBrace {
                return close(index, JSONKind.object, count, position + 1, &tape)
            } else {
                return scanner.failUnexpected(position)
            }
        }
    }

    @inline(never)
    private static func array(
        _ begin: BytePointer, _ scanner: inout JSONScanner, _ tape: inout JSONTape, _ depth: Int, _ names: Int
    ) -> BytePointer? {
        guard depth <= JSONScanner.maximumDepth else { return scanner.fail(.tooDeep, begin) }
        let index = open(begin, scanner.offset(begin), &tape)
        var count: UInt32 = 0
        var position = scanner.skipSpace(begin + 1)
        if position < scanner.end, position.pointee == Byte.rightBracket {
            return close(index, JSONKind.array, count, position + 1, &tape)
        }
        while true {
            guard let after = value(position, &scanner, &tape, depth, names) else { return nil }
            count &+= 1
            position = scanner.skipSpace(after)
            guard position < scanner.end else { return scanner.failUnexpected(position) }
            if position.pointee == Byte.comma {
                position = scanner.skipSpace(position + 1)
            } else if position.pointee == Byte.rightBracket {
                return close(index, JSONKind.array, count, position + 1, &tape)
            } else {
                return scanner.failUnexpected(position)
            }
        }
    }

    @inline(__always)
    private static func open(_ begin: BytePointer, _ offset: Int, _ tape: inout JSONTape) -> Int {
        let index = tape.count
        tape.append(TapeEntry(start: UInt32(truncatingIfNeeded: offset), end: 0, next: 0, info: 0))
        return index
    }

    @inline(__always)
    private static func close(
        _ index: Int, _ kind: UInt8, _ count: UInt32, _ after: BytePointer, _ tape: inout JSONTape
    ) -> BytePointer {
        var entry = tape.storage[index]
        entry.end = count
        entry.next = UInt32(truncatingIfNeeded: tape.count)
        entry.info = UInt32(kind)
        tape.storage[index] = entry
        return after
    }
}
