import Testing

@testable import KafkaTransport

@Suite("Reminding librdkafka to fetch")
struct FetchStirringTests {
    @Test("Once half of what was fetched ahead is read, and once only until half of the rest is")
    func half() {
        var stirring = FetchStirring()
        let most = FetchStirring.least * 8
        let due = [0, most, most * 3 / 4, most / 2, most / 2 - 1, most / 4 + 1, most / 4].map {
            stirring.isDue(queued: $0)
        }
        #expect(due == [false, false, false, true, false, false, true])
    }

    @Test("What is fetched anew counts from its own peak")
    func again() {
        var stirring = FetchStirring()
        let some = FetchStirring.least * 2
        let due = [some, some / 2, some * 4, some * 3, some * 2].map { stirring.isDue(queued: $0) }
        #expect(due == [false, true, false, false, true])
    }

    @Test("A few messages are no sign that fetching has stopped")
    func few() {
        var stirring = FetchStirring()
        let due = [FetchStirring.least - 1, 1, 0].map { stirring.isDue(queued: $0) }
        #expect(due == [false, false, false])
    }
}
