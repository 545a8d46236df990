public import OpenEdXEvents

/// The certificate of a user for a course run.
public struct Certificate: JSONPayload, Hashable {
    /// Whose certificate it is.
    public let user: User
    /// For which course run.
    public let course: Course
    /// The mode of the enrollment, such as `verified`.
    public let mode: String
    /// The grade that the certificate states.
    public let grade: String
    /// The status now, such as `downloadable`.
    public let currentStatus: String
    /// Where the certificate can be had.
    public let downloadURL: String
    /// The name that stands on the certificate.
    public let name: String
    /// The status before.
    public let previousStatus: String

    /// Creates a certificate from its parts.
    public init(
        user: User, course: Course, mode: String, grade: String, currentStatus: String, downloadURL: String,
        name: String, previousStatus: String
    ) {
        self.user = user
        self.course = course
        self.mode = mode
        self.grade = grade
        self.currentStatus = currentStatus
        self.downloadURL = downloadURL
        self.name = name
        self.previousStatus = previousStatus
    }
}

extension Certificate {
    private static let names: JSONFieldNames = [
        "user", "course", "mode", "grade", "current_status", "download_url", "name", "previous_status",
    ]

    /// Reads the value.
    public init(from json: inout JSONReader) throws(PayloadError) {
        var user: User?
        var course: Course?
        var mode: String?
        var grade: String?
        var currentStatus: String?
        var downloadURL: String?
        var name: String?
        var previousStatus: String?
        try json.beginObject()
        while let field = try json.nextField(of: Self.names) {
            switch field {
            case 0: user = try json.read(User.self)
            case 1: course = try json.read(Course.self)
            case 2: mode = try json.read(String.self)
            case 3: grade = try json.read(String.self)
            case 4: currentStatus = try json.read(String.self)
            case 5: downloadURL = try json.read(String.self)
            case 6: name = try json.read(String.self)
            case 7: previousStatus = try json.read(String.self)
            default: try json.skipValue()
            }
        }
        guard let user else { throw json.missing("user") }
        guard let course else { throw json.missing("course") }
        guard let mode else { throw json.missing("mode") }
        guard let grade else { throw json.missing("grade") }
        guard let currentStatus else { throw json.missing("current_status") }
        guard let downloadURL else { throw json.missing("download_url") }
        guard let name else { throw json.missing("name") }
        guard let previousStatus else { throw json.missing("previous_status") }
        self.init(
            user: user, course: course, mode: mode, grade: grade, currentStatus: currentStatus,
            downloadURL:
                downloadURL, name: name, previousStatus: previousStatus)
    }

    /// Writes the value.
    public func write(to json: inout JSONWriter) throws(PayloadError) {
        json.beginObject()
        try json.member("user", user)
        try json.member("course", course)
        try json.member("mode", mode)
        try json.member("grade", grade)
        try json.member("current_status", currentStatus)
        try json.member("download_url", downloadURL)
        try json.member("name", name)
        try json.member("previous_status", previousStatus)
        json.endObject()
    }
}

extension Certificate: Codable {
    private enum CodingKeys: String, CodingKey {
        case user, course, mode, grade, name
        case currentStatus = "current_status"
        case downloadURL = "download_url"
        case previousStatus = "previous_status"
    }
}
