import Foundation
import Testing

@testable import OpenEdXEvents

@Suite("Audit log")
struct AuditLogTests {
    private func lines(_ facts: [BusFact], _ scope: AuditLog.Scope = .all) -> [String] {
        let recorder = LineRecorder()
        let log = AuditLog(scope, to: recorder.output)
        for fact in facts { log.record(fact) }
        return recorder.lines
    }

    @Test("OEP41-29: a line holds topic, partition, offset, id, type and key, and nothing else")
    func members() throws {
        let line = lines([.published(SampleFacts.event, bytes: 9, duration: .zero)])
        #expect(
            line == [
                #"{"topic":"notes","partition":3,"offset":42,"id":"6aee1f28-0c8f-11f1-8a3d-0f2b5a6c7d8e","#
                    + #""type":"org.openedx.learning.note.created.v1","key":"jane.doe@example.org"}"# + "\n"
            ])
    }

    @Test("only published and settled events are written, by scope")
    func scope() {
        #expect(lines(SampleFacts.all).count == 3)
        #expect(lines(SampleFacts.all, .published).count == 1)
        #expect(lines(SampleFacts.all, .settled).count == 2)
        #expect(lines(SampleFacts.all, []).isEmpty)
    }

    @Test("a key that is no text stands in hexadecimal, no key as null, and no text can break the line")
    func keys() throws {
        func key(_ bytes: [UInt8]?) throws -> Any? {
            let event = EventReference(type: "t\"\\\n\u{0}\u{2028}", id: "é", position: nil, key: bytes)
            let line = try #require(lines([.settled(event, .duplicate)]).first)
            #expect(line.filter(\.isNewline).count == 1)
            let object = try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
            #expect(Set(object.keys) == ["topic", "partition", "offset", "id", "type", "key"])
            #expect(object["type"] as? String == "t\"\\\n\u{0}\u{2028}")
            #expect(object["offset"] is NSNull)
            return object["key"]
        }
        #expect(try key(nil) is NSNull)
        #expect(try key([]) as? String == "")
        #expect(try key([0xFF, 0x00, 0x1A]) as? [String: String] == ["hex": "ff001a"])
    }
}
