public import OpenEdXEvents

/// A user was enrolled in a course run.
public struct CourseEnrollmentCreated: Event, Hashable {
    /// The event type's name.
    public static let type: EventType = "org.openedx.learning.course.enrollment.created.v1"

    /// The enrollment.
    public let enrollment: CourseEnrollment

    /// Creates a course enrollment created from its parts.
    public init(enrollment: CourseEnrollment) {
        self.enrollment = enrollment
    }
}

extension CourseEnrollmentCreated {
    private static let names: JSONFieldNames = ["enrollment"]

    /// Reads the value.
    public init(from json: inout JSONReader) throws(PayloadError) {
        var enrollment: CourseEnrollment?
        try json.beginObject()
        while let field = try json.nextField(of: Self.names) {
            switch field {
            case 0: enrollment = try json.read(CourseEnrollment.self)
            default: try json.skipValue()
            }
        }
        guard let enrollment else { throw json.missing("enrollment") }
        self.init(
            enrollment: enrollment)
    }

    /// Writes the value.
    public func write(to json: inout JSONWriter) throws(PayloadError) {
        json.beginObject()
        try json.member("enrollment", enrollment)
        json.endObject()
    }
}

extension CourseEnrollmentCreated: Codable {
    private enum CodingKeys: String, CodingKey {
        case enrollment
    }
}
