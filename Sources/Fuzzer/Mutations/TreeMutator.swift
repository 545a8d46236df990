/// Changes a document so that it stays JSON, mostly: what the grammar cannot refuse, the envelope has to.
enum TreeMutator {
    private static let names = [
        "type", "id", "source", "specversion", "time", "sourcehost", "minorversion", "subject", "datacontenttype",
        "dataschema", "data", "data_base64", "traceparent", "tracestate", "partitionkey", "sequence", "expirytime",
        "enrollment", "user", "course", "course_key", "pii", "is_active", "created_by", "a", "", "Type", "\u{E9}",
        "e\u{301}", "aVeryLongNameThatIsLongerThanTwentyBytes", "with space", "nul\u{0}", "\u{1F393}",
        "exactly16bytes__", "seventeen_bytes__", "1234567", "12345678", "123456789",
    ]

    private static let texts = [
        "", "1.0", "0.3", "org.openedx.learning.course.enrollment.created.v1",
        "org.openedx.authz.role_assignment.created", "org.openedx.learning.x.y.v0", "no dots", "/openedx/lms/web",
        "openedx/lms/web", "2026-03-14T15:09:26.535897Z", "2026-03-14T15:09:26.535897+00:00", "2016-12-31t23:59:60z",
        "2026-02-30T00:00:00Z", "application/json", "APPLICATION/JSON; charset=utf-8", "text/xml", "application/avro",
        "AA==", "AAE=", "A", "AAA", "////", "*", "5eed002e-c0de-11f1-8000-0242ac120002",
        "5EED002E-C0DE-41F1-8000-0242AC120002", "lms.example.org", "not a host",
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01", "urn:schema:1", "\u{0}", "\u{7F}", "\u{FFFF}",
        "\u{10FFFE}", "\u{E000}", "a\u{301}", "\u{1F469}\u{200D}\u{1F680}", "\u{FEFF}", "\"quoted\\\"", "line\nline",
        "a string of sixteen", "exactly sixteen!", "fifteen letters",
    ]

    private static let numbers = [
        "0", "-0", "1", "-1", "7", "2147483647", "2147483648", "-2147483648", "-2147483649", "9223372036854775807",
        "9223372036854775808", "-9223372036854775808", "-9223372036854775809", "18446744073709551615",
        "18446744073709551616", "1.0", "1.5", "1e3", "1E+3", "1e-3", "-1.0", "0.1", "0.30000000000000004", "1e22",
        "1e23", "9007199254740992.0", "9007199254740993.0", "1.7976931348623157e308", "1e309", "-1e400", "4.9e-324",
        "1e-400", "123456789012345678", "1234567890123456789", "12345678901234567890", "0.000001",
        "100000000000000000000000", "255", "256", "-129", "-128", "3.4028236e38", "0e0", "0.0e-999",
        "1.00000000000000011102230246251565",
    ]

    /// Changes a value at one place or at several.
    static func mutate(_ model: inout JSONModel, other: JSONModel, using generator: inout SplitMix64) {
        for _ in 0...generator.below(4) { descend(&model, other, depth: 0, &generator) }
    }

    private static func descend(
        _ model: inout JSONModel, _ other: JSONModel, depth: Int, _ generator: inout SplitMix64
    ) {
        switch model {
        case .object(var members) where !members.isEmpty && !generator.oneIn(3):
            let index = generator.below(members.count)
            descend(&members[index].value, other, depth: depth + 1, &generator)
            model = .object(members)
        case .array(var elements) where !elements.isEmpty && !generator.oneIn(3):
            let index = generator.below(elements.count)
            descend(&elements[index], other, depth: depth + 1, &generator)
            model = .array(elements)
        default: change(&model, other, isRoot: depth == 0, &generator)
        }
    }

    private static func change(
        _ model: inout JSONModel, _ other: JSONModel, isRoot: Bool, _ generator: inout SplitMix64
    ) {
        switch model {
        case .object(var members):
            changeMembers(&members, other, &generator)
            model = .object(members)
        case .array(var elements):
            if generator.oneIn(2), !elements.isEmpty {
                elements.remove(at: generator.below(elements.count))
            } else {
                elements.insert(value(other, &generator), at: generator.below(elements.count + 1))
            }
            model = .array(elements)
        default:
            if !isRoot || generator.oneIn(4) { model = value(other, &generator) }
        }
    }

    private static func changeMembers(
        _ members: inout [JSONModel.Member], _ other: JSONModel, _ generator: inout SplitMix64
    ) {
        let index = generator.below(members.count)
        switch generator.below(9) {
        case 0 where !members.isEmpty: members.remove(at: index)
        case 1 where !members.isEmpty: members[index].value = value(other, &generator)
        case 2 where !members.isEmpty: members[index].name = Array(generator.pick(names).utf8)
        case 3 where !members.isEmpty: members.insert(members[index], at: generator.below(members.count + 1))
        case 4: members.shuffle(using: &generator)
        case 5:
            // Many members: more than are compared one by one.
            for number in 0...generator.pick([5, 31, 32, 33, 150]) {
                members.append(.init(name: Array("member\(number)".utf8), value: .null))
            }
        case 6 where members.count > 1: members.swapAt(index, generator.below(members.count))
        default:
            members.insert(
                .init(name: Array(generator.pick(names).utf8), value: value(other, &generator)),
                at: generator.below(members.count + 1))
        }
    }

    private static func value(_ other: JSONModel, _ generator: inout SplitMix64) -> JSONModel {
        switch generator.below(12) {
        case 0: .null
        case 1: .bool(generator.oneIn(2))
        case 2, 3: .number(Array(generator.pick(numbers).utf8))
        case 4: .number(number(&generator))
        case 5, 6, 7: .string(generator.pick(texts))
        case 8: .string(String(repeating: generator.pick(texts), count: 1 + generator.below(20)))
        case 9: generator.oneIn(2) ? .array([]) : .object([])
        case 10: .array((0...generator.below(4)).map { .number($0) })
        default: other
        }
    }

    /// A number of any length: long ones are where rounding goes wrong.
    private static func number(_ generator: inout SplitMix64) -> [UInt8] {
        func digits(_ most: Int) -> String {
            (0...generator.below(most)).map { _ in String(generator.below(10)) }.joined()
        }
        var text = generator.oneIn(2) ? "-" : ""
        text += "\(1 + generator.below(9))" + (generator.oneIn(4) ? "" : digits(20))
        if generator.oneIn(2) { text += "." + digits(20) }
        if generator.oneIn(3) { text += generator.pick(["e", "E"]) + generator.pick(["", "+", "-"]) + digits(3) }
        return Array(text.utf8)
    }
}
