public import OpenEdXEvents

/// A course run.
public struct Course: JSONPayload, Hashable {
    /// The key of the course run, such as `course-v1:edX+DemoX+Demo_Course`.
    public let courseKey: String
    /// The name that learners see.
    public let displayName: String
    /// When the course begins, as RFC 3339 text; `nil` if that is open.
    public let start: String?
    /// When the course ends, as RFC 3339 text; `nil` if that is open.
    public let end: String?

    /// Creates a course from its parts.
    public init(courseKey: String, displayName: String, start: String? = nil, end: String? = nil) {
        self.courseKey = courseKey
        self.displayName = displayName
        self.start = start
        self.end = end
    }
}

extension Course {
    private static let names: JSONFieldNames = ["course_key", "display_name", "start", "end"]

    /// Reads the value.
    public init(from json: inout JSONReader) throws(PayloadError) {
        var courseKey: String?
        var displayName: String?
        var start: String?
        var end: String?
        try json.beginObject()
        while let field = try json.nextField(of: Self.names) {
            switch field {
            case 0: courseKey = try json.read(String.self)
            case 1: displayName = try json.read(String.self)
            case 2: start = try json.read()
            case 3: end = try json.read()
            default: try json.skipValue()
            }
        }
        guard let courseKey else { throw json.missing("course_key") }
        guard let displayName else { throw json.missing("display_name") }
        self.init(
            courseKey: courseKey, displayName: displayName, start: start, end: end)
    }

    /// Writes the value.
    public func write(to json: inout JSONWriter) throws(PayloadError) {
        json.beginObject()
        try json.member("course_key", courseKey)
        try json.member("display_name", displayName)
        try json.member("start", start)
        try json.member("end", end)
        json.endObject()
    }
}

extension Course: Codable {
    private enum CodingKeys: String, CodingKey {
        case start, end
        case courseKey = "course_key"
        case displayName = "display_name"
    }
}
