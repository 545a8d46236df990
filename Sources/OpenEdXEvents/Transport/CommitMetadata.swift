/// What a commit's metadata string says about offsets that are finished beyond the committed one.
///
/// The string is `oe1`, a kind, and base64url text of: a CRC-32 over all that follows and the kind, the committed
/// offset (eight bytes each way big-endian), and the map. Kind `r` is run lengths as varints: unfinished and finished
/// in turn, beginning with the committed offset, which is unfinished. Kind `b` is bits, least significant first, the
/// first one for the offset behind the committed one. The smaller of the two is written. As the offset is part of it,
/// a map that was encoded against another commit is recognised.
public enum CommitMetadata: Sendable, Hashable {
    /// Nothing is finished beyond the committed offset.
    case none
    /// These offsets are finished: ascending ranges beyond the committed offset that do not touch.
    case finished([Range<Int64>])
    /// The string is someone else's, damaged, or of another commit: what it may have said is not used.
    case ignored(reason: String)

    /// The most bytes that Kafka stores with a commit unless its broker is configured otherwise.
    public static let limit = 4_096

    static let prefix = "oe1"
    /// Prefix and kind, in bytes of text.
    static let headLength = 4
    /// Checksum and offset, in bytes before base64.
    static let checkLength = 12

    /// How many bytes a map may have so that the whole string stays within a limit.
    static func mapCapacity(within limit: Int) -> Int {
        max(0, (limit - headLength) * 3 / 4 - checkLength)
    }

    /// Writes the string for a commit.
    ///
    /// - Parameters:
    ///   - finished: Ascending ranges beyond the offset that do not touch each other or the offset.
    ///   - offset: The offset that is committed with the string.
    ///   - limit: The most bytes that the string may have.
    /// - Returns: The string, empty if nothing is finished beyond the offset; `nil` if it does not fit.
    public static func encode(
        finished: [Range<Int64>], committedAt offset: Int64, within limit: Int = CommitMetadata.limit
    ) -> String? {
        guard let last = finished.last else { return "" }
        var runs: [UInt8] = []
        var end = offset
        for range in finished {
            appendVarint(UInt64(range.lowerBound - end), to: &runs)
            appendVarint(UInt64(range.upperBound - range.lowerBound), to: &runs)
            end = range.upperBound
        }
        let bitBytes = (UInt64(last.upperBound - offset - 1) + 7) / 8
        let capacity = mapCapacity(within: limit)
        if UInt64(runs.count) <= bitBytes {
            return runs.count <= capacity ? text(kind: UInt8(ascii: "r"), map: runs, offset: offset) : nil
        }
        guard bitBytes <= UInt64(capacity) else { return nil }
        var bits = [UInt8](repeating: 0, count: Int(bitBytes))
        for range in finished {
            for finished in range {
                let index = Int(finished - offset - 1)
                bits[index >> 3] |= 1 << UInt8(index & 7)
            }
        }
        return text(kind: UInt8(ascii: "b"), map: bits, offset: offset)
    }

    /// Reads the string of a commit.
    ///
    /// - Parameters:
    ///   - text: The metadata as committed; `nil` and the empty string say nothing.
    ///   - offset: The offset that was committed with it.
    public init(_ text: String?, committedAt offset: Int64) {
        guard let text, !text.isEmpty else {
            self = .none
            return
        }
        do throws(Refusal) {
            self = .finished(try Self.decode(Array(text.utf8), offset: offset))
        } catch {
            self = .ignored(reason: error.reason)
        }
    }

    private struct Refusal: Error {
        let reason: String
        init(_ reason: String) { self.reason = reason }
    }

    private static func decode(_ text: [UInt8], offset: Int64) throws(Refusal) -> [Range<Int64>] {
        guard text.count > headLength, text.starts(with: prefix.utf8) else {
            throw Refusal("not written by this library")
        }
        let kind = text[headLength - 1]
        guard kind == UInt8(ascii: "r") || kind == UInt8(ascii: "b") else {
            throw Refusal("of a kind that this version does not know")
        }
        guard let bytes = Base64URL.decode(text.dropFirst(headLength)), bytes.count > checkLength else {
            throw Refusal("damaged: not base64url, or too short")
        }
        let map = Array(bytes.dropFirst(checkLength))
        let encodedAt = bytes[4..<12].reduce(into: UInt64(0)) { $0 = $0 << 8 | UInt64($1) }
        guard check(kind: kind, map: map, offset: encodedAt) == Array(bytes.prefix(checkLength)) else {
            throw Refusal("damaged: the checksum does not match")
        }
        guard encodedAt == UInt64(bitPattern: offset) else {
            throw Refusal("stale: encoded against offset \(encodedAt), committed with offset \(offset)")
        }
        let ranges = kind == UInt8(ascii: "r") ? runs(in: map, from: offset) : bits(in: map, from: offset)
        guard let ranges else { throw Refusal("damaged: the map is not well formed") }
        return ranges
    }

    private static func text(kind: UInt8, map: [UInt8], offset: Int64) -> String {
        let check = check(kind: kind, map: map, offset: UInt64(bitPattern: offset))
        return prefix + String(UnicodeScalar(kind)) + Base64URL.encode(check + map)
    }

    /// Checksum and offset. The checksum covers the kind too, which stands outside the base64 text.
    private static func check(kind: UInt8, map: [UInt8], offset: UInt64) -> [UInt8] {
        let offsetBytes = (0..<8).map { UInt8(truncatingIfNeeded: offset >> (56 - 8 * $0)) }
        let checksum = CRC32.checksum(offsetBytes + map + [kind])
        return (0..<4).map { UInt8(truncatingIfNeeded: checksum >> (24 - 8 * $0)) } + offsetBytes
    }

    private static func runs(in map: [UInt8], from offset: Int64) -> [Range<Int64>]? {
        var ranges: [Range<Int64>] = []
        var index = 0
        var end = offset
        while index < map.count {
            guard let pending = readVarint(map, &index), let finished = readVarint(map, &index) else { return nil }
            let (lower, overflowed) = end.addingReportingOverflow(pending)
            let (upper, overflows) = lower.addingReportingOverflow(finished)
            if overflowed || overflows { return nil }
            ranges.append(lower..<upper)
            end = upper
        }
        return ranges
    }

    private static func bits(in map: [UInt8], from offset: Int64) -> [Range<Int64>]? {
        guard map.last != 0, offset < .max - Int64(map.count) * 8 - 1 else { return nil }
        var ranges: [Range<Int64>] = []
        var begin: Int64?
        for index in 0...map.count * 8 {
            let isFinished = index < map.count * 8 && map[index >> 3] >> UInt8(index & 7) & 1 == 1
            let position = offset + 1 + Int64(index)
            if isFinished {
                begin = begin ?? position
            } else if let lower = begin {
                ranges.append(lower..<position)
                begin = nil
            }
        }
        return ranges
    }

    private static func appendVarint(_ value: UInt64, to bytes: inout [UInt8]) {
        var rest = value
        while rest >= 128 {
            bytes.append(UInt8(rest & 127) | 128)
            rest >>= 7
        }
        bytes.append(UInt8(rest))
    }

    /// A length from 1 in its shortest form, else `nil`.
    private static func readVarint(_ bytes: [UInt8], _ index: inout Int) -> Int64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while index < bytes.count, shift < 63 {
            let byte = bytes[index]
            index += 1
            value |= UInt64(byte & 127) << shift
            if byte < 128 { return byte == 0 ? nil : Int64(value) }
            shift += 7
        }
        return nil
    }
}
