import OpenEdXEvents
import Testing

/// A type with a coder of its own.
private struct Person: JSONPayload, Equatable {
    var id: Int
    var name: String
    var score: Double?
    var tags: [String]

    private static let names: JSONFieldNames = ["id", "full_name_of_person", "score", "tags"]

    init(id: Int, name: String, score: Double? = nil, tags: [String] = []) {
        (self.id, self.name, self.score, self.tags) = (id, name, score, tags)
    }

    init(from json: inout JSONReader) throws(PayloadError) {
        var id: Int?
        var name: String?
        var score: Double?
        var tags: [String] = []
        try json.beginObject()
        while let field = try json.nextField(of: Self.names) {
            switch field {
            case 0: id = try json.read(Int.self)
            case 1: name = try json.read(String.self)
            case 2: score = try json.read()
            case 3: tags = try json.read()
            default: try json.skipValue()
            }
        }
        guard let id else { throw json.missing("id") }
        guard let name else { throw json.missing("full_name_of_person") }
        self.init(id: id, name: name, score: score, tags: tags)
    }

    func write(to json: inout JSONWriter) throws(PayloadError) {
        json.beginObject()
        try json.member("id", id)
        try json.member("full_name_of_person", name)
        try json.member("score", score)
        try json.member("tags", tags)
        json.endObject()
    }
}

@Suite("The reader reads members in any order and skips what it does not know")
struct JSONReaderTests {
    private func read<Value: JSONReadable>(_ text: String, as type: Value.Type = Value.self) throws(PayloadError)
        -> Value
    {
        try JSONReader.read(type, from: Array(text.utf8))
    }

    @Test(
        "members in order, out of order, escaped, spaced, unknown and absent",
        arguments: [
            #"{"id":1,"full_name_of_person":"Å","score":0.5,"tags":["a","b"]}"#,
            #"{"tags":["a","b"],"score":0.5,"full_name_of_person":"Å","id":1}"#,
            #"{ "id" : 1 , "full_name_of_person" : "\u00c5" , "score" : 5e-1 , "tags" : [ "a" , "b" ] } "#,
            #"{"\u0069d":1,"full\u005fname_of_person":"Å","score":0.50,"tags":["\u0061","b"]}"#,
            #"{"x":{"a":[1,{"b":"]}\""}]},"id":1,"y":null,"full_name_of_person":"Å","z":-1e5,"score":0.5,"w":"\\","tags":["a","b"],"v":false}"#,
            #"{"id":1,"i":2,"ids":3,"full_name_of_perso":4,"full_name_of_persons":5,"full_name_of_person":"Å","score":0.5,"tags":["a","b"]}"#,
        ])
    func members(_ text: String) throws {
        #expect(try read(text) == Person(id: 1, name: "Å", score: 0.5, tags: ["a", "b"]))
    }

    @Test("an absent member and null are both nil")
    func absent() throws {
        let person = Person(id: 1, name: "")
        #expect(try read(#"{"id":1,"full_name_of_person":""}"#) == person)
        #expect(try read(#"{"id":1,"score":null,"full_name_of_person":""}"#) == person)
        #expect(try read("null", as: Int?.self) == nil)
        #expect(try read("[null,1]", as: [Int?].self) == [nil, 1])
    }

    @Test("more members than the guess has room for, and objects deeper than it")
    func many() throws {
        let names = JSONFieldNames((0..<300).map { "name\($0)" })
        struct Numbers: JSONReadable {
            nonisolated(unsafe) static var names: JSONFieldNames = []
            var indices: [Int] = []
            init(from json: inout JSONReader) throws(PayloadError) {
                try json.beginObject()
                while let field = try json.nextField(of: Self.names) {
                    indices.append(field)
                    try json.skipValue()
                }
            }
        }
        Numbers.names = names
        let text = "{" + (0..<300).map { "\"name\($0)\":[\($0)]" }.joined(separator: ",") + "}"
        #expect(try read(text, as: Numbers.self).indices == Array(0..<300))

        indirect enum Chain: JSONReadable {
            case end, link(Chain)
            static let names: JSONFieldNames = ["first", "next"]
            init(from json: inout JSONReader) throws(PayloadError) {
                self = .end
                try json.beginObject()
                while let field = try json.nextField(of: Self.names) {
                    if field == 1 { self = .link(try json.read()) } else { try json.skipValue() }
                }
            }
            var length: Int { if case .link(let chain) = self { chain.length + 1 } else { 0 } }
        }
        let chain = String(repeating: #"{"first":0,"next":"#, count: 100) + "{}" + String(repeating: "}", count: 100)
        #expect(try read(chain, as: Chain.self).length == 100)
    }

    @Test("strings of every length around a block, with and without escapes and other alphabets")
    func strings() throws {
        for length in 0...70 {
            for tail in ["", "é", "🎓", "\n", "\"", "\\", "/", "\u{0}"] {
                let text = String(repeating: "x", count: length) + tail
                let document = try JSONWriter.write([text, text])
                #expect(try JSONReader.read([String].self, from: document) == [text, text])
                #expect(
                    try JSONReader.read([String: String].self, from: try JSONWriter.write([text: text])) == [text: text]
                )
            }
        }
    }

    @Test("a dictionary keeps all names; canonically equal ones are refused")
    func dictionary() throws {
        #expect(try read(#"{"a":1,"\u0062":2}"#, as: [String: Int].self) == ["a": 1, "b": 2])
        #expect(throws: PayloadError(.invalid, pointer: "/é", offset: nil, "")) {
            try read("{\"e\u{301}\":1,\"é\":2}", as: [String: Int].self)
        }
    }

    @Test("an enumeration reads its raw value, and refuses another")
    func enumeration() throws {
        enum Mode: String, JSONPayload { case audit, verified }
        #expect(try read(#"["audit","verified"]"#, as: [Mode].self) == [.audit, .verified])
        #expect(throws: PayloadError(.invalid, pointer: "/1", offset: nil, "")) {
            try read(#"["audit","honor"]"#, as: [Mode].self)
        }
    }

    @Test(
        "errors name the place",
        arguments: [
            (#"{"id":"1","full_name_of_person":""}"#, .wrongType, "/id", 6),
            (#"{"id":1}"#, .missing, "/full_name_of_person", 7),
            (#"{"id":1,"full_name_of_person":"","tags":["a",2]}"#, .wrongType, "/tags/1", 45),
            (#"{"id":1.5,"full_name_of_person":""}"#, .outOfRange, "/id", 8),
            (#"{"x":[1,2],"id": null}"#, .wrongType, "/id", 17),
            ("[]", .wrongType, "", 0), ("{", .notJSON, "", 1), (" 7", .wrongType, "", 1),
            (#"{"id":1,"full_name_of_person":"","tags":{}}"#, .wrongType, "/tags", 40),
        ] as [(String, PayloadError.Code, String, Int)])
    func errors(_ text: String, _ code: PayloadError.Code, _ pointer: String, _ offset: Int) {
        do {
            _ = try read(text, as: Person.self)
            Issue.record("was read")
        } catch {
            #expect(error.code == code)
            #expect(error.pointer == pointer)
            #expect(error.offset == offset)
        }
    }

    @Test("a pointer escapes slashes and tildes, and shows names unescaped")
    func pointer() {
        #expect(throws: PayloadError(.wrongType, pointer: "/a~1b~0c/é/0", offset: nil, "")) {
            try read(#"{"a/b~c":{"\u00e9":["1"]}}"#, as: [String: [String: [Int]]].self)
        }
    }

    @Test("no error holds a value")
    func noValues() {
        for text in [#"{"id":"secret"}"#, #"{"id":987654321987654321987}"#, #"{"id":1,"full_name_of_person":77777}"#] {
            do {
                _ = try read(text, as: Person.self)
            } catch {
                #expect(!error.description.contains("secret"))
                #expect(!error.description.contains("987654"))
                #expect(!error.description.contains("77777"))
            }
        }
    }

    @Test("what is written is read again")
    func roundTrip() throws {
        let person = Person(id: .min, name: "\u{1}\"\\/é🎓\u{7F}", score: -1.5e-300, tags: ["", "b"])
        #expect(try JSONReader.read(Person.self, from: try JSONWriter.write(person)) == person)
    }
}
