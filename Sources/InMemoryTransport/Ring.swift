/// A queue in a ring: appends at the end and removes at the front in constant time.
struct Ring<Element> {
    private var slots: ContiguousArray<Element?> = []
    private var head = 0
    private(set) var count = 0

    var isEmpty: Bool { count == 0 }

    var first: Element? { isEmpty ? nil : slots[head] }

    /// The element at an index from the front.
    subscript(index: Int) -> Element {
        precondition(index >= 0 && index < count, "index beyond the ring")
        // The slots of the first `count` places are filled, always.
        return slots[(head + index) & (slots.count - 1)].unsafelyUnwrapped
    }

    mutating func append(_ element: Element) {
        if count == slots.count { grow() }
        slots[(head + count) & (slots.count - 1)] = element
        count += 1
    }

    @discardableResult
    mutating func removeFirst() -> Element? {
        guard count > 0 else { return nil }
        let element = slots[head].take()
        head = (head + 1) & (slots.count - 1)
        count -= 1
        return element
    }

    mutating func removeAll(where isRemoved: (Element) -> Bool) {
        var kept = Ring()
        while let element = removeFirst() {
            if !isRemoved(element) { kept.append(element) }
        }
        self = kept
    }

    /// Doubles the room; it is a power of two, so that an index is found by a mask.
    private mutating func grow() {
        var grown = ContiguousArray<Element?>(repeating: nil, count: max(16, slots.count * 2))
        for index in 0..<count { grown[index] = slots[(head + index) & (slots.count - 1)].take() }
        slots = grown
        head = 0
    }
}

extension Ring: Sendable where Element: Sendable {}
