/// Swift names for the names of schemas.
enum SwiftNames {
    /// Words that are written in capitals, where they do not begin a name.
    private static let initialisms: Set<String> = [
        "api", "ccx", "css", "csv", "html", "http", "https", "id", "idv", "ip", "json", "lms", "lti", "oauth", "ora",
        "pdf", "pii", "sso", "uri", "url", "utc", "uuid", "xml",
    ]
    private static let special = ["ids": "IDs", "urls": "URLs", "uris": "URIs", "uuids": "UUIDs", "oauth": "OAuth"]

    /// Words that cannot name a property without backticks.
    private static let keywords: Set<String> = [
        "Any", "Self", "Type", "as", "associatedtype", "break", "case", "catch", "class", "continue", "default",
        "defer", "deinit", "do", "else", "enum", "extension", "fallthrough", "false", "fileprivate", "for", "func",
        "guard", "if", "import", "in", "init", "inout", "internal", "is", "let", "nil", "operator", "precedencegroup",
        "private", "protocol", "public", "repeat", "rethrows", "return", "self", "static", "struct", "subscript",
        "super", "switch", "throw", "throws", "true", "try", "typealias", "var", "where", "while",
    ]
    /// Names that generated code, or every type, has for something else.
    private static let taken: Set<String> = [
        "self", "Self", "init", "json", "field", "hash", "hashValue", "encode", "write", "description",
    ]
    /// Names of types that generated code uses, and that a schema therefore cannot have.
    static let reservedTypes: Set<String> = [
        "Any", "Array", "Bool", "Codable", "CodingKey", "CodingKeys", "CollectionKey", "ContainerKey", "CourseKey",
        "Dictionary", "Double", "Event", "EventType", "Hashable", "Int", "JSONFieldNames", "JSONPayload", "JSONReader",
        "JSONWriter", "LibraryKey", "OpaqueKeys", "OpenEdXEvents", "Optional", "PayloadError", "Protocol",
        "RawRepresentable", "SchemaDescribed", "Self", "Sendable", "StaticString", "String", "Type", "UsageKey",
    ]

    /// A property for a member's name: `enterprise_customer_uuid` is `enterpriseCustomerUUID`.
    static func property(_ name: String) -> String {
        let words = words(of: name)
        guard let first = words.first else { return "value" }
        // A name without underscores may have capitals of its own: `userID`, `URL`.
        let text = (words.count == 1 ? lowerFirst(first) : first.lowercased()) + words.dropFirst().map(capital).joined()
        let safe = text.first?.isNumber == true ? "value" + text : text
        return taken.contains(safe) ? safe + "Value" : safe
    }

    /// A type for a word or several: `content_authoring` is `ContentAuthoring`.
    static func type(_ name: String) -> String {
        let text = words(of: name).map { capital($0) }.joined()
        return text.first?.isLetter == true ? text : "Type" + text
    }

    /// A property where it is declared or used as a pattern.
    static func escaped(_ name: String) -> String { keywords.contains(name) ? "`\(name)`" : name }

    /// A name that is not yet in the set, which it is added to: the name itself, or with a number behind it.
    static func unique(_ name: String, in names: inout Set<String>) -> String {
        var candidate = name
        var number = 2
        while !names.insert(candidate).inserted {
            candidate = "\(name)\(number)"
            number += 1
        }
        return candidate
    }

    /// A property as an argument label, where few words need backticks.
    static func label(_ name: String) -> String {
        ["inout", "let", "var"].contains(name) ? "`\(name)`" : name
    }

    /// Whether a title can name a Swift type.
    static func isTypeName(_ name: String) -> Bool {
        guard let first = name.utf8.first, (0x41...0x5A).contains(first) else { return false }
        return !reservedTypes.contains(name)
            && name.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: false
                }
            }
    }

    private static func words(of name: String) -> [String] {
        name.split { !$0.isLetter && !$0.isNumber || !$0.isASCII }.map(String.init)
    }

    private static func capital(_ word: String) -> String {
        if let special = special[word] { return special }
        if initialisms.contains(word) { return word.uppercased() }
        return word.prefix(1).uppercased() + word.dropFirst()
    }

    /// `Name` is `name`, `URL` is `url`, `userID` stays.
    private static func lowerFirst(_ word: String) -> String {
        let capitals = word.prefix { $0.isUppercase }.count
        let count = capitals == word.count ? capitals : min(capitals, max(capitals - 1, 1))
        return word.prefix(count).lowercased() + word.dropFirst(count)
    }
}
