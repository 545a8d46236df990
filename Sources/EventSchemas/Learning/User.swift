public import OpenEdXEvents

/// A user of the site.
public struct User: JSONPayload, Hashable {
    /// The number of the user, the same in all services.
    public let id: Int
    /// Whether the account is active.
    public let isActive: Bool
    /// Personal data.
    public let pii: UserPersonalData

    /// Creates a user from its parts.
    public init(id: Int, isActive: Bool, pii: UserPersonalData) {
        self.id = id
        self.isActive = isActive
        self.pii = pii
    }
}

extension User {
    private static let names: JSONFieldNames = ["id", "is_active", "pii"]

    /// Reads the value.
    public init(from json: inout JSONReader) throws(PayloadError) {
        var id: Int?
        var isActive: Bool?
        var pii: UserPersonalData?
        try json.beginObject()
        while let field = try json.nextField(of: Self.names) {
            switch field {
            case 0: id = try json.read(Int.self)
            case 1: isActive = try json.read(Bool.self)
            case 2: pii = try json.read(UserPersonalData.self)
            default: try json.skipValue()
            }
        }
        guard let id else { throw json.missing("id") }
        guard let isActive else { throw json.missing("is_active") }
        guard let pii else { throw json.missing("pii") }
        self.init(
            id: id, isActive: isActive, pii: pii)
    }

    /// Writes the value.
    public func write(to json: inout JSONWriter) throws(PayloadError) {
        json.beginObject()
        try json.member("id", id)
        try json.member("is_active", isActive)
        try json.member("pii", pii)
        json.endObject()
    }
}

extension User: Codable {
    private enum CodingKeys: String, CodingKey {
        case id, pii
        case isActive = "is_active"
    }
}
