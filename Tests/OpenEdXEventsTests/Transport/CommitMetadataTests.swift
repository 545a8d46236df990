import OpenEdXEvents
import Testing

@Suite("Commit metadata")
struct CommitMetadataTests {
    @Test("nothing finished beyond the offset is an empty string, and none is read from nothing")
    func empty() {
        #expect(CommitMetadata.encode(finished: [], committedAt: 7) == "")
        #expect(CommitMetadata("", committedAt: 7) == .none)
        #expect(CommitMetadata(nil, committedAt: 7) == .none)
    }

    @Test("what is written is read again, as runs and as bits")
    func roundTrips() throws {
        let tables: [([Range<Int64>], Int64, Character)] = [
            ([1..<10_000], 0, "r"),
            ([6..<7, 8..<9, 10..<11, 12..<13], 5, "b"),
            ([(1 << 40) + 1..<(1 << 61)], 1 << 40, "r"),
            ([12..<13], 10, "b"),
        ]
        for (finished, offset, kind) in tables {
            let text = try #require(CommitMetadata.encode(finished: finished, committedAt: offset))
            #expect(text.dropFirst(3).first == kind)
            #expect(CommitMetadata(text, committedAt: offset) == .finished(finished))
        }
    }

    @Test("the smaller of runs and bits is written")
    func smaller() throws {
        var generator = SeededGenerator(seed: 3)
        for round in 0..<300 {
            var finished: [Range<Int64>] = []
            var end: Int64 = 100
            for _ in 0..<Int.random(in: 1...40, using: &generator) {
                let lower = end + Int64.random(in: 1...(round % 3 == 0 ? 500 : 4), using: &generator)
                let upper = lower + Int64.random(in: 1...(round % 2 == 0 ? 500 : 4), using: &generator)
                finished.append(lower..<upper)
                end = upper
            }
            let text = try #require(CommitMetadata.encode(finished: finished, committedAt: 100))
            #expect(CommitMetadata(text, committedAt: 100) == .finished(finished))
            let bits = (Int(end - 101) + 7) / 8
            #expect(text.utf8.count <= 4 + ((12 + bits) * 4 + 2) / 3)
        }
    }

    @Test("a map of another commit is recognised and says so")
    func stale() throws {
        let text = try #require(CommitMetadata.encode(finished: [12..<20], committedAt: 10))
        guard case .ignored(let reason) = CommitMetadata(text, committedAt: 11) else {
            Issue.record("a stale map was taken")
            return
        }
        #expect(reason.contains("stale") && reason.contains("10") && reason.contains("11"))
    }

    @Test("someone else's metadata is ignored", arguments: ["x", "bnVsbA==", "oe1", "oe1x", "oe1q0000", "NO_METADATA"])
    func foreign(text: String) {
        guard case .ignored = CommitMetadata(text, committedAt: 0) else {
            Issue.record("foreign metadata was taken")
            return
        }
    }

    @Test("every changed or missing character is noticed")
    func damaged() throws {
        for finished: [Range<Int64>] in [[12..<20, 31..<5_000], [12..<13, 14..<15, 16..<17, 18..<19]] {
            let text = Array(try #require(CommitMetadata.encode(finished: finished, committedAt: 10)).utf8)
            for index in text.indices {
                for replacement in Array("rbA0_-z=".utf8) where replacement != text[index] {
                    var changed = text
                    changed[index] = replacement
                    guard case .ignored = CommitMetadata(String(decoding: changed, as: UTF8.self), committedAt: 10)
                    else {
                        Issue.record("a change at \(index) was not noticed")
                        return
                    }
                }
                let shortened = String(decoding: text[..<index], as: UTF8.self)
                let read = CommitMetadata(shortened, committedAt: 10)
                if index == 0 {
                    #expect(read == .none)
                } else if case .ignored = read {
                } else {
                    Issue.record("a cut at \(index) was not noticed")
                }
            }
        }
    }

    @Test("a map that does not fit its limit is not written")
    func limit() throws {
        let finished = (0..<2_000).map { index -> Range<Int64> in
            let start = Int64(index) * 200 + 1
            return start..<start + 1
        }
        #expect(CommitMetadata.encode(finished: finished, committedAt: 0) == nil)
        let small: [Range<Int64>] = [2..<3]
        let text = try #require(CommitMetadata.encode(finished: small, committedAt: 0))
        #expect(CommitMetadata.encode(finished: small, committedAt: 0, within: text.utf8.count) == text)
        #expect(CommitMetadata.encode(finished: small, committedAt: 0, within: text.utf8.count - 1) == nil)
    }
}
