/// The id of an event: a UUID, which this library makes as version 1 with a random node (rule 04).
///
/// Any UUID can be held, since events from elsewhere carry others. Ids are equal if their 16 bytes are.
public struct EventID: Hashable, Sendable {
    // The 16 bytes in network order, as two numbers: hashing and comparing cost two words.
    package let high: UInt64
    package let low: UInt64

    package init(high: UInt64, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// Makes a new id: version 1, the time of now, never given out before by this process.
    public init() {
        self = EventIDGenerator.nextOfProcess()
    }

    /// Reads a UUID in its form with dashes, in either case; `nil` if the text is none.
    public init?(_ text: String) {
        var text = text
        guard let id = text.withUTF8({ EventID(utf8: $0) }) else { return nil }
        self = id
    }

    /// Reads a UUID in its form with dashes, in either case.
    package init?(utf8 bytes: UnsafeBufferPointer<UInt8>) {
        guard bytes.count == 36 else { return nil }
        var high: UInt64 = 0
        var low: UInt64 = 0
        var index = 0
        while index < 36 {
            let byte = bytes[index]
            if index == 8 || index == 13 || index == 18 || index == 23 {
                guard byte == UInt8(ascii: "-") else { return nil }
            } else {
                let digit = ASCII.hexValue(byte)
                guard digit < 16 else { return nil }
                if index < 18 {
                    high = high << 4 | UInt64(digit)
                } else {
                    low = low << 4 | UInt64(digit)
                }
            }
            index += 1
        }
        self.init(high: high, low: low)
    }

    /// Whether this is a version 1 UUID of the usual variant (RFC 9562).
    public var isVersion1: Bool { high >> 12 & 0xF == 1 && low >> 62 == 0b10 }

    /// Whether the node has the multicast bit set, which no address of a network card has.
    public var hasRandomNode: Bool { low >> 40 & 1 == 1 }

    /// When a version 1 id was made, to 100 ns; `nil` for any other.
    public var time: EventTime? {
        guard isVersion1 else { return nil }
        let ticks = (high & 0xFFF) << 48 | (high >> 16 & 0xFFFF) << 32 | high >> 32
        let since1970 = Int64(ticks) - EventIDGenerator.ticksFrom1582To1970
        let (seconds, rest) = EventTime.floorDivide(since1970, by: EventIDGenerator.ticksPerSecond)
        return EventTime(seconds: seconds, nanoseconds: Int32(rest * 100))
    }

    /// Writes the id, lower case with dashes: 36 bytes.
    package func write(to buffer: UnsafeMutablePointer<UInt8>) {
        // Every store lies within the 36 bytes that the caller lends; none of them needs to be aligned.
        let bytes = UnsafeMutableRawPointer(buffer)
        let (first, second) = (EventID.hex(high >> 32), EventID.hex(high))
        let (third, fourth) = (EventID.hex(low >> 32), EventID.hex(low))
        bytes.storeBytes(of: first.bigEndian, as: UInt64.self)
        bytes.storeBytes(of: UInt32(truncatingIfNeeded: second >> 32).bigEndian, toByteOffset: 9, as: UInt32.self)
        bytes.storeBytes(of: UInt32(truncatingIfNeeded: second).bigEndian, toByteOffset: 14, as: UInt32.self)
        bytes.storeBytes(of: UInt32(truncatingIfNeeded: third >> 32).bigEndian, toByteOffset: 19, as: UInt32.self)
        bytes.storeBytes(of: UInt32(truncatingIfNeeded: third).bigEndian, toByteOffset: 24, as: UInt32.self)
        bytes.storeBytes(of: fourth.bigEndian, toByteOffset: 28, as: UInt64.self)
        buffer[8] = UInt8(ascii: "-")
        buffer[13] = UInt8(ascii: "-")
        buffer[18] = UInt8(ascii: "-")
        buffer[23] = UInt8(ascii: "-")
    }

    /// The hexadecimal digits of the lower 32 bits as eight ASCII codes, the first in the highest byte.
    @inline(__always)
    private static func hex(_ value: UInt64) -> UInt64 {
        // Each nibble moves into a byte of its own.
        var nibbles = value & 0xFFFF_FFFF
        nibbles = (nibbles | nibbles << 16) & 0x0000_FFFF_0000_FFFF
        nibbles = (nibbles | nibbles << 8) & 0x00FF_00FF_00FF_00FF
        nibbles = (nibbles | nibbles << 4) & 0x0F0F_0F0F_0F0F_0F0F
        // Adding 6 carries into bit 4 from 10 on: those become letters, 39 codes further.
        let letters = ((nibbles &+ 0x0606_0606_0606_0606) >> 4) & 0x0101_0101_0101_0101
        return nibbles &+ 0x3030_3030_3030_3030 &+ letters &* 39
    }
}

extension EventID: CustomStringConvertible, LosslessStringConvertible {
    /// The id in lower case with dashes.
    public var description: String {
        String(unsafeUninitializedCapacity: 36) { buffer in
            // A buffer of that capacity has a base address.
            write(to: buffer.baseAddress!)
            return 36
        }
    }
}

extension EventID: Codable {
    /// Reads the id from a string.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        guard let id = EventID(try container.decode(String.self)) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "not a UUID")
        }
        self = id
    }

    /// Writes the id as a string.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(description)
    }
}
