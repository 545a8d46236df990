import Synchronization

/// Strings that were read before, so that those that come again and again (a course's key and name, a mode, a user who is
/// busy) are neither allocated nor copied anew.
///
/// A string has one place, by its first, middle and last bytes. It takes that place when it comes twice there without the
/// one that is kept in between, so that what comes once, as most ids do, drives nothing out. Strings of at most 15 bytes
/// need no memory of their own in Swift, and very long ones would hold too much of it: they are left alone. One with
/// escapes is kept as it stands in JSON, too.
///
/// Safety: whoever reads has the cache alone, from ``lend()`` to ``giveBack()``; to anybody else it is as if there were none.
// Unchecked: see above; the places are touched by whoever has the cache.
@usableFromInline
package final class StringCache: @unchecked Sendable {
    private struct Place {
        /// The hash of the string that is kept.
        var hash: UInt64 = 0
        /// The hash of the string that was here last and is not kept.
        var candidate: UInt64 = 0
        var text = ""
        /// How the string stands in JSON, if escaped; else empty.
        var escaped: [UInt8] = []
    }

    /// How many bytes a string has in JSON that is kept.
    private static let sizes = 16...512
    private static let count = 256

    private let isLent = Atomic(false)
    private let places: UnsafeMutablePointer<Place>

    package init() {
        places = .allocate(capacity: Self.count)
        places.initialize(repeating: Place(), count: Self.count)
    }

    deinit {
        places.deinitialize(count: Self.count)
        places.deallocate()
    }

    /// Whether the caller has the cache now, and is to give it back.
    package func lend() -> Bool {
        isLent.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged
    }

    package func giveBack() { isLent.store(false, ordering: .releasing) }

    /// The text of a string's validated contents: the one that is kept, or a new one.
    ///
    /// - Parameter make: Makes the text.
    @inline(__always)
    func text(_ contents: JSONReader.StringContents, _ make: () -> String) -> String {
        let bytes = contents.bytes
        guard Self.sizes.contains(bytes.count), let start = bytes.baseAddress else { return make() }
        let hash = Self.hash(start, bytes.count)
        let place = places + Int(truncatingIfNeeded: hash & UInt64(Self.count - 1))
        if place.pointee.hash == hash, Self.holds(place, contents) {
            place.pointee.candidate = 0
            return place.pointee.text
        }
        let text = make()
        if place.pointee.candidate == hash {
            place.pointee.hash = hash
            place.pointee.text = text
            place.pointee.escaped = contents.isEscaped ? Array(bytes) : []
        } else {
            place.pointee.candidate = hash
        }
        return text
    }

    @inline(__always)
    private static func holds(_ place: UnsafeMutablePointer<Place>, _ contents: JSONReader.StringContents) -> Bool {
        func equals(_ known: UnsafeBufferPointer<UInt8>) -> Bool {
            guard known.count == contents.bytes.count, let known = known.baseAddress,
                let bytes = contents.bytes.baseAddress
            else { return false }
            return isEqual(known, bytes, contents.bytes.count)
        }
        if contents.isEscaped { return place.pointee.escaped.withUnsafeBufferPointer(equals) }
        guard place.pointee.escaped.isEmpty else { return false }
        return place.pointee.text.utf8.withContiguousStorageIfAvailable(equals) ?? false
    }

    /// Of at least 16 bytes each.
    @inline(__always)
    private static func isEqual(_ left: BytePointer, _ right: BytePointer, _ count: Int) -> Bool {
        var index = 0
        while index + 16 <= count {
            guard firstIndex((left + index).block .!= (right + index).block) == 16 else { return false }
            index += 16
        }
        return firstIndex((left + (count - 16)).block .!= (right + (count - 16)).block) == 16
    }

    /// Of at least 16 bytes.
    @inline(__always)
    private static func hash(_ start: BytePointer, _ count: Int) -> UInt64 {
        var hash = UInt64(truncatingIfNeeded: count) &* 0x9E37_79B9_7F4A_7C15
        hash.fold(start.word)
        hash.fold((start + (count / 2 - 4)).word)
        hash.fold((start + (count - 8)).word)
        return hash
    }
}
