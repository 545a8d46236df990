import EventTesting
import Foundation
import Synchronization
import Testing

@testable import OpenEdXEvents

@Suite("Producer", .timeLimit(.minutes(1)))
struct ProducerTests {
    private let note = NoteCreated(course: "course-v1:A+B+C", number: 7)

    @Test("OEP41-02: what is emitted has all eight attributes and breaks nothing")
    func attributes() async throws {
        let setup = try RecordedProducer()
        let receipt = try await setup.producer.emit(
            note, subject: "note 7", extensions: ["correlationid": .string("c-1")])
        let event = try #require(try setup.recorder.emitted(NoteCreated.self).first)
        #expect(event.payload == note)
        #expect(event.envelope.findings.isEmpty)
        let value = try #require(event.message.value)
        let members = try #require(try JSONSerialization.jsonObject(with: Data(value)) as? [String: Any])
        #expect(
            Set(members.keys) == [
                "id", "type", "specversion", "time", "source", "sourcehost", "minorversion", "datacontenttype",
                "subject", "correlationid", "data",
            ])
        #expect(members["id"] as? String == receipt.id.description)
        #expect(members["type"] as? String == NoteCreated.type.name)
        #expect(members["specversion"] as? String == "1.0")
        #expect(members["time"] as? String == receipt.time.description)
        #expect(members["source"] as? String == "/openedx/notes/web")
        #expect(members["sourcehost"] as? String == SourceHost.current.description)
        #expect(members["minorversion"] as? Int == 2)
        #expect(members["datacontenttype"] as? String == "application/json")
    }

    @Test(
        "OEP41-17: the row's own time is kept exactly",
        arguments: [
            "2026-03-14T15:09:26Z", "2026-03-14T15:09:26.535Z", "2026-03-14T15:09:26.535897Z",
            "2026-03-14T15:09:26.535897932Z", "2016-12-31T23:59:60.5Z", "1969-07-20T20:17:40Z",
        ])
    func time(text: String) async throws {
        let setup = try RecordedProducer { $0.now = { .distantPast } }
        let time = try #require(EventTime(text))
        let receipt = try await setup.producer.emit(note, at: time)
        #expect(receipt.time == time)
        #expect(try setup.recorder.emitted(NoteCreated.self).first?.envelope.time == time)
    }

    @Test("OEP41-17: without a row's time the clock is read, once for each event")
    func clock() async throws {
        let readings = Locked<Int64>(0)
        let setup = try RecordedProducer {
            $0.now = {
                EventTime(
                    seconds: readings.withLock {
                        $0 += 1
                        return $0
                    }, nanoseconds: 0)
            }
        }
        let outcomes = await setup.producer.emit(contentsOf: [note, note, note])
        #expect(outcomes.compactMap { $0.receipt?.time.seconds } == [1, 2, 3])
    }

    @Test("a batch has each outcome in its place, and one that is refused stops no other")
    func outcomes() async throws {
        let setup = try RecordedProducer()
        let time = try #require(EventTime("2026-03-14T15:09:26Z"))
        let outcomes = await setup.producer.emit(contentsOf: [
            Emission(note, at: time), Emission(GradeMeasured(learner: "a", grade: 1)), Emission(NoteDeleted(number: 2)),
            Emission(note, subject: ""), Emission(NoteDeleted(number: 4), key: "k"),
        ])
        #expect(outcomes.map { $0.error?.kind } == [nil, "noRoute", nil, "envelope", nil])
        #expect(outcomes.map { $0.receipt?.position?.offset } == [0, nil, 1, nil, 2])
        #expect(outcomes[0].receipt?.time == time)
        #expect(try setup.recorder.emitted(NoteDeleted.self).map(\.payload.number) == [2, 4])
        #expect(setup.keys == ["course-v1:A+B+C", nil, "k"])
    }

    @Test("a batch of one type has each outcome in its place")
    func typedBatch() async throws {
        let setup = try RecordedProducer(routes: [Route(GradeMeasured.type, to: "grades")])
        let grades = [0.5, .infinity, 0.75].map { GradeMeasured(learner: "a", grade: $0) }
        let outcomes = await setup.producer.emit(contentsOf: grades)
        #expect(outcomes.map { $0.error?.kind } == [nil, "payload", nil])
        #expect(try setup.recorder.emitted(GradeMeasured.self).map(\.payload.grade) == [0.5, 0.75])
        #expect(await setup.producer.emit(contentsOf: [GradeMeasured]()).isEmpty)
    }

    @Test("each message's failure in the transport is its own outcome")
    func transportFailure() async throws {
        let setup = try RecordedProducer()
        setup.recorder.failNext(with: TransportError(.timedOut, "not acknowledged", isRetriable: true))
        let outcomes = await setup.producer.emit(contentsOf: [note, note])
        #expect(outcomes.map { $0.error?.kind } == ["transport", nil])
        #expect(outcomes[0].error?.isRetriable == true)
        #expect(setup.recorder.messages.count == 1)
    }

    @Test("after the transport was shut down, every event of a batch is refused as closed")
    func shutDown() async throws {
        let setup = try RecordedProducer()
        await setup.recorder.shutDown(within: .zero)
        for outcome in await setup.producer.emit(contentsOf: [note, note]) {
            guard case .failure(.transport(let error)) = outcome else {
                Issue.record("ended with \(outcome)")
                continue
            }
            #expect(error.code == .closed)
        }
        #expect(setup.recorder.messages.isEmpty)
    }

    @Test("OEP41-18: the events of one occurrence have one time, also where their own were given")
    func occurrence() async throws {
        let readings = Locked<Int64>(0)
        let setup = try RecordedProducer {
            $0.now = {
                EventTime(
                    seconds: readings.withLock {
                        $0 += 1
                        return $0
                    }, nanoseconds: 0)
            }
        }
        let outcomes = try await setup.producer.emit(occurrence: [
            Emission(note), Emission(NoteDeleted(number: 7), at: .distantPast), Emission(note),
        ])
        #expect(outcomes.compactMap { $0.receipt?.time.seconds } == [1, 1, 1])
        #expect(Set(outcomes.compactMap { $0.receipt?.id }).count == 3)
        let time = try #require(EventTime("2026-03-14T15:09:26.5Z"))
        let later = try await setup.producer.emit(occurrence: [Emission(note), Emission(note)], at: time)
        #expect(later.compactMap { $0.receipt?.time } == [time, time])
    }

    @Test("OEP41-18: if one event of an occurrence is refused, none is sent")
    func occurrenceRefused() async throws {
        let setup = try RecordedProducer()
        let error = await #expect(throws: EmitError.self) {
            try await setup.producer.emit(occurrence: [
                Emission(note), Emission(NoteDeleted(number: 1), subject: ""), Emission(note),
            ])
        }
        #expect(error?.kind == "envelope")
        try setup.recorder.expectNothingEmitted()
    }

    @Test("OEP41-35: an event is sent again with the id it had, and an id that breaks OEP41-04 is refused")
    func givenID() async throws {
        let setup = try RecordedProducer()
        let id = EventID()
        let foreign = try #require(EventID("7c9e6679-7425-40de-944b-e07fc1f90ae7"))
        let outcomes = await setup.producer.emit(
            contentsOf: [Emission(note, id: id), Emission(note, id: id), Emission(note, id: foreign), Emission(note)])
        #expect(try outcomes[0].get().id == id)
        #expect(try outcomes[1].get().id == id)
        #expect(throws: EmitError.self) { try outcomes[2].get() }
        #expect(try outcomes[3].get().id != id)
        #expect(
            try setup.recorder.emitted(NoteCreated.self).prefix(2).map(\.envelope.id) == [id, id].map(\.description))
    }

    @Test("OEP41-16: a new major version goes out beside the old one, with one time, in one call")
    func newMajor() async throws {
        let setup = try RecordedProducer()
        let receipts = try await setup.producer.emit(NoteCreatedV2(courseKey: "c", number: 1), beside: note, key: "k")
        #expect(receipts.new.time == receipts.old.time)
        #expect(receipts.new.type == NoteCreatedV2.type && receipts.old.type == NoteCreated.type)
        #expect(setup.keys == ["k", "k"])
        let new = try setup.recorder.expectEmitted(NoteCreatedV2.self, count: 1)
        let old = try setup.recorder.expectEmitted(NoteCreated.self, count: 1)
        #expect(new[0].envelope.time == old[0].envelope.time)
        #expect(new[0].envelope.id != old[0].envelope.id)
    }

    @Test("OEP41-16: only the next major version of the same name is one")
    func notSuccessor() async throws {
        let setup = try RecordedProducer()
        let new = NoteCreatedV2(courseKey: "c", number: 1)
        for error in [
            await #expect(throws: EmitError.self) { try await setup.producer.emit(note, beside: new) },
            await #expect(throws: EmitError.self) { try await setup.producer.emit(note, beside: note) },
            await #expect(throws: EmitError.self) {
                try await setup.producer.emit(new, beside: NoteDeleted(number: 1))
            },
        ] {
            #expect(error?.kind == "notSuccessor")
        }
        try setup.recorder.expectNothingEmitted()
    }

    @Test(
        "OEP41-01: 65 535 and 65 536 bytes are emitted, 65 537 are not",
        arguments: [StructuredFormat(), BinaryFormat()] as [any EnvelopeFormat])
    func size(format: any EnvelopeFormat) async throws {
        let time = try #require(EventTime("2026-03-14T15:09:26Z"))
        let measure = try RecordedProducer()
        try await measure.producer.emit(NoteCreated(course: "", number: 1), at: time)
        let least = try #require(measure.recorder.messages.first?.value?.count)
        let setup = try RecordedProducer(format: format)
        for size in [65_535, 65_536] {
            let course = String(repeating: "x", count: size - least)
            try await setup.producer.emit(NoteCreated(course: course, number: 1), at: time, key: "k")
        }
        let error = await #expect(throws: EmitError.self) {
            let course = String(repeating: "x", count: 65_537 - least)
            try await setup.producer.emit(NoteCreated(course: course, number: 1), at: time, key: "k")
        }
        guard case .envelope(let envelope) = error else {
            Issue.record("refused with \(String(describing: error))")
            return
        }
        #expect(envelope.code == .tooLarge && envelope.rule == .messageSize)
        #expect(setup.recorder.messages.count == 2)
    }
}
