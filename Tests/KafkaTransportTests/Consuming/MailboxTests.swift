import Testing

@testable import KafkaTransport

@Suite("Requests to a client's thread")
struct MailboxTests {
    @Test("come out in order, once")
    func order() {
        let mailbox = Boxed(Mailbox<Int>(capacity: 8))
        for request in 1...3 { #expect(mailbox.run { $0.put(request) } == .taken) }
        #expect(mailbox.run { $0.takeAll() } == [1, 2, 3])
        #expect(mailbox.run { $0.takeAll() } == [])
    }

    @Test("are refused when there is no room, but for the few that must get through")
    func bound() {
        let mailbox = Boxed(Mailbox<Int>(capacity: 2))
        #expect(mailbox.run { $0.put(1) } == .taken)
        #expect(mailbox.run { $0.put(2) } == .taken)
        #expect(mailbox.run { $0.put(3) } == .full)
        #expect(mailbox.run { $0.put(4, isShort: true) } == .taken)
        #expect(mailbox.run { $0.takeAll() } == [1, 2, 4])
        #expect(mailbox.run { $0.put(5) } == .taken)
    }

    @Test("are handed back when nobody will answer them, and refused from then on")
    func closing() {
        let mailbox = Boxed(Mailbox<Int>(capacity: 2))
        mailbox.run { $0.put(1) }
        #expect(mailbox.run { $0.close() } == [1])
        #expect(mailbox.run { $0.put(2) } == .closed)
        #expect(mailbox.run { $0.put(3, isShort: true) } == .closed)
        #expect(mailbox.run { $0.takeAll() } == [])
    }
}
