import Foundation
import Testing

@testable import OpenEdXEvents

@Suite("Event ids")
struct EventIDTests {
    @Test("OEP41-04: a new id is a version 1 UUID in lower case with the multicast bit set")
    func form() throws {
        let id = EventID()
        let text = id.description
        #expect(text.wholeMatch(of: /[0-9a-f]{8}-[0-9a-f]{4}-1[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}/) != nil)
        #expect(id.isVersion1)
        #expect(id.hasRandomNode)
        let node = try #require(UInt8(text.split(separator: "-")[4].prefix(2), radix: 16))
        #expect(node & 1 == 1)
        let time = try #require(id.time)
        #expect(abs(time.duration(since: EventTime.now()) / .seconds(1)) < 3_600)
    }

    @Test(
        "OEP41-04: any UUID with dashes is read, in either case",
        arguments: [
            ("b3b3981e-7544-11ea-b663-acde48001122", true), ("B3B3981E-7544-11EA-B663-ACDE48001122", true),
            ("6ba7b810-9dad-41d1-80b4-00c04fd430c8", false), ("00000000-0000-0000-0000-000000000000", false),
            ("b3b3981e-7544-11ea-c663-acde48001122", false), ("ffffffff-ffff-ffff-ffff-ffffffffffff", false),
        ])
    func read(text: String, isVersion1: Bool) throws {
        let id = try #require(EventID(text))
        #expect(id.description == text.lowercased())
        #expect(id.isVersion1 == isVersion1)
        #expect((id.time != nil) == isVersion1)
        #expect(!id.hasRandomNode || text.hasPrefix("ffffffff"))
    }

    @Test(
        "OEP41-04: what is no UUID is refused",
        arguments: [
            "", "b3b3981e75441 1eab663acde48001122", "b3b3981e-7544-11ea-b663-acde4800112",
            "b3b3981e-7544-11ea-b663-acde480011222", "b3b3981g-7544-11ea-b663-acde48001122",
            "{b3b3981e-7544-11ea-b663-acde48001122}", "b3b3981e_7544-11ea-b663-acde48001122",
            "b3b3981e-7544-11ea-b6631acde48001122", "b3b3981e7-544-11ea-b663-acde48001122",
            "ｂ3b3981e-7544-11ea-b663-acde48001122", "b3b3981e-7544-11ea-b663-acde4800112\0",
        ])
    func refused(text: String) {
        #expect(EventID(text) == nil)
    }

    @Test("OEP41-04: the time of an id is read to 100 ns")
    func time() throws {
        // 1582-10-15 is tick 0.
        #expect(EventID("00000000-0000-1000-8000-000000000000")?.time?.description == "1582-10-15T00:00:00Z")
        #expect(EventID("13814001-1dd2-11b2-8000-000000000000")?.time?.description == "1970-01-01T00:00:00.000000100Z")
        #expect(EventID("b3b3981e-7544-11ea-b663-acde48001122")?.time?.description == "2020-04-03T00:47:32.133891Z")
    }

    @Test("OEP41-04: ids of any bytes are written as they are read")
    func anyBytes() throws {
        var random = SeededGenerator(seed: 11)
        for _ in 0..<2_000 {
            let id = EventID(high: random.next(), low: random.next())
            #expect(EventID(id.description) == id)
            #expect(UUID(uuidString: id.description)?.uuidString.lowercased() == id.description)
        }
    }

    @Test("An id is a string in Codable formats")
    func codable() throws {
        let ids = [EventID()]
        let data = try JSONEncoder().encode(ids)
        #expect(String(decoding: data, as: UTF8.self) == "[\"\(ids[0])\"]")
        #expect(try JSONDecoder().decode([EventID].self, from: data) == ids)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode([EventID].self, from: Data("[\"x\"]".utf8)) }
    }

    @Test("OEP41-04: ids made by several threads at once are all different")
    func threads() async {
        let batches = await withTaskGroup(of: [EventID].self) { group in
            for _ in 0..<8 {
                group.addTask { (0..<20_000).map { _ in EventID() } }
            }
            return await group.reduce(into: [[EventID]]()) { $0.append($1) }
        }
        #expect(Set(batches.joined()).count == 160_000)
    }
}

@Suite("The generator of event ids")
struct EventIDGeneratorTests {
    private func generator(runAheadLimit: UInt64 = 10_000_000) -> EventIDGenerator {
        var random = SeededGenerator(seed: 42)
        return EventIDGenerator(using: &random, runAheadLimit: runAheadLimit)
    }

    @Test("OEP41-04: a clock that moves gives its own ticks")
    func movingClock() {
        var generator = generator()
        let first = generator.next(now: 0x0AB_CDEF_1234_5678)
        #expect(first.description.hasPrefix("12345678-cdef-10ab-"))
        let second = generator.next(now: 0x0AB_CDEF_1234_5679)
        #expect(second.description.hasPrefix("12345679-cdef-10ab-"))
        #expect(first.low == second.low)
    }

    @Test("OEP41-04: a clock that stands runs ahead tick by tick")
    func standingClock() {
        var generator = generator()
        let ids = (0..<1_000).map { _ in generator.next(now: 5_000) }
        #expect(Set(ids).count == 1_000)
        #expect(Set(ids.map(\.low)).count == 1)
        #expect(ids.last?.high == UInt64(5_999) << 32 | 0x1000)
    }

    @Test("OEP41-04: more ids than ticks in a second take the next clock sequence")
    func moreThanTicks() {
        var generator = generator(runAheadLimit: 100)
        let ids = (0..<100_000).map { _ in generator.next(now: 5_000) }
        #expect(Set(ids).count == 100_000)
        #expect(Set(ids.map(\.low)).count == 991)
        #expect(ids.allSatisfy { $0.high >> 32 <= 5_100 })
    }

    @Test("OEP41-04: a clock that steps back takes the next clock sequence, and after all of them a new node")
    func steppingClock() {
        var generator = generator()
        var ids: Set<EventID> = []
        let steps = 3 * 16_384
        for step in 0..<steps {
            ids.insert(generator.next(now: step % 2 == 0 ? 100_000_000 : 10_000_000))
            ids.insert(generator.next(now: step % 2 == 0 ? 100_000_000 : 10_000_000))
        }
        #expect(ids.count == 2 * steps)
        #expect(Set(ids.map { $0.low & 0xFFFF_FFFF_FFFF }).count == 2)
        #expect(Set(ids.map { $0.low >> 48 & 0x3FFF }).count == 16_384)
        #expect(ids.allSatisfy { $0.isVersion1 && $0.hasRandomNode })
    }

    @Test("OEP41-04: a clock at random never makes two alike")
    func randomClock() {
        var random = SeededGenerator(seed: 7)
        var generator = generator(runAheadLimit: 50)
        var ids: Set<EventID> = []
        for _ in 0..<200_000 {
            ids.insert(generator.next(now: 1_000 + random.next() % 500))
        }
        #expect(ids.count == 200_000)
    }

    @Test("OEP41-04: the end of the 60 bits of time is passed without two alike")
    func endOfTime() {
        var generator = generator()
        let end: UInt64 = 1 << 60 - 1
        let ids = [end - 1, end, end, end, 0, 0, .max, 5].map { generator.next(now: $0) }
        #expect(Set(ids).count == ids.count)
        #expect(ids.allSatisfy { $0.isVersion1 })
    }

    @Test("OEP41-04: two generators have different nodes")
    func nodes() {
        var random = SystemRandomNumberGenerator()
        var first = EventIDGenerator(using: &random)
        var second = EventIDGenerator(using: &random)
        #expect(first.next(now: 1).low & 0xFFFF_FFFF_FFFF != second.next(now: 1).low & 0xFFFF_FFFF_FFFF)
    }
}
