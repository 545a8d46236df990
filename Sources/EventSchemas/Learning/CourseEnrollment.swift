public import OpenEdXEvents

/// The enrollment of a user in a course run.
public struct CourseEnrollment: JSONPayload, Hashable {
    /// Who is enrolled.
    public let user: User
    /// In which course run.
    public let course: Course
    /// The mode, such as `audit` or `verified`.
    public let mode: String
    /// Whether the enrollment is active.
    public let isActive: Bool
    /// When the enrollment was created, as RFC 3339 text.
    public let creationDate: String
    /// Who created it; `nil` if the user did.
    public let createdBy: User?

    /// Creates a course enrollment from its parts.
    public init(
        user: User, course: Course, mode: String, isActive: Bool, creationDate: String,
        createdBy: User? =
            nil
    ) {
        self.user = user
        self.course = course
        self.mode = mode
        self.isActive = isActive
        self.creationDate = creationDate
        self.createdBy = createdBy
    }
}

extension CourseEnrollment {
    private static let names: JSONFieldNames = ["user", "course", "mode", "is_active", "creation_date", "created_by"]

    /// Reads the value.
    public init(from json: inout JSONReader) throws(PayloadError) {
        var user: User?
        var course: Course?
        var mode: String?
        var isActive: Bool?
        var creationDate: String?
        var createdBy: User?
        try json.beginObject()
        while let field = try json.nextField(of: Self.names) {
            switch field {
            case 0: user = try json.read(User.self)
            case 1: course = try json.read(Course.self)
            case 2: mode = try json.read(String.self)
            case 3: isActive = try json.read(Bool.self)
            case 4: creationDate = try json.read(String.self)
            case 5: createdBy = try json.read()
            default: try json.skipValue()
            }
        }
        guard let user else { throw json.missing("user") }
        guard let course else { throw json.missing("course") }
        guard let mode else { throw json.missing("mode") }
        guard let isActive else { throw json.missing("is_active") }
        guard let creationDate else { throw json.missing("creation_date") }
        self.init(
            user: user, course: course, mode: mode, isActive: isActive, creationDate: creationDate,
            createdBy: createdBy)
    }

    /// Writes the value.
    public func write(to json: inout JSONWriter) throws(PayloadError) {
        json.beginObject()
        try json.member("user", user)
        try json.member("course", course)
        try json.member("mode", mode)
        try json.member("is_active", isActive)
        try json.member("creation_date", creationDate)
        try json.member("created_by", createdBy)
        json.endObject()
    }
}

extension CourseEnrollment: Codable {
    private enum CodingKeys: String, CodingKey {
        case user, course, mode
        case isActive = "is_active"
        case creationDate = "creation_date"
        case createdBy = "created_by"
    }
}
