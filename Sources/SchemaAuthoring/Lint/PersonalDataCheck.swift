import JSONSchema
import OpenEdXEvents

/// Whether what tells who a person is, by its name, is marked (28).
enum PersonalDataCheck {
    /// Words that tell of a person wherever they stand in a name.
    private static let personal: Set<Substring> = [
        "email", "mail", "username", "phone", "mobile", "birth", "birthday", "birthdate", "dob", "gender", "ssn",
        "passport", "surname", "lastname", "firstname", "fullname", "nickname", "password", "street", "postcode", "zip",
        "zipcode", "ip", "bio",
    ]
    private static let names: Set<String> = ["first_name", "last_name", "full_name", "given_name", "family_name"]
    /// Words that tell that an object, or what a name stands for, is a person.
    private static let people: Set<Substring> = [
        "user", "users", "person", "learner", "student", "author", "staff", "coach", "instructor", "teacher", "member",
        "owner", "pii", "personal", "recipient", "holder", "attempt", "certificate", "profile", "signatory", "customer",
    ]

    static func check(_ report: inout LintReport) {
        for path in report.fields where !path.isPersonal && path.field.type.holdsText {
            guard isPersonal(path) else { continue }
            report.add(
                .unmarkedPersonalData, .personalData, path, "looks like personal data and is not marked",
                "Add \"x-personal-data\": true, or waive it if it tells of no person.")
        }
    }

    private static func isPersonal(_ path: DataPath) -> Bool {
        let name = path.field.name
        let words = name.split(separator: "_")
        if !personal.isDisjoint(with: words) || names.contains(name) { return true }
        guard words.last == "name" || words.last == "names" else { return false }
        // A name is a person's by the words before it, or, where there are none, by the object that it stands in.
        if words.count > 1 { return !people.isDisjoint(with: words.dropLast()) }
        guard path.names.count > 1 else { return false }
        let parent = path.names.last { $0 != name && $0 != "[]" && $0 != "{}" } ?? ""
        return !people.isDisjoint(with: parent.split(separator: "_"))
    }
}

/// Whether an event may come near the 64 KB that a message may have (01).
enum SizeCheck {
    /// What the envelope takes, generously.
    static let envelope = 700
    /// Where the warning begins.
    static let near = 49_152
    static let limit = 65_536

    static func check(_ report: inout LintReport) {
        for (index, example) in report.schema.examples.enumerated() {
            let size = example.compactBytes().count + envelope
            guard size > near else { continue }
            report.add(
                .size, .messageSize, at: example.offset, pointer: "/examples/\(index)",
                severity: size > limit ? .error : .warning,
                "the example makes an event of \(size) bytes, and a message has \(limit) at most",
                "Refer to other things by their keys instead of repeating them.")
        }
        let size = clamped(estimate(report.schema.data), envelope)
        if size > near {
            report.add(
                .size, .messageSize, at: report.schema.document.root["properties"]?.offset ?? 0, pointer: "/properties",
                severity: .warning,
                "by its lengths an event may have \(size == Int.max ? "any number of" : "\(size)") bytes, and a message "
                    + "has \(limit) at most",
                "Bound what is long with 'maxLength' and 'maxItems', or leave it out.")
        }
    }

    /// How large a full object may become, in bytes of JSON. What has no bound is taken as short.
    private static func estimate(_ object: DataObject) -> Int {
        object.fields.reduce(2) { clamped($0, $1.name.utf8.count + 4, estimate($1.type)) }
    }

    private static func estimate(_ type: DataType) -> Int {
        switch type.kind {
        case .any, .other: return 64
        case .boolean: return 5
        case .integer, .number: return 12
        case .string(let format):
            if let cases = type.cases { return (cases.map(\.utf8.count).max() ?? 0) + 2 }
            if let length = type.node["maxLength"]?.int { return clamped(length, 2) }
            return format == nil ? 66 : 40
        case .array(let element): return times(type.node["maxItems"]?.int ?? 16, clamped(estimate(element), 1))
        case .map(let value): return times(type.node["maxProperties"]?.int ?? 16, clamped(estimate(value), 24))
        case .object(let object): return estimate(object)
        }
    }

    private static func clamped(_ values: Int...) -> Int {
        values.reduce(0) { sum, value in
            let (result, overflow) = sum.addingReportingOverflow(value)
            return overflow ? Int.max : result
        }
    }

    private static func times(_ count: Int, _ size: Int) -> Int {
        let (result, overflow) = count.multipliedReportingOverflow(by: size)
        return overflow ? Int.max : result
    }
}
