import OpenEdXEvents

/// A value of an instance, or a name in it, as the scan found it.
struct TapeEntry: BitwiseCopyable {
    /// The first byte; for a string and a name, the one behind the opening quote.
    var start: UInt32
    /// The offset behind the last byte; for a string and a name, that of the closing quote; for an array and an object
    /// the number of elements or members.
    var end: UInt32
    /// The index of the entry behind this value and all within it; for a name, the hash of the name.
    var next: UInt32
    /// The kind in the lowest byte, and above it whether it is escaped.
    var info: UInt32

    @inline(__always) var kind: UInt8 { UInt8(truncatingIfNeeded: info) }
    @inline(__always) var isEscaped: Bool { info & 0x100 != 0 }
    @inline(__always) var childCount: Int { Int(end) }
    @inline(__always) var hash: UInt32 { next }
}

/// The entries of an instance in document order: a container stands before what is in it, a name before its value.
///
/// Safety: the first entries lie in room that ``TapeBuilder/withTape(over:_:)`` lends; when it is full they move to the
/// heap, to memory that the tape owns and frees. Entries up to `count` are initialized.
struct InstanceTape: ~Copyable {
    private(set) var entries: UnsafeMutablePointer<TapeEntry>
    private(set) var count = 0
    private var capacity: Int
    private var isOwned = false

    init(_ room: UnsafeMutableBufferPointer<TapeEntry>) {
        entries = room.baseAddress.unsafelyUnwrapped
        capacity = room.count
    }

    deinit { if isOwned { entries.deallocate() } }

    @inline(__always)
    mutating func append(_ entry: TapeEntry) {
        if count == capacity { grow() }
        entries[count] = entry
        count &+= 1
    }

    @inline(__always)
    subscript(_ index: Int) -> TapeEntry {
        get { entries[index] }
        nonmutating set { entries[index] = newValue }
    }

    @inline(never)
    private mutating func grow() {
        let larger = UnsafeMutablePointer<TapeEntry>.allocate(capacity: capacity * 2)
        larger.update(from: entries, count: count)
        if isOwned { entries.deallocate() }
        entries = larger
        capacity *= 2
        isOwned = true
    }
}

/// The hash of a name, from what the scanner knows of it.
@inline(__always)
func nameHash(_ head: UInt64, _ tail: UInt64, _ count: Int) -> UInt32 {
    let mixed = (head ^ (tail &<< 23 | tail &>> 41) ^ UInt64(truncatingIfNeeded: count)) &* 0x9E37_79B9_7F4A_7C15
    return UInt32(truncatingIfNeeded: mixed &>> 32)
}

/// The hash of a name that stands alone.
func nameHash(_ name: UnsafeBufferPointer<UInt8>) -> UInt32 {
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

/// Builds a tape while it validates the bytes as JSON.
enum TapeBuilder {
    /// Lends the tape of an instance, or the reason why it is not JSON.
    @inline(__always)
    static func withTape<R>(
        over bytes: UnsafeBufferPointer<UInt8>, _ body: (borrowing InstanceTape, JSONError?) -> R
    ) -> R {
        // A member takes hardly less than 8 bytes; where it does, the tape grows. At most 1 KiB lies on the stack.
        let estimate = max(64, bytes.count / 8)
        return withUnsafeTemporaryAllocation(of: TapeEntry.self, capacity: estimate) { room in
            var tape = InstanceTape(room)
            var failure: JSONError?
            if bytes.count > Int(Int32.max) {
                failure = JSONError(.tooLarge, offset: Int(Int32.max))
            } else {
                failure = JSONScanner.withScanner(over: bytes) { scanner in
                    if let begin = scanner.documentStart(), let after = value(begin, &scanner, &tape, 0, 0) {
                        scanner.documentEnd(after)
                    }
                    return scanner.failure
                }
            }
            return body(tape, failure)
        }
    }

    @inline(__always)
    private static func value(
        _ position: BytePointer, _ scanner: inout JSONScanner, _ tape: inout InstanceTape, _ depth: Int, _ names: Int
    ) -> BytePointer? {
        guard position < scanner.end else { return scanner.failUnexpected(position) }
        let byte = position.pointee
        if byte == Byte.quote {
            let escapes = scanner.escapes
            guard let after = scanner.string(position + 1) else { return nil }
            let start = UInt32(truncatingIfNeeded: scanner.offset(position + 1))
            let end = UInt32(truncatingIfNeeded: scanner.offset(after) - 1)
            let info = UInt32(Kind.string) | (scanner.escapes == escapes ? 0 : 0x100)
            tape.append(
                TapeEntry(start: start, end: end, next: UInt32(truncatingIfNeeded: tape.count &+ 1), info: info))
            return after
        }
        if byte == Byte.leftBrace { return object(position, &scanner, &tape, depth + 1, names) }
        if byte == Byte.leftBracket { return array(position, &scanner, &tape, depth + 1, names) }
        guard let after = scanner.value(position, depth: depth, names: names) else { return nil }
        let kind: UInt8 =
            switch byte {
            case UInt8(ascii: "n"): Kind.null
            case UInt8(ascii: "t"), UInt8(ascii: "f"): Kind.bool
            default: Kind.number
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
        _ begin: BytePointer, _ scanner: inout JSONScanner, _ tape: inout InstanceTape, _ depth: Int, _ names: Int
    ) -> BytePointer? {
        guard depth <= JSONScanner.maximumDepth else { return scanner.fail(.tooDeep, begin) }
        let index = open(begin, scanner.offset(begin), &tape)
        var count: UInt32 = 0
        var position = scanner.skipSpace(begin + 1)
        if position < scanner.end, position.pointee == Byte.rightBrace {
            return close(index, Kind.object, count, position + 1, &tape)
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
                    info: UInt32(Kind.string) | (name.isEscaped ? 0x100 : 0)))
            guard let after = value(valueStart, &scanner, &tape, depth, scope.count) else { return nil }
            count &+= 1
            position = scanner.skipSpace(after)
            guard position < scanner.end else { return scanner.failUnexpected(position) }
            if position.pointee == Byte.comma {
                position = scanner.skipSpace(position + 1)
            } else if position.pointee == Byte.rightBrace {
                return close(index, Kind.object, count, position + 1, &tape)
            } else {
                return scanner.failUnexpected(position)
            }
        }
    }

    @inline(never)
    private static func array(
        _ begin: BytePointer, _ scanner: inout JSONScanner, _ tape: inout InstanceTape, _ depth: Int, _ names: Int
    ) -> BytePointer? {
        guard depth <= JSONScanner.maximumDepth else { return scanner.fail(.tooDeep, begin) }
        let index = open(begin, scanner.offset(begin), &tape)
        var count: UInt32 = 0
        var position = scanner.skipSpace(begin + 1)
        if position < scanner.end, position.pointee == Byte.rightBracket {
            return close(index, Kind.array, count, position + 1, &tape)
        }
        while true {
            guard let after = value(position, &scanner, &tape, depth, names) else { return nil }
            count &+= 1
            position = scanner.skipSpace(after)
            guard position < scanner.end else { return scanner.failUnexpected(position) }
            if position.pointee == Byte.comma {
                position = scanner.skipSpace(position + 1)
            } else if position.pointee == Byte.rightBracket {
                return close(index, Kind.array, count, position + 1, &tape)
            } else {
                return scanner.failUnexpected(position)
            }
        }
    }

    @inline(__always)
    private static func open(_ begin: BytePointer, _ offset: Int, _ tape: inout InstanceTape) -> Int {
        let index = tape.count
        tape.append(TapeEntry(start: UInt32(truncatingIfNeeded: offset), end: 0, next: 0, info: 0))
        return index
    }

    @inline(__always)
    private static func close(
        _ index: Int, _ kind: UInt8, _ count: UInt32, _ after: BytePointer, _ tape: inout InstanceTape
    ) -> BytePointer {
        var entry = tape[index]
        entry.end = count
        entry.next = UInt32(truncatingIfNeeded: tape.count)
        entry.info = UInt32(kind)
        tape[index] = entry
        return after
    }
}
