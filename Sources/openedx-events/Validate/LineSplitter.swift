/// Cuts a stream of bytes into lines: pure, and in bounded memory. Lines without anything but white space are left out.
struct LineSplitter {
    /// A line that is not blank.
    struct Line: Hashable, Sendable {
        /// The line's number, from 1.
        let number: Int
        /// Its bytes, without the end of the line; `nil` if there are more than are kept.
        let bytes: [UInt8]?
    }

    /// How many bytes of a line are kept at the most.
    let limit: Int
    private var number = 1
    private var bytes: [UInt8] = []
    private var isTooLong = false

    init(limit: Int) { self.limit = limit }

    /// Takes the next bytes of the stream and calls the body with each line that ends in them.
    mutating func consume<Failure: Error>(
        _ chunk: [UInt8], _ body: (Line) throws(Failure) -> Void
    ) throws(Failure) {
        var rest = chunk[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            keep(rest[..<end])
            try finish(body)
            number += 1
            rest = rest[(end + 1)...]
        }
        keep(rest)
    }

    /// Ends the stream, or a line of it.
    mutating func finish<Failure: Error>(_ body: (Line) throws(Failure) -> Void) throws(Failure) {
        defer {
            bytes.removeAll(keepingCapacity: !isTooLong)
            isTooLong = false
        }
        if isTooLong { return try body(Line(number: number, bytes: nil)) }
        guard bytes.contains(where: { $0 != 0x20 && $0 != 0x09 && $0 != 0x0D }) else { return }
        try body(Line(number: number, bytes: bytes))
    }

    private mutating func keep(_ part: ArraySlice<UInt8>) {
        guard !isTooLong else { return }
        if bytes.count + part.count > limit {
            isTooLong = true
            bytes.removeAll()
        } else {
            bytes += part
        }
    }
}
