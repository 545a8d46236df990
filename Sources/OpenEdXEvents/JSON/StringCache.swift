import Synchronization

/// Strings that were read before, so that those that come again and again (a course's key and name, a mode, a user who is
/// busy) are neither looked through nor allocated and copied anew.
///
/// A string has one place, by its first, middle and last bytes. It takes that place when it comes twice there without the
/// one that is kept in between, so that what comes once, as most ids do, drives nothing out. Strings of at most 15 bytes
/// need no memory of their own in Swift, and very long ones would hold too much of it: they are left alone.
///
/// Events of one type and key are alike, so the n-th string of a payload is often what it was before: that is tried first,
/// by comparing bytes. A string that is found so is known to be valid.
///
/// Safety: whoever reads has the cache alone, from ``lend()`` to ``giveBack()``; to anybody else it is as if there were none.
// Unchecked: see above; the places are touched by whoever has the cache.
@usableFromInline
package final class StringCache: @unchecked Sendable {
    struct Place {
        /// The hash of the string that is kept.
        var hash: UInt64 = 0
        /// The hash of the string that was here last and is not kept.
        var candidate: UInt64 = 0
        var text = ""
        /// How the string stands in JSON, with its closing quote. Room for `capacity` bytes.
        var token: UnsafeMutablePointer<UInt8>?
        var count = 0
        var capacity = 0
    }

    /// How many bytes a string has in JSON that is kept.
    private static let sizes = 16...512
    private static let count = 256
    /// For how many strings of a payload is known what they were before.
    private static let known = 64

    private let isLent = Atomic(false)
    fileprivate let places: UnsafeMutablePointer<Place>
    /// The place of the n-th string of a payload, as it was last.
    fileprivate let expected: UnsafeMutablePointer<UInt8>

    package init() {
        places = .allocate(capacity: Self.count)
        places.initialize(repeating: Place(), count: Self.count)
        expected = .allocate(capacity: Self.known)
        expected.initialize(repeating: 0, count: Self.known)
    }

    deinit {
        for index in 0..<Self.count { places[index].token?.deallocate() }
        places.deinitialize(count: Self.count)
        places.deallocate()
        expected.deallocate()
    }

    /// The cache for the caller alone, who is to give it back; `nil` while another has it.
    package func lend() -> Loan? {
        isLent.compareExchange(expected: false, desired: true, ordering: .acquiring).exchanged ? Loan(self) : nil
    }

    package func giveBack() { isLent.store(false, ordering: .releasing) }

    /// What a reader has of a cache. Without a reference, which would be counted at each string: whoever lends the cache
    /// keeps it until it is given back.
    package struct Loan {
        private let places: UnsafeMutablePointer<Place>
        private let expected: UnsafeMutablePointer<UInt8>
        /// How many strings were read.
        private var read = 0

        fileprivate init(_ cache: StringCache) {
            places = cache.places
            expected = cache.expected
        }

        /// The string that is expected next, if it stands here, from behind its opening quote; and where it ends.
        @inline(__always)
        mutating func next(at here: BytePointer, before end: BytePointer) -> (text: String, end: BytePointer)? {
            read &+= 1
            let place = places + Int(expected[read & (known - 1)])
            let count = place.pointee.count
            // At least 17 bytes, or none.
            guard count > 0, here.distance(to: end) >= count, let token = place.pointee.token,
                StringCache.isEqual(BytePointer(token), here, count)
            else { return nil }
            return (place.pointee.text, here + count)
        }

        /// The text of a string's validated contents: the one that is kept, or a new one.
        ///
        /// - Parameter make: Makes the text.
        @inline(__always)
        func text(_ contents: JSONReader.StringContents, _ make: () -> String) -> String {
            let bytes = contents.bytes
            guard sizes.contains(bytes.count), let start = bytes.baseAddress else { return make() }
            let hash = StringCache.hash(start, bytes.count)
            let index = Int(truncatingIfNeeded: hash & UInt64(StringCache.count - 1))
            let place = places + index
            if place.pointee.hash == hash, let token = place.pointee.token, place.pointee.count == bytes.count + 1,
                StringCache.isEqual(BytePointer(token), start, bytes.count)
            {
                place.pointee.candidate = 0
                expected[read & (known - 1)] = UInt8(truncatingIfNeeded: index)
                return place.pointee.text
            }
            let text = make()
            if place.pointee.candidate == hash {
                place.pointee.keep(text, hash, bytes)
            } else {
                place.pointee.candidate = hash
            }
            return text
        }
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

extension StringCache.Place {
    /// Keeps a string, whose contents stand in JSON before a quote.
    @inline(never)
    fileprivate mutating func keep(_ text: String, _ hash: UInt64, _ contents: UnsafeBufferPointer<UInt8>) {
        guard let start = contents.baseAddress else { return }
        self.text = text
        self.hash = hash
        count = contents.count + 1
        if capacity < count {
            token?.deallocate()
            capacity = (count + 63) & ~63
            token = .allocate(capacity: capacity)
        }
        token?.update(from: start, count: count)
    }
}
