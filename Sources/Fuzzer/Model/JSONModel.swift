/// A JSON value as the fuzzer has it: numbers as their text, strings as UTF-8, members in order, names as often as
/// they stand.
indirect enum JSONModel: Equatable, Sendable {
    case null
    case bool(Bool)
    case number([UInt8])
    case string([UInt8])
    case array([JSONModel])
    case object([Member])

    struct Member: Equatable, Sendable {
        var name: [UInt8]
        var value: JSONModel
    }

    static func string(_ text: String) -> JSONModel { .string(Array(text.utf8)) }
    static func number(_ number: Int) -> JSONModel { .number(Array(String(number).utf8)) }

    static func object(_ members: KeyValuePairs<String, JSONModel>) -> JSONModel {
        .object(members.map { Member(name: Array($0.key.utf8), value: $0.value) })
    }

    /// The value of the first member of that name.
    subscript(name: String) -> JSONModel? {
        guard case .object(let members) = self else { return nil }
        let name = Array(name.utf8)
        return members.first { $0.name == name }?.value
    }

    /// The text of a string.
    var text: String? {
        if case .string(let bytes) = self { String(decoding: bytes, as: UTF8.self) } else { nil }
    }
}
