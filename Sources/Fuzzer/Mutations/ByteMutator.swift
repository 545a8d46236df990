/// Damages bytes without regard to what they mean.
enum ByteMutator {
    /// What breaks parsers.
    private static let tokens: [[UInt8]] =
        [
            "{", "}", "[", "]", ",", ":", "\"", "\\", "\"\"", "{}", "[]", "null", "true", "false", "nul", "tru", "-",
            "-0", "00", "01", "1.", ".1", "1e", "1e+", "1E-", "1e999", "-1e999", "1e-999", "0e99999999999999999999",
            "9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
            "18446744073709551615", "18446744073709551616", "2147483648", "-2147483649", "9007199254740993", "0.1",
            "123456789012345678901234567890", "1.7976931348623157e308", "1.7976931348623159e308", "5e-324", "NaN",
            "Infinity", "-Infinity", "+1", "0x1", "1_0", "\\u0000", "\\ud800", "\\udc00", "\\ud800\\u0041",
            "\\ud83d\\ude00", "\\uD83D", "\\ud800\\ud800", "\\uFFFF", "\\ufffe", "\\u00", "\\u00g0", "\\x", "\\/",
            "\\b\\f\\n\\r\\t", "\u{FEFF}", "\u{7F}", "\u{85}", "\u{A0}", "\u{2028}", "\u{FFFF}", "\u{10FFFF}",
            "e\u{301}", "\u{E9}", "//", "/* */", "'", "\t", "\n", "\r\n", "\u{B}", "\u{C}", "\"type\":",
            "\"type\":\"\",", "\"data\":null,", "\"data\":{},", "\"data_base64\":\"AA==\",",
            "\"data_base64\":\"AA\",", "\"id\":1,", "\"specversion\":null,", "\"minorversion\":1.0,",
            "\"minorversion\":-1,", "\"minorversion\":2147483648,", "\"time\":\"2026-01-01T00:00:60Z\",",
            "\"datacontenttype\":\"text/plain\",", "\"Type\":1,", "\"a\":1,\"a\":2,", "\"\\u0061\":1,\"a\":2,",
            "\"traceparent\":\"00-0-0-00\",",
        ].map { Array($0.utf8) }
        + [
            [0x00], [0x80], [0xBF], [0xC0, 0x80], [0xC1, 0xBF], [0xC2], [0xE0, 0x80, 0x80], [0xE2, 0x82],
            [0xED, 0xA0, 0x80], [0xEF, 0xBF, 0xBE], [0xF0, 0x80, 0x80, 0x80], [0xF0, 0x9F, 0x98],
            [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE, 0xFF], [0xFF, 0xFE], [0xFF], [0x7B, 0x00],
        ]

    /// Damages a document once or more.
    static func mutate(_ bytes: inout [UInt8], other: [UInt8], using generator: inout SplitMix64) {
        let times = generator.oneIn(2) ? 1 : 1 + generator.below(5)
        for _ in 0..<times { mutateOnce(&bytes, other, &generator) }
    }

    private static func mutateOnce(_ bytes: inout [UInt8], _ other: [UInt8], _ generator: inout SplitMix64) {
        let place = generator.below(bytes.count + 1)
        switch generator.below(14) {
        case 0, 1: if place < bytes.count { bytes[place] ^= 1 << UInt8(generator.below(8)) }
        case 2:
            // Half of them control characters.
            let byte = UInt8(generator.below(generator.oneIn(2) ? 256 : 33))
            if place < bytes.count { bytes[place] = byte }
        case 3: bytes.removeSubrange(place...)
        case 4: bytes.removeFirst(place)
        case 5: bytes.removeSubrange(range(from: place, in: bytes, &generator))
        case 6:
            let random = (0...generator.below(4)).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
            bytes.insert(contentsOf: random, at: place)
        case 7, 8, 9: bytes.insert(contentsOf: generator.pick(tokens), at: place)
        case 10: bytes.replaceSubrange(range(from: place, in: bytes, &generator), with: generator.pick(tokens))
        case 11: bytes.insert(contentsOf: bytes[range(from: place, in: bytes, &generator)], at: place)
        case 12: bytes.replaceSubrange(place..., with: other.suffix(generator.below(other.count + 1)))
        default: special(&bytes, place, &generator)
        }
    }

    private static func special(_ bytes: inout [UInt8], _ place: Int, _ generator: inout SplitMix64) {
        switch generator.below(9) {
        case 0: bytes = [0xEF, 0xBB, 0xBF] + bytes
        case 1: bytes = bytes.flatMap { [$0, 0] }
        case 2: bytes = bytes.flatMap { [0, 0, 0, $0] }
        case 3: bytes.append(generator.pick([0x00, 0x20, 0x0A, 0x2C, 0x7D, 0x5D, 0x22]))
        case 4: bytes = []
        case 5: nest(&bytes, place, depth: generator.pick([3, 63, 64, 65, 509, 510, 511, 512, 513, 2_000]), &generator)
        case 6:
            // A long number where one stands.
            let digit = bytes[place...].firstIndex { (0x30...0x39).contains($0) } ?? bytes.endIndex
            let length = generator.pick([17, 18, 19, 20, 40, 308, 309, 400])
            bytes.insert(contentsOf: [UInt8](repeating: generator.pick([0x30, 0x31, 0x39]), count: length), at: digit)
        case 7:
            // A long run of one byte, which crosses every block that is looked at together.
            let run = [UInt8](
                repeating: generator.pick([0x20, 0x61, 0x5C, 0x22, 0xC3, 0x5B]), count: generator.below(80))
            bytes.insert(contentsOf: run, at: place)
        default:
            // Backslashes before quotes, in even and odd numbers.
            let quote = bytes[place...].firstIndex(of: 0x22) ?? bytes.endIndex
            bytes.insert(contentsOf: [UInt8](repeating: 0x5C, count: 1 + generator.below(34)), at: quote)
        }
    }

    /// Wraps everything, or what stands at a place, into brackets.
    private static func nest(_ bytes: inout [UInt8], _ place: Int, depth: Int, _ generator: inout SplitMix64) {
        let (open, close) = generator.oneIn(2) ? ("[", "]") : ("{\"a\":", "}")
        let before = Array(String(repeating: open, count: depth).utf8)
        let after = Array(String(repeating: close, count: depth).utf8)
        switch generator.below(3) {
        case 0: bytes = before + bytes + after
        case 1: bytes = before + [0x31] + after
        default: bytes.insert(contentsOf: before + [0x31] + after, at: place)
        }
    }

    private static func range(from place: Int, in bytes: [UInt8], _ generator: inout SplitMix64) -> Range<Int> {
        let most = generator.oneIn(4) ? bytes.count : 16
        return place..<min(place + generator.below(most + 1), bytes.count)
    }
}
