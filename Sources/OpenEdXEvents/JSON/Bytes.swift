/// The bytes that JSON's grammar names.
@usableFromInline
package enum Byte {
    @inlinable @inline(__always) package static var quote: UInt8 { 0x22 }
    @inlinable @inline(__always) package static var backslash: UInt8 { 0x5C }
    @inlinable @inline(__always) package static var comma: UInt8 { 0x2C }
    @inlinable @inline(__always) package static var colon: UInt8 { 0x3A }
    @inlinable @inline(__always) package static var minus: UInt8 { 0x2D }
    @inlinable @inline(__always) package static var plus: UInt8 { 0x2B }
    @inlinable @inline(__always) package static var dot: UInt8 { 0x2E }
    @inlinable @inline(__always) package static var zero: UInt8 { 0x30 }
    @inlinable @inline(__always) package static var leftBrace: UInt8 { 0x7B }
    @inlinable @inline(__always) package static var rightBrace: UInt8 { 0x7D }
    @inlinable @inline(__always) package static var leftBracket: UInt8 { 0x5B }
    @inlinable @inline(__always) package static var rightBracket: UInt8 { 0x5D }

    /// The value of a hexadecimal digit, or 16 for any other byte.
    @inlinable
    @inline(__always)
    package static func hexadecimal(_ byte: UInt8) -> UInt32 {
        let digit = byte &- zero
        if digit < 10 { return UInt32(digit) }
        let letter = (byte | 0x20) &- 0x61
        return letter < 6 ? UInt32(letter) + 10 : 16
    }

    /// Whether the byte is one of `0` to `9`.
    @inlinable
    @inline(__always)
    package static func isDigit(_ byte: UInt8) -> Bool { byte &- zero < 10 }
}

/// A pointer into a document. Every function that takes one says how far it may read.
@usableFromInline package typealias BytePointer = UnsafePointer<UInt8>

extension UnsafePointer<UInt8> {
    /// The 8 bytes from here on, the first in the lowest bits on any machine. All 8 must be readable.
    @inlinable
    @inline(__always)
    package var word: UInt64 {
        UInt64(littleEndian: UnsafeRawPointer(self).loadUnaligned(as: UInt64.self))
    }

    /// The 4 bytes from here on, the first in the lowest bits. All 4 must be readable.
    @inlinable
    @inline(__always)
    package var halfWord: UInt32 {
        UInt32(littleEndian: UnsafeRawPointer(self).loadUnaligned(as: UInt32.self))
    }

    /// The 16 bytes from here on. All 16 must be readable.
    @inlinable
    @inline(__always)
    package var block: SIMD16<Int8> {
        UnsafeRawPointer(self).loadUnaligned(as: SIMD16<Int8>.self)
    }
}

/// Eight copies of a byte.
@inlinable
@inline(__always)
package func repeated(_ byte: UInt8) -> UInt64 { 0x0101_0101_0101_0101 &* UInt64(byte) }

extension UInt64 {
    /// Folds eight more bytes into a hash, by one multiplication. Not proof against those who choose the bytes.
    @inline(__always)
    mutating func fold(_ word: UInt64) {
        let product = (self ^ word).multipliedFullWidth(by: 0xA076_1D64_78BD_642F)
        self = product.high ^ product.low
    }

    /// Folds bytes into a hash, eight at a time.
    @inline(__always)
    mutating func fold(_ bytes: UnsafeRawBufferPointer) {
        var index = 0
        while index + 8 <= bytes.count {
            fold(UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: index, as: UInt64.self)))
            index += 8
        }
        var last: UInt64 = 0
        while index < bytes.count {
            last = last << 8 | UInt64(bytes[index])
            index += 1
        }
        fold(last)
    }
}

/// Sixteen copies of a byte.
///
/// Comparing a block with this is three instructions; comparing it with a scalar goes element by element.
@inlinable
@inline(__always)
package func sixteen(_ byte: Int8) -> SIMD16<Int8> { SIMD16(repeating: byte) }

/// The index of the first byte of a block for which the mask is set; 16 if there is none.
@inlinable
@inline(__always)
package func firstIndex(_ mask: SIMDMask<SIMD16<Int8>>) -> Int {
    let halves = unsafeBitCast(mask, to: SIMD2<UInt64>.self)
    let low = UInt64(littleEndian: halves[0])
    if low != 0 { return low.trailingZeroBitCount &>> 3 }
    let high = UInt64(littleEndian: halves[1])
    return high != 0 ? 8 &+ high.trailingZeroBitCount &>> 3 : 16
}

/// The index of the first byte in a block that ends a run of plain ASCII text; 16 if there is none.
@inlinable
@inline(__always)
package func firstSpecial(_ block: SIMD16<Int8>) -> Int {
    // As signed bytes, control characters and non-ASCII bytes are both below 0x20.
    firstIndex((block .== sixteen(0x22)) .| (block .== sixteen(0x5C)) .| (block .< sixteen(0x20)))
}

/// Whether all bytes are printable ASCII, of which nothing needs a closer look.
@inlinable
@inline(__always)
package func isPrintableASCII(_ bytes: UnsafeBufferPointer<UInt8>) -> Bool {
    // A byte below 0x20 or above 0x7E turns out as 0x5F or more. No early exit, so that it compiles to blocks.
    var others: UInt8 = 0
    for byte in bytes { others |= byte &- 0x20 < 0x5F ? 0 : 1 }
    return others == 0
}

/// Whether both hold the same bytes; compared eight at a time.
@inline(__always)
package func holdSameBytes(_ left: UnsafeBufferPointer<UInt8>, _ right: UnsafeBufferPointer<UInt8>) -> Bool {
    let count = left.count
    guard count == right.count else { return false }
    guard let left = left.baseAddress, let right = right.baseAddress, left != right else { return true }
    if count >= 8 {
        var index = 0
        while index &+ 8 < count {
            if (left + index).word != (right + index).word { return false }
            index &+= 8
        }
        return (left + count - 8).word == (right + count - 8).word
    }
    for index in 0..<count where left[index] != right[index] { return false }
    return true
}
