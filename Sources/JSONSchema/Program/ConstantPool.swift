import OpenEdXEvents

/// The values of `const` and `enum`, one after the other as the elements of an array, with the tape of that array.
struct ConstantPool: Sendable {
    var bytes: [UInt8] = []
    var entries: [TapeEntry] = []
    /// For each value the index of its entry.
    var indexes: [UInt32] = []
    /// For each value its hash.
    var hashes: [Int] = []
}

/// Gathers the values of `const` and `enum`.
struct ConstantBuilder {
    private var bytes: [UInt8] = [UInt8(ascii: "[")]
    private(set) var count: UInt32 = 0

    /// Adds a value and returns its number.
    mutating func add(_ node: JSONNode) -> UInt32 {
        if count > 0 { bytes.append(UInt8(ascii: ",")) }
        bytes += node.compactBytes()
        count += 1
        return count - 1
    }

    func finish() -> ConstantPool {
        var pool = ConstantPool()
        pool.bytes = bytes + [UInt8(ascii: "]")]
        pool.bytes.withUnsafeBufferPointer { buffer in
            withUnsafeTemporaryAllocation(of: TapeEntry.self, capacity: JSONTape.room) { room in
                var tape = JSONTape(room)
                guard tape.build(over: buffer) == nil, let base = buffer.baseAddress else { return }
                pool.entries = Array(UnsafeBufferPointer(start: tape.entries, count: tape.count))
                let view = TapeView(bytes: base, entries: tape.entries)
                var index = 1
                while index < tape.count {
                    pool.indexes.append(UInt32(index))
                    pool.hashes.append(view.hash(index))
                    index = Int(tape.entries[index].next)
                }
            }
        }
        return pool
    }
}
