import Testing

@testable import OpenEdXEvents

@Suite("Batches")
struct BatchTests {
    @Test("OEP41-39: a batch is an array, possibly empty", arguments: ["[]", " [ ] ", "\n[\t]\r\n"])
    func empty(text: String) throws {
        #expect(try EventBatch.read(Array(text.utf8)).isEmpty)
        #expect(try EventBatch.write([]) == Array("[]".utf8))
    }

    @Test("OEP41-39: what is written is read")
    func roundTrip() throws {
        var second = SampleDocument.envelope
        second.extensions["x"] = .string("],}{[\"\\")
        let batch = try EventBatch.write([SampleDocument.envelope, second])
        let elements = try EventBatch.read(batch)
        #expect(try elements.map { try $0.event.get().envelope() } == [SampleDocument.envelope, second])
        for element in elements {
            #expect(try ReceivedEnvelope(structured: Array(batch[element.range])).findings == [])
        }
    }

    @Test("OEP41-39: each element is readable or not on its own, and says where it stands")
    func mixed() throws {
        let sound = SampleDocument().text
        let parts = [
            sound, "1", #""],[""#, "{}", #"{"type":"x"}"#, "[[],[1,2]]", "null", "1.5e3", #"{"type":"a","type":"a"}"#,
            sound,
        ]
        let text = " [ " + parts.joined(separator: " ,\n") + " ] "
        let elements = try EventBatch.read(Array(text.utf8))
        #expect(elements.map { String(decoding: Array(text.utf8)[$0.range], as: UTF8.self) } == parts)
        let codes = elements.map { element -> EnvelopeError.Code? in
            if case .failure(let error) = element.event { error.code } else { nil }
        }
        #expect(
            codes == [
                nil, .notAnObject, .notAnObject, .missing, nil, .notAnObject, .notAnObject, .notAnObject, .duplicate,
                nil,
            ])
    }

    @Test("OEP41-39: a name that stands twice somewhere makes one element unreadable, not the batch")
    func duplicates() throws {
        let sound = SampleDocument().text
        for bad in [#"{"type":"x","data":{"a":1,"a":[1,2]}}"#, #"{"type":"x","data":[{"a":"],","a":"\""}]}"#] {
            let text = "[\(bad),\(sound),\(bad) ]"
            let elements = try EventBatch.read(Array(text.utf8))
            #expect(elements.count == 3)
            #expect(try elements[1].event.get().findings == [])
            #expect(throws: EnvelopeError.self) { try elements[0].event.get() }
            #expect(throws: EnvelopeError.self) { try elements[2].event.get() }
        }
    }

    @Test(
        "OEP41-39: what is no array is a typed error",
        arguments: [
            "", "{}", "1", "[", "[1", "[1,]", "[,]", "[1 2]", "[]]", "[{]", "[]x", "\"[]\"", "null",
            #"{"a":1,"a":2}"#, #"[{"a":1,"a":2}"#, #"[{"a":1,"a":2},"#, #"[{"a":1,"a":2}]]"#, #"[{"a":1,"a":2}] x"#,
            #"[{"a":1,"a":2"#, #"[{"a":1,"a":"\"#,
        ])
    func refused(text: String) {
        let error = #expect(throws: EnvelopeError.self) { try EventBatch.read(Array(text.utf8)) }
        #expect(error?.rule == .batch)
        #expect(error?.offset != nil)
    }

    @Test("OEP41-39: behind a name that stands twice, broken elements are failures and nothing traps")
    func broken() throws {
        let tail = [#"{"a":1,"a":2},,1,{"type":"x"},]"#, #"{"a":1,"a":2},[}{]]"#, #"{"a":1,"a":2},}}}]"#]
        for text in tail {
            let elements = try EventBatch.read(Array(("[" + text).utf8))
            #expect(elements.count >= 2)
            for element in elements {
                guard case .success(let envelope) = element.event else { continue }
                #expect(envelope.type == "x")
            }
        }
    }

    @Test("OEP41-39: a batch of very many elements is read in linear time")
    func large() throws {
        let count = 200_000
        let text = "[" + Array(repeating: "1", count: count).joined(separator: ",") + "]"
        #expect(try EventBatch.read(Array(text.utf8)).count == count)
    }
}
