import Foundation
import OpenEdXEvents
import Testing

private struct Note: Codable, JSONPayload, Equatable {
    var title: String
    var count: Int?
    var link: String?
    var date: Date?
    var data: Data?
    var scores: [Double]?
    var inner: [Note]?
}

private enum Mode: String, Codable, JSONPayload { case audit, verified }

@Suite("Codable types need no coder of their own")
struct JSONCodableTests {
    @Test("round-trips, without escaping slashes")
    func roundTrip() throws {
        let note = Note(
            title: "a/b \"ž\" 🎓", count: 3, link: "https://example.org/",
            date: Date(timeIntervalSince1970: 1_700_000_000.25),
            data: Data([0, 1, 255]), scores: [0.5], inner: [Note(title: "x")])
        let document = try JSONWriter.write(note)
        let text = String(decoding: document, as: UTF8.self)
        #expect(text.contains("https://example.org/"))
        #expect(text.contains("\"2023-11-14T22:13:20.250Z\""))
        #expect(jsonFailure(document) == nil)
        #expect(try JSONReader.read(Note.self, from: document) == note)
    }

    @Test("stands beside types with their own coders")
    func mixed() throws {
        let notes = ["a": [Note(title: "x")], "b": []]
        #expect(try JSONReader.read([String: [Note]].self, from: try JSONWriter.write(notes)) == notes)
        #expect(try JSONReader.read([Mode].self, from: Array(#"["audit"]"#.utf8)) == [.audit])
        #expect(try JSONWriter.write(Mode.verified) == Array("\"verified\"".utf8))
    }

    @Test("reads times with an offset")
    func dates() throws {
        let note = try JSONReader.read(Note.self, from: Array(#"{"title":"","date":"1970-01-01T01:00:00+01:00"}"#.utf8))
        #expect(note.date == Date(timeIntervalSince1970: 0))
    }

    @Test(
        "errors name the place and hold no value",
        arguments: [
            (#"[{"count":1}]"#, .missing, "/0/title", 1), (#"[{"title":7654321}]"#, .wrongType, "/0/title", 10),
            (#"[{"title":"","inner":[{"title":""},{"title":null}]}]"#, .wrongType, "/0/inner/1/title", 44),
            (#"[{"title":"","date":"secret"}]"#, .invalid, "/0/date", 20),
            // Foundation does not say which number it was.
            (#"[{"title":"","count":76543217654321765432176543217}]"#, .invalid, "/0", 1),
            (#"[{"title":"","data":"*secret*"}]"#, .invalid, "/0/data", 20),
        ] as [(String, PayloadError.Code, String, Int)])
    func errors(_ text: String, _ code: PayloadError.Code, _ pointer: String, _ offset: Int) {
        do {
            _ = try JSONReader.read([Note].self, from: Array(text.utf8))
            Issue.record("was read")
        } catch {
            #expect(error.code == code)
            #expect(error.pointer == pointer)
            #expect(error.offset == offset)
            #expect(!error.description.contains("secret"))
            #expect(!error.description.contains("7654321"))
        }
    }

    @Test("a number that JSON cannot hold is refused at its place")
    func notFinite() {
        #expect(throws: PayloadError(.notFinite, pointer: "/0/scores/1", offset: nil, "")) {
            try JSONWriter.write([Note(title: "", scores: [0, .infinity])])
        }
    }
}
