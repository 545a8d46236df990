import InMemoryTransport
import Testing

@testable import OpenEdXEvents

@Suite("Inbox in memory")
struct MemoryInboxTests {
    private func key(_ id: Int) -> InboxKey { InboxKey(source: "/openedx/lms/web", id: String(id)) }
    private let clock = VirtualClock()

    private func inbox(capacity: Int) -> MemoryInbox {
        MemoryInbox(capacity: capacity, maximumAge: .seconds(60), now: { [clock] in clock.time })
    }

    @Test("OEP41-35: an event that was handled, or is being handled, is not claimed again")
    func duplicates() {
        let inbox = inbox(capacity: 10)
        #expect(inbox.claim(key(1)) == .granted)
        #expect(inbox.claim(key(1)) == .underWay)
        inbox.finish(key(1))
        #expect(inbox.claim(key(1)) == .handled)
        #expect(inbox.claim(InboxKey(source: "/openedx/cms/web", id: "1")) == .granted)
    }

    @Test("a claim that is given back can be claimed")
    func release() {
        let inbox = inbox(capacity: 10)
        #expect(inbox.claim(key(1)) == .granted)
        inbox.release(key(1))
        #expect(inbox.claim(key(1)) == .granted)
    }

    @Test("a redriven event is another one")
    func redrive() {
        let inbox = inbox(capacity: 10)
        inbox.finish(key(1))
        let again = InboxKey(
            source: "/openedx/lms/web", id: "1", redrive: Redrive(group: "g", handler: "h", count: 1))
        #expect(inbox.claim(again) == .granted)
    }

    @Test("the oldest are forgotten beyond the capacity")
    func capacity() {
        let inbox = inbox(capacity: 100)
        for id in 0..<10_000 { inbox.finish(key(id)) }
        #expect(inbox.count == 100)
        #expect(inbox.claim(key(9_899)) == .granted)
        #expect(inbox.claim(key(9_900)) == .handled)
    }

    @Test("events are forgotten beyond the age")
    func age() {
        let inbox = inbox(capacity: 100)
        inbox.finish(key(1))
        clock.advance(by: .seconds(60))
        #expect(inbox.claim(key(1)) == .handled)
        clock.advance(by: .seconds(1))
        #expect(inbox.claim(key(1)) == .granted)
        #expect(inbox.count == 0)
    }
}
