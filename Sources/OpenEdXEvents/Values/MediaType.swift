/// A media type (RFC 2046), such as `application/json; charset=utf-8`.
///
/// Type, subtype and the names of parameters are compared without regard to case, and are kept in lower case.
public struct MediaType: Hashable, Sendable {
    /// The top-level type in lower case, such as `application`.
    public let type: String
    /// The subtype in lower case, such as `json`.
    public let subtype: String
    /// The parameters in order, names in lower case, values without quotes.
    public let parameters: [Parameter]

    /// A parameter of a media type.
    public struct Parameter: Hashable, Sendable {
        /// The name in lower case.
        public let name: String
        /// The value without quotes.
        public let value: String
    }

    /// `application/json`, which is assumed where no type is given (rule 38).
    public static let json = MediaType(checked: "application", "json")

    private init(checked type: String, _ subtype: String) {
        self.type = type
        self.subtype = subtype
        parameters = []
    }

    /// Reads a media type; `nil` if the text is none.
    public init?(_ text: String) {
        let bytes = Array(text.utf8)
        var index = 0
        guard let type = MediaType.token(bytes, &index), index < bytes.count, bytes[index] == UInt8(ascii: "/") else {
            return nil
        }
        index += 1
        guard let subtype = MediaType.token(bytes, &index) else { return nil }
        var parameters: [Parameter] = []
        MediaType.skipSpace(bytes, &index)
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: ";") else { return nil }
            index += 1
            MediaType.skipSpace(bytes, &index)
            // A semicolon at the end is not in the grammar, but common.
            if index == bytes.count { break }
            guard let name = MediaType.token(bytes, &index), index < bytes.count, bytes[index] == UInt8(ascii: "=")
            else { return nil }
            index += 1
            guard let value = MediaType.quoted(bytes, &index) ?? MediaType.token(bytes, &index) else { return nil }
            parameters.append(Parameter(name: ASCII.lowercased(name), value: value))
            MediaType.skipSpace(bytes, &index)
        }
        self.type = ASCII.lowercased(type)
        self.subtype = ASCII.lowercased(subtype)
        self.parameters = parameters
    }

    /// Whether data of this type is JSON: `*/json` or `*/*+json` (rule 38).
    public var isJSON: Bool { subtype == "json" || subtype.hasSuffix("+json") }

    /// Whether data of this type is text: `text/*`, or XML.
    public var isText: Bool { type == "text" || subtype == "xml" || subtype.hasSuffix("+xml") }

    /// Whether this is the other's type and subtype, whatever the parameters.
    public func matches(_ other: MediaType) -> Bool { type == other.type && subtype == other.subtype }

    private static func token(_ bytes: [UInt8], _ index: inout Int) -> String? {
        let start = index
        while index < bytes.count, isTokenByte(bytes[index]) { index += 1 }
        return index > start ? String(decoding: bytes[start..<index], as: UTF8.self) : nil
    }

    private static func quoted(_ bytes: [UInt8], _ index: inout Int) -> String? {
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { return nil }
        var value: [UInt8] = []
        var position = index + 1
        while position < bytes.count {
            switch bytes[position] {
            case UInt8(ascii: "\""):
                index = position + 1
                return String(decoding: value, as: UTF8.self)
            case UInt8(ascii: "\\"):
                position += 1
                guard position < bytes.count else { return nil }
            case 0..<0x20 where bytes[position] != 0x09: return nil
            case 0x7F: return nil
            default: break
            }
            value.append(bytes[position])
            position += 1
        }
        return nil
    }

    private static func skipSpace(_ bytes: [UInt8], _ index: inout Int) {
        while index < bytes.count, bytes[index] == 0x20 || bytes[index] == 0x09 { index += 1 }
    }

    private static func isTokenByte(_ byte: UInt8) -> Bool {
        byte > 0x20 && byte < 0x7F && !"()<>@,;:\\\"/[]?=".utf8.contains(byte)
    }
}

extension MediaType: CustomStringConvertible {
    /// The type in lower case, with its parameters.
    public var description: String {
        parameters.reduce("\(type)/\(subtype)") { text, parameter in
            let isToken = !parameter.value.isEmpty && parameter.value.utf8.allSatisfy(MediaType.isTokenByte)
            let value =
                isToken
                ? parameter.value
                : "\"" + parameter.value.flatMap { $0 == "\"" || $0 == "\\" ? ["\\", $0] : [$0] } + "\""
            return text + "; \(parameter.name)=\(value)"
        }
    }
}
