public import OpenEdXEvents

/// The grade of a user in a course run, as it is stored.
public struct PersistentCourseGrade: JSONPayload, Hashable {
    /// The number of the user.
    public let userID: Int
    /// The course run.
    public let course: Course
    /// When the course was last edited, as RFC 3339 text.
    public let courseEditedTimestamp: String
    /// The version of the course that was graded.
    public let courseVersion: String
    /// A digest of the grading policy.
    public let gradingPolicyHash: String
    /// The grade, from 0 to 1.
    public let percentGrade: Double
    /// The grade as a letter; empty if the course is not passed.
    public let letterGrade: String
    /// When the course was passed, as RFC 3339 text.
    public let passedTimestamp: String

    /// Creates a persistent course grade from its parts.
    public init(
        userID: Int, course: Course, courseEditedTimestamp: String, courseVersion: String,
        gradingPolicyHash: String, percentGrade: Double, letterGrade: String, passedTimestamp: String
    ) {
        self.userID = userID
        self.course = course
        self.courseEditedTimestamp = courseEditedTimestamp
        self.courseVersion = courseVersion
        self.gradingPolicyHash = gradingPolicyHash
        self.percentGrade = percentGrade
        self.letterGrade = letterGrade
        self.passedTimestamp = passedTimestamp
    }
}

extension PersistentCourseGrade {
    private static let names: JSONFieldNames = [
        "user_id", "course", "course_edited_timestamp", "course_version", "grading_policy_hash",
        "percent_grade", "letter_grade", "passed_timestamp",
    ]

    /// Reads the value.
    public init(from json: inout JSONReader) throws(PayloadError) {
        var userID: Int?
        var course: Course?
        var courseEditedTimestamp: String?
        var courseVersion: String?
        var gradingPolicyHash: String?
        var percentGrade: Double?
        var letterGrade: String?
        var passedTimestamp: String?
        try json.beginObject()
        while let field = try json.nextField(of: Self.names) {
            switch field {
            case 0: userID = try json.read(Int.self)
            case 1: course = try json.read(Course.self)
            case 2: courseEditedTimestamp = try json.read(String.self)
            case 3: courseVersion = try json.read(String.self)
            case 4: gradingPolicyHash = try json.read(String.self)
            case 5: percentGrade = try json.read(Double.self)
            case 6: letterGrade = try json.read(String.self)
            case 7: passedTimestamp = try json.read(String.self)
            default: try json.skipValue()
            }
        }
        guard let userID else { throw json.missing("user_id") }
        guard let course else { throw json.missing("course") }
        guard let courseEditedTimestamp else { throw json.missing("course_edited_timestamp") }
        guard let courseVersion else { throw json.missing("course_version") }
        guard let gradingPolicyHash else { throw json.missing("grading_policy_hash") }
        guard let percentGrade else { throw json.missing("percent_grade") }
        guard let letterGrade else { throw json.missing("letter_grade") }
        guard let passedTimestamp else { throw json.missing("passed_timestamp") }
        self.init(
            userID: userID, course: course, courseEditedTimestamp: courseEditedTimestamp,
            courseVersion:
                courseVersion, gradingPolicyHash: gradingPolicyHash, percentGrade: percentGrade,
            letterGrade:
                letterGrade, passedTimestamp: passedTimestamp)
    }

    /// Writes the value.
    public func write(to json: inout JSONWriter) throws(PayloadError) {
        json.beginObject()
        try json.member("user_id", userID)
        try json.member("course", course)
        try json.member("course_edited_timestamp", courseEditedTimestamp)
        try json.member("course_version", courseVersion)
        try json.member("grading_policy_hash", gradingPolicyHash)
        try json.member("percent_grade", percentGrade)
        try json.member("letter_grade", letterGrade)
        try json.member("passed_timestamp", passedTimestamp)
        json.endObject()
    }
}

extension PersistentCourseGrade: Codable {
    private enum CodingKeys: String, CodingKey {
        case course
        case userID = "user_id"
        case courseEditedTimestamp = "course_edited_timestamp"
        case courseVersion = "course_version"
        case gradingPolicyHash = "grading_policy_hash"
        case percentGrade = "percent_grade"
        case letterGrade = "letter_grade"
        case passedTimestamp = "passed_timestamp"
    }
}
