import OpenEdXEvents
import Testing

@Suite("Partitioner")
struct PartitionerTests {
    /// Checksums as zlib gives them.
    static let vectors: [(key: [UInt8], checksum: UInt32)] = [
        (Array("a".utf8), 0xE8B7_BE43),
        (Array("abc".utf8), 0x3524_41C2),
        (Array("123456789".utf8), 0xCBF4_3926),
        (Array("course-v1:edX+DemoX+Demo_Course".utf8), 0x1249_E5B0),
        (Array("l\u{E4}\u{E4}rning".utf8), 0xCF21_FD7F),
        (Array(0...255), 0x2905_8C73),
    ]

    @Test("OEP41-42: a key lies where librdkafka's default partitioner puts it", arguments: vectors)
    func keyIsPlacedByChecksum(key: [UInt8], checksum: UInt32) {
        var generator = SeededGenerator(seed: 1)
        #expect(CRC32.checksum(key) == checksum)
        for partitions: Int32 in [1, 2, 3, 4, 12, 100] {
            let partition = Partitioner.partition(of: key, among: partitions, using: &generator)
            #expect(partition == Int32(checksum % UInt32(partitions)))
        }
    }

    @Test("without a key every partition gets its share", arguments: [nil, []] as [[UInt8]?])
    func noKeyIsRandom(key: [UInt8]?) {
        var generator = SeededGenerator(seed: 7)
        var counts = [0, 0, 0, 0]
        for _ in 0..<4_000 { counts[Int(Partitioner.partition(of: key, among: 4, using: &generator))] += 1 }
        for count in counts { #expect((800...1_200).contains(count)) }
    }
}
