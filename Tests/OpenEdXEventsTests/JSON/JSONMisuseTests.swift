import OpenEdXEvents
import Testing

/// Lends the reader to a test's closure.
private struct Probe: JSONReadable {
    @TaskLocal static var body: @Sendable (inout JSONReader) throws(PayloadError) -> Void = { _ in }

    init(from json: inout JSONReader) throws(PayloadError) { try Self.body(&json) }

    static func read(
        _ text: String, _ body: @escaping @Sendable (inout JSONReader) throws(PayloadError) -> Void
    ) throws {
        _ = try Probe.$body.withValue(body) { try JSONReader.read(Probe.self, from: Array(text.utf8)) }
    }
}

/// A call of the writer.
private enum Step: CaseIterable {
    case beginObject, endObject, beginArray, endArray, key, text, number, fraction, null
}

/// Calls the writer step by step.
private struct Steps: JSONWritable {
    let steps: [Step]

    func write(to json: inout JSONWriter) throws(PayloadError) {
        for step in steps {
            switch step {
            case .beginObject: json.beginObject()
            case .endObject: json.endObject()
            case .beginArray: json.beginArray()
            case .endArray: json.endArray()
            case .key: json.key("name")
            case .text: json.write("text \"\\\n")
            case .number: json.write(-12)
            case .fraction: try json.write(0.5)
            case .null: json.writeNull()
            }
        }
    }
}

@Suite("A coder that calls out of order gets an error")
struct JSONMisuseTests {
    private let names: JSONFieldNames = ["a", "b"]

    @Test("a member that is neither read nor skipped", arguments: ["1", "\"x\"", "{}", "[]", "null"])
    func unreadMember(_ value: String) {
        let names = names
        #expect(throws: PayloadError.self) {
            try Probe.read("{\"a\":\(value),\"b\":\(value)}") { (json) throws(PayloadError) in
                try json.beginObject()
                while try json.nextField(of: names) != nil {}
            }
        }
    }

    @Test("an element that is neither read nor skipped", arguments: ["1", "\"x\"", "{}", "[1]", "null"])
    func unreadElement(_ value: String) {
        #expect(throws: PayloadError.self) {
            try Probe.read("[\(value), \(value)]") { (json) throws(PayloadError) in
                try json.beginArray()
                while try json.nextElement() {}
            }
        }
    }

    @Test("a payload that is left unread, in part or whole")
    func unread() {
        #expect(throws: PayloadError(.misuse, pointer: "", offset: nil, "")) { try Probe.read("1") { _ in } }
        #expect(throws: PayloadError.self) {
            try Probe.read("[1,2]") { (json) throws(PayloadError) in
                try json.beginArray()
                _ = try json.nextElement()
                try json.skipValue()
            }
        }
    }

    @Test("any order of calls on any document ends in a result or an error")
    func anyOrder() {
        let names = names
        let documents = [
            "1", "\"a\"", "[]", "{}", "[1,[2,{\"a\":\"b\"}],\"c\"]", "{\"a\":[1,2,3],\"b\":{\"a\":null},\"c\":\"\\n\"}",
            " { \"a\" : [ true , false ] } ",
        ]
        for document in documents {
            for seed in 0..<2_000 as Range<UInt64> {
                try? Probe.read(document) { (json) throws(PayloadError) in
                    var generator = SeededGenerator(seed: seed)
                    for _ in 0..<40 {
                        do throws(PayloadError) {
                            switch generator.next() % 13 {
                            case 0: try json.beginObject()
                            case 1: _ = try json.nextField(of: names)
                            case 2: _ = try json.nextKey()
                            case 3: try json.beginArray()
                            case 4: _ = try json.nextElement()
                            case 5: _ = try json.readString()
                            case 6: _ = try json.readInteger(Int.self)
                            case 7: _ = try json.readDouble()
                            case 8: _ = try json.readBool()
                            case 9: _ = try json.readNull()
                            case 10: _ = try json.readRawValue()
                            case 11: _ = json.missing("x").description
                            default: try json.skipValue()
                            }
                        } catch {
                            // Goes on where it stands: errors must leave the reader in order, too.
                            if generator.next() % 4 == 0 { throw error }
                        }
                    }
                }
            }
        }
    }

    @Test(
        "a writer refuses what would be no JSON",
        arguments: [
            [], [.beginObject], [.endObject], [.endArray], [.key], [.beginObject, .number], [.beginArray, .key],
            [.beginObject, .key, .endObject], [.beginObject, .key, .key], [.beginArray, .endObject],
            [.number, .number],
            [.beginObject, .key, .number, .number, .endObject], [.beginObject, .endObject, .beginObject, .endObject],
        ] as [[Step]])
    fileprivate func writer(_ steps: [Step]) {
        do {
            _ = try JSONWriter.write(Steps(steps: steps))
            Issue.record("was written")
        } catch {
            #expect(error.code == .misuse)
        }
    }

    @Test("any order of calls writes JSON or an error")
    func anyOrderWriting() {
        for seed in 0..<5_000 as Range<UInt64> {
            var generator = SeededGenerator(seed: seed)
            let steps = (0..<(2 + generator.next() % 10)).map { _ in
                Step.allCases.randomElement(using: &generator) ?? .key
            }
            guard let document = try? JSONWriter.write(Steps(steps: steps)) else { continue }
            // The same name may stand twice: that alone is left to the coder.
            let failure = jsonFailure(document)
            #expect(failure == nil || failure?.code == .duplicateName)
        }
    }
}
