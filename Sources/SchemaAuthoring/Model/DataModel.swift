public import JSONSchema

/// An object of an event's data: the event's whole data, or a part that has fields of its own.
public struct DataObject: Sendable {
    /// The name of its Swift type: its title, else its name in `$defs`, else its field's name.
    public let name: String
    /// What it is, in a sentence.
    public let summary: String?
    /// Its fields, in the order of the file.
    public let fields: [DataField]
    /// Where the schema file describes it, as a JSON Pointer.
    public let pointer: String
    /// The schema that describes it.
    public let node: JSONNode
}

/// A field of an object.
public struct DataField: Sendable {
    /// Its name in JSON.
    public let name: String
    /// What it holds.
    public let type: DataType
    /// Whether it is always there.
    public let isRequired: Bool
    /// What holds where it is absent.
    public let defaultValue: JSONNode?
    /// What it means.
    public let summary: String?
    /// Whether it holds personal data: it is marked, or its type is (rule 28).
    public let isPersonal: Bool
    /// Where the schema file states it, as a JSON Pointer.
    public let pointer: String
    /// The schema at the field, with its reference unresolved.
    public let node: JSONNode
    /// Where the field's name stands in the file, in bytes.
    public let nameOffset: Int

    /// Whether it may be left out, and is nullable with a default as rule 25 has it.
    public var isOptional: Bool { !isRequired }
}

/// What a value of the data may be, with references resolved.
public struct DataType: Sendable {
    /// The kinds of values.
    public indirect enum Kind: Sendable {
        /// Anything.
        case any
        /// `true` or `false`.
        case boolean
        /// A whole number.
        case integer
        /// Any number.
        case number
        /// A string, perhaps of a format such as `date-time` or `course-key`.
        case string(format: String?)
        /// An array of values of one type.
        case array(DataType)
        /// An object whose members' names are free, with values of one type.
        case map(DataType)
        /// An object with fields.
        case object(DataObject)
        /// Something else that JSON Schema can say: a union, or a tuple.
        case other
    }

    /// The kind, `null` aside.
    public let kind: Kind
    /// Whether `null` is allowed.
    public let isNullable: Bool
    /// Whether `null` is named before the other type.
    public let isNullFirst: Bool
    /// The name in `$defs`, where the type is defined there.
    public let definition: String?
    /// The schema that describes the type: where a reference leads, and without the `null`.
    public let node: JSONNode
    /// Where it stands in the file.
    public let pointer: String

    /// The strings that it is one of, if it is an enumeration of strings.
    public var cases: [String]? {
        guard let values = node["enum"]?.array else { return nil }
        let strings = values.compactMap(\.string)
        return strings.count == values.count(where: { $0.isNull == false }) ? strings : nil
    }

    /// The format, if it is a string that has one.
    public var format: String? {
        if case .string(let format) = kind { format } else { nil }
    }
}

/// A field with the path that leads to it from the event's data; `[]` stands for the elements of an array, and `{}` for
/// the members of a map.
public struct DataPath: Sendable {
    /// The names on the way, the field's own at the end.
    public let names: [String]
    /// The field.
    public let field: DataField
    /// Whether every field on the way is always there and never `null`.
    public let isAlwaysThere: Bool
    /// Whether it holds personal data: it is marked, or something on the way is.
    public let isPersonal: Bool
    /// The object that has the field.
    public let parent: DataObject

    /// The path as text, with dots.
    public var text: String { names.joined(separator: ".") }
}

extension DataObject {
    /// Every field, also those within others, in order.
    public var paths: [DataPath] { paths(below: [], alwaysThere: true, personal: false) }

    fileprivate func paths(below parents: [String], alwaysThere: Bool, personal: Bool) -> [DataPath] {
        fields.flatMap { field -> [DataPath] in
            let names = parents + [field.name]
            let isThere = alwaysThere && field.isRequired && !field.type.isNullable
            let isPersonal = personal || field.isPersonal
            let own = DataPath(
                names: names, field: field, isAlwaysThere: isThere, isPersonal: isPersonal, parent: self)
            return [own] + field.type.paths(below: names, alwaysThere: isThere, personal: isPersonal)
        }
    }
}

extension DataType {
    fileprivate func paths(below names: [String], alwaysThere: Bool, personal: Bool) -> [DataPath] {
        switch kind {
        case .object(let object): object.paths(below: names, alwaysThere: alwaysThere, personal: personal)
        case .array(let element): element.paths(below: names + ["[]"], alwaysThere: false, personal: personal)
        case .map(let value): value.paths(below: names + ["{}"], alwaysThere: false, personal: personal)
        default: []
        }
    }
}
