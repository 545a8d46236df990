/// The names of the objects that are open, to find one that stands twice.
///
/// An object of up to 32 names has them on a small stack, as hashes, and a set of 64 bits that says for most new names
/// that nothing before can be equal. So an ordinary document costs no allocation. A larger object, or one nested where
/// the stack is full, has its names in a `Set`, whose hashes are seeded: no choice of names makes either way quadratic.
package struct NameTable: ~Copyable {
    /// A name on the stack: a part of its hash, and where it stands in the document.
    struct Entry: BitwiseCopyable {
        let hash: UInt32
        let offset: UInt32

        @inline(__always)
        init(hash: UInt64, offset: Int) {
            // The lower half of a product says less than the upper.
            self.hash = UInt32(truncatingIfNeeded: hash &>> 26)
            self.offset = UInt32(truncatingIfNeeded: offset)
        }
    }

    /// The names of one object, whose members are read.
    package struct Scope {
        /// The index of its first entry on the stack.
        let first: Int
        /// The index behind its last entry.
        package var count: Int
        /// How far its entries may go; 0 if its names are in the set.
        var limit: Int
        /// A bit for the hash of each of its names.
        var mask: UInt64 = 0
        /// Its number, if its names are in the set; else 0.
        var object: UInt32 = 0

        /// Begins an object above those that hold it, which have so many entries.
        @inline(__always)
        package init(first: Int) {
            self.first = first
            count = first
            limit = min(first &+ largestSmallObject, capacity)
        }
    }

    /// Entries for which there is room: one kilobyte, as much as is certain to lie on the machine's stack.
    static let capacity = 128
    /// The largest number of names compared one by one.
    static let largestSmallObject = 32

    /// Room for `capacity` entries, lent by ``JSONScanner/withScanner(over:_:)`` for the scanner's life. A scope's
    /// entries lie below its limit, which is at most `capacity`.
    let entries: UnsafeMutablePointer<Entry>
    private var largeNames: Set<Key>?
    private var lastObject: UInt32 = 0
    /// How many names were compared one by one or looked up, for tests.
    package private(set) var comparisons = 0

    init(entries: UnsafeMutablePointer<Entry>) {
        self.entries = entries
    }

    /// Notes a name after comparing it with those before; `false` if it stands there already.
    mutating func isNew(_ key: Key, hash: UInt64, in scope: inout Scope, of document: BytePointer) -> Bool {
        if scope.object == 0 {
            let entry = Entry(hash: hash, offset: document.distance(to: key.start))
            comparisons += scope.count - scope.first
            for index in scope.first..<scope.count where entries[index].hash == entry.hash {
                if Key(entries[index], in: document) == key { return false }
            }
            scope.mask |= 1 &<< (hash &>> 58)
            if scope.count < scope.limit {
                entries[scope.count] = entry
                scope.count += 1
                return true
            }
            moveToSet(&scope, of: document)
        }
        comparisons += 1
        var key = key
        key.object = scope.object
        return largeNames?.insert(key).inserted ?? true
    }

    /// Moves an object's names from the stack to the set, where all that follow will go.
    private mutating func moveToSet(_ scope: inout Scope, of document: BytePointer) {
        lastObject += 1
        scope.object = lastObject
        if largeNames == nil { largeNames = [] }
        for index in scope.first..<scope.count {
            var key = Key(entries[index], in: document)
            key.object = scope.object
            largeNames?.insert(key)
        }
        scope.count = scope.first
        scope.limit = 0
    }
}

extension NameTable {
    /// A name in an object, equal to another if both are the same when unescaped.
    ///
    /// It points into the document: it lives no longer than the scanner does.
    struct Key: Hashable {
        var object: UInt32 = 0
        private let isEscaped: Bool
        private let bytes: UnsafeBufferPointer<UInt8>

        /// A validated name from its first byte to its closing quote.
        @inline(__always)
        init(_ start: BytePointer, before end: BytePointer, isEscaped: Bool) {
            self.isEscaped = isEscaped
            bytes = UnsafeBufferPointer(start: start, count: start.distance(to: end))
        }

        /// The name that was validated at an entry's offset: there is a closing quote.
        init(_ entry: Entry, in document: BytePointer) {
            let start = document + Int(entry.offset)
            var end = start
            var isEscaped = false
            while end.pointee != Byte.quote {
                let isEscape = end.pointee == Byte.backslash
                isEscaped = isEscaped || isEscape
                end += isEscape ? 2 : 1
            }
            self.init(start, before: end, isEscaped: isEscaped)
        }

        /// The name's first byte.
        var start: BytePointer { bytes.baseAddress.unsafelyUnwrapped }

        static func == (left: Key, right: Key) -> Bool {
            guard left.object == right.object else { return false }
            if left.isEscaped || right.isEscaped {
                return Array(unescaping: left.bytes) == Array(unescaping: right.bytes)
            }
            return left.bytes.elementsEqual(right.bytes)
        }

        func hash(into hasher: inout Hasher) {
            hasher.combine(object)
            if isEscaped {
                Array(unescaping: bytes).withUnsafeBytes { hasher.combine(bytes: $0) }
            } else {
                hasher.combine(bytes: UnsafeRawBufferPointer(bytes))
            }
        }
    }
}
