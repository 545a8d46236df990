import Foundation
import OpenEdXEvents
import Testing

@Suite("The scanner agrees with Foundation on what is JSON")
struct JSONOracleTests {
    static let sample = """
        {"id": "76e84332-e5ae", "n": [0, -1.5e+3, 12E2], "s": "a\\"\\u00e9\\ud83c\\udf93 žluť 🎓 end", "t": true, \
        "f": false, "z": null, "o": {"a": {}, "b": []}}
        """

    /// Whether Foundation reads the bytes, unless it is known to differ on purpose.
    static func expected(_ bytes: [UInt8]) -> Bool? {
        // Foundation detects UTF-16 and UTF-32 by zeros, and takes a byte order mark.
        if bytes.contains(0) || bytes.starts(with: [0xEF, 0xBB, 0xBF]) { return nil }
        return (try? JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)) != nil
    }

    /// Foundation takes a name that stands twice, so such a failure of ours is no difference.
    static func agrees(_ bytes: [UInt8]) -> Bool {
        guard let expected = expected(bytes) else { return true }
        let failure = jsonFailure(bytes)
        return expected == (failure == nil) || failure?.code == .duplicateName
    }

    @Test("for the sample cut off at every byte")
    func truncated() {
        let bytes = Array(Self.sample.utf8)
        for count in 0...bytes.count {
            #expect((jsonFailure(Array(bytes.prefix(count))) == nil) == (count == bytes.count), "first \(count) bytes")
            #expect(Self.agrees(Array(bytes.prefix(count))), "first \(count) bytes")
        }
    }

    @Test("for the sample with every bit of every byte flipped")
    func flipped() {
        let bytes = Array(Self.sample.utf8)
        for index in bytes.indices {
            for bit in 0..<8 {
                var changed = bytes
                changed[index] ^= 1 << UInt8(bit)
                #expect(Self.agrees(changed), "byte \(index), bit \(bit)")
            }
        }
    }

    @Test("for the sample with every byte replaced by every byte that the grammar names")
    func replaced() {
        let bytes = Array(Self.sample.utf8)
        for index in bytes.indices {
            for byte in Array("{}[],:\"\\0-+.eEtfnu /\u{7F}\n".utf8) + [0x80, 0xC0, 0xED, 0xF4, 0xFF] {
                var changed = bytes
                changed[index] = byte
                #expect(Self.agrees(changed), "byte \(index) as \(byte)")
            }
        }
    }

    @Test("for the sample with every byte removed or doubled")
    func removed() {
        let bytes = Array(Self.sample.utf8)
        for index in bytes.indices {
            var shorter = bytes
            shorter.remove(at: index)
            #expect(Self.agrees(shorter), "without byte \(index)")
            var longer = bytes
            longer.insert(bytes[index], at: index)
            #expect(Self.agrees(longer), "with byte \(index) twice")
        }
    }
}
