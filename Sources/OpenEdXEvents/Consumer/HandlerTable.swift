/// Finds the handlers of an event type by the bytes of its name, without making a `String`.
///
/// Open addressing at a load of at most one half: with 10 000 types a look-up costs what it costs with 10.
struct HandlerTable: Sendable {
    private struct Entry {
        let hash: UInt64
        let name: [UInt8]
        let handlers: HandlerSet
    }

    private var entries: [Entry] = []
    /// Indices into `entries`, −1 for none; a power of two of them.
    private var slots: [Int32]
    private let mask: Int
    /// What handles the types that are not in the table.
    let unrecognized: HandlerSet?

    init(_ handlers: EventHandlers) {
        unrecognized = handlers.unrecognized.isEmpty ? nil : HandlerSet(handlers.unrecognized)
        let grouped = Dictionary(grouping: handlers.byType, by: \.type)
        var size = 16
        while size < grouped.count * 2 { size *= 2 }
        slots = Array(repeating: -1, count: size)
        mask = size - 1
        for (type, registrations) in grouped {
            let name = Array(type.name.utf8)
            let hash = name.withUnsafeBufferPointer { Self.hash($0) }
            var slot = Int(truncatingIfNeeded: hash) & mask
            while slots[slot] >= 0 { slot = (slot + 1) & mask }
            slots[slot] = Int32(entries.count)
            entries.append(Entry(hash: hash, name: name, handlers: HandlerSet(registrations.map(\.handler))))
        }
    }

    /// The handlers of a type, or those of everything unrecognized, or `nil`.
    func handlers(of type: UnsafeBufferPointer<UInt8>) -> HandlerSet? {
        let hash = Self.hash(type)
        var slot = Int(truncatingIfNeeded: hash) & mask
        while slots[slot] >= 0 {
            let index = Int(slots[slot])
            if entries[index].hash == hash, Self.isEqual(entries[index].name, type) { return entries[index].handlers }
            slot = (slot + 1) & mask
        }
        return unrecognized
    }

    private static func isEqual(_ name: [UInt8], _ type: UnsafeBufferPointer<UInt8>) -> Bool {
        name.withUnsafeBufferPointer { holdSameBytes($0, type) }
    }

    /// Eight bytes at a time, multiplied and folded. Not proof against attack: only registered names are stored, so
    /// no sender can fill a chain.
    private static func hash(_ bytes: UnsafeBufferPointer<UInt8>) -> UInt64 {
        var hash = UInt64(truncatingIfNeeded: bytes.count) &* 0x9E37_79B9_7F4A_7C15
        hash.fold(UnsafeRawBufferPointer(bytes))
        return hash
    }
}
