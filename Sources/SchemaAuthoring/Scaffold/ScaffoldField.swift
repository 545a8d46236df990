import JSONSchema
import OpenEdXEvents

/// A field of a new event type, as an author names it: `course_key:course-key`, `note:string,optional,personal`.
public struct ScaffoldField: Hashable, Sendable {
    /// The types that a field may be begun with. Everything else is written into the schema.
    public static let types = [
        "string", "integer", "number", "boolean", "date-time", "uuid", "course-key", "usage-key", "library-key",
        "container-key", "collection-key",
    ]

    /// The field's name.
    public let name: String
    /// One of ``types``.
    public let type: String
    /// Whether it may be absent.
    public var isOptional: Bool
    /// Whether it is personal data (rule 28).
    public let isPersonal: Bool

    /// Reads a field.
    ///
    /// - Throws: ``ScaffoldProblem`` if it is not written so.
    public init(_ text: String) throws(ScaffoldProblem) {
        let parts = text.split(separator: ":", maxSplits: 1).map(String.init)
        let words = (parts.last ?? "").split(separator: ",", omittingEmptySubsequences: false).map { word in
            String(word.filter { $0 != " " })
        }
        guard parts.count == 2, let type = words.first else {
            throw ScaffoldProblem(
                "'\(text)' is no field", "Write it as NAME:TYPE, such as course_key:course-key or note:string,optional."
            )
        }
        let name = parts[0].filter { $0 != " " }
        guard let first = name.utf8.first, (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(first),
            name.utf8.allSatisfy({ Byte.isDigit($0) || $0 == UInt8(ascii: "_") || (0x61...0x7A).contains($0) })
        else {
            throw ScaffoldProblem(
                "'\(name)' is no name of a field", "It is lower case letters, digits and underscores, a letter first.")
        }
        guard Self.types.contains(type) else {
            throw ScaffoldProblem(
                "'\(type)' is no type of a field",
                UsageHint.didYouMean(type, among: Self.types) ?? "It is one of \(Self.types.joined(separator: ", ")).")
        }
        if let word = words.dropFirst().first(where: { !["optional", "personal"].contains($0) }) {
            throw ScaffoldProblem(
                "'\(word)' says nothing of a field",
                UsageHint.didYouMean(word, among: ["optional", "personal"]) ?? "It is 'optional' or 'personal'.")
        }
        self.name = name
        self.type = type
        isOptional = words.contains("optional")
        isPersonal = words.contains("personal")
    }

    /// The schema of the field.
    func schema(of subject: String) -> JSONNode {
        let plain = ["string", "integer", "number", "boolean"].contains(type)
        let word = plain ? type : "string"
        var members: [(String, JSONNode)] = []
        members.append(("type", isOptional ? .array(["null", word]) : JSONNode(.string(word))))
        if !plain { members.append(("format", JSONNode(.string(type)))) }
        let own =
            name.hasPrefix(subject.replacing(" ", with: "_") + "_") ? name.dropFirst(subject.utf8.count + 1) : name[...]
        let words = own.replacing("_", with: " ")
        members.append(("description", JSONNode(.string("The \(subject)'s \(words)."))))
        if isOptional { members.append(("default", .null)) }
        if isPersonal { members.append(("x-personal-data", true)) }
        return .object(members)
    }

    /// A value that the schema takes.
    var example: JSONNode {
        switch type {
        case "integer": 1
        case "number": JSONNode(.number(JSONNumber(1)))
        case "boolean": true
        case "date-time": "2026-03-14T15:09:26Z"
        case "uuid": "5eed002e-c0de-11f1-8000-0342ac120002"
        case "course-key": "course-v1:OpenedX+DemoX+2026"
        case "usage-key": "block-v1:OpenedX+DemoX+2026+type@problem+block@5eed002ec0de"
        case "library-key": "lib:OpenedX:Demo"
        case "container-key": "lct:OpenedX:Demo:unit:first"
        case "collection-key": "lib-collection:OpenedX:Demo:first"
        default: JSONNode(.string(isPersonal ? "someone" : "an example"))
        }
    }

    /// Whether events may be kept in order by it.
    var canBeKey: Bool { !isOptional && !isPersonal && type != "number" && type != "boolean" && type != "date-time" }
}

/// Why a schema cannot be begun, and what to do.
public struct ScaffoldProblem: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, beginning in lower case and without a full stop.
    public let message: String
    /// A sentence that helps.
    public let hint: String?

    init(_ message: String, _ hint: String?) {
        self.message = message
        self.hint = hint
    }

    /// One line.
    public var description: String { message }
}

extension JSONNode {
    /// An object of members in this order.
    static func object(_ members: [(String, JSONNode)]) -> JSONNode {
        JSONNode(.object(members.map { Member(name: $0.0, node: $0.1) }))
    }

    static func array(_ texts: [String]) -> JSONNode { JSONNode(.array(texts.map { JSONNode(.string($0)) })) }

    /// The object with a member, in the place of one of that name, else behind the others.
    func setting(_ name: String, _ node: JSONNode) -> JSONNode {
        var members = members ?? []
        if let index = members.firstIndex(where: { $0.name == name }) {
            members[index] = Member(name: name, node: node)
        } else {
            members.append(Member(name: name, node: node))
        }
        return JSONNode(.object(members))
    }

    /// The object without a member.
    func removing(_ name: String) -> JSONNode { JSONNode(.object((members ?? []).filter { $0.name != name })) }
}
