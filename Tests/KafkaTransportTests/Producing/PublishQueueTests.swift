import Testing

@testable import KafkaTransport

@Suite("Publishers and a full queue")
struct PublishQueueTests {
    @Test("hand over at once while there is room")
    func room() {
        let queue = Boxed(PublishQueue<String>())
        #expect(queue.run { $0.begin("a") } == .handOver)
        #expect(queue.run { $0.begin("b") } == .handOver)
        #expect(!queue.value.isIdle)
        queue.run { $0.end("a", stoppedAt: nil) }
        queue.run { $0.end("b", stoppedAt: nil) }
        #expect(queue.value.isIdle)
    }

    @Test("wait in the order in which they came, and nobody overtakes them")
    func order() {
        let queue = Boxed(PublishQueue<String>())
        #expect(queue.run { $0.begin("a") } == .handOver)
        queue.run { $0.end("a", stoppedAt: 7) }
        #expect(queue.run { $0.begin("b") } == .wait)
        #expect(queue.run { $0.begin("c") } == .wait)
        #expect(queue.value.first?.batch == "a")
        #expect(queue.value.first?.next == 7)
        queue.run { $0.advanceFirst(to: 9) }
        #expect(queue.value.first?.next == 9)
        queue.run { $0.advanceFirst(to: nil) }
        #expect(queue.value.first?.batch == "b")
        #expect(queue.value.first?.next == 0)
        queue.run { $0.advanceFirst(to: nil) }
        queue.run { $0.advanceFirst(to: nil) }
        #expect(queue.value.isIdle)
        #expect(queue.run { $0.begin("d") } == .handOver)
    }

    @Test("are refused once it is closed, but those that wait are served")
    func closing() {
        let queue = Boxed(PublishQueue<String>())
        queue.run { $0.begin("a") }
        queue.run { $0.close() }
        #expect(queue.run { $0.begin("b") } == .refused)
        queue.run { $0.end("a", stoppedAt: 1) }
        #expect(queue.value.first?.batch == "a")
        queue.run { $0.advanceFirst(to: nil) }
        #expect(queue.value.isIdle)
    }

    @Test("keep their order however many wait")
    func many() {
        let queue = Boxed(PublishQueue<Int>())
        queue.run { $0.begin(0) }
        queue.run { $0.end(0, stoppedAt: 0) }
        for number in 1..<1_000 { #expect(queue.run { $0.begin(number) } == .wait) }
        for number in 0..<1_000 {
            #expect(queue.value.first?.batch == number)
            queue.run { $0.advanceFirst(to: nil) }
        }
        #expect(queue.value.isIdle)
    }
}
