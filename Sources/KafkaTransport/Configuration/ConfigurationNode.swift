import OpenEdXEvents

/// A value of a configuration file.
indirect enum ConfigurationNode: JSONReadable {
    case null
    case flag(Bool)
    /// A number as it is written.
    case number(String)
    case text(String)
    case array([ConfigurationNode])
    /// Members in order; the reader has refused names that stand twice.
    case object([(name: String, value: ConfigurationNode)])

    /// Reads a value; what it holds is read again, level by level, which a file of settings is small enough for.
    init(from json: inout JSONReader) throws(PayloadError) {
        let raw = try json.readRawValue()
        switch raw.first {
        case UInt8(ascii: "{"): self = .object(try JSONReader.read(Members.self, from: raw).members)
        case UInt8(ascii: "["): self = .array(try JSONReader.read(Elements.self, from: raw).elements)
        case UInt8(ascii: "\""): self = .text(try JSONReader.read(Text.self, from: raw).text)
        case UInt8(ascii: "t"): self = .flag(true)
        case UInt8(ascii: "f"): self = .flag(false)
        case UInt8(ascii: "n"): self = .null
        default: self = .number(String(decoding: raw, as: UTF8.self))
        }
    }

    /// What stands there, in words.
    var kind: String {
        switch self {
        case .null: "null"
        case .flag: "true or false"
        case .number: "a number"
        case .text: "a text"
        case .array: "a list"
        case .object: "an object"
        }
    }

    private struct Members: JSONReadable {
        var members: [(name: String, value: ConfigurationNode)] = []

        init(from json: inout JSONReader) throws(PayloadError) {
            try json.beginObject()
            while let name = try json.nextKey() { members.append((name, try json.read())) }
        }
    }

    private struct Elements: JSONReadable {
        var elements: [ConfigurationNode] = []

        init(from json: inout JSONReader) throws(PayloadError) {
            try json.beginArray()
            while try json.nextElement() { elements.append(try json.read()) }
        }
    }

    private struct Text: JSONReadable {
        let text: String

        init(from json: inout JSONReader) throws(PayloadError) { text = try json.readString() }
    }
}
