public import OpenEdXEvents

/// Personal data of a user: names and e-mail address.
public struct UserPersonalData: JSONPayload, Hashable {
    /// The name that the user logs in with.
    public let username: String
    /// The e-mail address.
    public let email: String
    /// The full name.
    public let name: String

    /// Creates a user personal data from its parts.
    public init(username: String, email: String, name: String) {
        self.username = username
        self.email = email
        self.name = name
    }
}

extension UserPersonalData {
    private static let names: JSONFieldNames = ["username", "email", "name"]

    /// Reads the value.
    public init(from json: inout JSONReader) throws(PayloadError) {
        var username: String?
        var email: String?
        var name: String?
        try json.beginObject()
        while let field = try json.nextField(of: Self.names) {
            switch field {
            case 0: username = try json.read(String.self)
            case 1: email = try json.read(String.self)
            case 2: name = try json.read(String.self)
            default: try json.skipValue()
            }
        }
        guard let username else { throw json.missing("username") }
        guard let email else { throw json.missing("email") }
        guard let name else { throw json.missing("name") }
        self.init(
            username: username, email: email, name: name)
    }

    /// Writes the value.
    public func write(to json: inout JSONWriter) throws(PayloadError) {
        json.beginObject()
        try json.member("username", username)
        try json.member("email", email)
        try json.member("name", name)
        json.endObject()
    }
}

extension UserPersonalData: Codable {
    private enum CodingKeys: String, CodingKey {
        case username, email, name
    }
}
