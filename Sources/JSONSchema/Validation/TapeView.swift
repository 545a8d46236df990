import OpenEdXEvents

/// The bytes of a validated document and its tape, to look at its values.
///
/// Safety: both outlive the view, which is made for a call; every index is that of an entry, and every entry's offsets
/// lie within the bytes.
struct TapeView: BitwiseCopyable {
    let bytes: BytePointer
    let entries: UnsafePointer<TapeEntry>

    /// The bytes of a string or name between its quotes, or of a number.
    @inline(__always)
    func text(_ index: Int) -> UnsafeBufferPointer<UInt8> {
        let entry = entries[index]
        return UnsafeBufferPointer(start: bytes + Int(entry.start), count: Int(entry.end &- entry.start))
    }

    /// Lends the bytes of a string or name without escapes.
    @inline(__always)
    func withString<R>(_ index: Int, _ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        let raw = text(index)
        if !entries[index].isEscaped { return body(raw) }
        return withUnsafeTemporaryAllocation(of: UInt8.self, capacity: raw.count) { room in
            body(UnsafeBufferPointer(rebasing: room.prefix(unescape(raw, into: room))))
        }
    }

    /// Whether a number is whole.
    @inline(__always)
    func isInteger(_ index: Int) -> Bool {
        let text = text(index)
        var isPlain = true
        for byte in text where byte == Byte.dot || byte | 0x20 == UInt8(ascii: "e") { isPlain = false }
        return isPlain || DecimalView(text).isInteger
    }

    /// A number's value, if it is written as an integer of up to 17 digits.
    @inline(__always)
    func small(_ index: Int) -> Int64? {
        let text = text(index)
        let isNegative = text[0] == Byte.minus
        guard text.count <= 17 else { return nil }
        var value: Int64 = 0
        for position in (isNegative ? 1 : 0)..<text.count {
            let digit = text[position] &- Byte.zero
            guard digit < 10 else { return nil }
            value = value &* 10 &+ Int64(digit)
        }
        return isNegative ? -value : value
    }
}

// MARK: - Equality

extension TapeView {
    /// Whether two values are the same JSON value.
    func isEqual(_ index: Int, to other: TapeView, _ otherIndex: Int) -> Bool {
        let entry = entries[index]
        let match = other.entries[otherIndex]
        guard entry.kind == match.kind else { return false }
        switch entry.kind {
        case Kind.null: return true
        case Kind.bool: return bytes[Int(entry.start)] == other.bytes[Int(match.start)]
        case Kind.string: return isSameText(index, other, otherIndex)
        case Kind.number:
            if let left = small(index), let right = other.small(otherIndex) { return left == right }
            return DecimalView(text(index)).compare(DecimalView(other.text(otherIndex))) == 0
        case Kind.array:
            guard entry.childCount == match.childCount else { return false }
            var child = index + 1
            var otherChild = otherIndex + 1
            while child < Int(entry.next) {
                guard isEqual(child, to: other, otherChild) else { return false }
                child = Int(entries[child].next)
                otherChild = Int(other.entries[otherChild].next)
            }
            return true
        default: return isEqualObject(index, other, otherIndex)
        }
    }

    private func isEqualObject(_ index: Int, _ other: TapeView, _ otherIndex: Int) -> Bool {
        guard entries[index].childCount == other.entries[otherIndex].childCount else { return false }
        // In order as long as the names agree; sorted if they do not.
        var child = index + 1
        var otherChild = otherIndex + 1
        let end = Int(entries[index].next)
        while child < end, isSameName(child, other, otherChild) {
            guard isEqual(child + 1, to: other, otherChild + 1) else { return false }
            child = Int(entries[child + 1].next)
            otherChild = Int(other.entries[otherChild + 1].next)
        }
        if child == end { return true }
        let names = sortedNames(from: child, to: end)
        let otherNames = other.sortedNames(from: otherChild, to: Int(other.entries[otherIndex].next))
        return zip(names, otherNames).allSatisfy { isSameName($0, other, $1) }
            && zip(names, otherNames).allSatisfy { isEqual($0 + 1, to: other, $1 + 1) }
    }

    private func isSameName(_ index: Int, _ other: TapeView, _ otherIndex: Int) -> Bool {
        entries[index].hash == other.entries[otherIndex].hash && isSameText(index, other, otherIndex)
    }

    private func isSameText(_ index: Int, _ other: TapeView, _ otherIndex: Int) -> Bool {
        if entries[index].isEscaped || other.entries[otherIndex].isEscaped {
            return withString(index) { left in other.withString(otherIndex) { left.elementsEqual($0) } }
        }
        let (left, right) = (text(index), other.text(otherIndex))
        return left.count == right.count && left.elementsEqual(right)
    }

    private func sortedNames(from first: Int, to end: Int) -> [Int] {
        var names: [Int] = []
        var child = first
        while child < end {
            names.append(child)
            child = Int(entries[child + 1].next)
        }
        return names.sorted { left, right in
            if entries[left].hash != entries[right].hash { return entries[left].hash < entries[right].hash }
            return withString(left) { text in withString(right) { text.lexicographicallyPrecedes($0) } }
        }
    }

    /// A hash that is the same for equal values, with the process's own seed.
    func hash(_ index: Int) -> Int {
        var hasher = Hasher()
        let entry = entries[index]
        hasher.combine(entry.kind)
        switch entry.kind {
        case Kind.null: break
        case Kind.bool: hasher.combine(bytes[Int(entry.start)])
        case Kind.string: withString(index) { hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
        case Kind.number:
            let decimal = DecimalView(text(index))
            hasher.combine(decimal.isNegative)
            hasher.combine(decimal.magnitude)
            for digit in 0..<decimal.count { hasher.combine(decimal.digit(digit)) }
        case Kind.array:
            var child = index + 1
            while child < Int(entry.next) {
                hasher.combine(hash(child))
                child = Int(entries[child].next)
            }
        default:
            // A sum, so that the order of the members does not matter.
            var sum = 0
            var child = index + 1
            while child < Int(entry.next) {
                var member = Hasher()
                withString(child) { member.combine(bytes: UnsafeRawBufferPointer($0)) }
                member.combine(hash(child + 1))
                sum &+= member.finalize()
                child = Int(entries[child + 1].next)
            }
            hasher.combine(sum)
        }
        return hasher.finalize()
    }
}
